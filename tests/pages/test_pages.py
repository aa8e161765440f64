"""A page as text, Markdown and HTML: whatever users write comes out escaped, legible and where it belongs."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmi_rules.model import Purchase
from qmi_rules.pages import (
    Grid,
    Heading,
    Items,
    Link,
    Meter,
    Page,
    Paragraph,
    Strong,
    html_line,
    markdown_line,
    text_line,
    to_html,
    to_markdown,
    to_text,
    visible,
)
from qmi_rules.pages.blocks import Block
from qmi_rules.procurement import decide

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "entity": "&lt;b&gt; &amp;amp; &copy; &#60;",
    "comment": "<!-- x --> ]]> <![CDATA[",
    "link": "[clic](javascript:alert(1)) ![i](https://x.example/i.png) <https://x.example>",
    "emphasis": "**gras** _i_ __u__ ~~barré~~ `code` ``` ~~~",
    "table": "a | b || c |",
    "heading": "# titre ## x #",
    "list": "- a",
    "plus": "+ a",
    "numbered": "1. a",
    "bracketed": "12) a",
    "setext": "====",
    "rule": "---",
    "task": "[x] fait",
    "quote": "> cité",
    "code": "     quatre espaces",
    "backslash": "C:\\dossier\\ et \\",
    "terminal": "\x1b[31mrouge\x1b[0m \x07 \x9b2J",
    "title": "\x1b]0;titre\x07",
    "bidi": "abc\u202edef\u202c \u2066x\u2069 \u200f",
    "invisible": "a\u200bb\ufeffc\u00add\u2060e\U000e0041",
    "lines": "un\ndeux\r\ntrois\u2028quatre\x85cinq\tsix\x0bsept",
    "surrogate": "a\ud800b",
    "nul": "a\0b",
    "emoji": "👩‍🚒 🏳️‍🌈 é e\u0301",
    "arabic": "مرحبا",
    "long": "x" * 10_000,
    "words": "mot " * 2_500,
    "braces": "{amount} {0} {} %s %(a)s {{x}}",
}
TEXTS = st.one_of(st.sampled_from(list(HOSTILE.values())), st.text(max_size=60))
"""Texts that mean to break out, and any others."""

STEERING = {"Cc", "Cf", "Cs", "Co", "Cn"}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


def page(*blocks: Block) -> Page:
    return Page("fr", blocks)


def every_block(text: str) -> Page:
    """A page that shows one text in every place there is."""
    return page(
        Heading(text, 1),
        Heading(text),
        Heading(text, 3),
        Paragraph(text),
        Paragraph(
            [text, " · ", Link(text, "https://x.example/"), " ", Strong(text), " ", Meter(1, 3, text)], "warning"
        ),
        Items([text, [Strong("a"), " — " + text]]),
        Items([text], "check"),
        Items([text], "numbers"),
        Grid([text, text], [[text, [Link(text, "https://x.example/")]]], text or "x"),
    )


# --- what is left of a text


@settings(deadline=None)
@given(TEXTS)
def test_nothing_that_steers_the_reader_is_left(text: str) -> None:
    for shown in (visible(text), *(write(every_block(text)) for write in (to_text, to_markdown, to_html))):
        left = {c for c in shown if unicodedata.category(c) in STEERING} - {"\n", "\u200d"}
        assert not left
        shown.encode("utf-8")


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_one_line_without_runs_of_spaces(text: str) -> None:
    shown = visible(text)
    assert "\n" not in shown
    assert "  " not in shown
    assert not shown.startswith(" ")
    assert not shown.endswith(" ")
    assert visible(shown) == shown


def test_letters_digits_emoji_and_no_break_spaces_stay() -> None:
    for text in ("85\u202f000\u00a0€", "« Été »", "👩‍🚒", "e\u0301", "مرحبا", "\u00a0: suite"):
        assert visible(text) == text
    assert visible(" un\n deux\t\ttrois ") == "un deux trois"
    assert visible(HOSTILE["lines"]) == "un deux trois quatre cinq six sept"
    assert visible(HOSTILE["terminal"]) == "[31mrouge[0m 2J"
    assert visible(HOSTILE["bidi"]) == "abcdef x"


# --- plain text


@hostile
def test_plain_text_shows_every_word(text: str) -> None:
    shown = to_text(page(Paragraph(text), Items([text]), Grid(["A", "B"], [["x", text]])))
    words = " ".join(shown.split())
    assert words.count(" ".join(visible(text).split())) >= 2 or len(text) > 1_000
    assert visible(text).split(" ")[0] in words


def test_plain_text_is_wrapped_and_indented() -> None:
    shown = to_text(
        page(Heading("T", 1), Heading("S"), Paragraph("mot " * 60), Items(["mot " * 60, "b"]), Items(["c"], "check"))
    )
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[:2] == ["T", "="]
    assert "-" in lines
    assert any(line.startswith("  - mot") for line in lines)
    assert any(line.startswith("    mot") for line in lines)
    assert lines[-1] == "  [ ] c"
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")


def test_numbers_count_and_warnings_stand_out() -> None:
    assert to_markdown(page(Items(["a", "b"], "numbers"))) == "1. a\n2. b\n"
    shown = to_text(page(Items(["a", "b"], "numbers"), Paragraph("attention", "warning"), Paragraph("note", "note")))
    assert shown == "  1. a\n  2. b\n! attention\nnote\n"


def test_a_grid_is_aligned_and_a_wide_one_becomes_a_list() -> None:
    small = to_text(page(Grid(["Étape", "Jours"], [["a", "10"], ["longue", Meter(2, 3, "2/3")]], "Titre")))
    assert small.splitlines() == [
        "Titre", "  Étape   Jours", "  ------  -----", "  a       10", "  longue  2/3",
    ]  # fmt: skip
    wide = to_text(page(Grid(["Étape", "Texte", "Vide"], [["a", "mot " * 40, ""]])))
    assert max(map(len, wide.splitlines())) <= 100
    assert "Texte" in wide
    assert "Vide" not in wide
    assert to_text(page(Grid(["A", "B"], []))).split() == ["A", "B", "-", "-"]


def test_a_line_of_parts_keeps_the_spaces_between_them() -> None:
    line = [Strong("Titre"), "\u00a0: ", "texte ", Link("lien", "https://x.example/"), ", ", Strong("b"), " — fin"]
    assert text_line(line) == "Titre\u00a0: texte lien, b — fin"
    assert markdown_line(line) == "**Titre**\u00a0: texte [lien](<https://x.example/>), **b** — fin"
    assert html_line(line) == (
        '<strong>Titre</strong>\u00a0: texte <a href="https://x.example/">lien</a>, <strong>b</strong> — fin'
    )


# --- HTML, read back by the parser of the standard library


class Reading(HTMLParser):
    """The tags, attributes and texts of a fragment."""

    def __init__(self, fragment: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment came out: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration came out: {decl!r}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration came out: {data!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction came out: {data!r}")


@settings(deadline=None)
@given(TEXTS)
def test_html_holds_the_same_tags_whatever_the_text(text: str) -> None:
    plain, shown = Reading(to_html(every_block("x"))), Reading(to_html(every_block(text)))
    assert shown.tags == plain.tags
    assert not shown.open
    assert [(tag, name) for tag, name, _ in shown.attributes] == [(tag, name) for tag, name, _ in plain.attributes]
    whole = "".join(shown.texts)
    assert whole.count(visible(text)) >= "".join(plain.texts).count("x") or not visible(text)


def test_html_is_made_of_native_elements() -> None:
    shown = to_html(
        page(
            Heading("T", 1),
            Heading("S", 2),
            Heading("U", 9),
            Paragraph("p", "note"),
            Items(["a"], "numbers"),
            Items(["b"], "check"),
            Grid(["A", "B"], [["r", Meter(2, 3, "2 sur 3")]], "légende"),
        )
    )
    assert shown.startswith('<div class="qmi-rules" lang="fr">')
    for part in (
        "<h3>T</h3>", "<h4>S</h4>", "<h6>U</h6>", '<p class="note">p</p>', "<ol", "<ul", "<caption>légende</caption>",
        '<th scope="col">A</th>', '<th scope="row">r</th>',
        '<meter min="0" max="3" value="2" aria-label="2 sur 3">2 sur 3</meter>',
    ):  # fmt: skip
        assert part in shown
    assert to_html(page(Heading("T", 1)), top=1) == '<div class="qmi-rules" lang="fr">\n<h1>T</h1>\n</div>'


URLS = [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//x.example",
    "",
]


@pytest.mark.parametrize("url", URLS)
def test_only_web_and_mail_addresses_become_links(url: str) -> None:
    line = Link("texte", url)
    assert "href" not in html_line(line)
    assert "texte" in html_line(line)
    assert "](" not in markdown_line(line)
    assert "texte" in markdown_line(line)


@pytest.mark.parametrize("url", ["https://x.example/?a=1&b='2'", "http://x.example", "mailto:a@x.example", "#ancre"])
def test_addresses_are_kept_whole(url: str) -> None:
    (found,) = (value for _, name, value in Reading(html_line(Link("t", url))).attributes if name == "href")
    assert found == url


@pytest.mark.parametrize(
    "tail", ['"><script>x</script>', "' onclick='x", ">)", "\\", ") [x](javascript:x)", "\n\n# x", "<b>"]
)
def test_an_address_does_not_break_out(tail: str) -> None:
    url = "https://x.example/" + tail
    reading = Reading(html_line([Link("t", url), "fin"]))
    assert reading.tags == ["a"]
    assert [name for _, name, _ in reading.attributes] == ["href"]
    assert "\n" not in markdown_line(Link("t", url))


# --- Markdown, read back by a CommonMark parser where there is one


def parsed(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Type, tag and text of every token of a CommonMark parser with tables."""
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(markdown):
        if token.type == "inline":
            yield from ((child.type, child.tag, child.content) for child in token.children or ())
        else:
            yield token.type, token.tag, token.content


