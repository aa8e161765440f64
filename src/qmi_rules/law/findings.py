"""What an evaluation saw, one frozen class for each kind of condition; sentences are views of them."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from qmi_rules.law.truth import Certainty, Truth
from qmi_rules.schema import Wording


@frozen(kw_only=True)
class FactFinding:
    """A yes/no fact against what the row expects.

    Attributes:
        row: Id of the row of the table; absent in a document where the ground around it says so.
        fact: Path of the fact.
        expected: What the row expects.
        value: What the document says; None = not filled.
        truth: Whether the condition holds.
        presumed: The fact was not filled and the table presumes it false.
    """

    kind: ClassVar[str] = "fact"
    OMIT_UNFILLED: ClassVar[bool] = True

    row: str = ""
    fact: str
    expected: bool
    value: bool | None
    truth: Truth
    presumed: bool = False


@frozen(kw_only=True)
class ChoiceFinding:
    """A value out of a closed list against the values that the row takes.

    Attributes:
        row: Id of the row of the table; absent in a document where the ground around it says so.
        fact: Path of the fact.
        expected: The values that the row takes.
        value: What the document says; None = not filled.
        truth: Whether the condition holds.
        presumed: The fact was not filled and the table presumes a word of the list.
    """

    kind: ClassVar[str] = "choice"
    OMIT_UNFILLED: ClassVar[bool] = True

    row: str = ""
    fact: str
    expected: tuple[str, ...]
    value: str | None
    truth: Truth
    presumed: bool = False


@frozen(kw_only=True)
class AmountFinding:
    """A number against a dated threshold.

    Attributes:
        row: Id of the row of the table; absent in a document where the ground around it says so.
        fact: Path of the fact.
        value: What the document says, in `unit`; None = not known.
        edge: ``below`` (<), ``from`` (>=), ``at_most`` (<=) or ``above`` (>).
        threshold: Id of the threshold.
        label: The threshold's name, in French.
        unit: ``EUR HT``, ``share`` or ``months``.
        limit: The value in force; None where the readings differ or no value is known on that day.
        readings: The values that the sources give, where they disagree.
        since: Day from which the value is in force.
        until: Last day on which it is known to be in force; None = no end known.
        legal_basis: Ids of the sources, one a reading.
        certainty: How sure the value is: ``confirmed``, ``single_source`` or ``unverified``; None where none is known.
        truth: Whether the condition holds.
    """

    kind: ClassVar[str] = "amount"
    OMIT_UNFILLED: ClassVar[bool] = True

    row: str = ""
    fact: str
    value: Decimal | None
    edge: Literal["below", "from", "at_most", "above"]
    threshold: str
    label: Wording = ""
    unit: str
    limit: Decimal | None
    readings: tuple[Decimal, ...] = ()
    since: date | None = None
    until: date | None = None
    legal_basis: tuple[str, ...] = ()
    certainty: Certainty | None = None
    truth: Truth

    @property
    def contested(self) -> bool:
        """The sources disagree, and the disagreement decides here."""
        return self.truth is Truth.UNDETERMINED and self.value is not None and len(self.readings) > 1

    @property
    def unknown(self) -> bool:
        """The table knows no value on that day."""
        return self.limit is None and not self.readings


@frozen(kw_only=True)
class PeriodFinding:
    """The day against the time for which the table knows the procedure.

    Attributes:
        row: Id of the row, or of the procedure.
        on: The day in question.
        since: First day on which the row is in force, or that the table knows.
        until: Last such day; None = no end known.
        truth: ``no`` where there was no such rule on that day, ``undetermined`` where the table does not know.
    """

    kind: ClassVar[str] = "period"
    OMIT_UNFILLED: ClassVar[bool] = True

    row: str = ""
    on: date
    since: date | None
    until: date | None
    truth: Truth


Finding: TypeAlias = FactFinding | ChoiceFinding | AmountFinding | PeriodFinding
