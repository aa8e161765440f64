"""Thresholds: series of dated values, in which the value of a day is a figure, a set of readings, or not known."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law.rows import Dated
from qmi_rules.law.truth import Certainty
from qmi_rules.schema.scalars import IDENTIFIER, Check, is_a, optional, text, to_optional_decimal, to_tuple

_DAY = timedelta(days=1)
_AMOUNT = Check(
    "a number of at least 0, below 1e12, with at most four decimals",
    lambda value: (
        isinstance(value, Decimal)
        and value.is_finite()
        and 0 <= value < Decimal("1e12")
        and value == value.quantize(Decimal("0.0001"))
    ),
)


@frozen(kw_only=True)
class Reading:
    """One of the values that the sources give where they disagree.

    Attributes:
        amount: The value in the unit of the threshold; None = by this reading the same as another threshold (`same_as`).
        same_as: Id of the threshold whose value it takes.
        legal_basis: Id of the source that gives it.
        certainty: How sure this reading is.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    amount: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(_AMOUNT))
    same_as: str | None = field(default=None, validator=optional(IDENTIFIER))
    legal_basis: str = field(validator=IDENTIFIER)
    certainty: Certainty = field(default=Certainty.CONFIRMED, validator=is_a(Certainty))


@frozen(kw_only=True)
class Value(Dated):
    """The value of a threshold over a period: an amount, that of another threshold, or readings that disagree.

    Attributes:
        amount: The value in the unit of the threshold.
        same_as: Id of another threshold whose value it takes.
        readings: The values that the sources give, where they disagree.
        derogation: A stand-alone text that covers the value of the code for a time, without ending it.
    """

    amount: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(_AMOUNT))
    same_as: str | None = field(default=None, validator=optional(IDENTIFIER))
    readings: tuple[Reading, ...] = field(default=(), converter=to_tuple)
    derogation: bool = field(default=False, validator=is_a(bool))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if (self.amount is not None) + (self.same_as is not None) + bool(self.readings) != 1:
            raise DocumentError(fault("unknown_choice", "", "expected one of amount, same_as or readings"))
        if len(self.readings) == 1:
            raise DocumentError(
                [fault("out_of_range", "readings", "expected at least two readings; one alone is an amount")]
            )
        for i, reading in enumerate(self.readings):
            if (reading.amount is None) == (reading.same_as is None):
                raise DocumentError([fault("unknown_choice", f"readings[{i}]", "expected one of amount or same_as")])
        if self.derogation and self.effective_until is None:
            raise DocumentError([fault("contradiction", "effective_until", "expected the last day of a derogation")])


