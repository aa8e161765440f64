"""Reading one answer against its criterion: its label, what it says, what it counts; or what is wrong with it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.contexts.solution import Answer
from qmi_rules.documents.scalars import shown
from qmi_rules.errors import Problem
from qmi_rules.scoring.criterion import Bearing, Criterion, Kind, Option
from qmi_rules.scoring.rubric import Evidence, Rubric

Given: TypeAlias = int | str | tuple[str, ...] | None
"""A level, a mark, ``"yes"``, an option's id, an ISO date; several ids; None = not known."""


@frozen(kw_only=True)
class Reading:
    """What one answer comes to.

    Attributes:
        level: The answer in its canonical form; None = it counts as not known.
        labels: The answer in words, French; a date or a mark has none.
        bearing: For, against, neutral; None = not known, or a date with nothing to compare it with.
        cautions: Traps that this answer meets, French.
        unsupported: True where the answer was set aside because it has no evidence.
    """

    level: Given = None
    labels: tuple[str, ...] = ()
    bearing: Bearing | None = None
    cautions: tuple[str, ...] = field(default=())
    unsupported: bool = False


def faults(criterion: Criterion, answer: Answer) -> Iterator[Problem]:
    """What is wrong with an answer; paths from the criterion's id."""
    if not answer.known:
        return
    if (expected := _expected(criterion, answer.level)) is not None:
        yield Problem(f"{criterion.id}.level", f"expected {expected}, got {shown(answer.level)}")
    for name in criterion.requires:
        if getattr(answer, name) is None:
            yield Problem(f"{criterion.id}.{name}", "required for this criterion, but it is absent")


def read(rubric: Rubric, criterion: Criterion, answer: Answer | None, as_of: date | None) -> Reading:
    """What an answer without `faults` comes to."""
    if answer is None or not answer.known:
        return Reading()
    if rubric.evidence is Evidence.REQUIRED and not answer.supported:
        return Reading(unsupported=True)
    own = () if criterion.caution is None else (criterion.caution,)
    level = answer.level
    match criterion.kind:
        case Kind.LEVELS:
            step = criterion.levels[level]
            return Reading(level=level, labels=(step.label,), bearing=step.bearing, cautions=own)
        case Kind.MARK:
            return Reading(level=level, bearing=Bearing.NEUTRAL, cautions=own)
        case Kind.DATE:
            return Reading(level=level, bearing=_age(criterion, date.fromisoformat(level), as_of), cautions=own)
    chosen = _chosen(criterion, level)
    return Reading(
        level=tuple(option.id for option in chosen) if criterion.kind is Kind.SEVERAL else chosen[0].id,
        labels=tuple(option.label for option in chosen),
        bearing=_together(chosen),
        cautions=own + tuple(option.caution for option in chosen if option.caution is not None),
    )


def _word(level: Any) -> Any:
    """True and false are other ways to write yes and no."""
    return {True: "yes", False: "no"}[level] if isinstance(level, bool) else level


def _chosen(criterion: Criterion, level: Any) -> tuple[Option, ...]:
    """The chosen options in the rubric's order, whatever the order of the answer."""
    ids = level if isinstance(level, tuple) else (_word(level),)
    return tuple(option for option in criterion.options if option.id in ids)


def _together(options: tuple[Option, ...]) -> Bearing:
    """Several ticks speak for if one does; ticks that pull both ways only inform."""
    bearings = {option.bearing for option in options} - {Bearing.NEUTRAL}
    return bearings.pop() if len(bearings) == 1 else Bearing.NEUTRAL


def _age(criterion: Criterion, since: date, as_of: date | None) -> Bearing | None:
    """Less than so many years: the anniversary itself is no longer less."""
    if as_of is None:
        return None
    return criterion.recent if as_of < since + relativedelta(years=criterion.within_years or 0) else criterion.older


def _expected(criterion: Criterion, level: Any) -> str | None:
    """What the criterion takes, if the level is not of it."""
    ids = [option.id for option in criterion.options]
    match criterion.kind:
        case Kind.LEVELS | Kind.MARK:
            top = criterion.top or 0
            fits = type(level) is int and 0 <= level <= top
            return None if fits else f"a whole number from 0 to {top}, or unknown"
        case Kind.DATE:
            return None if isinstance(level, str) and _is_day(level) else 'a date such as "2024-03-31", or unknown'
        case Kind.YES_NO:
            return None if isinstance(level, (bool, str)) and _word(level) in ids else "yes, no or unknown"
        case Kind.CHOICE:
            return None if isinstance(level, str) and level in ids else f"one of {', '.join(ids)}, or unknown"
        case Kind.SEVERAL:
            given = level if isinstance(level, tuple) else (level,)
            fits = (
                bool(given)
                and all(isinstance(item, str) and item in ids for item in given)
                and len(set(given)) == len(given)
            )
            alone = len(given) == 1 or "none" not in given
            return (
                None
                if fits and alone
                else f"one or more of {', '.join(ids)}, each once (none stands alone), or unknown"
            )


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and 1900 <= date.fromisoformat(value).year <= 2100
    except ValueError:
        return False
