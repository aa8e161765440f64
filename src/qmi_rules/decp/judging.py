"""Does the published procedure fit the published amount, at every day on which the consultation may have been launched?"""

import datetime
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, TypeAlias

from attrs import evolve, frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.decp.grouping import ContractGroup
from qmi_rules.decp.reasons import Judgement, Reason, ReasonCode, Verdict, reason
from qmi_rules.decp.values import Nature, Published, labels
from qmi_rules.law import LawInForce, Limit, Rule, Table
from qmi_rules.law.compilation import status
from qmi_rules.law.facts import in_ranges
from qmi_rules.law.truth import Truth
from qmi_rules.model import BuyerKind, Case, ContractType
from qmi_rules.pages import AnyOf, Term, Value
from qmi_rules.schema.scalars import EARLIEST

Seen: TypeAlias = tuple[Truth, tuple[Reason, ...]]
"""What one law answers, and why."""


@frozen
class Circumstances:
    """What a judgement depends on, but for the amount and the time."""

    procedure: Published
    nature: Nature
    contract_type: ContractType | None
    buyer_kind: BuyerKind | None
    innovative: bool | None
    specific_service: bool | None
    article_named: bool
    on_the_list: bool


def _case_of(law: LawInForce, subject: Circumstances, amount: Decimal) -> Case:
    return Case(
        launched_on=max(law.day, EARLIEST),  # only the law of the day counts here
        contract_type=subject.contract_type,
        buyer_kind=subject.buyer_kind,
        value=amount,
        innovative=subject.innovative,
    )


def _truth(law: LawInForce, case: Case, procedure: str) -> Truth:
    names = list(law.table.procedures)
    return status(law.evaluate(case), names.index(procedure), len(names)) if procedure in names else Truth.UNDETERMINED


def _knows(law: LawInForce, procedure: str) -> bool:
    return procedure in law.table.procedures and law.knows(law.table.procedures[procedure])


def _adapted(law: LawInForce, case: Case) -> Seen:
    truth = _truth(law, case, "adapted_procedure")
    codes: dict[Truth, ReasonCode] = {Truth.YES: "below_adapted_limit", Truth.NO: "above_adapted_limit"}
    code = codes.get(truth)
    if code is None:
        return truth, (_undecided(law, case, "adapted_procedure"),)
    return truth, (_reason(code, law, case, "adapted_procedure"), *_to_verify(law, case, "adapted_procedure"))


def _negotiated(law: LawInForce, case: Case, procedure: str) -> Seen:
    """Below the European limit the buyer is free to negotiate; from it on, one of the cases of the code is needed."""
    if _truth(law, case, "adapted_procedure") is Truth.YES:
        return Truth.YES, (_reason("free_below_formal", law, case, "adapted_procedure"),)
    if _truth(law, case, procedure) is Truth.YES:
        return Truth.YES, (_reason("always_open", law, case, procedure),)
    if not _knows(law, procedure):
        return Truth.UNDETERMINED, (reason("law_unknown"),)
    return Truth.UNDETERMINED, (_reason("ground_not_published", law, case, procedure),)


def _without_publicity(law: LawInForce, case: Case) -> Seen:
    direct = _truth(law, case, "direct_award")
    if direct is Truth.YES:
        return Truth.YES, (_reason("below_dispense", law, case, "direct_award"),)
    if case.innovative:
        innovative = _truth(law, case, "innovative_purchase")
        if innovative is Truth.YES:
            return Truth.YES, (_reason("innovative_below", law, case, "innovative_purchase"),)
        if innovative is Truth.UNDETERMINED:
            return innovative, (_reason("innovative_contested", law, case, "innovative_purchase"),)
    if direct is Truth.UNDETERMINED:
        return direct, (_undecided(law, case, "direct_award"),)
    others = tuple(_possible(law, case))
    return Truth.NO, (
        _reason("amount_not_dispensed", law, case, "direct_award"),
        *([reason("other_grounds", about=AnyOf(others))] if others else []),
    )