def shape(markdown: str) -> list[tuple[str, str]]:
    return [(kind, tag) for kind, tag, _ in parsed(markdown) if kind != "text"]


@settings(deadline=None)
@given(TEXTS.filter(lambda text: visible(text).strip()))
def test_markdown_has_the_same_structure_whatever_the_text(text: str) -> None:
    plain, shown = to_markdown(every_block("x")), to_markdown(every_block(text))
    assert shape(shown) == shape(plain)


@settings(deadline=None)
@given(TEXTS.filter(lambda text: visible(text).strip()))
def test_markdown_shows_the_text_as_it_was_written(text: str) -> None:
    for block in (Paragraph(text), Heading(text), Items([text]), Items([text], "numbers"), Grid(["A"], [[text]])):
        found = "".join(content for kind, _, content in parsed(to_markdown(page(block))) if kind == "text")
        head = "A" if isinstance(block, Grid) else ""
        assert found.startswith(head)
        assert found.removeprefix(head).strip() == visible(text).strip()


def test_markdown_says_what_kind_a_block_is() -> None:
    shown = to_markdown(
        page(
            Heading("T", 1),
            Paragraph("p", "note"),
            Items(["a", "b"], "check"),
            Items(["c"], "numbers"),
            Grid(["A", "B|C"], [["x", "y|z"]], "légende"),
        )
    )
    assert shown == (
        "# T\n\n> p\n\n- [ ] a\n- [ ] b\n\n1. c\n\n**légende**\n\n| A | B\\|C |\n| --- | --- |\n| x | y\\|z |\n"
    )