@frozen(kw_only=True)
class Threshold:
    """A dated series of values.

    Attributes:
        id: Key by which conditions name it.
        label: Its name, in French.
        unit: ``EUR HT``, ``share`` or ``months``.
        values: The values in order of time; a value without an end ends the day before the next one.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(500))
    unit: str = field(default="EUR HT", validator=text(40))
    values: tuple[Value, ...] = field(converter=to_tuple)

    def value_on(self, day: date, known_on: date | None = None) -> Value | None:
        """The value in force on a day, as far as one could know by `known_on`; None where there is none.

        A derogation covers the code while it lasts, and then the code's value is back. Nothing else brings a value back: where
        the last one has ended, the limit has no value, whatever it was before.
        """
        code = derogation = None
        for value in self.values:  # in order of time, the code's and the derogations' each
            if value.begun_on(day, known_on):
                if not value.derogation:
                    code = value
                elif value.holds_on(day, known_on):
                    derogation = value
        current = derogation or code
        return current if current is not None and current.holds_on(day, known_on) else None

    def holes(self) -> Iterator[tuple[date, date]]:
        """The first and last day of each span, between the first value and the last, on which there is no value."""
        days = sorted({value.effective_until + _DAY for value in self.values if value.effective_until is not None})
        for day in days:
            later = [value.effective_from for value in self.values if value.effective_from > day]
            if later and self.value_on(day) is None:
                yield day, min(later) - _DAY


@frozen(kw_only=True)
class Limit:
    """A threshold on one day.

    Attributes:
        threshold: The series.
        amounts: The values it may have, lowest first: one, or several readings; none where it is not known.
        basis: Ids of the sources, one for each reading.
        value: The entry of the series; None where there is none.
        since: First day of the entry.
        until: Last day on which it is known to be in force; None = no end known.
        certainty: How sure it is.
    """

    threshold: Threshold
    amounts: tuple[Decimal, ...]
    basis: tuple[str, ...] = ()
    value: Value | None = None
    since: date | None = None
    until: date | None = None
    certainty: Certainty | None = None

    @property
    def contested(self) -> bool:
        """The sources give several values."""
        return len(self.amounts) > 1


class Prudence(StrEnum):
    """How a threshold that frees from competition is read where its value is not confirmed.

    ``lower``: beside the value the last confirmed one; nothing is freed where there is none. ``known``: the same, but where
    there is none the limit is not known, as rows measure against it from above too.
    """

    LOWER = "lower"
    KNOWN = "known"


def limit_on(
    thresholds: Mapping[str, Threshold],
    id: str,
    day: date,
    known_on: date | None = None,
    prudence: Prudence | None = None,
) -> Limit:
    """The value of a threshold on a day, references to other thresholds followed.

    Args:
        thresholds: Every series.
        id: The threshold.
        day: The day.
        known_on: Take only what was published by this day.
        prudence: It frees from competition: a value that is not confirmed is read in two ways, itself and the last confirmed one.
    """
    threshold = thresholds[id]
    value = threshold.value_on(day, known_on)
    if value is None:
        return Limit(threshold=threshold, amounts=())
    until = _end(threshold, value, known_on)
    if value.amount is not None:
        found = [(value.amount, value.legal_basis, value.certainty)]
    elif value.same_as is not None:
        other = limit_on(thresholds, value.same_as, day, known_on, prudence)
        until = min((end for end in (until, other.until) if end is not None), default=None)
        found = [(amount, value.legal_basis, value.certainty) for amount in other.amounts]
    else:
        found = []
        for reading in value.readings:
            if reading.amount is not None:
                found.append((reading.amount, reading.legal_basis, reading.certainty))
            elif reading.same_as is not None:
                other = limit_on(thresholds, reading.same_as, day, known_on, prudence)
                if not other.amounts:
                    return Limit(threshold=threshold, amounts=(), value=value, since=value.effective_from, until=until)
                found += [(amount, reading.legal_basis, reading.certainty) for amount in other.amounts]
    if prudence is not None and found and all(certainty is not Certainty.CONFIRMED for *_, certainty in found):
        if sure := _last_confirmed(thresholds, threshold, value, known_on):
            found += sure
        elif prudence is Prudence.LOWER:
            found.append((Decimal(0), value.legal_basis, Certainty.CONFIRMED))
        else:
            found = []
    by_amount = {amount: basis for amount, basis, _ in sorted(found, reverse=True)}
    amounts = tuple(sorted(by_amount))
    return Limit(
        threshold=threshold,
        amounts=amounts,
        basis=tuple(by_amount[amount] for amount in amounts),
        value=value,
        since=value.effective_from,
        until=until,
        certainty=value.certainty,
    )


def _last_confirmed(
    thresholds: Mapping[str, Threshold], threshold: Threshold, value: Value, known_on: date | None
) -> list[tuple[Decimal, str, Certainty]]:
    """What the threshold was, before a value that is not confirmed, when it last was; nothing where it never was."""
    sure = [
        earlier
        for earlier in threshold.values
        if earlier.effective_from < value.effective_from
        and earlier.certainty is Certainty.CONFIRMED
        and earlier.begun_on(value.effective_from, known_on)
    ]
    if not sure:
        return []
    last = max(sure, key=lambda earlier: earlier.effective_from)
    limit = limit_on(thresholds, threshold.id, last.effective_from, known_on)
    return [(amount, basis, Certainty.CONFIRMED) for amount, basis in zip(limit.amounts, limit.basis, strict=True)]


def _end(threshold: Threshold, value: Value, known_on: date | None) -> date | None:
    """The last day of a value: its own end, or the day before the next value that one could know."""
    following = [
        later.effective_from - _DAY
        for later in threshold.values
        if later.effective_from > value.effective_from
        and (known_on is None or later.published_on <= known_on)
        and (later.derogation or not value.derogation)
    ]
    return min((end for end in (value.ends(known_on), *following) if end is not None), default=None)
