"""The columns of answers, for frames and SQL alike: their names, and how each is written over the formulas of the law."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Generic, Protocol, TypeVar

from attrs import frozen

from qmi_rules.errors import DocumentError, Problem
from qmi_rules.findings import Truth
from qmi_rules.integrations.columns.formulas import Formula, Holds, negate, nullable, some
from qmi_rules.integrations.columns.law import Answers, truth_column
from qmi_rules.integrations.columns.purchase import each_once
from qmi_rules.integrations.columns.valuation import PARTS
from qmi_rules.law import Table

STATUS_PREFIX: Final = "status_"
"""What the name of a status column begins with: `books` is a fact and a procedure."""
ANSWERS: Final = ("valuation", "statuses", "missing", "contested", "unknown", "lightest", "fault")
"""What may be asked: `valuation` is one column a part of the need, and `estimated_value`, where the need is laid flat in
columns; `statuses` is one column a procedure; the others are one column each."""
SEPARATOR: Final = "|"
VALID: Final = "_qmi_valid"

E = TypeVar("E")


class Writer(Protocol[E]):
    """What writes formulas in the terms of an engine."""

    def status(self, formula: Formula) -> E:
        """The status of a procedure, in words."""

    def joined(self, named: Mapping[str, Formula]) -> E:
        """The names of the formulas that hold, joined by the separator; empty where none does."""

    def first(self, named: Mapping[str, Formula]) -> E:
        """The name of the first formula that holds; null where none does."""

    def euros(self, column: str) -> E:
        """A column of cents as euros."""

    def only_if(self, column: str, answer: E) -> E:
        """An answer where a column of truths holds; null elsewhere."""


@frozen(kw_only=True)
class Plan(Generic[E]):
    """How the answers are computed in two steps.

    Attributes:
        steps: Intermediate columns over those of the frame, by name.
        outputs: The columns of answers over these, by name.
    """

    steps: dict[str, Formula]
    outputs: dict[str, E]


def plan_of(
    answers: Answers,
    faults: Mapping[str, Formula],
    wanted: Iterable[str],
    writer: Writer[E],
    valued: Mapping[str, str] = MappingProxyType({}),
) -> Plan[E]:
    """How the answers that are wanted are computed; rows with a fault get none, if there may be any.

    `valued` are the columns of the valuation, each with the column of cents that it is read from.
    """
    wanted = tuple(wanted)
    steps: dict[str, Formula] = {
        truth_column(procedure): formula
        for procedure, formula in answers.statuses.items()
        if not isinstance(formula, Truth)
    }
    if {"missing", "contested", "unknown"} & set(wanted):
        steps |= answers.rows
    faulty = some(*faults.values())
    if faulty is not Truth.NO:
        steps[VALID] = negate(faulty)
    outputs: dict[str, E] = {}
    for name in wanted:
        match name:
            case "valuation":
                outputs |= {output: writer.euros(cents) for output, cents in valued.items()}
            case "statuses":
                for procedure, formula in answers.statuses.items():
                    column = truth_column(procedure)
                    truth = formula if isinstance(formula, Truth) else Holds(column=column, nullable=nullable(formula))
                    outputs[STATUS_PREFIX + procedure] = writer.status(truth)
            case "missing" | "contested" | "unknown":
                outputs[name] = writer.joined(getattr(answers, name))
            case "lightest":
                outputs[name] = writer.first(answers.lightest)
            case _:
                outputs[name] = writer.joined(faults)
    if VALID in steps:
        outputs = {name: o if name == "fault" else writer.only_if(VALID, o) for name, o in outputs.items()}
    return Plan(steps=steps, outputs=outputs)


def checked_answers(answers: Iterable[str]) -> tuple[str, ...]:
    """The answers that are asked for, each once.

    Raises:
        DocumentError: All that are none.
    """
    wanted = each_once(answers)
    if problems := [
        Problem("answers", f"expected some of {', '.join(ANSWERS)}, got {name!r}")
        for name in wanted
        if name not in ANSWERS
    ]:
        raise DocumentError(problems)
    return wanted


def check_free(names: Iterable[str], table: Table) -> None:
    """No column has the name of an answer.

    Raises:
        DocumentError: All that have.
    """
    taken = {
        *ANSWERS[2:],
        *(STATUS_PREFIX + procedure for procedure in table.procedures),
        *(f"value_{part}" for part in PARTS),
    }
    if problems := [
        Problem(name, "this name is that of an answer; rename the column") for name in names if name in taken
    ]:
        raise DocumentError(problems)
