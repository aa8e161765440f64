"""A `Page` as plain text, Markdown or an HTML fragment; user texts come out escaped and without control characters."""

import re
import textwrap
import unicodedata

from qmi_rules.pages.blocks import Block, Grid, Heading, Inline, Items, Line, Link, Meter, Page, Paragraph, Strong
from qmi_rules.pages.i18n import Language, language

WIDTH = 100
_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_[]<>#|~&"})
_MARKER = re.compile(r"\A(\d{1,9}(?=[.)])|(?=[-+=]))(.)")
_NO_BREAK = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
_ADDRESSES = ("https://", "http://", "mailto:", "#")


def visible(text: str) -> str:
    """A text without the characters that steer a terminal or reverse the reading direction; runs of white space become one space."""
    if text.translate(_NO_BREAK).isprintable():  # nearly every text: nothing in it is looked at one by one
        kept = text
    else:
        kept = "".join(
            " " if c in "\n\r\t\v\f\x85\u2028\u2029" else c
            for c in text
            if c in "\n\r\t\v\f\x85\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        )
    return " ".join(word for word in kept.split(" ") if word)


def to_text(page: Page) -> str:
    """The page as plain text, wrapped at 100 columns."""
    return "\n".join(_text_block(block, language(page.language)) for block in page.blocks).strip("\n") + "\n"


def to_markdown(page: Page) -> str:
    """The page as Markdown (CommonMark with tables and task lists)."""
    return "\n\n".join(_markdown_block(block) for block in page.blocks) + "\n"


def to_html(page: Page, top: int = 3) -> str:
    """The page as an HTML fragment with its language; the page's title becomes a heading of level `top`."""
    blocks = "\n".join(_html_block(block, top) for block in page.blocks)
    return f'<div class="qmi-rules" lang="{_html_text(page.language)}">\n{blocks}\n</div>'


def _parts(line: Line) -> tuple[Inline, ...]:
    return (line,) if isinstance(line, (str, Link, Strong, Meter)) else tuple(line)


# --- plain text


def text_line(line: Line) -> str:
    """One line as plain text; of a link only the words are left: addresses make a terminal text hard to read."""
    out = []
    for part in _parts(line):
        match part:
            case Link(text=text) | Strong(text=text) | Meter(text=text):
                out.append(visible(text))
            case str():
                lead = " " if part[:1] == " " else ""
                tail = " " if part[-1:] == " " and part.strip() else ""
                out.append(lead + visible(part) + tail)
    return "".join(out)


def _wrap(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _text_block(block: Block, say: Language) -> str:
    match block:
        case Heading(text=text, level=1):
            shown = visible(text)
            return f"{shown}\n{'=' * min(len(shown), WIDTH)}\n"
        case Heading(text=text, level=2):
            shown = visible(text)
            return f"\n{shown}\n{'-' * min(len(shown), WIDTH)}"
        case Heading(text=text):
            return f"\n{visible(text)}"
        case Paragraph(line=line, kind=kind):
            return _wrap(text_line(line), "! " if kind == "warning" else "")
        case Items(lines=lines, kind=kind):
            marks = [{"check": "[ ] ", "numbers": f"{i}. "}.get(kind, "- ") for i in range(1, len(lines) + 1)]
            return "\n".join(
                _wrap(text_line(line), "  " + mark, "  " + " " * len(mark))
                for mark, line in zip(marks, lines, strict=True)
            )
        case Grid():
            return _text_grid(block, say)


def _text_grid(grid: Grid, say: Language) -> str:
    rows = [[visible(cell) for cell in grid.header], *([text_line(cell) for cell in row] for row in grid.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(grid.header))]
    if sum(widths) + 2 * len(widths) > WIDTH + 20:  # too wide for a terminal: one item a row instead
        return "\n".join(_wrap(_grid_item(rows[0], row, say), "  - ", "    ") for row in rows[1:])
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(([visible(grid.caption)] if grid.caption else []) + ["  " + line for line in lines])


def _grid_item(header: list[str], row: list[str], say: Language) -> str:
    """A row of a grid as an item of a list; where there are only two columns, the first labels the second."""
    if len(row) == 2:
        return say.labelled(*row) if row[1] else row[0]
    return f"{row[0]} — " + say.clauses(
        say.labelled(head, cell) for head, cell in zip(header[1:], row[1:], strict=True) if cell
    )


# --- Markdown


def _escape_markdown(text: str) -> str:
    return visible(text).translate(_MARKDOWN)


def _markdown_start(line: Line) -> str:
    """A line that begins a block: it must not look like a list, a rule or an underlined heading of its own."""
    shown = markdown_line(line).lstrip()
    return _MARKER.sub(r"\1\\\2", shown, count=1)


def markdown_line(line: Line) -> str:
    """One line as Markdown, user texts escaped."""
    out = []
    for part in _parts(line):
        match part:
            case Link(text=text, url=url) if url.startswith(_ADDRESSES):
                address = visible(url).translate({ord("<"): "%3C", ord(">"): "%3E", ord("\\"): "%5C"})
                out.append(f"[{_escape_markdown(text)}](<{address}>)")
            case Link(text=text, url=url):
                out.append(_escape_markdown(f"{text} ({url})" if url else text))
            case Strong(text=text):
                strong = _escape_markdown(text).strip()  # a mark beside a space would not count
                out.append(f"**{strong}**" if strong else "")
            case Meter(text=text):
                out.append(_escape_markdown(text))
            case str():
                lead = " " if part[:1] == " " else ""
                tail = " " if part[-1:] == " " and part.strip() else ""
                out.append(lead + _escape_markdown(part) + tail)
    return "".join(out)


def _markdown_block(block: Block) -> str:
    match block:
        case Heading(text=text, level=level):
            return f"{'#' * level} {_escape_markdown(text)}"
        case Paragraph(line=line, kind=kind):
            return ("> " if kind else "") + _markdown_start(line)
        case Items(lines=lines, kind=kind):
            marks = ({"check": "- [ ] ", "numbers": f"{i}. "}.get(kind, "- ") for i in range(1, len(lines) + 1))
            return "\n".join(mark + _markdown_start(line) for mark, line in zip(marks, lines, strict=True))
        case Grid(header=header, rows=rows, caption=caption):
            table = [
                "| " + " | ".join(_escape_markdown(cell) for cell in header) + " |",
                "|" + " --- |" * len(header),
                *("| " + " | ".join(markdown_line(cell) for cell in row) + " |" for row in rows),
            ]
            return "\n".join(([markdown_line(Strong(caption)), ""] if caption else []) + table)


# --- HTML


def html_line(line: Line) -> str:
    """One line as HTML, everything escaped; only http(s) and mailto addresses become links."""
    out = []
    for part in _parts(line):
        match part:
            case Link(text=text, url=url) if url.startswith(_ADDRESSES):
                out.append(f'<a href="{_html_text(url)}">{_html_text(text)}</a>')
            case Link(text=text, url=url):
                out.append(f"{_html_text(text)} ({_html_text(url)})")
            case Strong(text=text):
                out.append(f"<strong>{_html_text(text)}</strong>")
            case Meter(value=value, maximum=maximum, text=text):
                shown = _html_text(text)
                out.append(
                    f'<meter min="0" max="{maximum}" value="{value}" aria-label="{shown}">{shown}</meter> {shown}'
                )
            case str():
                lead = " " if part[:1] == " " else ""
                tail = " " if part[-1:] == " " and part.strip() else ""
                out.append(lead + _html_text(part) + tail)
    return "".join(out)


def _html_text(text: str) -> str:
    from html import escape  # which brings the names of all characters along

    return escape(visible(text))


def _html_block(block: Block, top: int) -> str:
    match block:
        case Heading(text=text, level=level):
            tag = f"h{min(level + top - 1, 6)}"
            return f"<{tag}>{_html_text(text)}</{tag}>"
        case Paragraph(line=line, kind=kind):
            attribute = f' class="{kind}"' if kind else ""
            return f"<p{attribute}>{html_line(line)}</p>"
        case Items(lines=lines, kind=kind):
            tag = "ol" if kind == "numbers" else "ul"
            attribute = f' class="{kind}"' if kind else ""
            box = '<span aria-hidden="true">☐</span> ' if kind == "check" else ""
            items = "\n".join(f"<li>{box}{html_line(line)}</li>" for line in lines)
            return f"<{tag}{attribute}>\n{items}\n</{tag}>"
        case Grid(header=header, rows=rows, caption=caption):
            head = "".join(f'<th scope="col">{_html_text(cell)}</th>' for cell in header)
            body = "\n".join(
                f'<tr><th scope="row">{html_line(row[0])}</th>'
                + "".join(f"<td>{html_line(cell)}</td>" for cell in row[1:])
                + "</tr>"
                for row in rows
            )
            label = f"<caption>{_html_text(caption)}</caption>\n" if caption else ""
            return f"<table>\n{label}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
