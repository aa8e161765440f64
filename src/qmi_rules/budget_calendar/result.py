"""What `check_calendar` answers, and the page that explains it: verdict first, then the plan, what collides, the budget."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_year import BudgetYear, budget_grid
from qmi_rules.budget_calendar.conflicts import (
    SEVERITY_LABELS,
    CalendarConflict,
    CalendarConflictCode,
    Severity,
    conflict_label,
)
from qmi_rules.budget_calendar.facts import Grounded, YearlyDay, fact
from qmi_rules.budget_calendar.plans import Constraint, ConstraintKind, Wait
from qmi_rules.budget_calendar.steps import BASIS_LABELS, Basis, StepPart, step_label
from qmi_rules.law import Source
from qmi_rules.law.truth import Status
from qmi_rules.law.wording import informs
from qmi_rules.model.commune import BudgetVote
from qmi_rules.model.schedule import StepId
from qmi_rules.pages import Explained, Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.pages.blocks import Block
from qmi_rules.pages.sentences import Remark
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import UNFILLED_IS_ABSENT
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class PlannedStep(Grounded):
    """One step of the plan.

    Attributes:
        id: Which step.
        label: Its name in French.
        start: First day.
        end: Day it is done; the next step starts on that day or later.
        days: Its length in calendar days; `end` may be later because of days off, `start` earlier never.
        estimate: True where the length, or a part of it, is an estimate and no rule.
        basis: ``law``, ``estimate``, ``user`` or ``council_dates``.
        note: What a reader should know, in French.
        parts: The spans inside it (a receipt in two phases).
    """

    id: StepId
    label: Wording
    start: date
    end: date
    days: int
    estimate: bool
    basis: Basis
    note: Wording | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    parts: tuple[StepPart, ...] = field(default=(), converter=to_tuple, metadata=UNFILLED_IS_ABSENT)


@frozen(kw_only=True)
class Deadline(Grounded):
    """A day by which something beside the steps must be done.

    Attributes:
        id: ``convocation``, ``award_notice`` or ``essential_data``.
        label: What, in French.
        by: Last day.
    """

    id: Literal["convocation", "award_notice", "essential_data"]
    label: Wording
    by: date


@frozen(kw_only=True)
class CalendarCheck(Explained):
    """The calendar of one purchase.

    Attributes:
        title: What is bought.
        procedure: Id of the procedure.
        procedure_label: Its legal name, in French.
        procedure_status: Whether it is open for the purchase: ``open``, ``closed`` or ``undetermined``.
        procedure_remark: What to know where it is not open.
        insee_code: The commune, where known.
        launched_on: Day of the launch that the purchase declares: it decides which law applies.
        wanted_on: Day performance was wanted to start.
        feasible: Whether it can; True where no day was wanted.
        launch_by: Last day to launch the consultation so as to start on the wanted day; None where none was wanted, or
            where the council dates given leave no such day.
        earliest_start: First day performance can start.
        steps: The plan: back from the wanted day where that is feasible, else as early as possible.
        earliest_steps: The same steps as early as possible.
        critical_path: The steps that fix `earliest_start`.
        launch_path: The steps that fix `launch_by`, where the plan runs back from the wanted day; else empty.
        binding: Why a council meeting fixes the plan shown; None where something else does.
        blocking: A minimal set of constraints that make the wanted day impossible, all others left aside; empty where it is
            feasible. Those that are `enough` make it possible if they alone are lifted.
        council_meetings: Days the council meets, as the commune gives them.
        conflicts: What collides with budget, politics and changes of the law, in order of time.
        waits: When the commune and the firm wait for each other.
        deadlines: What else must be done by when.
        budget: The budget year that pays, by the day of the signature.
        missing: Paths, in a dossier, of what was not given and had to be assumed; a fact of the purchase by its name alone.
        assumptions: What the plan rests on where something was not given or is not settled.
        table_edition: Edition of the law table.
    """

    PAGE_OF_DOCUMENT: ClassVar[bool] = True

    title: str
    procedure: str
    procedure_label: Wording
    procedure_status: Status
    procedure_remark: Remark | None
    insee_code: str | None
    launched_on: date
    wanted_on: date | None
    feasible: bool
    launch_by: date | None
    earliest_start: date
    steps: tuple[PlannedStep, ...] = field(converter=to_tuple)
    earliest_steps: tuple[PlannedStep, ...] = field(converter=to_tuple)
    critical_path: tuple[StepId, ...] = field(converter=to_tuple)
    launch_path: tuple[StepId, ...] = field(converter=to_tuple)
    binding: Remark | None
    blocking: tuple[Constraint, ...] = field(converter=to_tuple)
    council_meetings: tuple[date, ...] = field(converter=to_tuple)
    conflicts: tuple[CalendarConflict, ...] = field(converter=to_tuple)
    waits: tuple[Wait, ...] = field(converter=to_tuple)
    deadlines: tuple[Deadline, ...] = field(converter=to_tuple)
    budget: BudgetYear
    missing: tuple[str, ...] = field(converter=to_tuple)
    assumptions: tuple[Remark, ...] = field(converter=to_tuple)
    table_edition: str

    def __getitem__(self, step: str) -> PlannedStep:
        """The step of that id."""
        for entry in self.steps:
            if entry.id == step:
                return entry
        raise KeyError(step)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The legal texts that it cites, each once; none where it was read back from JSON."""
        parts = (part for step in self.steps for part in step.parts)
        cited = (*self.steps, *parts, *self.conflicts, *self.deadlines, *self.budget.dates)
        return tuple({source.id: source for entry in cited for source in entry.sources}.values())

    def page(self, say: Language) -> Page:
        """Verdict, plan, conflicts, rhythms, budget and assumptions."""
        return calendar_page(self, say)

    def _repr_html_(self) -> str:
        from qmi_rules.budget_calendar.gantt import to_svg

        return to_svg(self) + self.explain("fr", "html")


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
        step=say(step_label(constraint.step)) if constraint.step else "",
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
        entry.code is CalendarConflictCode.DELEGATION_UNUSABLE and entry.severity is Severity.BLOCKING
        for entry in check.conflicts
    ):
        found.append(say(conflict_label(CalendarConflictCode.DELEGATION_UNUSABLE)))
    return say.all_of(found) if found else ""


