"""Conflicts of a plan with elections, with rules and dates that may change, and with school breaks."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from qmi_rules.budget_calendar.conflicts import Conflict, ConflictCode, Severity, Situation, conflict
from qmi_rules.budget_calendar.elections import (
    CERTAINTY_LABELS,
    Certainty,
    Election,
    communication_window,
    communication_windows,
    current_affairs,
    elections,
    renewals,
)
from qmi_rules.budget_calendar.facts import school_breaks
from qmi_rules.budget_calendar.law_changes import LawChange, law_changes
from qmi_rules.budget_calendar.sentences import Sentence, Term, Value
from qmi_rules.contexts import whole_case
from qmi_rules.contexts.schedule import StepId
from qmi_rules.law import Certainty as LawCertainty
from qmi_rules.law import Table
from qmi_rules.text import message

_DECIDING = (StepId.TENDER_COMMITTEE, StepId.COUNCIL, StepId.SIGNATURE)
_ONE = timedelta(days=1)


def political_conflicts(situation: Situation, table: Table, known_on: date | None) -> Iterator[Conflict]:
    """All conflicts that do not come from the budget; changes of the law as they were known by a day."""
    yield from _renewal(situation)
    yield from _communication(situation)
    for election in elections(situation.first, situation.starts):
        if election.concerns_territory and election.kind != "senatorial":
            yield from _election(election)
    yield from _changes(situation, table, known_on)
    yield from _breaks(situation)


def _renewal(situation: Situation) -> Iterator[Conflict]:
    deciding = [situation.plan[step] for step in _DECIDING if step in situation.plan]
    for election in renewals(situation.launch, situation.signed):
        span = current_affairs(election)
        assert span is not None
        if any(span.overlaps(placed.end, placed.end) for placed in deciding):
            yield conflict(
                ConflictCode.CURRENT_AFFAIRS_ONLY,
                span.first,
                span.last,
                Severity.WARNING,
                "CE, 1er avril 2005, Commune de Villepinte, n° 262078",
                message(
                    "Du soir du premier tour à l'installation du nouveau conseil, la commune n'expédie que les affaires "
                    "courantes : attribuez et signez avant, ou après l'installation, sauf urgence ou continuité du service."
                ),
            )
        if situation.launch <= span.first < situation.signed:
            committee = StepId.TENDER_COMMITTEE in situation.plan
            yield conflict(
                ConflictCode.BODY_CHANGES_MID_PROCEDURE,
                situation.launch,
                situation.signed,
                Severity.WARNING if committee else Severity.INFORMATION,
                "CE, 25 janvier 2006, n° 257978",
                message(
                    "La procédure enjambe le renouvellement du conseil : une même commission doit examiner une même phase, et "
                    "délégation et commission doivent être votées de nouveau. Terminez une phase avant le scrutin."
                ),
            )


def _communication(situation: Situation) -> Iterator[Conflict]:
    events = [situation.starts] + [m.on for m in situation.frame.schedule.milestones if m.who == "commune"]
    found = {election.id: (election, day) for day in reversed(events) for election in communication_windows(day)}
    for election, day in found.values():
        window = communication_window(election)
        municipal = election.kind == "municipal"
        yield conflict(
            ConflictCode.COMMUNICATION_WINDOW,
            window.first,
            window.last,
            Severity.WARNING if municipal else Severity.INFORMATION,
            "Code électoral, art. L52-1",
            message(
                "Le lancement ou l'événement du {day} tombe dans la période où une campagne de promotion des réalisations est "
                "interdite ({election}) : restez neutre, informatif, régulier et sans nouveauté d'ampleur."
            )
            if municipal
            else message(
                "Le lancement ou l'événement du {day} tombe dans la période d'une autre élection ({election}) : seule la "
                "communication liée à ce scrutin est visée, une information municipale ordinaire ne l'est pas."
            ),
            day=day,
            election=Term(election.label),
        )


def _election(election: Election) -> Iterator[Conflict]:
    span = election.span
    municipal = election.kind == "municipal"
    yield conflict(
        ConflictCode.ELECTION_PERIOD,
        span.first,
        span.last,
        Severity.INFORMATION,
        election.legal_basis,
        message("{election} ({certainty}) : comptez avec des élus et des services moins disponibles.")
        if municipal
        else message(
            "{election} ({certainty}) : les pouvoirs du conseil ne sont pas limités, mais les arbitrages peuvent attendre."
        ),
        election=Term(election.label),
        certainty=Term(CERTAINTY_LABELS[election.certainty]),
    )
    if election.certainty is not Certainty.DECREED:
        yield conflict(
            ConflictCode.RULE_MAY_CHANGE,
            span.first,
            span.last,
            Severity.INFORMATION,
            election.legal_basis,
            message(
                "{election} : date {certainty}, décret attendu le {due} au plus tard. Vérifiez avant de fixer le plan."
            )
            if election.decree_due_by
            else message("{election} : date {certainty}. Vérifiez avant de fixer le plan."),
            election=Term(election.label),
            certainty=Term(CERTAINTY_LABELS[election.certainty]),
            **({"due": election.decree_due_by} if election.decree_due_by else {}),
        )


def _changes(situation: Situation, table: Table, known_on: date | None) -> Iterator[Conflict]:
    """One conflict for each day on which thresholds change between the launch as declared and the start."""
    purchase = situation.frame.purchase
    since = min(situation.first, purchase.launched_on)
    until = max(situation.starts, purchase.launched_on)
    kind = whole_case(purchase).contract_type
    changing = law_changes(table, situation.frame.procedure, kind, since, until, known_on)
    for day, group in groupby(changing, key=lambda change: change.on):
        changes = tuple(group)
        either_law = (situation.launch >= day) is not (purchase.launched_on >= day)
        yield conflict(
            ConflictCode.RULE_MAY_CHANGE,
            day,
            None,
            Severity.WARNING if either_law else Severity.INFORMATION,
            next((change.legal_basis for change in changes if change.legal_basis), None),
            message(
                "Le {day}, le droit change : {changes}. Une consultation lancée avant ce jour suit l'ancienne règle, lancée "
                "ensuite la nouvelle : ici le lancement est prévu le {launch}."
            ),
            day=day,
            changes=tuple(_change(change) for change in changes),
            launch=situation.launch,
        )


def _change(change: LawChange) -> Sentence:
    label = Sentence(message("{label} (non vérifié)"), {"label": Term(change.label)})
    values: dict[str, Value] = {"label": label if change.certainty is LawCertainty.UNVERIFIED else Term(change.label)}
    if change.before is not None:
        values["before"] = change.before
    if change.after is not None:
        values["after"] = change.after
    if change.before is not None and change.after is not None:
        return Sentence(message("{label}, de {before} à {after}"), values)
    if change.before is not None:
        if change.contested:
            return Sentence(
                message("{label}, {before} jusque-là, ensuite contesté : les sources ne s'accordent pas"), values
            )
        return Sentence(message("{label}, {before} jusque-là, ensuite non connu"), values)
    if change.after is not None:
        return Sentence(message("{label}, ensuite {after}"), values)
    return Sentence(message("{label}, ensuite non connu"), values)


def _breaks(situation: Situation) -> Iterator[Conflict]:
    first, last = situation.launch, situation.plan[StepId.NOTIFICATION].end
    for entry in school_breaks():
        if entry.first <= last and first <= entry.last:
            touched = tuple(
                step
                for step in (StepId.RECEIPT, StepId.TENDER_COMMITTEE, StepId.COUNCIL)
                if step in situation.plan
                and situation.plan[step].start <= entry.last
                and entry.first <= situation.plan[step].end
            )
            if touched:
                yield conflict(
                    ConflictCode.SCHOOL_BREAK,
                    entry.first,
                    entry.last,
                    Severity.INFORMATION,
                    None,
                    message(
                        "{name} (zone C) pendant la réception des offres ou une séance : services et entreprises sont moins "
                        "disponibles. Aucune règle ne l'impose ; laissez quelques jours de plus."
                    ),
                    name=Term(entry.name),
                )