# --- a whole explanation


HARMLESS = Reading(
    decide(
        Purchase(title="x", launched_on=date(2026, 5, 15), estimated_value=85_000, innovative=True, evidence=["x"])
    ).explain("fr", "html")
).tags


@hostile
def test_a_hostile_purchase_is_explained(text: str) -> None:
    kept = text.replace("\0", "").replace("\ud800", "")[:2_000]
    decision = decide(
        Purchase(title=kept, launched_on=date(2026, 5, 15), estimated_value=85_000, innovative=True, evidence=[kept])
    )
    written, marked, tagged = (
        decision.explain("fr", "text"),
        decision.explain("en", "markdown"),
        decision.explain("fr", "html"),
    )
    for shown in (written, marked, tagged):
        assert not {c for c in shown if unicodedata.category(c) in STEERING} - {"\n", "\u200d"}
    assert visible(kept)[:90] in re.sub(r"\s*\n\s*", " ", written)
    assert Reading(tagged).tags == HARMLESS
    assert decision._repr_html_() == tagged


@pytest.mark.parametrize(("code", "expected"), [("fr", "a\u00a0: b\u00a0; c\u00a0: d"), ("en", "a: b; c: d")])
def test_a_table_too_wide_for_a_terminal_has_the_punctuation_of_its_language(code, expected):
    wide = Grid(("x", "a", "c"), (("w" * 130, "b", "d"),))
    assert expected in to_text(Page(code, (wide,)))


def test_a_wide_grid_of_two_columns_labels_each_value_by_its_first_cell() -> None:
    wide = "x" * 130
    page = Page("fr", [Grid(["Objet", "Contenu"], [["Acheteur", "Meudon"], ["Besoin", wide], ["Rien", ""]])])
    text = to_text(page)
    assert "  - Acheteur\N{NO-BREAK SPACE}: Meudon\n" in text
    assert "Contenu" not in text
    assert text.rstrip().endswith("  - Rien")
