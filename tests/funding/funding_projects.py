"""Projects that the tests of this folder start from, and a strategy for any project."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from qmi_rules.funding import FundingPlan, find_funding
from qmi_rules.model.buyer import BuyerKind
from qmi_rules.model.project import Beneficiary, Grant, Project, Supplier
from qmi_rules.model.schedule import Expense
from small_funding import small_schemes

NOISY_LE_GRAND = "93051"
OUTSIDE = "69123"
DAY = date(2026, 11, 24)


def investment(cost: Any = 120_000, *others: Any, **changes: Any) -> Project:
    """An innovative investment of a commune of the Métropole, with other grants by amount."""
    known: dict[str, Any] = {
        "cost": cost,
        "expense": "investment",
        "innovative": True,
        "beneficiary": Beneficiary(kind="commune", insee_code=NOISY_LE_GRAND),
        "other_public_grants": tuple(
            Grant(name=f"Autre {i}", amount=Decimal(str(amount))) for i, amount in enumerate(others)
        ),
        "starts_on": DAY,
    }
    return Project(**{**known, **changes})


def found(project: Any, **options: Any) -> FundingPlan:
    """What the frozen schemes give a project: for tests of the machinery."""
    return find_funding(project, small_schemes(), **options)


def firm(**figures: Any) -> Supplier:
    """A firm of Île-de-France."""
    return Supplier(**{"in_ile_de_france": True, **figures})


amounts = st.integers(0, 400_000_000).map(lambda cents: Decimal(cents) / 100)
truths = st.sampled_from([True, False, None])
suppliers = st.builds(
    Supplier,
    in_ile_de_france=truths,
    settling_in_ile_de_france=truths,
    staff=st.sampled_from([None, 0, 9, 10, 249, 250, 251, 4_999, 5_000]),
    turnover=st.none() | amounts,
    balance_sheet=st.none() | amounts,
    de_minimis_received=st.none() | amounts,
    grant_asked=st.none() | amounts,
    advance_asked=st.none() | amounts,
)
SCHEMES = ["innover_dans_la_ville", "metropolitan_investment_fund", "dsil", "innovup_tet", "cii"]


@st.composite
def projects(draw: Any) -> Project:
    """Any project that the document class takes."""
    cost = draw(amounts)
    private = draw(st.none() | st.integers(0, int(cost * 100)).map(lambda cents: Decimal(cents) / 100))
    return Project(
        cost=cost,
        expense=draw(st.sampled_from([*Expense, None])),
        innovative=draw(truths),
        beneficiary=Beneficiary(
            kind=draw(st.sampled_from([*BuyerKind, None])),
            insee_code=draw(st.sampled_from([NOISY_LE_GRAND, "75056", OUTSIDE, None])),
            priority_neighbourhood=draw(truths),
        ),
        supplier=draw(suppliers),
        other_public_grants=tuple(
            Grant(name=name, amount=draw(amounts), scheme=draw(st.sampled_from([None, None, "dsil", "fonds_vert"])))
            for name in draw(st.lists(st.sampled_from("abc"), unique=True))
        ),
        private_funding=private,
        starts_on=draw(st.none() | st.dates(date(2010, 1, 1), date(2032, 1, 1))),
        theme=draw(st.sampled_from([None, "mobilité", "un autre"])),
        requested=tuple(draw(st.lists(st.sampled_from(SCHEMES), unique=True))),
        lead_competence=draw(truths),
    )
