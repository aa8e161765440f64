"""Does the published procedure fit the published amount, at every day on which the consultation may have been launched?"""

import datetime
from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import Any

from attrs import frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.contexts import Case, ContractType
from qmi_rules.findings import Truth
from qmi_rules.integrations.decp.grouping import ContractGroup
from qmi_rules.integrations.decp.labels import Nature, Published
from qmi_rules.integrations.decp.one_law import SEEN, Seen, Subject, case_of, knows, reason_of
from qmi_rules.integrations.decp.reasons import Reason, Verdict
from qmi_rules.law import LawInForce, Table

WINDOW = relativedelta(months=12)
"""Our convention: a consultation was launched at most this long before its notification, and at the latest on that day."""
WINDOW_BY_PUBLICATION = relativedelta(months=15)
"""The same where only the publication of the data is dated: it follows the notification by some months."""
_BY_PUBLICATION = ("launched_on", "data_publication_not_launch")
_FLAGS = (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)
_SMALL_LOTS = {
    ContractType.WORKS: "small_lots.adapted.works",
    ContractType.SUPPLIES: "small_lots.adapted.supplies_services",
    ContractType.SERVICES: "small_lots.adapted.supplies_services",
}


@frozen(kw_only=True)
class Judgement:
    """A verdict with its reasons.

    Attributes:
        verdict: The verdict.
        reasons: Why, the decisive one first.
        limits: The limits that the amount was compared with, for hints; none where type or buyer are not sure.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    limits: tuple[Decimal, ...] = ()


class _Window:
    """The laws of the days on which a consultation may have been launched, and the amounts at which their answers change."""

    def __init__(self, laws: tuple[LawInForce, ...]) -> None:
        self.laws = laws
        self.cuts = sorted(
            {
                amount
                for law in laws
                for rule in law.rules
                for condition in rule.when
                if condition.fact == "estimated_value" and condition.threshold
                for amount in law.limit(condition.threshold).amounts
            }
        )


class Judge:
    """Judges contracts under one table; equal questions are answered once and remembered."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._windows: dict[tuple[datetime.date, bool], _Window] = {}
        self._by_laws: dict[tuple[int, ...], _Window] = {}
        self._answers: dict[Any, Judgement] = {}

    def judge(self, group: ContractGroup) -> Judgement:
        """The judgement on a contract, its lots added up."""
        subject = _subject(group)
        window = self._window(group)
        judgement = self._answer(window, subject, group.amount)
        if len(group.lots) == 1 or judgement.verdict not in _FLAGS:
            return judgement
        return self._with_lots(group, window, subject, judgement)

    def _with_lots(self, group: ContractGroup, window: _Window, subject: Subject, judgement: Judgement) -> Judgement:
        """A finding on the sum of lots is kept only if no rule on small lots can explain it."""
        largest = max(lot.amount for lot in group.lots if lot.amount is not None)
        alone = self._answer(window, subject, largest)
        small = [self._small_lot(law, subject) for law in window.laws]
        beyond = all(limit is not None and largest >= limit for limit in small)
        if alone.verdict is judgement.verdict or (subject.procedure is Published.ADAPTED and group.numbered and beyond):
            return judgement
        basis = "ccp-r2123-1" if subject.procedure is Published.ADAPTED else "ccp-r2122-8"
        return Judgement(
            verdict=Verdict.CANNOT_BE_JUDGED, reasons=(Reason(code="small_lots_possible", legal_basis=(basis,)),)
        )

    def _small_lot(self, law: LawInForce, subject: Subject) -> Decimal | None:
        threshold = _SMALL_LOTS[subject.contract_type or ContractType.WORKS]
        return law.amount(threshold) if threshold in self.table.thresholds else None

    def _window(self, group: ContractGroup) -> _Window:
        """The laws from twelve months before the first notification to the last."""
        first = group.first.notified_on
        by_publication = _BY_PUBLICATION in group.first.origins
        window = self._windows.get((first, by_publication))
        if window is None:
            law = self.table.in_force(first - (WINDOW_BY_PUBLICATION if by_publication else WINDOW))
            laws = [law]
            while law.until is not None and law.until < first:
                law = self.table.in_force(law.until + datetime.timedelta(days=1))
                laws.append(law)
            key = tuple(id(law) for law in laws)
            window = self._by_laws.get(key)
            if window is None:
                window = self._by_laws[key] = _Window(tuple(laws))
            self._windows[first, by_publication] = window
        return window

    def _answer(self, window: _Window, subject: Subject, amount: Decimal | None) -> Judgement:
        cell = None if amount is None else (bisect_left(window.cuts, amount), bisect_right(window.cuts, amount))
        key = (id(window), subject, cell)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = _judged(window, subject, amount)
        return answer


def _subject(group: ContractGroup) -> Subject:
    """What the lots have in common; where they differ, it is not known."""
    first, lots = group.first, group.lots
    if len(lots) == 1:
        return Subject(
            first.procedure,
            first.nature,
            first.contract_type,
            first.buyer_kind,
            first.innovative,
            True if first.specific_service or first.cpv is None else None,
        )
    types = {lot.contract_type for lot in lots}
    kinds = {lot.buyer_kind for lot in lots}
    innovative = {lot.innovative for lot in lots}
    return Subject(
        first.procedure,
        first.nature,
        types.pop() if len(types) == 1 else None,
        kinds.pop() if len(kinds) == 1 else None,
        innovative.pop() if len(innovative) == 1 else None,
        True if any(lot.specific_service or lot.cpv is None for lot in lots) else None,
    )


