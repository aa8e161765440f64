"""Whatever a person typed into any field of a dossier comes out escaped and legible: text, Markdown, HTML, agenda, terminal."""

import copy
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from qmi_rules import Dossier, brief
from qmi_rules.briefing import Briefing
from qmi_rules.briefing.report import to_html_report
from qmi_rules.budget_calendar.icalendar import to_ics
from qmi_rules.doors.cli import main
from qmi_rules.errors import DocumentError
from qmi_rules.pages import language, to_html, to_markdown, to_text
from qmi_rules.schema import structure

icalendar = pytest.importorskip("icalendar")
markdown_it = pytest.importorskip("markdown_it")
EXAMPLE = json.loads((Path(__file__).parents[2] / "examples" / "dossier-pelican-cycles.json").read_text("utf-8"))
LANGUAGES = ("fr", "en")
SHORT = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '"\' onmouseover=alert(1) x="</title></style></svg><svg onload=alert(1)>',
    "entity": "&lt;b&gt; &amp;amp; &#60;i&#62; ]]> <!-- --",
    "markdown": "**gras** _it_ `code` [clic](javascript:alert(1)) ![i](https://x.example/i.png) <https://x.example> | c |",
    "block": "\n\n# titre\n\n- [ ] case\n> cite\n```\nbloc\n| a | b |\n| - | - |",
    "autolink": "https://x.example/a www.x.example qui@x.example ~~non~~ [^1] [a]: b",
    "bidi": "\u202egauche\u202c \u2066iso\u2069 \u200fdroite \u2028ligne\u2029",
    "terminal": "\x1b[31mrouge\x1b[0m \x1b]0;titre\x07 \x9b2J \x08\x7f \r\x1b[2K",
    "agenda": "fin\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:faux;x,y\\n:z",
    "template": "{title} {0} {0.__class__} %s %(x)s {{ 7*7 }} {% raw %} ${x}",
    "emoji": "🚲👩\u200d🚒🇫🇷👍🏽 é e\u0301 日本語 العربية",
    "hidden": "in\u200bvi\u00adsi\ufeffble \ufff9a\ufffb \U000e0041",
}
LONG = {"word": "x" * 10_000, "words": "mot 🚲 " * 1_666, "marks": "<*_&|\\`[" * 1_250}
FIELDS = (
    "purchase.title",
    "purchase.evidence.0",
    "solution.replicability.experiment_deployed.evidence",
    "solution.replicability.experiment_deployed.document",
    "solution.replicability.experiment_deployed.by",
    "solution.innovation_indices.patented.evidence",
    "solution.innovation_indices.patented.document",
    "schedule.milestones.0.id",
    "schedule.milestones.0.who",
    "project.other_public_grants.0.name",
    "checklist.need_met_before.solutions",
)
"""Every field of a dossier that takes free words; what it holds stands between two marks."""
NAMES = (
    "solution.replicability.experiment_deployed.document",
    "solution.replicability.experiment_deployed.by",
    "solution.innovation_indices.patented.document",
    "schedule.milestones.0.id",
    "schedule.milestones.0.who",
    "project.other_public_grants.0.name",
)
"""Fields that hold a name or a reference: ten thousand characters are none."""
HIDDEN_BY_DESIGN = (
    "solution.replicability.experiment_deployed.by",
    "solution.innovation_indices.patented.by",
)
"""Fields that are read, not shown: nothing of theirs need come out."""


def marked(field: str, text: str) -> str:
    return f"Zq{FIELDS.index(field)}a {text} Zq{FIELDS.index(field)}z"


def document(texts: dict[str, str]) -> dict:
    """The example with words of a person in every free field that `texts` names."""
    data = copy.deepcopy(EXAMPLE)
    data["solution"]["innovation_indices"] = {"patented": {"level": "yes", "evidence": "brevet"}}
    data["project"]["other_public_grants"] = [{"name": "Département", "amount": "1000.00"}]
    data["checklist"]["need_met_before"] = {"met": True, "solutions": "un essai"}
    for field, text in texts.items():
        *way, last = (int(step) if step.isdigit() else step for step in field.split("."))
        place = data
        for step in way:
            place = place[step]
        place[last] = text
    return data


