"""What a calendar says first: whether the procedure is open, whether the wanted start can be kept, and what prevents it."""

from collections.abc import Iterator

from qmi_rules.budget_calendar.conflicts import CONFLICT_LABELS, ConflictCode, Severity
from qmi_rules.budget_calendar.durations import STEP_LABELS
from qmi_rules.budget_calendar.forecast import Constraint, ConstraintKind
from qmi_rules.budget_calendar.result import CalendarCheck
from qmi_rules.text import Items, Language, Paragraph, Strong, message
from qmi_rules.text.page import Block

_CONSTRAINTS = {
    ConstraintKind.WANTED_ON: message("le début souhaité, le {day}"),
    ConstraintKind.NOT_BEFORE: message("le premier jour de travail sur l'achat"),
    ConstraintKind.LAUNCHED_ON: message("le jour de lancement déclaré, le {launched}"),
    ConstraintKind.CREDITS: message("les crédits, fermés avant le vote du budget"),
    ConstraintKind.COUNCIL_MEETINGS: message("les séances du conseil"),
    ConstraintKind.DURATION: message("la durée de l'étape « {step} »"),
}


def verdict(check: CalendarCheck, say: Language) -> Iterator[Block]:
    """The lines that answer first."""
    if check.procedure_remark is not None:
        yield Paragraph(check.procedure_remark.said(say), "warning")
    yield from _start(check, say)


def _kept(check: CalendarCheck, wanted: str, say: Language) -> str:
    """That the delays allow the wanted start; never more than that where the procedure is not plainly open."""
    if check.procedure_status == "closed":
        return say("Début souhaité le {wanted} : les délais le permettraient, la procédure non.", wanted=wanted)
    if check.procedure_remark is not None:
        return say("Début souhaité le {wanted} : tenable, si la procédure est ouverte.", wanted=wanted)
    return say("Début souhaité le {wanted} : tenable.", wanted=wanted)


def _start(check: CalendarCheck, say: Language) -> Iterator[Block]:
    procedure = say(check.procedure_label)
    earliest = say.weekday(check.earliest_start)
    if check.wanted_on is None:
        yield Paragraph(
            say("{procedure}. Au plus tôt, l'exécution commence le {earliest}.", procedure=procedure, earliest=earliest)
        )
        return
    wanted = say.weekday(check.wanted_on)
    if check.feasible and check.launch_by is not None:
        yield Paragraph(
            (
                Strong(_kept(check, wanted, say)),
                " ",
                say(
                    "{procedure}. Lancez la consultation le {launch_by} au plus tard ; au plus tôt, l'exécution commence le "
                    "{earliest}.",
                    procedure=procedure,
                    launch_by=say.weekday(check.launch_by),
                    earliest=earliest,
                ),
            )
        )
        return
    yield Paragraph(
        (
            Strong(say("Début souhaité le {wanted} : pas tenable.", wanted=wanted)),
            " ",
            say(
                "{procedure}. Au plus tôt, l'exécution commence le {earliest}.", procedure=procedure, earliest=earliest
            ),
            " ",
            say("Il aurait fallu lancer la consultation le {day} au plus tard.", day=say.weekday(check.launch_by))
            if check.launch_by is not None
            else say("Aucun lancement, même plus tôt, n'y suffirait."),
        ),
        "warning",
    )
    yield Paragraph(say("Ce qui, ensemble, l'empêche :"))
    yield Items([_constraint(entry, check, say) for entry in check.blocking])


def _constraint(constraint: Constraint, check: CalendarCheck, say: Language) -> str:
    name = say(
        _CONSTRAINTS[constraint.kind],
        day=say.date(check.wanted_on) if check.wanted_on else "",
        launched=say.date(check.launched_on),
        step=say(STEP_LABELS[constraint.step]) if constraint.step else "",
    )
    if not constraint.enough or constraint.kind is ConstraintKind.WANTED_ON:
        return name
    if others := _other_obstacles(constraint, check, say):
        return say("{constraint} (lever cette contrainte ne suffirait pas : {others})", constraint=name, others=others)
    return say("{constraint} (lever cette seule contrainte suffirait)", constraint=name)


def _other_obstacles(constraint: Constraint, check: CalendarCheck, say: Language) -> str:
    """What is no constraint of time and would still stand in the way: the procedure, or, were the credits open, who may sign."""
    found = [say("Procédure fermée")] if check.procedure_status == "closed" else []
    if constraint.kind is ConstraintKind.CREDITS and any(
        entry.code is ConflictCode.DELEGATION_UNUSABLE and entry.severity is Severity.BLOCKING
        for entry in check.conflicts
    ):
        found.append(say(CONFLICT_LABELS[ConflictCode.DELEGATION_UNUSABLE]))
    return say.all_of(found) if found else ""
