"""Is the published procedure open at the published amount, under the law of one day, and why?"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, TypeAlias

from attrs import frozen

from qmi_rules.contexts import BuyerKind, Case, ContractType
from qmi_rules.documents.scalars import EARLIEST
from qmi_rules.findings import Truth
from qmi_rules.integrations.decp.labels import Nature, Published
from qmi_rules.integrations.decp.reasons import Reason
from qmi_rules.law import LawInForce, Rule
from qmi_rules.law.compilation import status

Seen: TypeAlias = tuple[Truth, tuple[Reason, ...]]
"""What one law answers, and why."""


@frozen(cache_hash=True)
class Subject:
    """What a judgement depends on, but for the amount and the time."""

    procedure: Published
    nature: Nature
    contract_type: ContractType | None
    buyer_kind: BuyerKind | None
    innovative: bool | None
    specific_service: bool | None


def case_of(law: LawInForce, subject: Subject, amount: Decimal) -> Case:
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


def knows(law: LawInForce, procedure: str) -> bool:
    return procedure in law.table.procedures and law.knows(law.table.procedures[procedure])


def _adapted(law: LawInForce, case: Case) -> Seen:
    truth = _truth(law, case, "adapted_procedure")
    code = {Truth.YES: "below_adapted_limit", Truth.NO: "above_adapted_limit"}.get(truth)
    if code is None:
        return truth, (_undecided(law, case, "adapted_procedure"),)
    return truth, (reason_of(code, law, case, "adapted_procedure"), *_to_verify(law, case, "adapted_procedure"))


def _negotiated(law: LawInForce, case: Case, procedure: str) -> Seen:
    """Below the European limit the buyer is free to negotiate; from it on, one of the cases of the code is needed."""
    if _truth(law, case, "adapted_procedure") is Truth.YES:
        return Truth.YES, (reason_of("free_below_formal", law, case, "adapted_procedure"),)
    if _truth(law, case, procedure) is Truth.YES:
        return Truth.YES, (reason_of("always_open", law, case, procedure),)
    if not knows(law, procedure):
        return Truth.UNDETERMINED, (Reason(code="law_unknown"),)
    return Truth.UNDETERMINED, (reason_of("ground_not_published", law, case, procedure),)


def _without_publicity(law: LawInForce, case: Case) -> Seen:
    direct = _truth(law, case, "direct_award")
    if direct is Truth.YES:
        return Truth.YES, (reason_of("below_dispense", law, case, "direct_award"),)
    if case.innovative:
        innovative = _truth(law, case, "innovative_purchase")
        if innovative is Truth.YES:
            return Truth.YES, (reason_of("innovative_below", law, case, "innovative_purchase"),)
        if innovative is Truth.UNDETERMINED:
            return innovative, (reason_of("innovative_contested", law, case, "innovative_purchase"),)
    if direct is Truth.UNDETERMINED:
        return direct, (_undecided(law, case, "direct_award"),)
    others = tuple(_possible(law, case))
    return Truth.NO, (
        reason_of("amount_not_dispensed", law, case, "direct_award"),
        *([Reason(code="other_grounds", about=others)] if others else []),
    )


def _undecided(law: LawInForce, case: Case, procedure: str) -> Reason:
    """Why a law gives no answer: it is not known, or type or buyer are not sure."""
    rules = _whole_rules(law, case, procedure)
    limits = [law.limit(condition.threshold) for rule in rules for condition in rule.when if condition.threshold]
    if not knows(law, procedure) or any(not limit.amounts for limit in limits):
        return Reason(code="law_unknown")
    return Reason(code="type_unknown" if case.contract_type is None else "buyer_kind_unknown")


def _whole_rules(law: LawInForce, case: Case, procedure: str) -> list[Rule]:
    """The grounds that compare the value of the whole need, for this type and buyer."""
    return [
        rule
        for rule in law.relevant_rules(procedure, case)
        if any(condition.fact == "estimated_value" for condition in rule.when)
        and not any(law.facts[condition.fact].lot for condition in rule.when)
    ]


def reason_of(code: str, law: LawInForce, case: Case, procedure: str) -> Reason:
    rules = _whole_rules(law, case, procedure) or list(law.relevant_rules(procedure, case))
    found = [
        law.limit(condition.threshold)
        for rule in rules
        for condition in rule.when
        if condition.fact == "estimated_value" and condition.threshold
    ]
    basis = [rule.legal_basis for rule in rules]
    if code not in ("ground_not_published", "below_adapted_limit", "above_adapted_limit", "free_below_formal"):
        basis = [source for limit in found for source in limit.basis] or basis
    return Reason(
        code=code,
        limits=tuple(sorted({amount for limit in found for amount in limit.amounts})),
        legal_basis=tuple(dict.fromkeys(basis)),
    )


def _to_verify(law: LawInForce, case: Case, procedure: str) -> Iterator[Reason]:
    """A rule that the table holds without having verified it is never shown as settled."""
    basis = [rule.legal_basis for rule in _whole_rules(law, case, procedure) if rule.certainty == "unverified"]
    if basis:
        yield Reason(code="unverified_rule", legal_basis=tuple(dict.fromkeys(basis)))


def _possible(law: LawInForce, case: Case) -> Iterator[str]:
    """The other procedures without publicity that some facts, not published, would open at this amount, or that the table does not rule out."""
    for procedure in law.table.procedures.values():
        if not procedure.dispensed or procedure.id == "direct_award":
            continue
        if not law.knows(procedure):
            yield procedure.id
            continue
        for rule in law.relevant_rules(procedure.id, case):
            tests = law.tests(rule)
            if any(test.fact.lot for test in tests):
                continue
            settled = [
                t for t in tests if t.fact.id in ("estimated_value", "contract_type", "buyer_kind", "innovative")
            ]
            if all(test.judge(getattr(case, test.slot)) is not Truth.NO for test in settled):
                yield procedure.id
                break


SEEN: Final[dict[Published, Callable[[LawInForce, Case], Seen]]] = {
    Published.ADAPTED: _adapted,
    Published.WITHOUT_PUBLICITY: _without_publicity,
    Published.NEGOTIATION: lambda law, case: _negotiated(law, case, "competitive_procedure_with_negotiation"),
    Published.DIALOGUE: lambda law, case: _negotiated(law, case, "competitive_dialogue"),
}
"""How each published procedure is looked at whose answer depends on the amount."""