def _judged(window: _Window, subject: Subject, amount: Decimal | None) -> Judgement:
    """The judgement on one cell of amounts."""
    match subject:
        case Subject(nature=Nature.PARTNERSHIP | Nature.DEFENCE):
            return _open("special_nature")
        case Subject(procedure=Published.UNKNOWN):
            return _open("procedure_unknown")
        case Subject(procedure=Published.OPEN | Published.RESTRICTED):
            return _formal(window, subject)
        case Subject(nature=Nature.SUBSEQUENT):
            return _open("subsequent")
        case Subject(procedure=Published.PARTNERSHIP):
            return Judgement(
                verdict=Verdict.CANNOT_BE_JUDGED,
                reasons=(Reason(code="ground_not_published", legal_basis=("ccp-l2172-3",)),),
            )
    if amount is None:
        return _open("amount_unknown")
    cases = [case_of(law, subject, amount) for law in window.laws]
    seen = [SEEN[subject.procedure](law, case) for law, case in zip(window.laws, cases, strict=True)]
    return _careful(subject, _combined(window, subject, seen, _limits(window, subject, cases)))


def _formal(window: _Window, subject: Subject) -> Judgement:
    rules = [law.rules_of(subject.procedure.value) for law in window.laws]
    if not all(rules) or not all(knows(law, subject.procedure.value) for law in window.laws):
        return _open("law_unknown")
    basis = tuple(dict.fromkeys(rule.legal_basis for found in rules for rule in found))
    unsure = tuple(dict.fromkeys(r.legal_basis for found in rules for r in found if r.certainty == "unverified"))
    return Judgement(
        verdict=Verdict.CONSISTENT,
        reasons=(
            Reason(code="always_open", legal_basis=basis),
            *([Reason(code="unverified_rule", legal_basis=unsure)] if unsure else []),
        ),
    )


def _combined(window: _Window, subject: Subject, seen: list[Seen], limits: tuple[Decimal, ...]) -> Judgement:
    """One answer out of those of every plausible day: settled only where all agree."""
    truths = {truth for truth, _ in seen}
    if truths == {Truth.YES}:
        return Judgement(verdict=Verdict.CONSISTENT, reasons=_merged(seen), limits=limits)
    if truths == {Truth.NO}:
        adapted = subject.procedure is Published.ADAPTED
        verdict = Verdict.INCONSISTENT if adapted else Verdict.NEEDS_ANOTHER_GROUND
        return Judgement(
            verdict=verdict, reasons=(*_merged(seen), Reason(code="amount_is_not_estimate")), limits=limits
        )
    if Truth.UNDETERMINED not in truths:
        changed = next(law for law, (truth, _) in zip(window.laws, seen, strict=True) if truth is not seen[0][0])
        return Judgement(
            verdict=Verdict.CANNOT_BE_JUDGED,
            reasons=(Reason(code="depends_on_launch", on=changed.since), *_merged(seen)),
            limits=limits,
        )
    undecided = [entry for entry in seen if entry[0] is Truth.UNDETERMINED]
    return Judgement(verdict=Verdict.CANNOT_BE_JUDGED, reasons=_merged(undecided))


def _merged(seen: list[Seen]) -> tuple[Reason, ...]:
    """The reasons of several laws as one a code, with all their limits and sources."""
    by_code: dict[str, list[Reason]] = {}
    for _, reasons in seen:
        for reason in reasons:
            by_code.setdefault(reason.code, []).append(reason)
    return tuple(
        Reason(
            code=code,
            limits=tuple(sorted({amount for reason in reasons for amount in reason.limits})),
            legal_basis=tuple(dict.fromkeys(source for reason in reasons for source in reason.legal_basis)),
            about=tuple(dict.fromkeys(name for reason in reasons for name in reason.about)),
        )
        for code, reasons in by_code.items()
    )


def _careful(subject: Subject, judgement: Judgement) -> Judgement:
    """No finding where the nature of the contract or its object may explain the procedure."""
    if judgement.verdict not in _FLAGS:
        return judgement
    if subject.nature is Nature.FRAMEWORK:
        return _open("framework")
    if subject.procedure is Published.ADAPTED:
        if subject.specific_service:
            return Judgement(
                verdict=Verdict.CANNOT_BE_JUDGED,
                reasons=(Reason(code="specific_service_possible", legal_basis=("ccp-r2123-1",)),),
            )
        if subject.nature is Nature.UNKNOWN:
            return _open("nature_unknown")
    if subject.nature is Nature.UNKNOWN:
        return Judgement(
            verdict=judgement.verdict,
            reasons=(*judgement.reasons, Reason(code="nature_unknown")),
            limits=judgement.limits,
        )
    return judgement


def _open(code: str) -> Judgement:
    return Judgement(verdict=Verdict.CANNOT_BE_JUDGED, reasons=(Reason(code=code),))


def _limits(window: _Window, subject: Subject, cases: list[Case]) -> tuple[Decimal, ...]:
    """The limits of the published procedure, for hints."""
    if subject.contract_type is None or subject.buyer_kind is None or subject.nature is Nature.FRAMEWORK:
        return ()
    procedure = {Published.ADAPTED: "adapted_procedure", Published.WITHOUT_PUBLICITY: "direct_award"}.get(
        subject.procedure
    )
    if procedure is None:
        return ()
    found = (reason_of("", law, case, procedure).limits for law, case in zip(window.laws, cases, strict=True))
    return tuple(sorted({amount for limits in found for amount in limits}))
