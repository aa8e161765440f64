"""An audit for its readers: the summary with its picture, and files of any size written line by line."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import IO, Any

from attrs import evolve

from qmi_rules.decp.audit import Audit
from qmi_rules.decp.reasons import Reason, Verdict
from qmi_rules.decp.values import labels
from qmi_rules.pages import SOURCE_LANGUAGE, Language, Page, language
from qmi_rules.pages.harmless import cell, cleaned
from qmi_rules.pages.templates import html_from, page_of
from qmi_rules.schema import document_of, unstructure, written_json
from qmi_rules.schema.writing import Writing, cited_in, written_into

SHOWN = 50
"""So many findings and hints are shown; all are in the CSV and the JSON."""


def audit_page(audit: "Audit", say: Language) -> Page:
    """The page of an audit in one language."""
    return page_of(
        "audit",
        say,
        voices=(told,),
        it=audit,
        edition=audit.table.edition,
        procedures=audit.table.procedures,
        months=labels().conventions.launched_before_months,
        found=[
            (verdict, [*islice((result for result in audit.results if result.verdict is verdict), SHOWN)])
            for verdict in (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)
            if audit.verdicts[verdict]
        ],
        hinted=[*islice((result for result in audit.results if result.hints), SHOWN)],
    )


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
                if name not in here.entries("sources") and (source := audit.source_named(name)) is not None:
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
