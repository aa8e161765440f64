"""Pieces of a report: tables whose rows stack on a telephone, parts folded away until a reader asks (open in print)."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from qmi_rules.text import Heading, Page, language, to_html
from qmi_rules.text.page import Block

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEADER = re.compile(r'<th scope="col">(.*?)</th>')
_ROW = re.compile(r"<tr><th scope=\"row\">.*?</tr>", re.DOTALL)


def fragment(page: Page) -> str:
    """The HTML of a page: its tables scrollable by keyboard, their cells named after their column for a narrow screen."""
    label = language(page.language)("Tableau")
    opening = f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">'
    return _TABLE.sub(lambda table: f"{opening}{_named(table[0])}</div>", to_html(page, top=1))


def _named(table: str) -> str:
    columns = _HEADER.findall(table)[1:]

    def name(row: re.Match[str]) -> str:
        first, *cells = row[0].split("<td>")
        return first + "".join(f'<td data-label="{column}">{cell}' for column, cell in zip(columns, cells, strict=True))

    return _ROW.sub(name, table)


def folded(code: str, blocks: Iterable[Block], folds: Callable[[Heading], bool]) -> str:
    """The HTML of blocks, in which each heading that folds holds what follows it, up to the next heading of its level.

    Args:
        code: The code of the language.
        blocks: Headings, paragraphs, lists and tables.
        folds: Which headings fold.
    """
    shown = tuple(blocks)
    starts = [i for i, block in enumerate(shown) if isinstance(block, Heading)]
    pieces = [_plain(code, shown[: starts[0] if starts else len(shown)])]
    inside: Heading | None = None
    for start, end in pairwise([*starts, len(shown)]):
        heading, body = shown[start], shown[start + 1 : end]
        assert isinstance(heading, Heading)
        if inside is not None and heading.level <= inside.level:
            pieces.append("</details>")
            inside = None
        if inside is None and folds(heading):
            pieces.append(f"<details><summary>{_plain(code, (heading,))}</summary>")
            inside = heading
            pieces.append(_plain(code, body))
        else:
            pieces.append(_plain(code, (heading, *body)))
    return "\n".join([*pieces, *(["</details>"] if inside is not None else [])])


def _plain(code: str, blocks: Sequence[Block]) -> str:
    return fragment(Page(code, blocks)) if blocks else ""
