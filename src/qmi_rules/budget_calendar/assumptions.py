"""What a plan rests on where something was not given or is not settled: said, never silent.

The words, with their articles and figures, and where a dossier fills what was assumed, are data: ``assumptions.toml``.
"""

from collections.abc import Iterable, Iterator

from qmi_rules.budget_calendar.budget_year import Credits, budget_deadline
from qmi_rules.budget_calendar.conflicts import Situation
from qmi_rules.budget_calendar.facts import assumption_words, sentence
from qmi_rules.budget_calendar.route import Route
from qmi_rules.budget_calendar.steps import Basis
from qmi_rules.law import Certainty
from qmi_rules.law.truth import Truth
from qmi_rules.model import commune_of, communes_edition
from qmi_rules.model.commune import BudgetVote
from qmi_rules.model.schedule import Expense, StepId
from qmi_rules.pages import message
from qmi_rules.pages.sentences import Remark, Term, Value

_SUNDAY = 6
_WEEKEND = {5: message("samedi"), 6: message("dimanche")}


def missing(route: Route, remarks: Iterable[Remark]) -> tuple[str, ...]:
    """Paths, in a dossier, of what the plan had to assume; those of the procedure first."""
    asks = {entry.id: entry.asks for entry in assumption_words().sentences if entry.asks}
    duties = [path for duty in route.duties.values() for path in duty.missing]
    return tuple(dict.fromkeys([*duties, *(asks[entry.id] for entry in remarks if entry.id in asks)]))


def assumptions(situation: Situation, credits: Credits) -> Iterator[Remark]:
    """The assumptions of a plan, each as a remark."""
    route = situation.route
    yield from _of_budget(situation, credits)
    yield from _of_council(route)
    yield from _of_procedure(route)
    if route.schedule.not_before is None:
        yield _assumed("preparation")
    if any(step.basis is Basis.ESTIMATE and step.days for step in route.steps):
        yield _assumed("estimates")


def _assumed(name: str, about: str = "", /, **values: Value) -> Remark:
    """The sentence of that name as a remark; `about` tells remarks of one kind apart."""
    said = sentence(name).with_values(values)
    return Remark(id=f"{name}.{about}" if about else name, text=said.french, sentence=said)


def _of_budget(situation: Situation, credits: Credits) -> Iterator[Remark]:
    year, before_vote = situation.signed.year, credits.before_vote(situation.signed)
    budget = credits.budget(year)
    if budget.assumed:
        yield _assumed("budget_vote", year=str(year), day=budget.voted_on)
    elif budget.budget_vote is BudgetVote.SPRING and budget.voted_on >= budget_deadline(year):
        yield _assumed("budget_deadline", year=str(year), day=budget.voted_on, limit=budget_deadline(year))
    if credits.expense is None:
        yield _assumed("expense")
    if credits.expense is Expense.OPERATING and before_vote:
        yield _assumed("operating_before_vote")
    if situation.route.schedule.programme_authorised and before_vote:
        yield _assumed("programme")
    if credits.expense is Expense.INVESTMENT and before_vote:
        if situation.route.commune.early_investment_authorised and credits.quarter is None:
            yield _assumed("quarter")
        elif credits.quarter is not None:  # the law counts credits with VAT, thresholds and documents without
            yield _assumed("vat", quarter=credits.quarter)


def _of_council(route: Route) -> Iterator[Remark]:
    commune = route.commune
    voted, meetings = commune.budget_voted_on, commune.council_meetings
    if commune.inhabitants is None:
        yield _assumed("population")
    elif commune.population is None and (place := commune_of(commune.insee_code)) is not None:
        yield _assumed(
            "population_of_the_list", commune=place.name, inhabitants=commune.inhabitants, year=communes_edition()
        )
    if voted is not None and meetings and voted not in meetings:
        yield _assumed("budget_meeting", day=voted)
    if voted is not None and voted.weekday() in _WEEKEND:
        yield _assumed("budget_weekend", weekday=Term(_WEEKEND[voted.weekday()]), day=voted)
    for day in sorted(meetings):
        if day.weekday() == _SUNDAY:
            yield _assumed("sunday_meeting", day=day)
    if StepId.COUNCIL not in route.included:
        return
    if route.delegated is None:
        yield _assumed("delegation")
    if not meetings:
        yield _assumed("council_meetings")
    yield _assumed("convocation")


def _of_procedure(route: Route) -> Iterator[Remark]:
    for duty in route.duties.values():
        if duty.owed is Truth.UNDETERMINED:
            unsettled = tuple(Term(label) for label in duty.unsettled)
            yield _assumed("undetermined", duty.duty, duty=Term(duty.label), missing=unsettled)
        elif duty.certainty is Certainty.UNVERIFIED:
            yield _assumed("unverified", duty.duty, duty=Term(duty.label), basis=duty.citation)
    for step, limit in route.limited():
        given = route.schedule.durations.get(step)
        if given is not None and limit.days is not None and given < limit.days:
            cases = tuple(Term(entry.label) for entry in limit.reductions if entry.days <= given)
            yield _assumed("short", step, days=limit.days, basis=limit.citation, cases=cases)
    receipt = next(step for step in route.steps if step.id is StepId.RECEIPT)
    advised = route.estimate(StepId.RECEIPT).low  # what is advised where the code sets no minimum
    if route.chain.id == "adapted" and receipt.days < advised:
        yield _assumed("short_receipt", days=advised)
    if route.chain.id in ("restricted", "negotiated"):
        yield _assumed("agreed_date")
    if StepId.STANDSTILL in route.included:
        yield _assumed("standstill")