@cache
def briefing(kind: str) -> Briefing:
    return brief(structure(document({field: marked(field, SHORT[kind]) for field in FIELDS}), Dossier))


@cache
def calm() -> Briefing:
    return brief(structure(document({field: marked(field, "mots") for field in FIELDS}), Dossier))


@cache
def views(kind: str, lang: str) -> dict[str, str]:
    """What a dossier with such words gives, by view; made once for all that is asked of it."""
    return dict(all_views(briefing(kind), lang))


@cache
def calm_views(lang: str) -> dict[str, str]:
    return dict(all_views(calm(), lang))


def all_views(made: Briefing, lang: str) -> Iterator[tuple[str, str]]:
    say = language(lang)
    for name, page in (("page", made.page(say)), ("summary", made.summary(say))):
        yield f"{name} text", to_text(page)
        yield f"{name} markdown", to_markdown(page)
        yield f"{name} html", to_html(page)
    yield "report html", to_html_report(made, lang)
    yield "notebook html", made._repr_html_()
    assert made.calendar is not None
    yield "ics", to_ics(made.calendar, date(2027, 1, 4), lang)


def steering(text: str, allowed: str = "\n") -> set[str]:
    """Characters that steer a terminal, reverse the reading or hide: none may come out."""
    bad = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")}
    return bad - set(allowed) - {"\u200d"}


