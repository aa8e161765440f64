"""The mutation gate of the calendar: every figure, date and article of its data changes some answer, and Python holds none."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from calendar_examples import checked

from qmi_rules.budget_calendar import (
    budget_deadline,
    budget_year,
    communication_window,
    current_affairs,
    days,
    early_investment_limit,
    elections,
    facts,
    public_holidays,
    steps,
)
from qmi_rules.errors import QmiRulesError
from qmi_rules.law import default_table
from qmi_rules.model.commune import Commune
from qmi_rules.model.schedule import Milestone
from qmi_rules.schema import structure

ROOM = Path(str(files("qmi_rules"))) / "budget_calendar"
DATA = ROOM.parent / "data" / "calendar"
FILES = {path.name: tomllib.loads(path.read_text("utf-8"), parse_float=Decimal) for path in sorted(DATA.glob("*.toml"))}
ALL_DAYS = date(1990, 1, 1), date(2100, 1, 1)
AT_ONCE = dict.fromkeys(
    ("sourcing", "need", "drafting", "receipt", "analysis", "signature", "notification", "start"), 0
)
PROCEDURES = sorted(name for name, entry in default_table().procedures.items() if not entry.arrangement)

_elections = import_module("qmi_rules.budget_calendar.elections")  # the room hands on a function of that name
CACHES = (
    facts.calendar_file,
    facts.calendar_rules,
    facts.sentences,
    facts._facts,
    facts._sources,
    steps.durations,
    days._holidays,
    _elections._all,
)

Place = tuple[str | int, ...]
Mutant = tuple[str, Place, Any]
"""A file, the place of a value in it, and the value to put there."""


# --- what may slip: a figure by one, a day by one, a span by a term, an article or a fact taken for another


def slips(name: str) -> Iterator[Mutant]:
    for place, value in leaves(FILES[name], ()):
        for other in slipped(name, place, value):
            yield name, place, other


def leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves(inner, (*place, key))
        case list():
            for i, inner in enumerate(value):
                yield from leaves(inner, (*place, i))
        case _:
            yield place, value


def slipped(name: str, place: Place, value: Any) -> Iterator[Any]:
    keys = [key for key in place if isinstance(key, str)]
    match keys[-1], value:
        case (("low" | "high"), _):  # published ranges of estimates: the reference page prints them, no plan reads them
            return
        case (
            "effective_from",
            date(),
        ):  # by more than a term of the councils: a rule of renewal years says nothing of the others
            yield value.replace(year=value.year + 7)
        case "effective_until", date():
            yield value.replace(year=value.year - 7)
        case _, date():
            yield value + timedelta(days=1)
        case _, bool():
            return
        case _, int():
            yield value + 1 if keys[-1] != "year_shift" else value - 1
        case "share", str():
            yield str(Decimal(value) + Decimal("0.01"))
        case "month_day", str():
            month, day = map(int, value.split("-"))
            moved = date(2001, month, day) - timedelta(days=1)
            yield f"{moved:%m-%d}"
        case "legal_basis", str():
            yield "ta-versailles-2001" if value != "ta-versailles-2001" else "ce-262078"
        case (("rule" | "rules"), str()):
            yield "payment" if value != "payment" else "delegation"
        case "article", str():
            yield value + "-9"
        case "text", str() if name == "sources.toml":
            yield value + " bis"


# --- what is asked: every plan whose answer rests on the data, and the functions that read it


def spring(**changes: Any) -> dict[str, Any]:
    return {"budget_voted_on": date(2027, 4, 8), **changes}


def plans() -> Iterator[Callable[[], Any]]:
    services = {"estimated_value": 45_000, "launched_on": date(2026, 9, 1)}
    before = {"launched_on": date(2027, 1, 11)}
    invest = {"expense": "investment", "wanted_on": date(2027, 3, 15)}
    renewal = {"budget_voted_on": date(2026, 4, 28), "orientation_debate_on": None, "early_investment_authorised": True}
    asked: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
        (before, spring(early_investment_authorised=False, previous_investment_credits=100_000), invest),
        (before, spring(early_investment_authorised=True, previous_investment_credits=100_000), invest),
        (before, spring(early_investment_authorised=True, previous_investment_credits=180_000), invest),
        (before, spring(early_investment_authorised=True), invest),
        (before, spring(), {"expense": None, "wanted_on": date(2027, 3, 15)}),
        (before, spring(), {"expense": "operating", "wanted_on": date(2027, 3, 15)}),
        (before, spring(), invest | {"programme_authorised": True}),
        ({"launched_on": date(2026, 4, 20)}, renewal, invest | {"wanted_on": date(2026, 4, 20), "durations": AT_ONCE}),
        ({"launched_on": date(2026, 12, 1)}, spring(), {}),
        ({"launched_on": date(2026, 12, 30)}, spring(), {"wanted_on": date(2027, 6, 1)}),
        ({"launched_on": date(2026, 12, 30)}, spring(population=3_499, insee_code=None), {}),
        ({"launched_on": date(2026, 12, 30)}, spring(population=3_500, insee_code=None), {}),
        (services, spring(orientation_debate_on=None), {}),
        (services, spring(orientation_debate_on=None, population=3_500, insee_code=None), {}),
        (services, spring(orientation_debate_on=date(2027, 1, 28)), {}),
        (services, spring(orientation_debate_on=date(2027, 1, 27)), {}),
        (services, spring(orientation_debate_on=date(2027, 4, 8)), {}),
        (services, spring(draft_budget_sent_on=date(2027, 3, 27)), {}),
        (services, spring(draft_budget_sent_on=date(2027, 3, 29)), {}),
        ({"launched_on": date(2027, 4, 8)}, spring(), {"not_before": date(2027, 3, 22)}),
        (services, {"insee_code": None, "population": None, "delegation_limit": None}, {}),
        (services, {"delegation_limit": 0}, {}),
        (services, {"delegation_limit": 0, "council_meetings": (date(2026, 10, 15),), "orders_stop_on": date(2026, 10, 1)}, {}),
        (services, {"delegation_limit": 0, "orders_stop_on": date(2026, 10, 1)}, {}),
        (services, {"orders_stop_on": date(2026, 12, 30)}, {"wanted_on": date(2027, 1, 4), "durations": {"signature": 3}}),
        (services, {}, {"procedure": "adapted_procedure", "durations": {"receipt": 19}}),
        (services, {}, {"procedure": "adapted_procedure", "durations": {"receipt": 20}}),
        (services, {}, {"milestones": (Milestone(id="cash_runway", on=date(2026, 9, 1), who="company"),)}),
        ({"launched_on": date(2026, 3, 9)}, {}, {}),
        ({"launched_on": date(2026, 3, 2), "estimated_value": 300_000}, {}, {"procedure": "open_procedure"}),
    ]  # fmt: skip
    for purchase, commune, schedule in asked:
        yield lambda p=purchase, c=commune, s=schedule: checked(p, c, **s)
    for procedure in PROCEDURES:
        yield lambda p=procedure: checked({"estimated_value": 300_000}, {"delegation_limit": 0}, procedure=p)
        yield lambda p=procedure: checked(
            {"estimated_value": 300_000, "launched_on": date(2017, 9, 1)}, None, procedure=p
        )


def around(first: date) -> Callable[[], Any]:
    """A plan that is under way on a day."""
    return lambda: checked(
        {"launched_on": first - timedelta(days=3)}, {"budget_voted_on": None, "orientation_debate_on": None}
    )


def functions() -> Iterator[Callable[[], Any]]:
    yield lambda: [(e, communication_window(e), current_affairs(e)) for e in elections(*ALL_DAYS)]
    yield lambda: [public_holidays(2027, alsace_moselle=True), public_holidays(2027)]
    yield lambda: early_investment_limit(Decimal(1_000))
    for year in range(1996, 2040):
        yield lambda y=year: budget_deadline(y)
    for year in (2008, 2012, 2013, 2026, 2027):
        for regime in ("spring", "year_end"):
            for population in (3_499, 3_500):
                yield lambda y=year, r=regime, p=population: budget_year(Commune(budget_vote=r, population=p), y)


def probes(name: str) -> list[Callable[[], Any]]:
    """What is asked, the most telling first."""
    if name == "elections.toml":
        under_way = [around(e.span.first) for e in elections(*ALL_DAYS)]
        return [*functions(), *under_way]
    if name == "school_breaks.toml":
        return [around(entry.first) for entry in facts.calendar_file("school_breaks").breaks]
    under_way = [around(e.span.first) for e in elections(*ALL_DAYS) if e.legal_basis]
    return [*functions(), *plans(), *under_way]


def answer(probe: Callable[[], Any]) -> str:
    try:
        found = probe()
    except QmiRulesError as refusal:
        return f"refused: {refusal}"
    return found.to_json() if hasattr(found, "to_json") else repr(found)


# --- the data changed


def with_data(monkeypatch: pytest.MonkeyPatch, mutant: Mutant | None) -> None:
    """Every reader of the data sees it, changed in one place."""
    changed = dict(FILES)
    if mutant is not None:
        name, place, value = mutant
        changed[name] = deepcopy(FILES[name])
        target = changed[name]
        for key in place[:-1]:
            target = target[key]
        target[place[-1]] = value
    read: dict[str, Any] = {}

    def reading(file: Path, cls: type) -> Any:
        if file.name not in read:
            read[file.name] = structure(deepcopy(changed[file.name]), cls)
        return read[file.name]

    for module in (facts, steps, _elections):
        monkeypatch.setattr(module, "load_toml", reading)
    for cached in CACHES:
        cached.cache_clear()


@pytest.fixture(autouse=True)
def _data_as_it_is(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    for cached in CACHES:
        cached.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES))
def test_every_figure_date_and_article_changes_an_answer(
    name: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    asked = probes(name)
    with_data(monkeypatch, None)
    base = [answer(probe) for probe in asked]
    mutants = list(slips(name))
    survivors = []
    for mutant in mutants:
        try:
            with_data(monkeypatch, mutant)
            told = any(answer(probe) != before for probe, before in zip(asked, base, strict=True))
        except QmiRulesError:  # the loader refuses it
            told = True
        if not told:
            survivors.append(mutant)
    record_property("mutants", len(mutants))
    print(f"{name}: {len(mutants)} mutants, {len(mutants) - len(survivors)} told")
    assert survivors == []


# --- and Python holds none

_UNITS = r"(jours?|mois|semaines?|ans|habitants|euros|days|months|weeks)"
_NUMBERS = r"(un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|soixante|cent|mille)"
_MONTHS = r"(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
FIGURE = re.compile(
    rf"\d|\b{_NUMBERS} {_UNITS}\b|\b(le|au|du) \S+ {_MONTHS}|\b(quart|tiers|moitié|trimestre)\b|\bart\.|\bCGCT\b|\bCCP\b|n°"
)
ARTICLE = re.compile(r"\b(LO|L|R|D) ?\.?\d{2,}|\b\d{4}-\d{3,}\b|\b\d\d-\d\d\b|n° ?\d|\bart\. \w")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOM.glob("*.py")):
        yield path.name, ast.parse(path.read_text("utf-8"))


def test_no_sentence_of_the_room_holds_a_figure_a_date_or_an_article() -> None:
    said = [
        text.value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "message", "Said", "Term")
        for text in ast.walk(node.args[0])
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and FIGURE.search(text.value)
    ]
    assert said == ["étape d'un jour"]  # a sign of the picture


def test_no_text_of_the_room_but_docstrings_names_an_article() -> None:
    found = []
    for name, tree in modules():
        docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        found += [
            f"{name}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and ARTICLE.search(node.value)
        ]
    assert found == []


def test_no_length_of_the_law_is_a_number_in_python() -> None:
    """Days and months that are added come from the data; one day is the next day, and a picture may step from month to month."""
    found = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in modules()
        if name not in ("gantt.py", "planner.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("timedelta", "relativedelta")
        for keyword in node.keywords
        if isinstance(keyword.value, ast.Constant) and keyword.value.value != 1
    ]
    assert found == []
