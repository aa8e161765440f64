"""Cases that jurists wrote down (TOML), put to two tables: those that do not get the same answer any more."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from qmi_rules.errors import DocumentError, Problem, TableError, fault
from qmi_rules.law.lots import lots_under
from qmi_rules.law.truth import STATUS, Status, Truth
from qmi_rules.model import Purchase, whole_case
from qmi_rules.schema import read_toml, structure
from qmi_rules.schema.faults import shown

if TYPE_CHECKING:
    from qmi_rules.law.table import Table


@frozen(kw_only=True)
class WrittenCase:
    """A purchase that a jurist wrote down; what answer is expected is not read here.

    Attributes:
        file: The file it stands in.
        id: Its name there.
        purchase: The purchase.
    """

    file: str
    id: str
    purchase: Purchase


@frozen(kw_only=True)
class CaseTurn:
    """One procedure that a case gets another answer for.

    Attributes:
        file: The file of the case.
        id: The case.
        lot: Id of the lot; empty for the whole purchase.
        procedure: Id of the procedure.
        before: Its status under the first table; empty where that table does not declare it.
        after: Its status under the second; empty likewise.
    """

    file: str
    id: str
    lot: str
    procedure: str
    before: Status | Literal[""]
    after: Status | Literal[""]


def read_cases(path: Path) -> tuple[WrittenCase, ...]:
    """Read the cases of a TOML file, or of all TOML files of a folder: ``[[cases]]`` with `id` and `purchase`; other keys are left alone.

    Raises:
        TableError: A file cannot be read or is no TOML, there is no case, or purchases are faulty; all faults of a file at once.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    cases = tuple(case for file in files for case in _cases_of(file))
    if not cases:
        raise TableError(
            fault("contradiction", "", "no case: expected files with [[cases]], each with id and purchase"), str(path)
        )
    return cases


def _cases_of(file: Path) -> Iterator[WrittenCase]:
    written = read_toml(file).get("cases", [])
    problems: list[Problem] = []
    found: list[WrittenCase] = []
    for i, entry in enumerate(written if isinstance(written, list) else [written]):
        path = f"cases[{i}]"
        if not isinstance(entry, dict) or not isinstance(entry.get("purchase"), dict):
            problems.append(
                fault("contradiction", path, "expected a case with id and purchase, got {got}", got=shown(entry))
            )
            continue
        try:
            purchase = structure(entry["purchase"], Purchase)
        except DocumentError as error:
            problems += [problem.at(f"{path}.purchase.{problem.path}") for problem in error.problems]
        else:
            found.append(WrittenCase(file=file.name, id=str(entry.get("id", i)), purchase=purchase))
    if problems:
        raise TableError(problems, str(file))
    yield from found


def case_turns(cases: Iterable[WrittenCase], before: "Table", after: "Table") -> Iterator[CaseTurn]:
    """Every answer that a case gets from one table and not from the other, the purchase first, then its lots."""
    for case in cases:
        day = case.purchase.launched_on
        first, second = before.in_force(day), after.in_force(day)
        whole = whole_case(case.purchase)
        lots = [lots_under(law, case.purchase)[0] for law in (first, second)]
        parts = [("", whole, whole), *zip((lot.id for lot in case.purchase.lots), *lots, strict=True)]
        for lot, before_part, after_part in parts:
            old, new = first.statuses(before_part), second.statuses(after_part)
            for procedure in dict.fromkeys((*old, *new)):
                was, becomes = _status(procedure, old), _status(procedure, new)
                if was != becomes:
                    yield CaseTurn(file=case.file, id=case.id, lot=lot, procedure=procedure, before=was, after=becomes)


def _status(procedure: str, found: Mapping[str, Truth]) -> Status | Literal[""]:
    return STATUS[found[procedure]] if procedure in found else ""