def _undecided(law: LawInForce, case: Case, procedure: str) -> Reason:
    """Why a law gives no answer: it is not known, or type or buyer are not sure."""
    rules = _whole_rules(law, case, procedure)
    limits = [law.limit(condition.threshold) for rule in rules for condition in rule.when if condition.threshold]
    if not _knows(law, procedure) or any(not limit.amounts for limit in limits):
        return reason("law_unknown")
    return reason("type_unknown" if case.contract_type is None else "buyer_kind_unknown")


def _whole_rules(law: LawInForce, case: Case, procedure: str) -> list[Rule]:
    """The grounds that compare the value of the whole need, for this type and buyer."""
    return [
        rule
        for rule in law.relevant_rules(procedure, case)
        if any(condition.fact == "estimated_value" for condition in rule.when)
        and not any(law.facts[condition.fact].lot for condition in rule.when)
    ]


def _compared(law: LawInForce, case: Case, procedure: str) -> tuple[list[Rule], list[Limit]]:
    """The grounds of a procedure for this type and buyer, and the limits that they compare the value of the need with."""
    rules = _whole_rules(law, case, procedure) or list(law.relevant_rules(procedure, case))
    return rules, [
        law.limit(condition.threshold)
        for rule in rules
        for condition in rule.when
        if condition.fact == "estimated_value" and condition.threshold
    ]


def _reason(code: ReasonCode, law: LawInForce, case: Case, procedure: str) -> Reason:
    rules, found = _compared(law, case, procedure)
    basis = [rule.legal_basis for rule in rules]
    if code not in ("ground_not_published", "below_adapted_limit", "above_adapted_limit", "free_below_formal"):
        # a text that took over an older amount is cited, not the one that first set it
        newest = max((rule.effective_from for rule in rules), default=None)
        if not any(newest and limit.since and limit.since < newest for limit in found):
            basis = [source for limit in found for source in limit.basis] or basis
    return reason(code, law.table, limits=(a for limit in found for a in limit.amounts), legal_basis=basis)


def _to_verify(law: LawInForce, case: Case, procedure: str) -> Iterator[Reason]:
    """A rule that the table holds without having verified it is never shown as settled."""
    basis = [rule.legal_basis for rule in _whole_rules(law, case, procedure) if rule.certainty == "unverified"]
    if basis:
        yield reason("unverified_rule", law.table, legal_basis=basis)


def _possible(law: LawInForce, case: Case) -> Iterator[Term]:
    """The other procedures without publicity that some facts, not published, would open at this amount, or that the table does not rule out."""
    for procedure in law.table.procedures.values():
        if not procedure.dispensed or procedure.id == "direct_award":
            continue
        if not law.knows(procedure):
            yield Term(procedure.label)
            continue
        for rule in law.relevant_rules(procedure.id, case):
            tests = law.tests(rule)
            if any(test.fact.lot for test in tests):
                continue
            settled = [
                t for t in tests if t.fact.id in ("estimated_value", "contract_type", "buyer_kind", "innovative")
            ]
            if all(test.judge(getattr(case, test.slot)) is not Truth.NO for test in settled):
                yield Term(procedure.label)
                break


_SEEN: Final[dict[Published, Callable[[LawInForce, Case], Seen]]] = {
    Published.ADAPTED: _adapted,
    Published.WITHOUT_PUBLICITY: _without_publicity,
    Published.NEGOTIATION: lambda law, case: _negotiated(law, case, "competitive_procedure_with_negotiation"),
    Published.DIALOGUE: lambda law, case: _negotiated(law, case, "competitive_dialogue"),
}
"""How each published procedure is looked at whose answer depends on the amount."""


_BY_PUBLICATION = ("launched_on", "data_publication_not_launch")
_FLAGS = (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)
_SMALL_LOTS = {
    ContractType.WORKS: "small_lots.adapted.works",
    ContractType.SUPPLIES: "small_lots.adapted.supplies_services",
    ContractType.SERVICES: "small_lots.adapted.supplies_services",
}


class _Window:
    """The laws of the days on which a consultation may have been launched, and the amounts at which their answers change.

    Only what the rows of a published procedure look at counts: two laws that differ elsewhere are one here, so that a file
    of a million contracts asks a few hundred questions.
    """

    def __init__(self, laws: tuple[LawInForce, ...], limits: Iterable[Decimal]) -> None:
        self.laws = laws
        self.table = laws[0].table
        self._cuts = sorted(set(limits))

    def cell(self, amount: Decimal) -> int:
        """Which amounts are answered alike: those between two limits, or a limit itself."""
        cuts = self._cuts
        below = bisect_left(cuts, amount)
        return 2 * below + (below < len(cuts) and cuts[below] == amount)


