"""The audit of published contract data: read, group, judge, and what comes out of it, for its readers."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, ClassVar

from attrs import evolve, field, frozen

from qmi_rules.decp.grouping import ContractGroup, Placed, Shelf, group_records
from qmi_rules.decp.judging import Judge, judge_of
from qmi_rules.decp.reading import Broken, Progress, read_file
from qmi_rules.decp.reasons import Reason, Verdict, hints_of, near_a_limit, reason
from qmi_rules.decp.records import PublishedContract, Refusal, RefusalReason, read_record
from qmi_rules.decp.results import Result, ResultsWriter
from qmi_rules.decp.values import labels
from qmi_rules.law import Source, Table, default_table
from qmi_rules.pages import SOURCE_LANGUAGE, Explained, Language, Page, language
from qmi_rules.pages.harmless import cell, cleaned
from qmi_rules.pages.templates import html_from, page_of
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import document_of, unstructure, written_json
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.writing import Writing, cited_in, written_into

SHOWN = 50
"""So many findings and hints are shown; all are in the CSV and the JSON."""
REFUSALS_KEPT = 1_000
"""So many refusals are kept one by one, and where a file could not be read any further; all are counted."""


@frozen(kw_only=True)
class Audit(Explained):
    """What published data say of the procedures followed. Frozen, compares by value.

    Attributes:
        records: How many records were read, refused ones included.
        contracts: How many contracts they publish: repetitions, rows and lots put together.
        refused: How many records could not be read as a contract.
        refused_by_reason: The same by `RefusalReason`.
        refusals: The first thousand of them, and where a file could not be read any further.
        verdicts: How many contracts received each verdict.
        table_edition: Name of the edition of the law that was applied.
        results: One result for each contract, in the order in which the contracts were first read.
    """

    _layout: ClassVar[Layout] = Layout(cites=("sources",))

    records: int
    contracts: int
    refused: int
    refused_by_reason: Mapping[str, int] = field(converter=to_read_only, hash=False)
    refusals: tuple[Refusal, ...]
    verdicts: Mapping[str, int] = field(converter=to_read_only, hash=False)
    table_edition: str
    results: Sequence[Result]
    _table: Table = field(alias="table", repr=False)

    @property
    def table(self) -> Table:
        """The law that was applied."""
        return self._table

    def _source_named(self, name: str) -> Source | None:
        """A text that it cites by id."""
        return self._table.sources.get(name)

    def page(self, say: Language) -> Page:
        """The summary in one language."""
        return page_of(
            "audit",
            say,
            voices=(told,),
            it=self,
            edition=self.table.edition,
            procedures=self.table.procedures,
            months=labels().conventions.launched_before_months,
            found=[
                (verdict, [*islice((result for result in self.results if result.verdict is verdict), SHOWN)])
                for verdict in (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)
                if self.verdicts[verdict]
            ],
            hinted=[*islice((result for result in self.results if result.hints), SHOWN)],
        )


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
        name, position = path.name, 0
        for found in read_file(path, advance):
            if isinstance(found, Broken):
                position += 1
                yield Refusal(source=name, position=position, reason=RefusalReason.UNREADABLE, detail=found.detail)
                continue
            values, container = found
            for value in values:
                position += 1
                yield read_record(value, name, position, container)


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


def _audited(records: Iterable[PublishedContract | Refusal], table: Table | None) -> Audit:
    table = default_table() if table is None else table
    count = 0
    refusals: list[Refusal] = []
    refused: Counter[str] = Counter()
    judge = judge_of(table)
    with Shelf() as shelf, ResultsWriter() as results:
        for count, record in enumerate(records, 1):
            if isinstance(record, PublishedContract):
                shelf.put(count, record)
                continue
            refused[record.reason.value] += 1
            if len(refusals) < REFUSALS_KEPT or record.reason is RefusalReason.UNREADABLE:
                refusals.append(record)
        for placed in shelf.buyers():
            _judge_buyer(placed, judge, results)
        finished, verdicts = results.results(), results.verdicts()
    return Audit(
        records=count,
        contracts=len(finished),
        refused=refused.total(),
        refused_by_reason=dict(sorted(refused.items())),
        refusals=tuple(refusals),
        verdicts={verdict.value: verdicts[verdict] for verdict in Verdict},
        table_edition=table.edition,
        results=finished,
        table=table,
    )


def _judge_buyer(placed: list[Placed], judge: Judge, results: ResultsWriter) -> None:
    """Group and judge the records of one buyer."""
    if len(placed) == 1:  # most buyers of a file publish one record
        place, record = placed[0]
        group = ContractGroup((record,), 1, False, record.amount)
        judgement = judge.judge(group)
        results.add(place, record, record.amount, judgement, (), near_a_limit(group, judgement))
        return
    places = {id(record): place for place, record in placed}
    groups = group_records(record for _, record in placed)
    judgements = [judge.judge(group) for group in groups]
    for group, judgement, hints in zip(groups, judgements, hints_of(groups, judgements), strict=True):
        first = group.lots[0]
        grouped = _put_together(len(group.lots), group.records) if group.records > 1 else ()
        results.add(places[id(first)], first, group.amount, judgement, grouped, hints)


@lru_cache(maxsize=2_000)
def _put_together(lots: int, records: int) -> tuple[Reason, ...]:
    """What the grouping did, where it may have mattered."""
    added = (reason("lots_added", count=lots),) if lots > 1 else ()
    return (*added, reason("records_merged", count=records)) if records > lots else added


# --- for its readers: a CSV and a JSON file of any size line by line, and a page with its picture


def told(say: Language, reasons: Iterable[Reason]) -> str:
    """Reasons or hints in the cell of a table."""
    return cell(" ".join(reason.text.said(say) for reason in reasons))


COLUMNS = (
    "id",
    "source",
    "position",
    "notified_on",
    "buyer",
    "procedure",
    "amount",
    "verdict",
    "reasons",
    "hints",
    "origins",
)


def write_json(audit: Audit, file: IO[str] | io.TextIOBase, lang: str = SOURCE_LANGUAGE) -> None:
    """Write the audit as one JSON document, one result a line, without holding the text."""

    @lru_cache(maxsize=10_000)
    def plain(reasons: tuple[Reason, ...]) -> Any:
        return unstructure(reasons)

    head = document_of(evolve(audit, results=()), lang)
    sources: dict[str, Any] = head.pop("sources")
    del head["results"]
    file.write(written_json(head).removesuffix("}") + ',"results":[')
    with written_into(Writing(lang, {}, audit)) as here:
        for i, result in enumerate(audit.results):
            shared = {"reasons": plain(result.reasons), "hints": plain(result.hints)}
            document = unstructure(evolve(result, reasons=(), hints=())) | shared
            file.write((",\n" if i else "\n") + written_json(document))
            for name in cited_in(shared):
                if name not in here.entries("sources") and (source := audit._source_named(name)) is not None:
                    unstructure(source)
        sources |= here.entries("sources")
    file.write('\n],"sources":' + written_json(sources) + "}\n")


def to_csv(audit: Audit, file: IO[str], lang: str = SOURCE_LANGUAGE) -> None:
    """Write one line for each contract; the sentences in the reader's language.

    Args:
        audit: The audit.
        file: A text file opened with ``newline=""``.
        lang: Language of the reasons and hints.
    """
    say = language(lang)
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for result in audit.results:
        rows.writerow(
            [
                cell(result.id),
                cell(result.source),
                result.position,
                result.notified_on.isoformat(),
                cell(result.buyer),
                result.procedure,
                "" if result.amount is None else str(result.amount.quantize(Decimal("0.01"))),
                result.verdict.value,
                told(say, result.reasons),
                told(say, result.hints),
                " ".join(f"{fact}={origin}" for fact, origin in result.origins.items()),
            ]
        )


def to_html(audit: Audit, lang: str = SOURCE_LANGUAGE) -> str:
    """The summary as a complete HTML document with its pictures inside; it needs nothing else."""
    say = language(lang)
    head, separator, rest = audit.explain(lang, "html").partition("</table>")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for result in audit.results:
        counts[result.procedure][result.verdict] += 1
    bars = sorted(counts.items(), key=lambda bar: (-bar[1].total(), bar[0]))
    return cleaned(
        html_from(
            "audit.html",
            say,
            head=head + separator,
            rest=rest,
            bars=bars,
            widest=max((of.total() for _, of in bars), default=1),
            procedures=audit.table.procedures,
        )
    )
