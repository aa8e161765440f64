"""What is worth a look beside a verdict, without being part of it: amounts close to a limit, several similar contracts."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from qmi_rules.contexts import ContractType
from qmi_rules.integrations.decp.grouping import ContractGroup
from qmi_rules.integrations.decp.judging import Judgement
from qmi_rules.integrations.decp.labels import Nature, Published
from qmi_rules.integrations.decp.reasons import Reason, Verdict

JUST_UNDER = Decimal("0.95")
"""Our convention: from this share of a limit on, an amount is just under it."""
JUST_OVER = Decimal("1.10")
"""Our convention: below this share of a limit, an amount is just over it."""
WITHIN = datetime.timedelta(days=365)
"""Similar contracts are looked for within a year (R2121-7 looks at twelve months)."""
CATEGORY = 4
"""Our convention: two contracts are similar if the first four digits of their CPV codes are the same."""
_FINDINGS = (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)


def hints_of(groups: Sequence[ContractGroup], judgements: Sequence[Judgement]) -> list[tuple[Reason, ...]]:
    """The hints on each contract of one buyer, in the order of `groups`."""
    hints = [_near(group, judgement) for group, judgement in zip(groups, judgements, strict=True)]
    if len(groups) > 1:
        for i, hint in _similar(groups, judgements).items():
            hints[i] = (*hints[i], hint)
    return hints


def _near(group: ContractGroup, judgement: Judgement) -> tuple[Reason, ...]:
    amount, limits = group.amount, judgement.limits
    if amount is None or not limits:
        return ()
    if judgement.verdict in _FINDINGS:
        over = tuple(limit for limit in limits if limit <= amount < limit * JUST_OVER)
        return (Reason(code="just_over_limit", limits=over),) if over else ()
    under = tuple(limit for limit in limits if limit * JUST_UNDER <= amount < limit)
    return (Reason(code="just_under_limit", limits=under),) if under else ()


def _similar(groups: Sequence[ContractGroup], judgements: Sequence[Judgement]) -> dict[int, Reason]:
    """Supplies or services of one CPV category bought several times in a year, each below a limit, together at or above it."""
    by_category: dict[tuple[Published, ContractType, str], list[int]] = {}
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
            by_category.setdefault((first.procedure, first.contract_type, first.cpv[:CATEGORY]), []).append(i)
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
    """Slide a window of one year over the contracts of one category; `found` receives those of a window that reaches a limit."""
    days = [groups[i].first.notified_on for i in indices]
    amounts = [groups[i].amount or Decimal(0) for i in indices]
    end, done, total = 0, 0, Decimal(0)
    for start in range(len(indices)):
        while end < len(indices) and days[end] < days[start] + WITHIN:
            total += amounts[end]
            end += 1
        limit = max(judgements[indices[start]].limits[-1], judgements[indices[end - 1]].limits[-1])
        if end - start > 1 and total >= limit and end > done:
            hint = Reason(code="similar_contracts", limits=(limit,), count=end - start, total=total)
            found.update((indices[j], hint) for j in range(max(start, done), end))
            done = end
        total -= amounts[start]
