"""Conflicts: what in a plan collides with the budget, the politics or a change of the law; one frozen value each."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_year import Closure, Credits
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
from qmi_rules.budget_calendar.facts import fact, school_breaks
from qmi_rules.budget_calendar.planner import Placed
from qmi_rules.budget_calendar.procedure_law import LawChange, law_changes
from qmi_rules.budget_calendar.route import Route
from qmi_rules.budget_calendar.sentences import Sentence, Term, Value
from qmi_rules.contexts import whole_case
from qmi_rules.contexts.commune import BudgetVote
from qmi_rules.contexts.schedule import Expense, StepId
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.law import Certainty as LawCertainty
from qmi_rules.law import Table
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


_ONE = timedelta(days=1)


def budget_conflicts(situation: Situation, credits: Credits, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    """The conflicts with the credits.

    Args:
        situation: The plan under examination.
        credits: The credits with their closures, also where the plan leaves them aside.
        earliest: The earliest plan: whether a signature within the year of the launch was possible at all.
    """
    yield from _before_the_vote(situation, credits)
    yield from _year_end(situation, earliest)


def _before_the_vote(situation: Situation, credits: Credits) -> Iterator[Conflict]:
    signed = situation.signed
    severity = Severity.WARNING if situation.feasible else Severity.BLOCKING
    if (closure := credits.closed_on(signed)) is not None:
        yield _closed(closure, credits, signed, severity)
        if closure.code == ConflictCode.NO_CREDITS_YET and _exceeds(credits):
            yield _closed(
                Closure(code=ConflictCode.QUARTER_EXCEEDED, first=closure.first, last=closure.last),
                credits,
                signed,
                severity,
            )
    if not credits.before_vote(signed) or credits.expense is Expense.OPERATING:
        return
    first, last = date(signed.year, 1, 1), credits.budget(signed.year).voted_on - _ONE
    if credits.expense is None:
        yield conflict(
            ConflictCode.NO_CREDITS_YET,
            first,
            last,
            Severity.WARNING,
            fact("early_investment").legal_basis,
            message(
                "La signature ({day}) précède le vote du budget ({vote}). Dites s'il s'agit d'investissement : il faudrait "
                "alors une autorisation du conseil, dans la limite du quart des crédits de l'année précédente."
            ),
            day=signed,
            vote=last + _ONE,
        )
    if situation.frame.delegated:
        yield conflict(
            ConflictCode.DELEGATION_UNUSABLE,
            first,
            last,
            severity if closure is not None else Severity.WARNING,
            fact("delegation").legal_basis,
            message(
                "Le maire ne peut signer par délégation que si les crédits sont inscrits au budget : avant le vote du "
                "{vote}, faites voter ce marché par le conseil, ou signez après le vote."
            ),
            vote=last + _ONE,
        )


def _exceeds(credits: Credits) -> bool:
    return credits.quarter is not None and credits.amount is not None and credits.amount > credits.quarter


def _closed(closure: Closure, credits: Credits, signed: date, severity: Severity) -> Conflict:
    vote = closure.last + _ONE
    basis = fact("early_investment").legal_basis
    match closure.code:
        case ConflictCode.QUARTER_EXCEEDED:
            return conflict(
                ConflictCode.QUARTER_EXCEEDED,
                closure.first,
                closure.last,
                severity,
                basis,
                message(
                    "L'achat ({amount} HT) dépasse le quart des crédits d'investissement de l'année précédente ({quarter}) : "
                    "signez après le vote du budget ({vote}), ou avant le 31 décembre sur les crédits de l'année en cours."
                ),
                amount=credits.amount or 0,
                quarter=credits.quarter or 0,
                vote=vote,
            )
        case ConflictCode.QUARTER_CLOSED:
            return conflict(
                ConflictCode.QUARTER_CLOSED,
                closure.first,
                closure.last,
                severity,
                fact("early_investment_end").legal_basis,
                message(
                    "La faculté d'investir avant le vote s'arrête le 15 avril, même en année de renouvellement : la signature "
                    "({day}) doit la précéder, ou suivre le vote du budget ({vote})."
                ),
                day=signed,
                vote=vote,
            )
    return conflict(
        ConflictCode.NO_CREDITS_YET,
        closure.first,
        closure.last,
        severity,
        basis,
        message(
            "La signature ({day}) précède le vote du budget ({vote}) et aucune autorisation d'investir avant le vote n'est "
            "connue. Faites voter par le conseil, en décembre ou en janvier, une autorisation qui dit le montant et l'emploi "
            "(le quart des crédits de l'année précédente au plus), signez avant le 31 décembre sur des crédits ouverts, ou "
            "attendez le vote."
        ),
        day=signed,
        vote=vote,
    )


def _year_end(situation: Situation, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    """The credits of the year of the launch fall at its end, unless the contract is signed by then."""
    signed, carry_over = situation.signed, fact("carry_over")
    declared, first_signed = situation.frame.purchase.launched_on, earliest[StepId.SIGNATURE].end
    if (year := situation.launch.year) < signed.year:
        yield conflict(
            ConflictCode.YEAR_END_CLIFF,
            carry_over.on(year),
            signed,
            Severity.WARNING,
            carry_over.legal_basis,
            message(
                "Lancé le {launch}, l'achat serait signé le {day} : les crédits de {year} non engagés le 31 décembre tombent. "
                "Signez avant (l'investissement est alors reporté), ou inscrivez la dépense au budget suivant."
            ),
            year=str(year),
            launch=situation.launch,
            day=signed,
        )
    elif declared.year < min(situation.launch.year, first_signed.year):
        yield conflict(
            ConflictCode.YEAR_END_CLIFF,
            carry_over.on(declared.year),
            signed,
            Severity.INFORMATION,
            carry_over.legal_basis,
            message(
                "Lancement prévu le {launch}, signature le {day} : l'achat se paie sur le budget {year}. Lancé dès le {declared}, "
                "jour déclaré, il ne serait pas non plus signé avant la fin de l'année : n'y comptez pas sur les crédits de {former}."
            ),
            launch=situation.launch,
            day=signed,
            year=str(signed.year),
            declared=declared,
            former=str(declared.year),
        )
    stop = situation.frame.commune.orders_stop_on
    if stop is not None and stop <= signed <= date(stop.year, 12, 31):
        yield conflict(
            ConflictCode.YEAR_END_CLIFF,
            stop,
            date(stop.year, 12, 31),
            Severity.WARNING,
            None,
            message(
                "La commune n'engage plus de dépenses à partir du {day} : signez avant, ou obtenez une dérogation de la "
                "direction des finances."
            ),
            day=stop,
        )


def vote_conflicts(situation: Situation, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    """The conflicts with what must come before the vote.

    Args:
        situation: The plan under examination.
        earliest: The earliest plan: what could be ready when.
    """
    yield from _debate(situation)
    yield from _draft(situation, earliest)


def _debate(situation: Situation) -> Iterator[Conflict]:
    commune = situation.frame.commune
    voted, debate = commune.budget_voted_on, commune.orientation_debate_on
    rule = fact("orientation_debate")
    inhabitants = commune.inhabitants
    if voted is None or (debate is None and inhabitants is None):
        return
    if inhabitants is not None and inhabitants < (rule.count or 0):
        return
    first, last = voted - timedelta(days=rule.days or 0), voted - _ONE
    if debate is None:
        if voted >= situation.today:
            yield conflict(
                ConflictCode.ORIENTATION_DEBATE,
                first,
                last,
                Severity.INFORMATION,
                rule.legal_basis,
                message(
                    "À partir de 3 500 habitants, un débat d'orientation budgétaire se tient entre le {first} et le {last} : "
                    "sa date n'est pas donnée. Sans lui, le budget peut être annulé."
                ),
                first=first,
                last=last,
            )
    elif debate < first:
        yield conflict(
            ConflictCode.ORIENTATION_DEBATE,
            debate,
            voted,
            Severity.WARNING,
            rule.legal_basis,
            message(
                "Le débat d'orientation budgétaire du {debate} précède de plus de dix semaines le vote du {vote} : tenez-le "
                "à partir du {first}, ou avancez le vote."
            ),
            debate=debate,
            vote=voted,
            first=first,
        )
    elif debate == voted:
        yield conflict(
            ConflictCode.ORIENTATION_DEBATE,
            debate,
            voted,
            Severity.WARNING,
            fact("orientation_debate_gap").legal_basis,
            message(
                "Débat d'orientation et vote du budget le même jour ({vote}) : le juge annule. Laissez au moins une nuit "
                "entre les deux ; l'AMF conseille deux jours."
            ),
            vote=voted,
        )


def _draft(situation: Situation, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    commune = situation.frame.commune
    voted, sent = commune.budget_voted_on, commune.draft_budget_sent_on
    if voted is None:
        return
    rule = fact("draft_budget")
    latest = voted - timedelta(days=rule.days or 0)
    if sent is not None and sent > latest:
        yield conflict(
            ConflictCode.DRAFT_BUDGET_LATE,
            latest,
            voted,
            Severity.WARNING,
            rule.legal_basis,
            message(
                "Le projet de budget part le {sent} pour un vote le {vote} : il devait partir le {latest} au plus tard (douze "
                "jours avant). Reportez le vote, ou le budget peut être contesté."
            ),
            sent=sent,
            vote=voted,
            latest=latest,
        )
    ready = earliest[StepId.NEED].end
    leaves = sent or latest
    if (
        situation.today <= voted
        and situation.signed.year == commune.budget_year
        and ready > leaves
        and (commune.budget_vote is BudgetVote.YEAR_END or situation.signed >= voted)
    ):
        yield conflict(
            ConflictCode.DRAFT_BUDGET_LATE,
            leaves,
            voted,
            Severity.WARNING,
            rule.legal_basis,
            message(
                "Le besoin ne sera estimé que le {ready}, après le départ du projet de budget ({leaves}) pour le vote du "
                "{vote} : faites inscrire une provision, amender le projet, ou prévoyez une décision modificative."
            ),
            ready=ready,
            leaves=leaves,
            vote=voted,
        )


_DECIDING = (StepId.TENDER_COMMITTEE, StepId.COUNCIL, StepId.SIGNATURE)


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
