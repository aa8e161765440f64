"""The engine of pages: a line is a block by its sign, what is filled in never is; a town's own templates run in a sandbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes

from parsed import PACKAGE
from qmi_rules import DocumentError, Scorecard, decide, render, score
from qmi_rules.pages import Grid, Heading, Items, Link, Meter, Page, Paragraph, Strong, language, to_html, to_text
from qmi_rules.pages.templates import _environment, lay_over, page_of

HOSTILE = "# <b>|x</b> - [a](http://b) {n} {{ 3 }} \ue0000\ue001\n- b"
Write = Callable[..., Page]


@pytest.fixture
def card() -> Scorecard:
    return score("replicability", {"operational_ease": 2})


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a template and the page that it makes in French."""

    def made(template: str, **values: Any) -> Page:
        (tmp_path / "tried.j2").write_text(template, encoding="utf-8")
        token = lay_over(tmp_path)
        try:
            return page_of("tried", language("fr"), **values)
        finally:
            token.var.reset(token)

    return made


@pytest.mark.parametrize(
    ("template", "block"),
    [
        ("# a", Heading("a", 1)),
        ("## a", Heading("a", 2)),
        ("### a", Heading("a", 3)),
        ("#### a", Heading("a", 4)),
        ("a", Paragraph("a")),
        ("  a  ", Paragraph("a")),
        ("! a", Paragraph("a", "warning")),
        ("> a", Paragraph("a", "note")),
        ("- a\n- b", Items(["a", "b"])),
        ("+ a\n+ b", Items(["a", "b"], "numbers")),
        ("[] a\n[] b", Items(["a", "b"], "check")),
        ("| a | b\n| c | d", Grid(["a", "b"], [["c", "d"]])),
        ("|= c\n| a\n| b", Grid(["a"], [["b"]], "c")),
        ("| a | b\n|  | d\n| c |", Grid(["a", "b"], [["", "d"], ["c", ""]])),
        ("#a", Paragraph("#a")),
        ("-a", Paragraph("-a")),
        ("a - b | c", Paragraph("a - b | c")),
    ],
)
def test_a_line_is_a_block_by_its_sign(write: Write, template: str, block: object) -> None:
    assert write(template).blocks == (block,)


def test_an_empty_line_ends_a_list_and_a_table(write: Write) -> None:
    assert write("- a\n\n- b\n| c\n\n| d").blocks == (Items(["a"]), Items(["b"]), Grid(["c"], []), Grid(["d"], []))


@pytest.mark.parametrize("sign", ["", "# ", "- ", "+ ", "[] ", "> ", "! ", "| ", "|= "])
def test_what_a_user_wrote_is_never_a_sign(write: Write, sign: str) -> None:
    (block,) = write(f"{sign}{{{{ it }}}}" + ("\n| a" if sign == "|= " else ""), it=HOSTILE).blocks
    match block:
        case Heading(text=said) | Paragraph(line=said) | Items(lines=[said]) | Grid(caption="", header=[said]):
            assert said == HOSTILE
        case Grid(caption=said):
            assert said == HOSTILE
        case _:
            pytest.fail(f"{block!r}")


def test_nor_in_a_sentence_a_macro_a_list_or_a_link(write: Write) -> None:
    template = """{% macro named(x) %}{{ x }}{% endmacro %}
{% macro lines(x) %}
{{ x }}
{% endmacro %}
| a
| {{ named(it) }}
| {{ _("« {question} »", question=it) }}
| {{ _("« {question} »", question=named(it)) }}
| {{ all_of([named(it), it]) }}
| {{ link(named(it), "https://x.example") }}{{ strong(named(it)) }}
{{ lines(it) }}"""
    grid, paragraph = write(template, it=HOSTILE).blocks
    assert isinstance(grid, Grid)
    quoted = f"«\N{NO-BREAK SPACE}{HOSTILE}\N{NO-BREAK SPACE}»"
    cells = [row[0] for row in grid.rows]
    assert cells[0] == HOSTILE
    assert "".join(cells[1]) == "".join(cells[2]) == quoted  # type: ignore[arg-type]
    assert cells[3] == f"{HOSTILE} et {HOSTILE}"
    assert cells[4] == [Link(HOSTILE, "https://x.example"), Strong(HOSTILE)]
    assert paragraph == Paragraph(HOSTILE)


