"""Conflicts: what in a plan collides with the budget, the politics or a change of the law; one frozen value each."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from attrs import field, frozen

from qmi_rules.budget_calendar.chain import Route
from qmi_rules.budget_calendar.planner import Placed
from qmi_rules.budget_calendar.sentences import Sentence, Value
from qmi_rules.contexts.schedule import StepId
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.text import Language, message


class ConflictCode(StrEnum):
    """What collides."""

    NO_CREDITS_YET = "no_credits_yet"
    QUARTER_EXCEEDED = "quarter_exceeded"
    QUARTER_CLOSED = "quarter_closed"
    DELEGATION_UNUSABLE = "delegation_unusable"
    ORIENTATION_DEBATE = "orientation_debate"
    DRAFT_BUDGET_LATE = "draft_budget_late"
    YEAR_END_CLIFF = "year_end_cliff"
    CURRENT_AFFAIRS_ONLY = "current_affairs_only"
    BODY_CHANGES_MID_PROCEDURE = "body_changes_mid_procedure"
    COMMUNICATION_WINDOW = "communication_window"
    ELECTION_PERIOD = "election_period"
    RULE_MAY_CHANGE = "rule_may_change"
    SCHOOL_BREAK = "school_break"


class Severity(StrEnum):
    """How much a conflict weighs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    INFORMATION = "information"


CONFLICT_LABELS: dict[ConflictCode, str] = {
    ConflictCode.NO_CREDITS_YET: message("Crédits pas encore ouverts"),
    ConflictCode.QUARTER_EXCEEDED: message("Quart des crédits dépassé"),
    ConflictCode.QUARTER_CLOSED: message("Faculté du quart éteinte"),
    ConflictCode.DELEGATION_UNUSABLE: message("Délégation inutilisable"),
    ConflictCode.ORIENTATION_DEBATE: message("Débat d'orientation budgétaire"),
    ConflictCode.DRAFT_BUDGET_LATE: message("Projet de budget déjà parti, ou envoyé trop tard"),
    ConflictCode.YEAR_END_CLIFF: message("Fin d'exercice"),
    ConflictCode.CURRENT_AFFAIRS_ONLY: message("Affaires courantes seulement"),
    ConflictCode.BODY_CHANGES_MID_PROCEDURE: message("Changement d'équipe en cours de procédure"),
    ConflictCode.COMMUNICATION_WINDOW: message("Communication encadrée"),
    ConflictCode.ELECTION_PERIOD: message("Période d'élection"),
    ConflictCode.RULE_MAY_CHANGE: message("Règle ou date susceptible de changer"),
    ConflictCode.SCHOOL_BREAK: message("Vacances scolaires"),
}

SEVERITY_LABELS: dict[Severity, str] = {
    Severity.BLOCKING: message("bloquant"),
    Severity.WARNING: message("attention"),
    Severity.INFORMATION: message("information"),
}


@frozen(kw_only=True)
class Conflict:
    """One conflict of a plan.

    Attributes:
        code: What collides.
        from_: First day of the conflict (key ``from`` in JSON).
        until: Last day; None = no end known.
        severity: ``blocking``, ``warning`` or ``information``.
        legal_basis: Article or decision; None where no rule of law stands behind it.
        advice: What to do, in French.
        about: ``wanted`` where it concerns the wanted start, which the plan shown avoids; else ``plan``.
    """

    code: ConflictCode
    from_: date
    until: date | None
    severity: Severity
    legal_basis: str | None
    advice: str
    about: str = "plan"
    _sentence: Sentence | None = field(default=None, eq=False, repr=False)

    def said(self, say: Language) -> str:
        """The advice in one language; in French only where it was read back from JSON."""
        return self._sentence.said(say) if self._sentence else self.advice


def conflict(
    code: ConflictCode,
    first: date,
    last: date | None,
    severity: Severity,
    legal_basis: str | None,
    text: str,
    /,
    **values: Value,
) -> Conflict:
    """A conflict with the sentence that says what to do."""
    sentence = Sentence(text, values)
    return Conflict(
        code=code,
        from_=first,
        until=last,
        severity=severity,
        legal_basis=legal_basis,
        advice=sentence.french,
        sentence=sentence,
    )


@frozen(kw_only=True)
class Situation:
    """A plan under examination.

    Attributes:
        frame: What it was built from.
        plan: The steps with their days.
        feasible: Whether the wanted start can be kept.
    """

    frame: Route
    plan: Mapping[str, Placed] = field(converter=to_read_only)
    feasible: bool

    @property
    def first(self) -> date:
        """First day of the plan."""
        return min(placed.start for placed in self.plan.values())

    @property
    def launch(self) -> date:
        """Day of the launch."""
        return self.plan[self.frame.launch].start

    @property
    def signed(self) -> date:
        """Day of the signature."""
        return self.plan[StepId.SIGNATURE].end

    @property
    def starts(self) -> date:
        """Day performance starts."""
        return self.plan[StepId.START].end

    @property
    def today(self) -> date:
        """The earliest day the user speaks of."""
        days = [self.frame.purchase.launched_on, self.frame.schedule.not_before]
        return min(day for day in days if day is not None)


def distinct(conflicts: Iterable[Conflict]) -> Iterator[Conflict]:
    """The conflicts without repetition of a code over the same days, in order of time."""
    seen: set[tuple[str, date]] = set()
    for entry in sorted(conflicts, key=lambda c: (c.from_, c.code)):
        if (entry.code, entry.from_) not in seen:
            seen.add((entry.code, entry.from_))
            yield entry