def calendar_page(check: CalendarCheck, say: Language) -> Page:
    """The page of a calendar in one language."""
    return Page(
        say.code,
        [
            Heading(say("Calendrier : {title}", title=check.title), 1),
            *verdict(check, say),
            Heading(say("Étapes")),
            _steps(check, say),
            *_after_steps(check, say),
            *_conflicts(check, say),
            *_rhythms(check, say),
            *_budget(check, say),
            *_assumptions(check, say),
            informs(say),
        ],
    )


def _steps(check: CalendarCheck, say: Language) -> Grid:
    rows = []
    for step in check.steps:
        rows.append((say(step.label), say.date(step.start), say.date(step.end), _span(step), _ground(step, say)))
        rows += [
            ("· " + say(part.label), say.date(part.start), say.date(part.end), _span(part), _ground_of_part(part, say))
            for part in step.parts
        ]
    backward = check.feasible and check.wanted_on is not None
    caption = (
        say("Au plus tard, à rebours du début souhaité")
        if backward
        else say("Au plus tôt, à partir du lancement ou du premier jour")
    )
    return Grid((say("Étape"), say("Du"), say("Au"), say("Jours"), say("Fondement")), tuple(rows), caption)


def _span(entry: PlannedStep | StepPart) -> str:
    return str((entry.end - entry.start).days)


def _ground(step: PlannedStep, say: Language) -> str:
    """The article and what the length rests on; the length itself where days off make the step longer."""
    basis = say(BASIS_LABELS[step.basis])
    if not step.days and step.basis is not Basis.COUNCIL_DATES:
        basis = ""
    elif step.days and step.days != (step.end - step.start).days:
        basis = say("{basis}, {days} j", basis=basis, days=step.days)
    if step.legal_basis is None:
        return basis
    article = step.cited(say)
    return article if not basis or basis == say(BASIS_LABELS[Basis.LAW]) else f"{article} ({basis})"


def _ground_of_part(part: StepPart, say: Language) -> str:
    basis = part.cited(say) or say(BASIS_LABELS[Basis.ESTIMATE])
    days = part.days
    return basis if days == (part.end - part.start).days else say("{basis}, {days} j", basis=basis, days=days)