def test_it_comes_out_escaped(write: Write) -> None:
    page = write("# {{ it }}\n- {{ it }}\n| {{ it }}\n| {{ it }}", it=HOSTILE)
    assert "<b>" not in to_html(page)
    assert to_html(page).count("&lt;b&gt;") == 4
    assert "{{ 3 }}" in to_text(page)
    assert "\ue000" not in to_text(page) + to_html(page)


def test_values_that_are_no_text(write: Write) -> None:
    template = '{{ number(1200) }} {{ strong("b") }}{{ none }}{{ [] }}{{ "" }} {{ meter(1, 3, "1/3") }} {{ 7 }}'
    assert write(template).blocks == (
        Paragraph(["1\N{NARROW NO-BREAK SPACE}200", " ", Strong("b"), " ", Meter(1, 3, "1/3"), " ", "7"]),
    )
    assert write("{{ it }}", it=[Heading("a"), Paragraph("b")]).blocks == (Heading("a"), Paragraph("b"))
    assert write("a\n{{ it }}\nb", it=Page("fr", [Heading("a")])).blocks == (
        Paragraph("a"),
        Heading("a"),
        Paragraph("b"),
    )


def test_lists_are_said_through_filters(write: Write) -> None:
    template = '{{ all_of(["oui", "non"] | map("said")) }} {{ any_of([1, 2] | map("in_words", {1: "a", 2: "b"})) }}'
    assert write(template).blocks == (Paragraph("oui et non a ou b"),)


@pytest.mark.parametrize(
    ("template", "place", "words"),
    [
        ("a\n{{ nothing }}", "tried.j2:2", "'nothing' is undefined"),
        ("a\n\n{{ it.nothing }}", "tried.j2:3", "nothing"),
        ("a\n{% if %}", "tried.j2:2", "TemplateSyntaxError"),
        ("a\n{{ true }}", "tried.j2:2", "a page says True"),
        ("{% include 'nowhere.j2' %}", "tried.j2:1", "nowhere.j2"),
        ("{{ it.__class__.__mro__ }}", "tried.j2:1", "SecurityError"),
        ("{{ it.to_json.__globals__ }}", "tried.j2:1", "SecurityError"),
        ("{{ [].append(1) }}", "tried.j2:1", "SecurityError"),
        ("{{ range(999999999) }}", "tried.j2:1", "Range too big"),
        ("a {{ blocks }}", "tried.j2", "alone on its line"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(
    write: Write, card: Scorecard, template: str, place: str, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        write(template, it=card, blocks=[Heading("a")])
    (problem,) = caught.value.problems
    assert problem.path == "templates"
    assert f"{place} of " in problem.say("en")
    assert words in problem.say("en")


def test_a_template_of_ones_own_takes_the_place_of_ours(card: Scorecard, tmp_path: Path) -> None:
    ours = render(card)
    (tmp_path / "scorecard.j2").write_text('{% include "ours/scorecard.j2" %}\n## {{ it.rubric }}\n', "utf-8")
    assert render(card, templates=tmp_path) == f"{ours}\nreplicability\n-------------\n"
    assert render(card, "en", "markdown", str(tmp_path)).endswith("## replicability\n")
    assert render(card, style="html", templates=tmp_path).endswith("<h4>replicability</h4>\n</div>")
    assert render(card) == ours == card.explain()
    purchase = {"title": "a", "launched_on": "2026-05-15"}
    assert render(decide(purchase), templates=tmp_path) == decide(purchase).explain()  # it has none of its own for this


def test_what_is_no_answer_folder_or_style_is_refused(card: Scorecard, tmp_path: Path) -> None:
    for wrong in ({"answer": "x"}, {"templates": tmp_path / "nowhere"}, {"templates": 3}, {"style": "pdf"}):
        with pytest.raises(DocumentError):
            render(**{"answer": card} | wrong)  # type: ignore[arg-type]


def test_no_template_joins_what_a_macro_made() -> None:
    """A macro gives marked text with numbers in it: joined to a user's words by ``~`` these would be read for signs."""
    shapes = _environment(None)
    for path in sorted((PACKAGE / "data" / "pages").glob("*.j2")):
        tree = shapes.parse(path.read_text(encoding="utf-8"))
        macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        calls = [call for joined in tree.find_all(nodes.Concat) for call in joined.find_all(nodes.Call)]
        assert [call.lineno for call in calls if getattr(call.node, "name", "") in macros] == [], path.name
        # imported ones are called by the name of their file
        assert [call.lineno for call in calls if isinstance(getattr(call.node, "node", None), nodes.Name)] == [], (
            path.name
        )
