"""Verdicts of an audit, the reasons and hints beside them, and their sentences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.decp.grouping import ContractGroup
from qmi_rules.decp.values import Nature, Published, labels
from qmi_rules.law import Table
from qmi_rules.model import ContractType
from qmi_rules.pages import AnyOf, Quantity, Said, Value
from qmi_rules.schema import package_data, read_toml
from qmi_rules.schema.scalars import to_tuple


class Verdict(StrEnum):
    """What published data let one say of a procedure; it is never said to be unlawful."""

    CONSISTENT = "consistent"
    NEEDS_ANOTHER_GROUND = "needs_another_ground"
    INCONSISTENT = "inconsistent_on_its_face"
    CANNOT_BE_JUDGED = "cannot_be_judged"


ReasonCode: TypeAlias = Literal[
    "always_open",
    "below_adapted_limit",
    "below_dispense",
    "innovative_below",
    "free_below_formal",
    "ground_not_published",
    "amount_not_dispensed",
    "other_grounds",
    "above_adapted_limit",
    "amount_is_not_estimate",
    "depends_on_launch",
    "innovative_contested",
    "type_unknown",
    "buyer_kind_unknown",
    "framework",
    "framework_maximum",
    "subsequent",
    "nature_unknown",
    "special_nature",
    "specific_service_possible",
    "specific_service_unread",
    "article_named",
    "small_lots_possible",
    "amount_unknown",
    "procedure_unknown",
    "law_unknown",
    "unverified_rule",
    "lots_added",
    "records_merged",
    "just_under_limit",
    "just_over_limit",
    "similar_contracts",
]
"""Why a verdict, or what is worth a look beside it."""


@cache
def sentences() -> Mapping[ReasonCode, str]:
    """The sentence of each reason, read once."""
    written = read_toml(package_data("decp", "reasons.toml"))["reasons"]
    return {code: entry["text"] for code, entry in written.items()}


@frozen(kw_only=True, cache_hash=True)
class Reason:
    """Why a verdict, or what is worth a look beside it (a hint); its sentence keeps the values that it names.

    Attributes:
        code: Which kind of reason; stable.
        text: The sentence.
        limits: The amounts in question, EUR HT, lowest first.
        legal_basis: Ids of the sources.
    """

    code: ReasonCode
    text: Said
    limits: tuple[Decimal, ...] = field(converter=to_tuple)
    legal_basis: tuple[str, ...] = field(converter=to_tuple)


def reason(
    code: ReasonCode,
    table: Table | None = None,
    *,
    limits: Iterable[Decimal] = (),
    legal_basis: Iterable[str] = (),
    **values: Value,
) -> Reason:
    """A reason with its sentence.

    Args:
        code: Which one.
        table: The law, where sources are cited.
        limits: The amounts in question, EUR HT.
        legal_basis: Ids of the sources; each once is enough.
        values: What stands in the other places of the sentence.
    """
    amounts, sources = tuple(sorted(set(limits))), tuple(dict.fromkeys(legal_basis))
    cited = tuple(table.sources[name] for name in sources if name in table.sources) if table else ()
    places: dict[str, Value] = {"limits": AnyOf(amounts), "basis": AnyOf(cited), **values}
    text = sentences()[code]
    said = Said(text, {name: value for name, value in places.items() if f"{{{name}}}" in text})
    return Reason(code=code, text=said, limits=amounts, legal_basis=sources)


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


# --- hints


_FINDINGS = (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)


def hints_of(groups: Sequence[ContractGroup], judgements: Sequence[Judgement]) -> list[tuple[Reason, ...]]:
    """The hints on each contract of one buyer, in the order of `groups`."""
    hints = [near_a_limit(group, judgement) for group, judgement in zip(groups, judgements, strict=True)]
    if len(groups) > 1:
        for i, hint in _similar(groups, judgements).items():
            hints[i] = (*hints[i], hint)
    return hints


def near_a_limit(group: ContractGroup, judgement: Judgement) -> tuple[Reason, ...]:
    """The hint on an amount close to a limit; nothing where it is not."""
    amount, limits = group.amount, judgement.limits
    if amount is None or not limits:
        return ()
    over = judgement.verdict in _FINDINGS
    found = [limit for limit, first, end in _close_to(limits, over) if first <= amount < end]
    if not found:  # nearly always
        return ()
    near = labels().conventions.close_to_a_limit
    return _close("just_over_limit" if over else "just_under_limit", tuple(found), near.above if over else near.below)


@lru_cache(maxsize=1_000)
def _close_to(limits: tuple[Decimal, ...], over: bool) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
    """Each limit, and between which amounts one over it, or under it, is close to it: the first included, the second not."""
    near = labels().conventions.close_to_a_limit
    if over:
        return tuple((limit, limit, limit * (1 + near.above)) for limit in limits)
    return tuple((limit, limit * (1 - near.below), limit) for limit in limits)


@lru_cache(maxsize=1_000)
def _close(code: ReasonCode, limits: tuple[Decimal, ...], share: Decimal) -> tuple[Reason, ...]:
    return (reason(code, limits=limits, share=Quantity(share, "share")),)


def _similar(groups: Sequence[ContractGroup], judgements: Sequence[Judgement]) -> dict[int, Reason]:
    """Supplies or services of one CPV category bought several times within our convention, each below a limit, together at or above it."""
    digits = labels().conventions.similar_cpv_digits
    by_category: dict[tuple[Published, ContractType | None, str], list[int]] = {}
    for i, (group, judgement) in enumerate(zip(groups, judgements, strict=True)):
        first = group.first
        if (
            first.cpv is not None
            and judgement.limits
            and first.contract_type in (ContractType.SUPPLIES, ContractType.SERVICES)
            and first.nature in (Nature.CONTRACT, Nature.UNKNOWN)
            and group.amount is not None
            and group.amount < judgement.limits[0]
        ):
            by_category.setdefault((first.procedure, first.contract_type, first.cpv[:digits]), []).append(i)
    found: dict[int, Reason] = {}
    for indices in by_category.values():
        if len(indices) > 1:
            _series(indices, groups, judgements, found)
    return found


def _series(
    indices: list[int],
    groups: Sequence[ContractGroup],
    judgements: Sequence[Judgement],
    found: dict[int, Reason],
) -> None:
    """Slide a window of time over the contracts of one category; `found` receives those of a window that reaches a limit."""
    within = labels().conventions.similar_within_days
    days = [groups[i].first.notified_on for i in indices]
    amounts = [groups[i].amount or Decimal(0) for i in indices]
    end, done, total = 0, 0, Decimal(0)
    for start in range(len(indices)):
        while end < len(indices) and days[end] < days[start] + timedelta(within):
            total += amounts[end]
            end += 1
        limit = max(judgements[indices[start]].limits[-1], judgements[indices[end - 1]].limits[-1])
        if end - start > 1 and total >= limit and end > done:
            hint = reason("similar_contracts", limits=(limit,), count=end - start, days=within, total=total)
            found.update((indices[j], hint) for j in range(max(start, done), end))
            done = end
        total -= amounts[start]