def _after_steps(check: CalendarCheck, say: Language) -> Iterator[Block]:
    yield Paragraph(
        say(
            "Jours : jours calendaires du premier au dernier jour. « j » donne la durée elle-même (droit, estimation ou la vôtre), "
            "là où des jours chômés ou l'heure limite du lendemain allongent l'étape."
        ),
        "note",
    )
    if check.launch_path:
        yield Paragraph(say("Ce qui fixe le dernier jour de lancement : {path}.", path=_path(check.launch_path, say)))
    if check.binding is not None:
        yield Paragraph(check.binding.said(say))
    if check.launch_path:
        yield Paragraph(say("Ce qui fixe le début au plus tôt : {path}.", path=_path(check.critical_path, say)))
    else:
        yield Paragraph(say("Chemin critique : {path}.", path=_path(check.critical_path, say)))
    notes = [
        say("{step} : {note}", step=say(step.label), note=say(step.note))
        for step in check.steps
        if step.note is not None
    ]
    if notes:
        yield Items(notes)
    if check.deadlines:
        yield Paragraph(say("À faire aussi :"))
        yield Items(
            [
                say(
                    "{label} : le {day} au plus tard ({basis})",
                    label=say(d.label),
                    day=say.date(d.by),
                    basis=d.cited(say),
                )
                for d in check.deadlines
            ],
            "check",
        )


def _path(path: tuple[StepId, ...], say: Language) -> str:
    return " → ".join(say(step_label(step)) for step in path)


def _conflicts(check: CalendarCheck, say: Language) -> Iterator[Block]:
    yield Heading(say("Ce qui se heurte à ce calendrier"))
    if not check.conflicts:
        yield Paragraph(say("Rien de connu."))
        return
    yield Items([_conflict(entry, say) for entry in check.conflicts])


def _conflict(entry: CalendarConflict, say: Language) -> Line:
    span = (
        say("du {first} au {last}", first=say.date(entry.from_), last=say.date(entry.until))
        if entry.until is not None
        else say("à partir du {first}", first=say.date(entry.from_))
    )
    about = f" ({say('pour le début souhaité')})" if entry.about == "wanted" else ""
    basis = f" [{entry.cited(say)}]" if entry.legal_basis else ""
    head = f"{say(entry.label)} ({say(SEVERITY_LABELS[entry.severity])}), {span}{about}"
    return (Strong(head), ". ", f"{entry.said(say)}{basis}")


def _rhythms(check: CalendarCheck, say: Language) -> Iterator[Block]:
    if not check.waits:
        return
    yield Heading(say("Deux rythmes : la commune et l'entreprise"))
    who = {"commune": say("La commune attend"), "company": say("L'entreprise attend")}
    yield Items(
        [
            (
                Strong(who[wait.who]),
                " ",
                say(
                    "du {first} au {last} ({days} jours). {reason}",
                    first=say.date(wait.from_),
                    last=say.date(wait.until),
                    days=wait.days,
                    reason=wait.said(say),
                ),
            )
            for wait in check.waits
        ]
    )


def _budget(check: CalendarCheck, say: Language) -> Iterator[Block]:
    budget = check.budget
    regime = say("au printemps")
    if budget.budget_vote is BudgetVote.YEAR_END:
        regime = say("avant le {day}", day=YearlyDay(fact("year_end_vote").month_day or "").said(say))
    yield Heading(say("Le budget {year}", year=str(budget.year)))
    yield Paragraph(
        say(
            "Régime déclaré : vote {regime} ; vote du budget {year} le {day}.",
            regime=regime,
            year=str(budget.year),
            day=say.date(budget.voted_on),
        )
    )
    if budget.early_investment is not None and budget.budget_vote is BudgetVote.SPRING:
        yield Paragraph(
            say(
                "Investissement possible avant le vote, avec l'autorisation du conseil : {amount}.",
                amount=say.euros(budget.early_investment),
            )
        )
    yield budget_grid(budget.dates, say)
    yield Paragraph(
        say(
            "Le guide QMI rappelle quatre points : des budgets votés en général en fin d'année, parfois en avril (c'est son constat, "
            "rien n'en est supposé ici) ; des rythmes de décision différents entre communes et entreprises ; des délais "
            "incompressibles ; des temps politiques."
        ),
        "note",
    )


def _assumptions(check: CalendarCheck, say: Language) -> Iterator[Block]:
    if check.assumptions:
        yield Heading(say("Hypothèses et points à vérifier"))
        yield Items([entry.said(say) for entry in check.assumptions])