@frozen
class _SeenLaw:
    """What one law says of the procedures that a published procedure looks at: equal where no answer can differ."""

    rows: tuple[Any, ...]
    limits: tuple[Decimal, ...]


def _seen_law(law: LawInForce, procedures: tuple[str, ...]) -> _SeenLaw:
    rows: list[Any] = []
    limits: list[Decimal] = []
    for name in procedures:
        rows.append(_knows(law, name))
        for rule in law.rules_of(name):
            found = [law.limit(condition.threshold) for condition in rule.when if condition.threshold]
            rows.append((rule.id, rule.legal_basis, rule.certainty, tuple((one.amounts, one.basis) for one in found)))
            limits += [amount for one in found for amount in one.amounts]
    rows += [law.limit(name).amounts for name in dict.fromkeys(_SMALL_LOTS.values()) if name in law.table.thresholds]
    return _SeenLaw(tuple(rows), tuple(limits))


def _looked_at(table: Table, procedure: Published) -> tuple[str, ...]:
    """The procedures of which the rows decide on a published one."""
    match procedure:
        case Published.WITHOUT_PUBLICITY:
            return tuple(name for name, known in table.procedures.items() if known.dispensed)
        case Published.NEGOTIATION | Published.DIALOGUE:
            return ("adapted_procedure", procedure.value)
        case Published.UNKNOWN:
            return ()
        case _:
            return (procedure.value,)


MOST_DAYS = 50_000
"""So many days of notification are remembered with their window; it is found again for others."""


@lru_cache(maxsize=4)
def judge_of(table: Table) -> "Judge":
    """The judge of a table: what it answered in one audit, it knows in the next."""
    return Judge(table)


