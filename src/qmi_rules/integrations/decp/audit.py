"""The audit of published contract data: read, group, judge, and what comes out of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.integrations.decp.documents import AuditDocument
from qmi_rules.integrations.decp.files import Progress, read_file
from qmi_rules.integrations.decp.grouping import group_records
from qmi_rules.integrations.decp.hints import hints_of
from qmi_rules.integrations.decp.json_files import Found, RawRecord
from qmi_rules.integrations.decp.judging import Judge
from qmi_rules.integrations.decp.reasons import Reason, Verdict
from qmi_rules.integrations.decp.records import PublishedContract, Refusal, RefusalReason, read_record
from qmi_rules.integrations.decp.results import Result, Results, ResultsWriter
from qmi_rules.integrations.decp.shelf import Placed, Shelf
from qmi_rules.law import Table, default_table
from qmi_rules.text import Explained, Language, Page

REFUSALS_KEPT = 1_000
"""So many refusals are kept one by one; all are counted."""


@frozen(kw_only=True, slots=False)
class Audit(Explained):
    """What published data say of the procedures followed. Frozen, compares by value.

    Attributes:
        records: How many records were read, refused ones included.
        contracts: How many contracts they publish: repetitions, rows and lots put together.
        refused: How many records could not be read as a contract.
        refused_by_reason: The same by `RefusalReason`.
        refusals: The first thousand of them.
        verdicts: How many contracts received each verdict.
        results: One result for each contract, in the order in which the contracts were first read.
        table: The law that was applied.
    """

    records: int
    contracts: int
    refused: int
    refused_by_reason: Mapping[str, int] = field(converter=to_read_only, hash=False)
    refusals: tuple[Refusal, ...]
    verdicts: Mapping[str, int] = field(converter=to_read_only, hash=False)
    results: Results
    table: Table = field(repr=False)

    @classmethod
    def document_class(cls) -> type:
        """The shape of the audit as JSON."""
        return AuditDocument

    def page(self, say: Language) -> Page:
        """The summary in one language."""
        from qmi_rules.integrations.decp.page import audit_page

        return audit_page(self, say)

    def as_document(self) -> dict[str, Any]:
        """The audit as plain data, as the contract has it."""
        return {**self.counts(), "results": [self.result_as_document(result) for result in self.results]}

    def counts(self) -> dict[str, Any]:
        """The audit as plain data without the results."""
        return {
            "records": self.records,
            "contracts": self.contracts,
            "refused": self.refused,
            "refused_by_reason": dict(self.refused_by_reason),
            "refusals": [
                {
                    "source": refusal.source,
                    "position": refusal.position,
                    "id": refusal.id,
                    "reason": refusal.reason.value,
                    "detail": refusal.detail,
                }
                for refusal in self.refusals
            ],
            "verdicts": dict(self.verdicts),
            "table_edition": self.table.edition,
        }

    def result_as_document(self, result: Result) -> dict[str, Any]:
        """One result as plain data."""
        return {
            "id": result.id,
            "buyer": result.buyer,
            "procedure": result.procedure,
            "amount": None if result.amount is None else str(result.amount),
            "verdict": result.verdict.value,
            "reasons": [self._document(reason) for reason in result.reasons],
            "hints": [self._document(hint) for hint in result.hints],
            "origins": dict(result.origins),
        }

    def _document(self, reason: Reason) -> dict[str, Any]:
        """The plain data of a reason, made once for all the contracts that share it."""
        known = self.__dict__.setdefault("_documents", {})
        document = known.get(reason)
        if document is None:
            document = known[reason] = reason.as_document(self.table)
        return document  # type: ignore[no-any-return]


def audit(files: Iterable[Path | str] | Path | str, table: Table | None = None) -> Audit:
    """Audit published contract data: does the procedure fit what was published?

    Args:
        files: JSON (2019 and 2024), XML or tables, told apart by their content.
        table: The law; None = the national table of the package.

    Raises:
        DocumentError: A file cannot be opened. A record that cannot be read is refused and counted, never raised.
    """
    return audit_files(files, table)


def audit_files(
    paths: Iterable[Path | str] | Path | str, table: Table | None = None, progress: Progress | None = None
) -> Audit:
    """The same as `audit`, with the progress.

    Args:
        paths: The files.
        table: The law; None = the national table of the package.
        progress: Called with the bytes read and the bytes there are.
    """
    return _audited(read_records(paths, progress), table)


def audit_rows(rows: Iterable[Any], table: Table | None = None, source: str = "") -> Audit:
    """Audit records that a program already holds: mappings of any published shape, such as the rows of a data frame."""
    return _audited((read_record(row, source, i) for i, row in enumerate(rows, 1)), table)


def read_records(
    paths: Iterable[Path | str] | Path | str, progress: Progress | None = None
) -> Iterator[PublishedContract | Refusal]:
    """Every record of the files as a typed contract or a typed refusal, in order, in little memory.

    Raises:
        DocumentError: A file cannot be opened.
    """
    files = [Path(path) for path in ((paths,) if isinstance(paths, str | Path) else paths)]
    advance = _advance(files, progress)
    for path in files:
        position = 0
        for position, found in enumerate(read_file(path, advance), 1):
            yield _record(found, path.name, position)


def _advance(files: list[Path], progress: Progress | None) -> Callable[[int], None]:
    if progress is None:
        return lambda count: None
    total = sum(path.stat().st_size for path in files if path.is_file())
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return advance


def _record(found: Found, source: str, position: int) -> PublishedContract | Refusal:
    if isinstance(found, RawRecord):
        return read_record(found.value, source, position, found.container)
    return Refusal(source=source, position=position, reason=RefusalReason.UNREADABLE, detail=found.detail)


def _audited(records: Iterable[PublishedContract | Refusal], table: Table | None) -> Audit:
    table = default_table() if table is None else table
    count = 0
    refusals: list[Refusal] = []
    refused: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    results = ResultsWriter()
    judge = Judge(table)
    with Shelf() as shelf:
        for count, record in enumerate(records, 1):
            if isinstance(record, PublishedContract):
                shelf.put(count, record)
                continue
            refused[record.reason.value] += 1
            if len(refusals) < REFUSALS_KEPT:
                refusals.append(record)
        for placed in shelf.buyers():
            _judge_buyer(placed, judge, results, verdicts)
    finished = results.results()
    return Audit(
        records=count,
        contracts=len(finished),
        refused=refused.total(),
        refused_by_reason=dict(sorted(refused.items())),
        refusals=tuple(refusals),
        verdicts={verdict.value: verdicts[verdict.value] for verdict in Verdict},
        results=finished,
        table=table,
    )


def _judge_buyer(placed: list[Placed], judge: Judge, results: ResultsWriter, verdicts: Counter[str]) -> None:
    """Group and judge the records of one buyer."""
    places = {id(record): place for place, record in placed}
    groups = group_records(record for _, record in placed)
    judgements = [judge.judge(group) for group in groups]
    for group, judgement, hints in zip(groups, judgements, hints_of(groups, judgements), strict=True):
        first = group.first
        verdicts[judgement.verdict.value] += 1
        results.add(
            places[id(first)],
            first,
            group.amount,
            (
                first.procedure.value,
                judgement.verdict,
                judgement.reasons + _put_together(len(group.lots), group.records),
                hints,
                first.origins,
            ),
        )


@lru_cache(maxsize=2_000)
def _put_together(lots: int, records: int) -> tuple[Reason, ...]:
    """What the grouping did, where it may have mattered."""
    added = (Reason(code="lots_added", count=lots),) if lots > 1 else ()
    return (*added, Reason(code="records_merged", count=records)) if records > lots else added
