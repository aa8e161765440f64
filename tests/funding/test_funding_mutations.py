"""The mutation gate of the funding data: each figure, rate, date, article and source that is changed changes some answer."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from funding_projects import NOISY_LE_GRAND, investment

from qmi_rules.errors import QmiRulesError
from qmi_rules.funding import default_schemes, find_funding
from qmi_rules.funding.schemes import FundingFile, _assemble
from qmi_rules.law import Certainty
from qmi_rules.model.project import Beneficiary, Grant, Project, Supplier
from qmi_rules.schema import load_toml

DAY = timedelta(days=1)
STEPS = {"EUR": Decimal("0.01"), "personnes": Decimal(1)}
OWN = Path(__file__).with_name("beside.toml")
"""A scheme of the Métropole and one of the State from long ago: rules on adding up are older than the schemes of the package."""
FILES = default_schemes()._files
TABLE = default_schemes()
REVIEWED = TABLE.law.reviewed_on
LISTS = ("rules", "cautions", "thresholds", "schemes", "limits", "sources")


def mutants() -> Iterator[tuple[str, str, int, str, Any, tuple[date, ...]]]:
    """Every small change: file, section, place, what, the changed entry (None = dropped), the days on which it could be seen."""
    for name, content in FILES:
        for section in LISTS:
            for place, entry in enumerate(getattr(content, section)):
                for what, made, days in _changes(section, entry):
                    yield name, section, place, f"{entry.id}: {what}", made, days


def _changes(section: str, entry: Any) -> Iterator[tuple[str, Any, tuple[date, ...]]]:
    match section:
        case "thresholds":
            step = STEPS.get(entry.unit, Decimal("0.0001"))
            for i, value in enumerate(entry.values):
                for what, made, days in (
                    (f"{step:+}", evolve(value, amount=value.amount + step), ()),
                    ("certainty", evolve(value, certainty=_other(value.certainty)), ()),
                    *_dated(value),
                ):
                    values = (*entry.values[:i], made, *entry.values[i + 1 :])
                    yield what, evolve(entry, values=values), days or (value.effective_from, REVIEWED)
        case "rules" | "cautions":
            yield from _dated(entry)
            yield "dropped", None, (entry.effective_from, REVIEWED)
            for i in range(len(entry.when)):
                rest = (*entry.when[:i], *entry.when[i + 1 :])
                yield f"condition {i} dropped", evolve(entry, when=rest), (entry.effective_from, REVIEWED)
        case "schemes":
            for field in ("known_from", "known_until"):
                if (day := getattr(entry, field)) is not None:
                    yield f"{field} a day later", evolve(entry, **{field: day + DAY}), (day, day + DAY)
            if entry.newest_source is not None:
                yield "newest source", evolve(entry, newest_source=entry.newest_source + 1), (REVIEWED,)
            yield "certainty", evolve(entry, certainty=_other(entry.certainty)), (REVIEWED,)
            yield "basis", evolve(entry, legal_basis="beside"), (REVIEWED,)
            for field in entry.thresholds:
                yield f"without {field}", evolve(entry, **{field: None}), (REVIEWED, date(2022, 6, 1), date(2024, 6, 1))
        case "limits":
            for field in ("families", "schemes"):
                if getattr(entry, field):
                    yield f"without {field}", evolve(entry, **{field: ()}), (REVIEWED, date(2025, 6, 1))
        case "sources":
            yield "text", evolve(entry, text=entry.text + " x"), (REVIEWED, date(2025, 6, 1))
            if entry.url:
                yield "address", evolve(entry, url=entry.url + "x"), (REVIEWED, date(2025, 6, 1))
            if entry.article:
                yield "article", evolve(entry, article=entry.article + " x"), (REVIEWED, date(2025, 6, 1))


def _dated(entry: Any) -> Iterator[tuple[str, Any, tuple[date, ...]]]:
    first, last = entry.effective_from, entry.effective_until
    yield "begins a day later", evolve(entry, effective_from=first + DAY), (first,)
    if last is not None:
        yield "ends a day later", evolve(entry, effective_until=last + DAY), (last + DAY,)
    later = evolve(entry, published_on=entry.published_on + DAY)
    yield "published a day later", later, (max(first, entry.published_on),)
    yield "basis", evolve(entry, legal_basis="beside"), (first, REVIEWED)


def _other(certainty: Any) -> Any:
    return Certainty.CONFIRMED if certainty is Certainty.UNVERIFIED else Certainty.UNVERIFIED


def projects() -> Iterator[Project]:
    """Projects that between them reach every row: who buys, what for, who sells, how much money from whom."""
    requested = tuple(TABLE.schemes)
    given = (
        Grant(name="Métropole", amount=70_000, scheme="old_metropolitan_fund"),
        Grant(name="FIM", amount=10_000, scheme="metropolitan_investment_fund"),
        Grant(name="État", amount=97_000, scheme="old_state_fund"),
        Grant(name="Département", amount=30_000),
    )
    sizes = {one.id: one.values[0].amount for one in TABLE.law.thresholds.values() if one.id.startswith("company_size")}
    suppliers = [
        Supplier(
            in_ile_de_france=True,
            staff=int(sizes[f"company_size.{size}.staff"]) - less,
            turnover=1,
            grant_asked=310_000,
        )
        for size in ("micro", "sme", "eti")
        for less in (0, 1)
    ]
    for size, money in (("micro", "money"), ("sme", "turnover"), ("sme", "balance_sheet"), ("eti", "turnover")):
        for more in (0, Decimal("0.01")):
            figure = "turnover" if money == "money" else money
            figures = {figure: sizes[f"company_size.{size}.{money}"] + more}
            suppliers.append(
                Supplier(in_ile_de_france=True, staff=int(sizes[f"company_size.{size}.staff"]) - 1, **figures)
            )
    known = {"theme": "mobility", "requested": requested, "vat_rate": "0.2", "research_and_development": True}
    for supplier in suppliers:
        yield investment(supplier=supplier, **known)
    yield investment(120_000, other_public_grants=given, lead_competence=True, **known)
    for expense, kind in (("operating", "commune"), ("investment", "state")):
        buyer = Beneficiary(kind=kind, insee_code=NOISY_LE_GRAND)
        yield investment(120_000, 119_000, expense=expense, beneficiary=buyer, lead_competence=True, **known)
    yield investment(120_000, other_public_grants=given[2:], **known)
    yield investment(120_000, other_public_grants=given[:1], **known)
    for expense in ("operating", None):
        yield investment(120_000, expense=expense, innovative=False, digital=True, **known)
    for kind, code in (("ept", None), ("commune", "75056"), ("commune", "69123"), ("region", None), ("epci", "69123")):
        yield investment(beneficiary=Beneficiary(kind=kind, insee_code=code, rural_grant_eligible=True), **known)
    neighbourhood = Beneficiary(kind="commune", insee_code=NOISY_LE_GRAND, priority_neighbourhood=True)
    yield investment(beneficiary=neighbourhood, **(known | {"theme": "ai"}))
    for cost in (Decimal("99999.99"), 100_000):
        yield investment(cost, beneficiary=Beneficiary(kind="state"), **known)
    yield investment(supplier=Supplier(in_ile_de_france=True, project_cost=200_000, staff=5, turnover=1), **known)
    for figures in ({"turnover": 1}, {"balance_sheet": 1}):
        settling = Supplier(settling_in_ile_de_france=True, staff=5, **figures)
        yield investment(supplier=settling, **known)
        yield investment(supplier=settling, **(known | {"theme": None}))


PROJECTS = tuple(projects())
ORDER = list(range(len(PROJECTS)))


def answer(table: Any, project: int, on: date, known_on: date | None, words: bool) -> str:
    """What a project is answered on a day, in its document or in words; or why it is refused."""
    try:
        funding = find_funding(PROJECTS[project].evolve(starts_on=on), table, known_on=known_on)
    except QmiRulesError as fault:
        return str(fault)
    return funding.explain("fr", "markdown") if words else funding.to_json()


@cache
def original(*question: Any) -> str:
    return answer(assembled(()), *question)


def assembled(change: tuple[Any, ...]) -> Any:
    """The table with one entry changed (None = dropped), the old schemes beside it."""
    files = dict(FILES)
    if change:
        name, section, place, made = change
        entries = getattr(files[name], section)
        kept = (*entries[:place], *([] if made is None else [made]), *entries[place + 1 :])
        files[name] = evolve(files[name], **{section: kept})
    return _assemble([*files.items(), (OWN.name, load_toml(OWN, FundingFile))])


def seen(what: str, change: tuple[Any, ...], days: tuple[date, ...]) -> bool:
    """Whether some project is answered otherwise on one of the days: first in documents, then in words."""
    try:
        table = assembled(change)
    except QmiRulesError:
        return True
    # who asks what could be known on the former day of publication sees that it moved
    known = [day - DAY for day in _published(change[3])] if "published" in what else [None]
    for words, known_on, on, i in product((False, True), known, dict.fromkeys(days), tuple(ORDER)):
        if answer(table, i, on, known_on, words) != original(i, on, known_on, words):
            ORDER.remove(i)
            ORDER.insert(0, i)  # who saw one change is likely to see the next
            return True
    return False


def _published(entry: Any) -> set[date]:
    return {value.published_on for value in getattr(entry, "values", ())} or {entry.published_on}


@pytest.mark.slow
@pytest.mark.parametrize("section", LISTS)
def test_every_figure_rate_date_article_and_source_changes_some_answer(section):
    survivors = [
        what
        for name, listed, place, what, made, days in mutants()
        if listed == section and not seen(what, (name, section, place, made), days)
    ]
    assert survivors == []
