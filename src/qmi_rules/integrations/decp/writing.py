"""An audit written to files: JSON and CSV line by line for any size, HTML with pictures."""

import csv
import json
from collections import Counter
from decimal import Decimal
from html import escape
from typing import IO

from qmi_rules.integrations.decp.audit import Audit
from qmi_rules.integrations.decp.page import procedure_label
from qmi_rules.integrations.decp.reasons import VERDICTS, Verdict
from qmi_rules.text import SOURCE_LANGUAGE, Language, language

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
_COLOURS = {
    Verdict.CONSISTENT: "#3f7d20",
    Verdict.NEEDS_ANOTHER_GROUND: "#b35900",
    Verdict.INCONSISTENT: "#a3123a",
    Verdict.CANNOT_BE_JUDGED: "#8a8a8a",
}
_PATTERNS = {Verdict.NEEDS_ANOTHER_GROUND: "6 3", Verdict.INCONSISTENT: "2 2"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_json(audit: Audit, file: IO[str]) -> None:
    """Write the audit as one JSON document, one result a line, without holding the text."""
    head = json.dumps(audit.counts(), ensure_ascii=False)
    file.write(head[:-1] + ', "results": [')
    for i, result in enumerate(audit.results):
        file.write((",\n" if i else "\n") + json.dumps(audit.result_as_document(result), ensure_ascii=False))
    file.write("\n]}\n")


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
                _harmless(result.id),
                _harmless(result.source),
                result.position,
                result.notified_on.isoformat(),
                _harmless(result.buyer),
                result.procedure,
                "" if result.amount is None else str(result.amount.quantize(Decimal("0.01"))),
                result.verdict.value,
                " ".join(reason.sentence(say, audit.table) for reason in result.reasons),
                " ".join(hint.sentence(say, audit.table) for hint in result.hints),
                " ".join(f"{fact}={origin}" for fact, origin in result.origins),
            ]
        )


def _harmless(text: str) -> str:
    """A published text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def to_html(audit: Audit, lang: str = SOURCE_LANGUAGE) -> str:
    """The summary as a complete HTML document with its pictures inside; it needs nothing else."""
    say = language(lang)
    title = escape(say("Examen de données de la commande publique"))
    body = audit.explain(lang, "html")
    head, separator, rest = body.partition("</table>")
    return (
        f'<!DOCTYPE html>\n<html lang="{say.code}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{head}{separator}\n"
        f"{_picture(audit, say)}\n{rest}\n</main>\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #ccc;padding:.4rem .6rem;text-align:left;"
    "vertical-align:top}svg{max-width:100%;height:auto}.note{color:#555}figure{margin:1rem 0}"
)


def _picture(audit: Audit, say: Language) -> str:
    """The verdicts of each published procedure as bars, widths in proportion."""
    counts = Counter((result.procedure, result.verdict) for result in audit.results)
    procedures = sorted({p for p, _ in counts}, key=lambda p: -sum(counts[p, v] for v in Verdict))
    widest = max((sum(counts[p, v] for v in Verdict) for p in procedures), default=1)
    parts = [
        part
        for row, procedure in enumerate(procedures)
        for part in _bar(row, procedure, counts, widest, procedure_label(audit, procedure, say), say)
    ]
    height = 34 * len(procedures) + 26 * len(Verdict) + 20
    legend = [
        f'<rect x="10" y="{34 * len(procedures) + 26 * i + 12}" width="16" height="16" fill="{_COLOURS[verdict]}"/>'
        f'<text x="34" y="{34 * len(procedures) + 26 * i + 25}">{escape(say(VERDICTS[verdict]))}</text>'
        for i, verdict in enumerate(Verdict)
    ]
    caption = escape(say("Constats par procédure publiée"))
    return (
        f'<figure><svg viewBox="0 0 1000 {height}" role="img" aria-label="{caption}" font-size="14" '
        f'font-family="system-ui,sans-serif">{"".join(parts)}{"".join(legend)}</svg>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _bar(
    row: int, procedure: str, counts: "Counter[tuple[str, Verdict]]", widest: int, label: str, say: Language
) -> list[str]:
    y = 34 * row + 4
    short = label if len(label) <= 40 else label[:39] + "…"
    parts = [f'<text x="0" y="{y + 18}">{escape(short)}</text>']
    x = 320.0
    for verdict in Verdict:
        count = counts[procedure, verdict]
        if not count:
            continue
        width = max(580 * count / widest, 2)
        dash = f' stroke="#1b1b1b" stroke-dasharray="{_PATTERNS[verdict]}"' if verdict in _PATTERNS else ""
        tip = escape(f"{label}, {say(VERDICTS[verdict])} : {say.number(count)}")
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="24" fill="{_COLOURS[verdict]}"{dash}><title>{tip}</title></rect>'
        )
        x += width
    total = sum(counts[procedure, verdict] for verdict in Verdict)
    parts.append(f'<text x="{x + 6:.1f}" y="{y + 18}">{escape(say.number(total))}</text>')
    return parts
