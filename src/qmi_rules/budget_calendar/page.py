"""The explanation of a calendar: verdict first, then the plan, what collides, the two rhythms, the budget, the assumptions."""

from collections.abc import Iterator

from qmi_rules.budget_calendar.budget_year_page import budget_grid
from qmi_rules.budget_calendar.conflicts import CONFLICT_LABELS, SEVERITY_LABELS, Conflict
from qmi_rules.budget_calendar.durations import STEP_LABELS
from qmi_rules.budget_calendar.result import CalendarCheck, Step
from qmi_rules.budget_calendar.sentences import basis_said
from qmi_rules.budget_calendar.steps import BASIS_LABELS, Basis, Part
from qmi_rules.budget_calendar.verdict import verdict
from qmi_rules.contexts.commune import BudgetVote
from qmi_rules.contexts.schedule import StepId
from qmi_rules.text import Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block

_REGIMES = {
    BudgetVote.YEAR_END: message("avant le 31 décembre"),
    BudgetVote.SPRING: message("au printemps"),
}


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


def _span(entry: Step | Part) -> str:
    return str((entry.end - entry.start).days)


def _ground(step: Step, say: Language) -> str:
    """The article and what the length rests on; the length itself where days off make the step longer."""
    basis = say(BASIS_LABELS[step.basis])
    if not step.days and step.basis is not Basis.COUNCIL_DATES:
        basis = ""
    elif step.days and step.days != (step.end - step.start).days:
        basis = say("{basis}, {days} j", basis=basis, days=step.days)
    if step.legal_basis is None:
        return basis
    article = basis_said(step.legal_basis, say)
    return article if not basis or basis == say(BASIS_LABELS[Basis.LAW]) else f"{article} ({basis})"


def _ground_of_part(part: Part, say: Language) -> str:
    basis = basis_said(part.legal_basis, say) if part.legal_basis else say(BASIS_LABELS[Basis.ESTIMATE])
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
                    basis=basis_said(d.legal_basis or "", say),
                )
                for d in check.deadlines
            ],
            "check",
        )


def _path(path: tuple[StepId, ...], say: Language) -> str:
    return " → ".join(say(STEP_LABELS[step]) for step in path)


def _conflicts(check: CalendarCheck, say: Language) -> Iterator[Block]:
    yield Heading(say("Ce qui se heurte à ce calendrier"))
    if not check.conflicts:
        yield Paragraph(say("Rien de connu."))
        return
    yield Items([_conflict(entry, say) for entry in check.conflicts])


def _conflict(entry: Conflict, say: Language) -> Line:
    span = (
        say("du {first} au {last}", first=say.date(entry.from_), last=say.date(entry.until))
        if entry.until is not None
        else say("à partir du {first}", first=say.date(entry.from_))
    )
    about = f" ({say('pour le début souhaité')})" if entry.about == "wanted" else ""
    basis = f" [{basis_said(entry.legal_basis, say)}]" if entry.legal_basis else ""
    head = f"{say(CONFLICT_LABELS[entry.code])} ({say(SEVERITY_LABELS[entry.severity])}), {span}{about}"
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
    yield Heading(say("Le budget {year}", year=str(budget.year)))
    yield Paragraph(
        say(
            "Régime déclaré : vote {regime} ; vote du budget {year} le {day}.",
            regime=say(_REGIMES[budget.budget_vote]),
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