class Reader(HTMLParser):
    """What a browser would take for an element, an attribute and a text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@cache
def calm_html(lang: str, name: str) -> Reader:
    return read(calm_views(lang)[name])


def marks(text: str) -> list[tuple[str, str]]:
    """What a Markdown reader would take for a mark, a title, a link."""
    parser = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False})
    found = []
    for token in parser.parse(text):
        found.append((token.type, token.tag))
        found += [(c.type, str(c.attrs.get("href", ""))) for c in token.children or () if c.type != "text"]
    return [mark for mark in found if mark[0] not in ("text_special",)]


@cache
def calm_marks(lang: str, name: str) -> list[tuple[str, str]]:
    return marks(calm_views(lang)[name])


def shown(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SHORT)
def test_nothing_steers_the_terminal_or_the_reading_direction(kind, lang):
    for name, text in views(kind, lang).items():
        assert not steering(text, "\r\n" if name == "ics" else "\n"), name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SHORT)
def test_html_has_no_element_and_no_attribute_of_the_user(kind, lang):
    for name, html in views(kind, lang).items():
        if not name.endswith("html"):
            continue
        reader, expected = read(html), calm_html(lang, name)
        assert reader.tags == expected.tags, name
        assert not any(tag in reader.tags for tag in ("script", "img", "iframe", "object")), name
        assert {attribute for attribute, _ in reader.attributes} == {a for a, _ in expected.attributes}, name
        links = {value for attribute, value in reader.attributes if attribute in ("href", "src")}
        assert links == {v for a, v in expected.attributes if a in ("href", "src")}, name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SHORT)
def test_markdown_has_no_mark_of_the_user(kind, lang):
    for name, text in views(kind, lang).items():
        if name.endswith("markdown"):
            assert marks(text) == calm_marks(lang, name), name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SHORT)
def test_an_agenda_reads_the_same_events(kind, lang):
    text = views(kind, lang)["ics"]
    calendar = icalendar.Calendar.from_ical(text)
    expected = icalendar.Calendar.from_ical(calm_views(lang)["ics"])
    events, calm_events = calendar.walk("VEVENT"), expected.walk("VEVENT")
    assert [(e["DTSTART"].dt, e["DTEND"].dt) for e in events] == [(e["DTSTART"].dt, e["DTEND"].dt) for e in calm_events]
    assert all("Zq0a" in str(event["SUMMARY"]) and "Zq0z" in str(event["SUMMARY"]) for event in events)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SHORT)
def test_every_field_that_is_shown_stays_legible(kind, lang):
    """The marks before and after what was typed come out, and between them every word of it."""
    texts = views(kind, lang)
    page = shown("".join(read(texts["report html"]).words))
    plain = re.findall(r"[a-zà-ü]{4,}", re.sub("[\x00-\x1f\x7f-\x9f].{0,4}", " ", SHORT[kind]))
    for field in set(FIELDS) - set(HIDDEN_BY_DESIGN):
        start, end = f"Zq{FIELDS.index(field)}a", f"Zq{FIELDS.index(field)}z"
        for name, text in (("report", page), ("text", shown(texts["page text"])), ("markdown", texts["page markdown"])):
            assert start in text, (field, name)
            assert end in text[text.index(start) :], (field, name)
            between = text[text.index(start) : text.index(end, text.index(start))]
            assert [word for word in plain if word not in between] == [], (field, name)


def test_what_was_typed_stands_in_the_report_letter_for_letter():
    for kind in ("script", "attribute", "entity", "markdown", "template", "emoji"):
        words = shown("".join(read(to_html_report(briefing(kind))).words))
        assert shown(SHORT[kind]) in words, kind


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("field", NAMES)
def test_a_name_of_ten_thousand_characters_is_refused_and_named(field, kind):
    """A name may be too long to be one: the refusal says which field and how much fits."""
    with pytest.raises(DocumentError, match=r"a text of 1 to \d+ characters") as refused:
        structure(document({field: marked(field, LONG[kind])}), Dossier)
    assert [problem.path for problem in refused.value.problems] == [re.sub(r"\.(\d+)", r"[\1]", field)]
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", LONG)
def test_ten_thousand_characters_in_every_free_field_come_out(kind, lang):
    made = brief(
        structure(document({field: marked(field, LONG[kind]) for field in FIELDS if field not in NAMES}), Dossier)
    )
    for name, text in all_views(made, lang):
        if name == "ics":
            assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        assert not steering(text, "\r\n"), name


@pytest.fixture
def run(capfdbinary, monkeypatch):
    def run(*arguments: str, stdin: bytes) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as leaving:
            main(arguments)
        captured = capfdbinary.readouterr()
        return int(leaving.value.code or 0), captured.out.decode(), captured.err.decode()

    return run


@pytest.mark.parametrize("arguments", [(), ("--summary",), ("--lang", "en"), ("--json",)])
@pytest.mark.parametrize("kind", ["terminal", "bidi", "hidden", "block"])
def test_the_terminal_of_every_command_stays_as_it_is(run, kind, arguments):
    data = document({field: marked(field, SHORT[kind]) for field in FIELDS})
    status, out, err = run("brief", "-", *arguments, stdin=json.dumps(data).encode())
    assert status == 0, err
    assert not steering(out)
    assert not steering(err)
    if "--json" in arguments:  # escaped, not lost
        assert json.loads(out)["dossier"]["purchase"]["title"] == data["purchase"]["title"]


@pytest.mark.parametrize(
    "field",
    ["purchase.contract_type", "purchase.cpv", "commune.budget_vote", "schedule.procedure", "commune.insee_code"],
)
def test_a_refusal_does_not_repeat_what_steers(run, field):
    for kind, text in SHORT.items():
        status, out, err = run("brief", "-", stdin=json.dumps(document({field: text})).encode())
        assert (status, out) == (2, ""), kind
        assert field in err, kind
        assert not steering(err), kind
        assert "Traceback" not in err, kind


@pytest.mark.parametrize("kind", SHORT)
def test_a_key_that_nobody_knows_is_refused_without_steering(run, kind):
    data = document({})
    data["purchase"][SHORT[kind]] = 1
    status, _, err = run("brief", "-", stdin=json.dumps(data).encode())
    assert status == 2
    assert "clé inconnue" in err
    assert not steering(err)
