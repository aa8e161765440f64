"""A result of each kind, chosen so that rare sentences are said too: what pages are tested on."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qmi_rules.briefing import DraftKind, brief
from qmi_rules.budget_calendar import budget_year, check_calendar
from qmi_rules.funding import find_funding
from qmi_rules.guide import default_guide, guide_against_law, review
from qmi_rules.law import amend, compare_law, default_table, prove, read_cases, stale, verify_law
from qmi_rules.model import Buyer, Framework, Lot, Member, Need, Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.pages import Explained
from qmi_rules.procurement import decide, replay, share_by_percent, share_cost, share_of_members, timeline, what_if
from qmi_rules.procurement.duties import WrittenList
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.procurement.modification import modification_table
from qmi_rules.schema import from_json
from qmi_rules.scoring import compare_solutions, justification_note, rubrics, score, score_solution

EXAMPLES = Path(__file__).parents[2] / "examples"
COMMUNE = Buyer(kind="commune", insee_code="94033")


def examples(cls: type, *starts: str) -> Iterator[Any]:
    """The examples whose names begin with one of some words, read."""
    for path in sorted(EXAMPLES.glob("*.json")):
        if path.name.startswith(starts):
            yield from_json(path.read_bytes(), cls)


def purchases() -> Iterator[Purchase]:
    """Purchases of every form, at each side of the changes of law."""
    yield from examples(Purchase, "floware", "pelican", "purple", "lots", "groupement")
    yield Purchase(
        title="a", launched_on=date(2026, 9, 15), estimated_value=120_000, contract_type="services", innovative=True
    )
    yield Purchase(
        title="b", launched_on=date(2012, 5, 15), estimated_value=14_000, contract_type="supplies", books=True
    )
    yield Purchase(title="c", launched_on=date(2005, 5, 15))
    yield Purchase(
        title="d", launched_on=date(2029, 3, 1), estimated_value=214_000, contract_type="works", buyer=COMMUNE
    )
    yield Purchase(title="e", launched_on=date(2026, 3, 30), estimated_value=50_000, evidence=["E"], innovative=True)
    yield Purchase(title="f", launched_on=date(2025, 1, 15), estimated_value=50_000, supplier_is_jei=True, joint=True)
    yield Purchase(
        title="g",
        launched_on=date(2027, 5, 15),
        contract_type="works",
        buyer=COMMUNE,
        need=Need(
            firm=90_000, options=[10_000], framework=Framework(), same_need=[100], prizes=[5], later_purchases=[7]
        ),
    )
    yield LOTS
    yield MEMBERS


LOTS = Purchase(
    title="h",
    launched_on=date(2026, 6, 15),
    contract_type="services",
    buyer=Buyer(kind="state"),
    innovative=True,
    lots=[
        Lot(id="1", estimated_value=50_000, small_lot=True),
        Lot(id="2", estimated_value=90_000, contract_type="works"),
    ],
)
MEMBERS = Purchase(
    title="i",
    launched_on=date(2026, 6, 15),
    contract_type="supplies",
    buyer=COMMUNE,
    members=[Member(buyer=COMMUNE, part=50_000), Member(buyer=Buyer(kind="commune", insee_code="92048"), part=60_000)],
)


def decisions() -> Iterator[Explained]:
    yield from map(decide, purchases())
    yield decide(LOTS, known_on=date(2025, 1, 1))


def written_lists() -> Iterator[Explained]:
    for purchase in (LOTS, MEMBERS):
        yield from (WrittenList(title="a", option=option) for option in decide(purchase).options)


def changes_of_answer() -> Iterator[Explained]:
    for purchase in purchases():
        yield timeline(purchase)
        if purchase is not MEMBERS:
            yield from (
                what_if(purchase, name) for name in ("innovative_purchase", "direct_award", "competitive_dialogue")
            )
    yield replay(decide(LOTS).to_json())
    yield replay(decide(LOTS).to_json().replace('"undetermined"', '"open"'))


def shared_costs() -> Iterator[Explained]:
    yield share_cost("100000", {"A": 1, "B": 2})
    yield share_by_percent("100", {"A": "0.4", "B": "0.6"})
    yield from (share_of_members(MEMBERS, key) for key in ("equal", "population", "use"))


def laws() -> Iterator[Explained]:
    table = default_table()
    days = (date(2015, 1, 1), date(2019, 4, 1), date(2026, 9, 1), date(2030, 1, 1))
    yield from (LawOfTheDay(table.in_force(day), day) for day in days)
    yield stale(table, date(2026, 11, 24))
    yield stale(table, date(2031, 1, 1))
    with TemporaryDirectory() as folder:
        Path(folder, "ccp-r2122-8.txt").write_text("90 000 euros, 100 000 euros", "utf-8")
        Path(folder, "ccp-r2182-1 2031-01-01.txt").write_text("onze jours, seize jours, vingt jours", "utf-8")
        Path(folder, "image.png").write_bytes(b"\0")
        yield verify_law(table, folder)
    yield compare_law(table, date(2025, 12, 31), date(2026, 4, 1))
    yield compare_law(table, date(2026, 4, 1), date(2026, 4, 1))


def proofs() -> Iterator[Explained]:
    yield prove(modification_table())  # that of the whole law is larger than a document may be


def amendments() -> Iterator[Explained]:
    table = default_table()
    yield amend(table, table)
    fewer = table.replace(
        edition="before",
        rules=tuple(rule for rule in table.rules if rule.procedure != "books"),
        procedures={name: p for name, p in table.procedures.items() if name != "books"},
        duty_rows=table.duty_rows[1:],
    )
    cases = read_cases(Path(__file__).parents[1] / "cases" / "without_competition.toml")
    yield amend(fewer, table, cases)
    yield amend(table, fewer, cases)


def guides() -> Iterator[Explained]:
    yield default_guide()
    yield review()
    yield from (review(dossier.checklist) for dossier in examples(Dossier, "dossier"))
    yield from (
        guide_against_law(day) for day in (date(2013, 1, 1), date(2024, 1, 1), date(2026, 12, 1), date(2029, 1, 1))
    )


def scorecards() -> Iterator[Explained]:
    files = list(examples(EvidenceFile, "solution"))
    yield from (score(name, {}) for name in rubrics())
    yield from map(justification_note, files)
    cards = [score_solution(file.solution or {}) for file in files]
    yield from (card for by_rubric in cards for card in by_rubric.values())
    yield compare_solutions({str(i): by_rubric["replicability"] for i, by_rubric in enumerate(cards)})
    yield justification_note(EvidenceFile(title="a", launched_on=date(2005, 1, 1)))


def calendars() -> Iterator[Explained]:
    for vote in ("spring", "year_end"):
        commune = Commune(insee_code="94033", budget_vote=vote)
        yield from (budget_year(commune, year) for year in (2010, 2026, 2032))
        for wanted, expense in (
            (date(2026, 1, 5), "investment"),
            (date(2026, 4, 1), "operating"),
            (date(2027, 5, 1), "investment"),
        ):
            schedule = Schedule(procedure="adapted_procedure", wanted_on=wanted, expense=expense)
            yield check_calendar(
                Purchase(
                    title="a", launched_on=wanted, contract_type="services", estimated_value=100_000, buyer=COMMUNE
                ),
                commune,
                schedule,
            )


def funding_plans() -> Iterator[Explained]:
    yield from map(find_funding, examples(Project, "project"))
    yield find_funding(Project(cost=100_000))


def briefings() -> Iterator[Explained]:
    yield from map(brief, examples(Dossier, "dossier"))
    yield brief(Dossier(purchase=LOTS))


def drafts() -> Iterator[Explained]:
    """Every draft of the dossier, and of purchases of every form."""
    for briefing in (*briefings(), *(brief(Dossier(purchase=purchase)) for purchase in purchases())):
        yield from (briefing.draft(kind) for kind in DraftKind)


def made_once(function: Callable[[], Iterator[Explained]]) -> Callable[[], tuple[Explained, ...]]:
    """Results are frozen: every test that looks at them may look at the same."""
    return cache(lambda: tuple(function()))


RESULTS: dict[str, Callable[[], tuple[Explained, ...]]] = {
    function.__name__: made_once(function)
    for function in (
        decisions, written_lists, changes_of_answer, shared_costs, laws, proofs, guides, scorecards, calendars, funding_plans,
        briefings, drafts,
    )
}  # fmt: skip
"""By kind, what makes the results."""
