"""Nothing known is never shown as nothing: what is open, for how long schemes are known, and what is left out of a plan."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from funding_projects import found, investment

from qmi_rules.errors import DocumentError
from qmi_rules.funding import Availability, Eligibility, FondsDeConcours, default_schemes, find_funding, load_schemes
from qmi_rules.model.project import Beneficiary, Grant, Project
from qmi_rules.pages import language

IDLV, FIM = "innover_dans_la_ville", "metropolitan_investment_fund"
LAST_KNOWN = date(2027, 12, 31)


def headline(funding, lang="fr"):
    return funding.headline(language(lang)).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_cost_alone_is_no_plan_of_zero_euros():
    funding = found(Project(cost=130_000))
    assert headline(funding).startswith("On ne peut pas encore chiffrer les aides : il manque la nature de la")
    assert headline(funding, "en").startswith("The aid cannot be put in figures yet. Missing: the kind of authority")
    for style in ("text", "markdown", "html"):
        shown = " ".join(funding.explain("en", style).replace("\\", "").split())
        assert "€0 of grants" not in shown
        assert "up to €65,000 remain possible (Innover dans la Ville)" in shown
        assert "Who pays" not in shown
    assert funding.at_most == 65_000


def test_what_remains_possible_stops_at_the_ceiling_and_at_the_limits_that_surely_bind():
    assert found(Project(cost=1_000_000)).at_most == 200_000
    hoped = investment(100_000, 50_000, innovative=None)
    assert found(hoped).at_most == 80_000  # an investment: a fifth stays with the commune
    assert found(hoped.evolve(expense=None)).at_most == 100_000  # whether the limit binds is not known
    assert "up to €80,000 in all remain possible" in found(hoped).explain("en")


def test_nothing_is_added_for_what_cannot_come_or_has_no_known_limit():
    closed = find_funding(investment(innovative=False, digital=False))
    assert (closed.at_most, closed.waiting) == (0, ())
    assert headline(closed, "en").startswith("Of €120,000")
    assert find_funding(investment(requested=("fonds_vert",))).at_most is None
    known = find_funding(investment())
    assert known.at_most == known.plan.grants_total
    given = Grant(name="Préfet", amount=10_000, scheme="detr")
    assert find_funding(investment(other_public_grants=(given,), innovative=False, digital=False)).at_most == 10_000


def test_a_scheme_is_known_to_the_end_of_the_year_after_the_review_and_nothing_is_carried_past_it():
    assert default_schemes().law.reviewed_on.year + 1 == LAST_KNOWN.year
    known = find_funding(investment(starts_on=LAST_KNOWN))
    assert (known[IDLV].status, known[IDLV].known_until) == (Eligibility.ELIGIBLE, LAST_KNOWN)
    after = find_funding(investment(starts_on=date(2028, 1, 1)))
    assert (after[IDLV].status, after[IDLV].availability) == (Eligibility.UNDETERMINED, Availability.UNKNOWN)
    assert (after[IDLV].amount, after[IDLV].rate, after[IDLV].ceiling, after[IDLV].at_most) == (None,) * 4
    assert (after.plan.grants_total, after.at_most) == (0, None)
    assert "31 décembre 2027" in headline(after)
    assert not find_funding(
        investment(starts_on=date(2028, 1, 1), innovative=False, digital=False)
    ).waiting  # still refused


def test_a_page_says_how_recent_what_is_known_of_a_scheme_is():
    funding = find_funding(investment())
    assert (funding[IDLV].newest_source, funding["innovup_tet"].newest_source) == (2024, None)
    shown = " ".join(funding.explain("en").split())
    assert "the most recent dated source is of 2024; nothing is known after 31 December 2027." in shown
    assert "none of its sources bears a date" in shown
    assert "Rules as known on 24 November 2026" in " ".join(
        find_funding(investment(starts_on=date(2027, 6, 1))).explain("en").split()
    )


def test_a_scheme_that_excludes_one_of_the_plan_is_said_to_be_left_out_with_its_source():
    (left_out,) = found(investment(130_000)).excluded
    assert (left_out.scheme, left_out.beside, left_out.amount) == (FIM, (IDLV,), 65_000)
    assert left_out.legal_basis[0].id == "mgp-fim"
    shown = " ".join(found(investment(130_000)).explain("en").split())
    assert "left out of the plan, cannot be combined with Innover dans la Ville. Basis:" in shown
    both = found(investment(1_000_000, requested=(IDLV, FIM)))
    assert [exclusion.scheme for exclusion in both.excluded] == [IDLV]
    assert "to compare" not in " ".join(both.explain("en").split())
    assert not found(investment(expense="operating")).excluded


def test_the_vat_rate_is_asked_for_where_the_refund_may_come():
    assert find_funding(investment()).missing[-1] == "vat_rate"
    assert "vat_rate" in find_funding(Project(cost=1)).missing
    assert "vat_rate" not in find_funding(investment(vat_rate=Decimal("0.2"))).missing
    assert "vat_rate" not in find_funding(investment(expense="operating")).missing
    assert "What is the VAT rate" in find_funding(investment()).explain("en")


@pytest.mark.parametrize("theme", ["cour-oasis", "l'eau", "mobilité, énergie"])
def test_a_theme_that_the_table_does_not_know_is_refused_with_those_it_knows(theme):
    with pytest.raises(DocumentError) as caught:
        find_funding(investment(theme=theme))
    (problem,) = caught.value.problems
    assert problem.path == "theme"
    assert "mobility_and_logistics (mobilité et logistique)" in problem.message
    assert "other" in problem.message


@pytest.mark.parametrize("theme", [*default_schemes().themes], ids=lambda theme: theme.id)
def test_every_id_and_label_of_a_theme_is_taken(theme):
    for words in (theme.id, theme.label, theme.label.upper()):
        assert find_funding(investment(theme=words)).project.theme == words


def test_an_unknown_scheme_or_reading_is_a_key_error_that_lists_those_there_are():
    funding = found(investment())
    with pytest.raises(KeyError, match=f"no scheme 'zz'; there are {IDLV}"):
        funding["zz"]
    with pytest.raises(KeyError, match="no reading 'zz'; there are not_binding, binding"):
        funding.reading("zz")
    assert funding.reading("binding") == funding.reading(FondsDeConcours.BINDING)
    assert found(investment(), fonds_de_concours="binding").fonds_de_concours is FondsDeConcours.BINDING


@pytest.mark.parametrize(
    ("path", "call"),
    {
        "project": lambda: find_funding("1"),
        "cost": lambda: find_funding({"cost": "one"}),
        "project ": lambda: find_funding(None),
        "table": lambda: find_funding(investment(), "x"),
        "known_on": lambda: find_funding(investment(), known_on=datetime(2026, 1, 1)),
        "fonds_de_concours": lambda: find_funding(investment(), fonds_de_concours="zz"),
        "fonds_de_concours ": lambda: find_funding(investment(), fonds_de_concours=[]),
        "paths[0]": lambda: load_schemes(5),
    }.items(),
)
def test_an_argument_of_the_wrong_kind_is_named(path, call):
    with pytest.raises(DocumentError) as caught:
        call()
    assert [problem.path for problem in caught.value.problems] == [path.strip()]


def test_a_refusal_reads_as_a_sentence():
    reason = find_funding(investment(130_000)).explain("fr").replace("\N{NO-BREAK SPACE}", " ")
    assert "réservé à : service de l’État ; ici la nature de la collectivité : commune" in " ".join(reason.split())
    outside = investment(beneficiary=Beneficiary(kind="region", insee_code="93051"))
    refused = " ".join(find_funding(outside).explain("en").split())
    assert re.search(
        r"only for: commune or territorial public body \(.*?\); here the kind of authority: region", refused
    )
