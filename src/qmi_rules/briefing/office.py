"""A page as a document of word processors (`.docx`, extra ``office``): A4, in the language it is written in, to complete by hand."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from qmi_rules.errors import MissingExtraError
from qmi_rules.pages import Explained, Grid, Heading, Items, Line, Link, Page, Paragraph, Strong, language, visible
from qmi_rules.pages.blocks import Block, Inline, Meter

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

FONT = "Liberation Serif"
"""A free font with the widths of Times New Roman, which takes its place where it is not installed."""
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
_SMALL, _BODY = 9.5, 11
_HEADINGS = {1: 16, 2: 13, 3: 11.5}


def to_docx(result: Explained, lang: str = "fr") -> bytes:
    """A draft, or whatever has a page, as a `.docx` file; the same result gives the same bytes.

    Raises:
        MissingExtraError: python-docx is not installed.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    try:
        import docx
    except ImportError as error:
        raise MissingExtraError("office", error.name or "python-docx") from None
    page = result.page(language(lang))
    document = docx.Document()
    _set_up(document, page)
    for block in page.blocks:
        _put(document, block)
    written = BytesIO()
    document.save(written)
    return _without_clock(written.getvalue())


def _set_up(document: "Document", page: Page) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    styles = document.styles
    normal = cast("ParagraphStyle", styles["Normal"])
    normal.font.name, normal.font.size = FONT, Pt(_BODY)
    normal.paragraph_format.space_after = Pt(4)
    tongue = normal.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): _LANGUAGES[page.language]})
    normal.element.get_or_add_rPr().append(tongue)  # the word processor checks the spelling of this language
    for level, size in _HEADINGS.items():
        style = cast("ParagraphStyle", styles[f"Heading {level}"])
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.rPr.rFonts.attrib.clear()  # the theme's font would win over the name
        style.font.name = FONT
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0 if level == 1 else 10), Pt(3)
    title = next((block.text for block in page.blocks if isinstance(block, Heading)), "")
    properties = document.core_properties
    properties.title, properties.language = visible(title)[:250], _LANGUAGES[page.language]
    properties.author = properties.comments = properties.keywords = ""  # the template names its own maker


def _put(document: "Document", block: Block) -> None:
    match block:
        case Heading(text=text, level=level):
            document.add_heading(visible(text), min(level, 3))
        case Paragraph(line=line, kind=kind):
            _write(document.add_paragraph(), line, small=bool(kind), warning=kind == "warning")
        case Items(lines=lines, kind="numbers"):
            for number, line in enumerate(
                lines, start=1
            ):  # written out: a list's own numbers run on from the last list
                _write(_indented(document), _marked(f"{number}. ", line))
        case Items(lines=lines, kind=kind):
            for line in lines:
                if kind == "check":
                    _write(_indented(document), _marked("☐ ", line))
                else:
                    _write(document.add_paragraph(style="List Bullet"), line)
        case Grid():
            _put_grid(document, block)


def _indented(document: "Document") -> Any:
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(8), Mm(-6)
    return paragraph


def _put_grid(document: "Document", grid: Grid) -> None:
    from docx.oxml import OxmlElement

    if grid.caption:
        _write(document.add_paragraph(), grid.caption, small=True)
    table = document.add_table(rows=1, cols=len(grid.header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, grid.header, strict=True):
        _write(cell.paragraphs[0], Strong(text))
    for row in grid.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # a row stays on its page
        for cell, line in zip(added.cells, row, strict=True):
            _write(cell.paragraphs[0], line)
    document.add_paragraph()


def _marked(mark: str, line: Line) -> list[Inline]:
    return [mark, *_parts(line)]


def _parts(line: Line) -> Iterable[Inline]:
    return (line,) if isinstance(line, str | Link | Strong | Meter) else line


def _write(paragraph: Any, line: Line, *, small: bool = False, warning: bool = False) -> None:
    from docx.shared import Pt

    for part in _parts(line):
        if isinstance(part, Link) and part.url.startswith(("https://", "http://", "mailto:")):
            run = _linked(paragraph, part)
        else:
            text = part if isinstance(part, str) else part.text
            lead, tail = " " * (text[:1] == " "), " " * (text[-1:] == " " and bool(text.strip()))
            run = paragraph.add_run(lead + visible(text) + tail)
            run.bold = isinstance(part, Strong) or warning or None
        if small:
            run.font.size = Pt(_SMALL)


def _linked(paragraph: Any, link: Link) -> Any:
    """A run that leads to an address; python-docx reads such links and does not make them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.text.run import Run

    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(link.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = Run(OxmlElement("w:r"), paragraph)
    run.text = visible(link.text)
    element.append(run._r)
    paragraph._p.append(element)
    return run


def _without_clock(data: bytes) -> bytes:
    """The same file with one date for its parts: a zip file would hold the moment it was made."""
    again = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)
    return again.getvalue()
