"""A file of a table as somebody writes it."""

import datetime

from attrs import field, frozen

from qmi_rules.law.cautions import Caution
from qmi_rules.law.declarations import Bearing, Declared, Ladder, Outside
from qmi_rules.law.facts import FactDefinition
from qmi_rules.law.obligations import Duty, DutyRow
from qmi_rules.law.rows import Procedure, ProcedureGroup, Rule
from qmi_rules.law.sources import Source
from qmi_rules.law.thresholds import Threshold
from qmi_rules.schema.scalars import DAY, matching, optional, text, to_tuple


@frozen(kw_only=True)
class TableFile:
    """One TOML file of a table; every section is optional, a table is made of one or several files.

    Attributes:
        edition: Name of the edition of the table.
        reviewed_on: Day up to which the maintainers know the law.
        over: ``"national"`` in a local file that is laid over the table of the package.
        sources: The texts that the others cite.
        facts: What rows may ask of a purchase.
        thresholds: Amounts, shares and durations with the days from which each value holds.
        procedures: The procedures that rows open.
        groups: Names for procedures that rows concern together.
        rules: The rows that open a procedure.
        duties: What a buyer may have to do.
        duty_rows: The rows that make a duty due.
        cautions: What to beware of, by row.
        ladders: Duties of which one at most is owed at once.
        declared: What is said of rows that `check` would otherwise report.
        bearings: What a buyer may do about a fact.
        outside: Acts that the table says nothing of.
    """

    edition: str | None = field(default=None, validator=optional(text(200)))
    reviewed_on: datetime.date | None = field(default=None, validator=optional(DAY))
    over: str | None = field(default=None, validator=optional(matching("national", 'the word "national"')))
    sources: tuple[Source, ...] = field(default=(), converter=to_tuple)
    facts: tuple[FactDefinition, ...] = field(default=(), converter=to_tuple)
    thresholds: tuple[Threshold, ...] = field(default=(), converter=to_tuple)
    procedures: tuple[Procedure, ...] = field(default=(), converter=to_tuple)
    groups: tuple[ProcedureGroup, ...] = field(default=(), converter=to_tuple)
    rules: tuple[Rule, ...] = field(default=(), converter=to_tuple)
    duties: tuple[Duty, ...] = field(default=(), converter=to_tuple)
    duty_rows: tuple[DutyRow, ...] = field(default=(), converter=to_tuple)
    cautions: tuple[Caution, ...] = field(default=(), converter=to_tuple)
    ladders: tuple[Ladder, ...] = field(default=(), converter=to_tuple)
    declared: tuple[Declared, ...] = field(default=(), converter=to_tuple)
    bearings: tuple[Bearing, ...] = field(default=(), converter=to_tuple)
    outside: tuple[Outside, ...] = field(default=(), converter=to_tuple)
