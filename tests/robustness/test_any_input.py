"""Whatever comes in: documents, TOML files and command lines are read, or refused with the faults named; nothing else is raised."""

import io
import json
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules import Purchase, decide, from_json, to_json
from qmi_rules.doors.cli import main
from qmi_rules.doors.cli.purchases import example
from qmi_rules.errors import DocumentError, LocalRuleWarning, TableError
from qmi_rules.funding import load_schemes
from qmi_rules.law import default_table, load_table
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Checklist, Dossier
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.schema import json_schema, structure
from qmi_rules.scoring import load_rubric

CLASSES = (Purchase, Dossier, Commune, Schedule, Project, Checklist, EvidenceFile)
BOUNDED = settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "2026-09-01",
            "85000",
            "85000.001",
            "-1",
            "NaN",
            "1e400",
            "commune",
            "works",
            "0.20",
            "1990-01-01",
            "true",
            "\ud800",
            "\0",
        ]
    )
    | st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(str)
)


def keys() -> list[str]:
    found: set[str] = set()
    for cls in CLASSES:
        schema = json_schema(cls)
        for part in (schema, *schema.get("$defs", {}).values()):
            found |= set(part.get("properties", ()))
    return sorted(found)


trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(keys()) | st.text(max_size=6), inner, max_size=6)
    ),
    max_leaves=25,
)


def example_documents() -> list[tuple[type, dict]]:
    dossier = json.loads(example("dossier-pelican-cycles.json").read_bytes())
    return [
        (Dossier, dossier),
        (Purchase, dossier["purchase"]),
        (Commune, dossier["commune"]),
        (Schedule, dossier["schedule"]),
        (Project, dossier["project"]),
        (EvidenceFile, json.loads(example("solution-pelican-cycles.json").read_bytes())),
    ]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[type, object]:
    """An example document in which one place holds something else, is gone, or stands elsewhere."""
    cls, document = draw(st.sampled_from(example_documents()))
    document = json.loads(json.dumps(document))
    place = document
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[key]
        if isinstance(inner, (dict, list)) and inner and draw(st.booleans()):
            place = inner
            continue
        match draw(st.sampled_from(["replace", "remove", "rename"])):
            case "replace":
                place[key] = draw(trees)
            case "remove":
                del place[key]
            case _ if isinstance(place, dict):
                place[draw(st.text(max_size=8))] = place.pop(key)
        return cls, document


def refused_in_words(error: DocumentError | TableError) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.message
        assert len(str(problem)) < 5_000


def read(cls: type, text: str | bytes) -> object | None:
    """The document, which reads back the same, or None where it is refused in words."""
    try:
        document = from_json(text, cls)
    except DocumentError as error:
        refused_in_words(error)
        return None
    assert from_json(to_json(document), cls) == document
    return document


@BOUNDED
@given(st.sampled_from(CLASSES), trees)
def test_any_tree_is_read_or_refused(cls, tree):
    read(cls, json.dumps(tree))


@BOUNDED
@given(damaged())
def test_a_damaged_example_is_read_or_refused_and_what_is_read_is_answered(found):
    cls, document = found
    purchase = read(cls, json.dumps(document))
    if isinstance(purchase, Purchase):
        decide(purchase).to_json()


@BOUNDED
@given(st.sampled_from(CLASSES), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(cls, data):
    read(cls, data)


@BOUNDED
@given(st.sampled_from(CLASSES), trees)
def test_plain_data_that_never_was_a_text_is_read_or_refused(cls, tree):
    try:
        structure(tree, cls)
    except DocumentError as error:
        refused_in_words(error)


# --- TOML files

FILES = [example("regles-locales.toml").read_text("utf-8")]
LOADERS = (load_table, load_rubric, load_schemes)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("toml") / "any.toml"


def load(loader, file):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", LocalRuleWarning)
        try:
            loaded = loader(file)
            if getattr(loaded, "local", False):
                loaded.over(default_table())
        except (TableError, DocumentError) as error:
            refused_in_words(error)
    assert all(one.message.say("fr") for one in told)


@st.composite
def damaged_toml(draw: st.DrawFn) -> str:
    lines = draw(st.sampled_from(FILES)).splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    cut = draw(st.integers(0, len(line)))
    lines[at] = draw(
        st.sampled_from(
            [
                "",
                line + line,
                line[:cut],
                line.replace('"', ""),
                line.replace("=", "= -"),
                "[[rules]]",
                "[facts]",
                "when = [[[1]]]",
            ]
        )
        | st.text(max_size=20)
    )
    return "\n".join(lines)


@BOUNDED
@given(text=damaged_toml(), loader=st.sampled_from(LOADERS))
def test_a_damaged_local_file_is_loaded_or_refused(file, text, loader):
    file.write_text(text, "utf-8", "surrogatepass")
    load(loader, file)


@BOUNDED
@given(data=st.binary(max_size=200), loader=st.sampled_from(LOADERS))
def test_any_bytes_as_toml_are_refused_in_words(file, data, loader):
    file.write_bytes(data)
    load(loader, file)


# --- the command line

WORDS = [
    "-",
    "--json",
    "--lang",
    "fr",
    "en",
    "de",
    "--known-on",
    "--on",
    "2026-05-15",
    "2026-02-30",
    "replicability",
    "--table",
    "innovative_purchase",
]
COMMANDS = [
    "decide",
    "brief",
    "score",
    "calendar",
    "funding",
    "note",
    "law",
    "compare",
    "schema",
    "timeline",
    "what-if",
    "stale",
    "replay",
]


@settings(BOUNDED, max_examples=examples(60))
@given(
    st.sampled_from(COMMANDS),
    st.lists(st.sampled_from(WORDS) | st.text(max_size=8).map(lambda word: word.lstrip("-")), max_size=5),
    damaged().map(lambda found: json.dumps(found[1]).encode()) | st.binary(max_size=60),
)
def test_any_command_line_ends_with_a_status_and_without_a_traceback(command, words, document):
    out, faults = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(document))
    try:
        with redirect_stdout(out), redirect_stderr(faults), pytest.raises(SystemExit) as leaving:
            main([command, *words])
    finally:
        sys.stdin = before
    assert leaving.value.code in (0, 1, 2, None)
    assert "Traceback" not in faults.getvalue()
    if leaving.value.code:
        assert faults.getvalue().strip() or out.buffer.tell()


@pytest.mark.parametrize(
    "arguments", [["decide", "a\0b"], ["check", "--table", "a\0b"], ["funding", "-", "--schemes", "a\0b"]]
)
def test_a_name_that_no_file_can_have_is_bad_input(arguments, monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
    assert "lecture impossible" in capfd.readouterr().err