class Judge:
    """Judges contracts under one table; equal questions are answered once and remembered."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._windows: dict[Any, _Window] = {}
        self._laws: dict[tuple[int, Published], tuple[LawInForce, _SeenLaw]] = {}
        self._answers: dict[Any, Judgement] = {}
        self._by_amount: dict[Any, Judgement] = {}
        self._codes: dict[str | None, bool] = {None: False}

    def judge(self, group: ContractGroup) -> Judgement:
        """The judgement on a contract, its lots added up."""
        first = group.first
        window = self._window(first.notified_on, _BY_PUBLICATION in first.origins, first.procedure)
        if len(group.lots) > 1:
            return self._with_lots(group, window, _together(group, all(self._listed(lot.cpv) for lot in group.lots)))
        common = (
            first.procedure,
            first.nature,
            first.contract_type,
            first.buyer_kind,
            first.innovative,
            True if first.specific_service or first.cpv is None else None,
            first.article_named,
            self._listed(first.cpv),
        )
        return self._answer(window, group.amount, common)

    def _listed(self, cpv: str | None) -> bool:
        """Whether a CPV code is one of those about which the law asks if it is a specific service."""
        found = self._codes.get(cpv)
        if found is None:
            fact = self.table.facts["specific_service"]
            found = self._codes[cpv] = fact.asked is not None and in_ranges(cpv, fact.asked.cpv)
        return found

    def _with_lots(self, group: ContractGroup, window: _Window, common: tuple[Any, ...]) -> Judgement:
        """A finding on the sum of lots is kept only if no rule on small lots can explain it; `common` as `_answer` takes it."""
        judgement = self._answer(window, group.amount, common)
        if judgement.verdict not in _FLAGS:
            if group.at_most == group.amount or self._answer(window, group.at_most, common).verdict not in _FLAGS:
                return judgement
            return self._open_by(window, "framework", lambda: _value_of_frameworks(window))
        subject = Circumstances(*common)
        largest = max(lot.amount for lot in group.lots if lot.amount is not None)
        alone = self._answer(window, largest, common)
        threshold = _SMALL_LOTS[subject.contract_type or ContractType.WORKS]
        small = [law.amount(threshold) if threshold in self.table.thresholds else None for law in window.laws]
        beyond = all(limit is not None and largest >= limit for limit in small)
        if alone.verdict is judgement.verdict or (subject.procedure is Published.ADAPTED and group.numbered and beyond):
            return judgement
        procedure = "adapted_procedure" if subject.procedure is Published.ADAPTED else "direct_award"
        rules = _rules_on(window, procedure, "small_lot")
        return self._open_by(
            window, "small_lots_possible", lambda: [rule.legal_basis for rule in rules], about=procedure
        )

    def _open_by(self, window: _Window, code: ReasonCode, basis: Callable[[], list[str]], about: str = "") -> Judgement:
        """The judgement that texts of these days leave it open; one object for all contracts of which it holds."""
        key = (id(window), code, about)
        found = self._answers.get(key)
        if found is None:
            why = reason(code, self.table, legal_basis=basis())
            found = self._answers[key] = Judgement(verdict=Verdict.CANNOT_BE_JUDGED, reasons=(why,))
        return found

    def _window(self, notified_on: datetime.date, by_publication: bool, procedure: Published) -> _Window:
        """The laws from our convention before a notification to the notification itself."""
        asked = (notified_on, by_publication, id(procedure))
        window = self._windows.get(asked)
        if window is None:
            known = labels().conventions
            months = known.launched_before_publication_months if by_publication else known.launched_before_months
            laws = [self.table.in_force(notified_on - relativedelta(months=months))]
            while laws[-1].until is not None and laws[-1].until < notified_on:
                laws.append(self.table.in_force(laws[-1].until + datetime.timedelta(days=1)))
            spans = [(seen, next(same)) for seen, same in groupby(laws, key=lambda law: self._seen(law, procedure))]
            key = (procedure, tuple(seen for seen, _ in spans))
            window = self._windows.get(key)
            if window is None:  # kept as the one of its kind, whatever other threads ask: answers go by its address
                limits = (limit for seen, _ in spans for limit in seen.limits)
                window = self._windows.setdefault(key, _Window(tuple(law for _, law in spans), limits))
            if len(self._windows) < MOST_DAYS:
                self._windows[asked] = window
        return window

    def _seen(self, law: LawInForce, procedure: Published) -> _SeenLaw:
        key = (id(law), procedure)
        _, seen = self._laws.get(key, (None, None))
        if seen is None:
            seen = _seen_law(law, _looked_at(self.table, procedure))
            self._laws[key] = law, seen  # the law stays alive, so that its address stays its own
        return seen

    def _answer(self, window: _Window, amount: Decimal | None, subject: tuple[Any, ...]) -> Judgement:
        """The answer for an amount and the fields of `Circumstances`, which are made for a question that is new."""
        cell = None if amount is None else window.cell(amount)
        key = (id(window), cell, *map(id, subject))  # members of enumerations, True, False and None are each one object
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._judged(window, Circumstances(*subject), amount, cell)
        return answer

    def _judged(self, window: _Window, subject: Circumstances, amount: Decimal | None, cell: int | None) -> Judgement:
        """The judgement on one cell of amounts."""
        plain = _without_amount(window, subject)
        if plain is not None:
            return plain
        if amount is None:
            return _open("amount_unknown")
        # what the law says of the amount, once for all natures and objects, which only keep a finding from being made
        key = (id(window), cell, subject.contract_type, subject.buyer_kind, subject.innovative)
        found = self._by_amount.get(key)
        if found is None:
            found = self._by_amount[key] = _by_amount(window, subject, amount)
        if subject.nature is Nature.FRAMEWORK:  # a maximum is close to no limit
            found = evolve(found, limits=())
        if found.verdict in _FLAGS and subject.on_the_list and _adapted_anyway(window, subject, amount):
            # of a code of the list the law of these days is known, whatever the amount
            return _specific(window, Verdict.CONSISTENT)
        return _careful(window, subject, found)


def _adapted_anyway(window: _Window, subject: Circumstances, amount: Decimal) -> bool:
    """Whether the adapted procedure that was published is open to a specific service on every plausible day."""
    if subject.procedure is not Published.ADAPTED or subject.contract_type is not ContractType.SERVICES:
        return False
    cases = (evolve(_case_of(law, subject, amount), specific_service=True) for law in window.laws)
    return all(
        _truth(law, case, "adapted_procedure") is Truth.YES for law, case in zip(window.laws, cases, strict=True)
    )


def _specific(window: _Window, verdict: Verdict) -> Judgement:
    rules = list(_rules_on(window, "adapted_procedure", "specific_service"))
    code: ReasonCode = "specific_service_unread" if any(rule.unknown for rule in rules) else "specific_service_possible"
    why = reason(code, window.table, legal_basis=(rule.legal_basis for rule in rules))
    return Judgement(verdict=verdict, reasons=(why,))


def _rules_on(window: _Window, procedure: str, fact: str) -> Iterator[Rule]:
    """The grounds of a procedure that test a fact, in the laws of the plausible days."""
    for law in window.laws:
        yield from (rule for rule in law.rules_of(procedure) if any(one.fact == fact for one in rule.when))


_VALUE_OF_FRAMEWORKS = ("ccp-r2121-8", "decret-2016-360")


def _value_of_frameworks(window: _Window) -> list[str]:
    """The texts of the plausible days on what a framework agreement is worth."""
    known = {name: window.table.sources[name] for name in _VALUE_OF_FRAMEWORKS if name in window.table.sources}
    days = [law.day for law in window.laws]
    return [name for name, text in known.items() if any(one.holds_on(day) for one in text.versions for day in days)]


def _together(group: ContractGroup, listed: bool) -> tuple[Any, ...]:
    """What the lots have in common, in the order of `Circumstances`; where they differ, it is not known."""
    first, *others = lots = group.lots
    # by identity: members of enumerations, True, False and None are each one object, and slow to hash
    kind, buyer, innovative = first.contract_type, first.buyer_kind, first.innovative
    for lot in others:
        kind = kind if lot.contract_type is kind else None
        buyer = buyer if lot.buyer_kind is buyer else None
        innovative = innovative if lot.innovative is innovative else None
    return (
        first.procedure,
        first.nature,
        kind,
        buyer,
        innovative,
        True if any(lot.specific_service or lot.cpv is None for lot in lots) else None,
        any(lot.article_named for lot in lots),
        listed,
    )


def _without_amount(window: _Window, subject: Circumstances) -> Judgement | None:
    """The judgement where the amount makes no difference."""
    match subject:
        case Circumstances(nature=Nature.PARTNERSHIP | Nature.DEFENCE):
            return _open("special_nature")
        case Circumstances(procedure=Published.UNKNOWN):
            return _open("procedure_unknown")
        case Circumstances(procedure=Published.OPEN | Published.RESTRICTED):
            return _formal(window, subject)
        case Circumstances(nature=Nature.SUBSEQUENT):
            return _open("subsequent")
        case Circumstances(procedure=Published.PARTNERSHIP):
            basis = [rule.legal_basis for law in window.laws for rule in law.rules_of(subject.procedure.value)]
            if not basis:
                return _open("law_unknown")
            why = reason("ground_not_published", window.table, legal_basis=basis)
            return Judgement(verdict=Verdict.CANNOT_BE_JUDGED, reasons=(why,))
    return None


def _by_amount(window: _Window, subject: Circumstances, amount: Decimal) -> Judgement:
    """What every plausible law says of the amount."""
    cases = [_case_of(law, subject, amount) for law in window.laws]
    seen = [_SEEN[subject.procedure](law, case) for law, case in zip(window.laws, cases, strict=True)]
    return _combined(window, subject, seen, _limits(window, subject, cases))


def _formal(window: _Window, subject: Circumstances) -> Judgement:
    rules = [law.rules_of(subject.procedure.value) for law in window.laws]
    if not all(rules) or not all(_knows(law, subject.procedure.value) for law in window.laws):
        return _open("law_unknown")
    basis = [rule.legal_basis for found in rules for rule in found]
    unsure = [rule.legal_basis for found in rules for rule in found if rule.certainty == "unverified"]
    return Judgement(
        verdict=Verdict.CONSISTENT,
        reasons=(
            reason("always_open", window.table, legal_basis=basis),
            *([reason("unverified_rule", window.table, legal_basis=unsure)] if unsure else []),
        ),
    )


def _combined(window: _Window, subject: Circumstances, seen: list[Seen], limits: tuple[Decimal, ...]) -> Judgement:
    """One answer out of those of every plausible day: settled only where all agree."""
    truths = {truth for truth, _ in seen}
    if truths == {Truth.YES}:
        return Judgement(verdict=Verdict.CONSISTENT, reasons=_merged(seen, window.table), limits=limits)
    if truths == {Truth.NO}:
        adapted = subject.procedure is Published.ADAPTED
        verdict = Verdict.INCONSISTENT if adapted else Verdict.NEEDS_ANOTHER_GROUND
        return Judgement(
            verdict=verdict, reasons=(*_merged(seen, window.table), reason("amount_is_not_estimate")), limits=limits
        )
    if Truth.UNDETERMINED not in truths:
        changed = next(law for law, (truth, _) in zip(window.laws, seen, strict=True) if truth is not seen[0][0])
        return Judgement(
            verdict=Verdict.CANNOT_BE_JUDGED,
            reasons=(reason("depends_on_launch", on=changed.since or changed.day), *_merged(seen, window.table)),
            limits=limits,
        )
    undecided = [entry for entry in seen if entry[0] is Truth.UNDETERMINED]
    return Judgement(verdict=Verdict.CANNOT_BE_JUDGED, reasons=_merged(undecided, window.table))


def _merged(seen: list[Seen], table: Table) -> tuple[Reason, ...]:
    """The reasons of several laws as one a code, with all their limits and sources."""
    by_code: dict[ReasonCode, list[Reason]] = {}
    for _, reasons in seen:
        for one in reasons:
            by_code.setdefault(one.code, []).append(one)
    return tuple(
        reason(
            code,
            table,
            limits=(amount for one in same for amount in one.limits),
            legal_basis=(source for one in same for source in one.legal_basis),
            about=AnyOf(tuple(dict.fromkeys(name for one in same for name in _about(one)))),
        )
        for code, same in by_code.items()
    )


def _about(one: Reason) -> tuple[Value, ...]:
    about = one.text.values.get("about")
    return about.items if isinstance(about, AnyOf) else ()


def _careful(window: _Window, subject: Circumstances, judgement: Judgement) -> Judgement:
    """No finding where the nature of the contract or its object may explain the procedure."""
    if judgement.verdict not in _FLAGS:
        return judgement
    if subject.procedure is Published.WITHOUT_PUBLICITY and subject.article_named:
        return _open("article_named")
    if subject.procedure is Published.ADAPTED:
        if subject.specific_service:
            return _specific(window, Verdict.CANNOT_BE_JUDGED)
        if subject.nature is Nature.UNKNOWN:
            return _open("nature_unknown")
    if subject.nature is Nature.FRAMEWORK:
        # what is published of it is the maximum, and the maximum is the value: no estimate stands behind it
        maximum = reason("framework_maximum", window.table, legal_basis=_value_of_frameworks(window))
        others = (one for one in judgement.reasons if one.code != "amount_is_not_estimate")
        return Judgement(verdict=judgement.verdict, reasons=(*others, maximum), limits=judgement.limits)
    if subject.nature is Nature.UNKNOWN:
        return Judgement(
            verdict=judgement.verdict,
            reasons=(*judgement.reasons, reason("nature_unknown")),
            limits=judgement.limits,
        )
    return judgement


def _open(code: ReasonCode) -> Judgement:
    return Judgement(verdict=Verdict.CANNOT_BE_JUDGED, reasons=(reason(code),))


def _limits(window: _Window, subject: Circumstances, cases: list[Case]) -> tuple[Decimal, ...]:
    """The limits of the published procedure, for hints."""
    if subject.contract_type is None or subject.buyer_kind is None:
        return ()
    procedure = {Published.ADAPTED: "adapted_procedure", Published.WITHOUT_PUBLICITY: "direct_award"}.get(
        subject.procedure
    )
    if procedure is None:
        return ()
    found = (_compared(law, case, procedure)[1] for law, case in zip(window.laws, cases, strict=True))
    return tuple(sorted({amount for limits in found for limit in limits for amount in limit.amounts}))
