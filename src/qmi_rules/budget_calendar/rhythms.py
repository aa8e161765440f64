"""Two rhythms side by side: the commune's steps and the firm's dates, with the days on which one waits for the other."""

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import field, frozen

from qmi_rules.budget_calendar.facts import fact
from qmi_rules.budget_calendar.planner import Placed
from qmi_rules.budget_calendar.sentences import Sentence, Term, Value
from qmi_rules.contexts.schedule import Milestone, StepId
from qmi_rules.text import Language, message

COMMUNE, COMPANY = "commune", "company"
CASH_MILESTONES = frozenset({"cash_runway", "runway", "cash"})
NAMES = {
    "production_ready": Term(message("matériel à livrer")),
    "launch_event": Term(message("événement de lancement")),
    "subsidy_decision": Term(message("accord de subvention")),
}
"""What a reader calls the milestones that the documents name; any other is called as its author did."""


@frozen(kw_only=True)
class Wait:
    """A span in which one party waits for the other.

    Attributes:
        id: What it comes from: a milestone's id, ``tenders`` or ``answer``.
        who: Who waits: ``commune`` or ``company``.
        from_: First day (key ``from`` in JSON).
        until: Day the wait ends.
        days: Its length.
        reason: What is waited for, in French.
    """

    id: str
    who: str
    from_: date
    until: date
    days: int
    reason: str
    _sentence: Sentence | None = field(default=None, eq=False, repr=False)

    def said(self, say: Language) -> str:
        """The reason in one language; in French only where it was read back from JSON."""
        return self._sentence.said(say) if self._sentence else self.reason


def waits(plan: dict[str, Placed], milestones: tuple[Milestone, ...]) -> tuple[Wait, ...]:
    """The days on which the commune and the firm wait for each other, in order."""
    return tuple(sorted(_waits(plan, milestones), key=lambda wait: (wait.from_, wait.id)))


def _waits(plan: dict[str, Placed], milestones: tuple[Milestone, ...]) -> Iterator[Wait]:
    receipt, notified = plan[StepId.RECEIPT], plan[StepId.NOTIFICATION].end
    if receipt.start < receipt.end:
        yield _wait(
            "tenders",
            COMMUNE,
            receipt.start,
            receipt.end,
            message("Les entreprises préparent leurs offres ou leurs devis."),
        )
    if receipt.end < notified:
        yield _wait("answer", COMPANY, receipt.end, notified, message("La commune analyse, décide et signe."))
    start = plan[StepId.START].end
    for milestone in milestones:
        yield from _of_milestone(milestone, start)


def _of_milestone(milestone: Milestone, start: date) -> Iterator[Wait]:
    paid = start + timedelta(days=fact("payment").days or 0)
    on = milestone.on
    name: dict[str, Value] = {"name": NAMES.get(milestone.id, milestone.id), "who": milestone.who, "on": on}
    if milestone.who != COMMUNE and milestone.id in CASH_MILESTONES:
        if on < paid:
            yield _wait(
                milestone.id,
                COMPANY,
                on,
                paid,
                message(
                    "La trésorerie de l'entreprise tient jusqu'au {on}, un premier paiement n'est à attendre que vers le {paid} "
                    "(trente jours après le début) : prévoyez une avance ou un acompte."
                ),
                on=on,
                paid=paid,
            )
    elif on > start:
        waiting = COMPANY if milestone.who == COMMUNE else COMMUNE
        yield _wait(
            milestone.id,
            waiting,
            start,
            on,
            message("« {name} » ({who}) n'est prêt que le {on}, après le début d'exécution prévu."),
            **name,
        )
    elif on < start and milestone.who != COMMUNE:
        yield _wait(
            milestone.id,
            COMPANY,
            on,
            start,
            message("« {name} » ({who}) est prêt le {on} et attend le début d'exécution."),
            **name,
        )


def _wait(id: str, who: str, first: date, last: date, text: str, /, **values: Value) -> Wait:
    sentence = Sentence(text, values)
    return Wait(
        id=id,
        who=who,
        from_=first,
        until=last,
        days=(last - first).days,
        reason=sentence.french,
        sentence=sentence,
    )
