"""The command line: answers on standard output, faults on standard error with their paths, no traceback ever."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from qmi_rules import Decision, from_json
from qmi_rules.doors.cli import main
from small_law import FOLDER as SMALL_LAW
from small_law import small_table

EXAMPLES = Path(__file__).parents[2] / "examples"
PELICAN = str(EXAMPLES / "pelican-cycles.json")
DOSSIER = str(EXAMPLES / "dossier-pelican-cycles.json")


class Ran:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def run(capfdbinary, monkeypatch):
    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        import io

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as leaving:
            main(arguments)
        captured = capfdbinary.readouterr()
        return Ran(int(leaving.value.code or 0), captured.out.decode(), captured.err.decode())

    return run


def test_demo_decides_the_three_cases_and_asks_for_what_the_guide_does_not_say(run):
    ran = run("demo")
    assert ran.status == 0
    assert ran.out.count("# Exemple") == 3
    assert "Quelle est la valeur estimée du besoin entier" in ran.out


def test_demo_speaks_english_and_json(run):
    assert "What is the estimated value" in run("demo", "--lang", "en").out
    assert len(json.loads(run("demo", "--json").out)) == 3


@pytest.mark.parametrize("command", ["decide", "brief"])
def test_the_card_and_three_lines_are_the_answer_and_the_rest_is_on_request(run, command):
    file = DOSSIER if command == "brief" else PELICAN
    card, more = run(command, file).out.split("\n\n")
    assert len(card.splitlines()) <= 12
    assert len(more.splitlines()) == 3
    assert all("qmi-rules " in line for line in more.splitlines())
    full = run(command, file, "--full").out
    assert len(full.splitlines()) > 100
    assert card.splitlines()[0].removesuffix(".") in full


def test_decide_answers_json_that_reads_back(run):
    ran = run("decide", PELICAN, "--json")
    assert ran.status == 0
    assert from_json(ran.out, Decision).purchase.launched_on == date(2026, 12, 1)


def test_decide_reads_standard_input(run):
    document = {"title": "x", "launched_on": "2026-05-15", "contract_type": "services", "estimated_value": "85000"}
    ran = run("decide", "-", "--json", stdin=json.dumps(document).encode())
    assert json.loads(ran.out)["lightest"] == "adapted_procedure"


def test_known_on_limits_the_law_to_what_was_published(run):
    document = {"title": "x", "launched_on": "2026-05-15", "contract_type": "services", "estimated_value": "50000"}
    stdin = json.dumps(document).encode()
    assert json.loads(run("decide", "-", "--json", stdin=stdin).out)["lightest"] == "direct_award"
    ran = run("decide", "-", "--json", "--known-on", "2025-11-30", stdin=stdin)
    assert json.loads(ran.out)["lightest"] == "adapted_procedure"


def test_every_fault_of_a_document_is_named_with_its_path(run):
    ran = run(
        "decide",
        "-",
        stdin=b'{"title": " ", "launched_on": "0218-01-01", "lots": [{"id": "a", "estimated_value": "-1"}], "oops": 1}',
    )
    assert ran.status == 2
    assert ran.out == ""
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == [
        "title",
        "launched_on",
        "lots[0].estimated_value",
        "oops",
    ]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "stdin",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"title": "x", "title": "y"}', b"[" * 5_000, b'"' + b"x" * 9_000_000],
)
def test_what_is_no_document_ends_with_status_2(run, stdin):
    ran = run("decide", "-", stdin=stdin)
    assert ran.status == 2
    assert ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", "/nowhere.json"),
        ("decide", PELICAN, "--lang", "de"),
        ("decide", PELICAN, "--table", "/nowhere.toml"),
        ("law", "--on", "tomorrow"),
        ("law",),
        ("schema", "nothing"),
        ("bogus",),
        ("calendar", PELICAN),
        ("score", "nothing", DOSSIER),
    ],
)
def test_bad_arguments_end_with_status_2_and_a_message(run, arguments):
    ran = run(*arguments)
    assert ran.status == 2
    assert ran.err.strip()
    assert "Traceback" not in ran.err


def test_control_characters_of_a_document_do_not_reach_the_terminal(run):
    document = {"title": "a\u001b[31mred\u202e", "launched_on": "2026-05-15"}
    assert "\x1b" not in run("decide", "-", stdin=json.dumps(document).encode()).out


def test_law_shows_what_is_in_force_with_articles(run):
    ran = run("law", "--on", "2026-08-01")
    assert ran.status == 0
    assert "60 000 € HT" in ran.out.replace("\u202f", " ").replace("\xa0", " ")
    thresholds = {t["id"]: t for t in json.loads(run("law", "--on", "2026-08-01", "--json").out)["thresholds"]}
    assert thresholds["innovative_purchase"]["amounts"] == ["100000", "140000"]
    assert thresholds["innovative_purchase"]["contested"] is True


def test_law_against_the_guide(run):
    verdicts = {
        c["verdict"]
        for c in json.loads(run("law", "--on", "2026-11-24", "--against-guide", "--json").out)["comparisons"]
    }
    assert {"behind", "contested", "open_at_the_edge"} <= verdicts


def test_schema_lists_and_prints_every_document(run):
    for name in run("schema").out.split():
        assert json.loads(run("schema", name).out)["type"] == "object"


def test_a_local_table_tightens(run):
    document = {
        "title": "x",
        "launched_on": "2026-05-15",
        "contract_type": "supplies",
        "estimated_value": "45000",
        "buyer": {"kind": "commune"},
    }
    stdin = json.dumps(document).encode()
    ran = run("decide", "-", "--json", "--table", str(EXAMPLES / "regles-locales.toml"), stdin=stdin)
    assert json.loads(ran.out)["lightest"] != "direct_award"


def test_brief_writes_the_report_the_markdown_and_the_calendar(run, tmp_path):
    html, md, ics = tmp_path / "r.html", tmp_path / "r.md", tmp_path / "r.ics"
    ran = run("brief", DOSSIER, "--html", str(html), "--md", str(md), "--ics", str(ics))
    assert ran.status == 0
    assert html.read_text("utf-8").startswith("<!doctype html>")
    assert md.read_text("utf-8").startswith("# ")
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert "Sans publicité ni mise en concurrence" in ran.out
    assert "Vous pouvez acheter ainsi" in run("brief", DOSSIER, "--full").out


def test_brief_takes_a_purchase_alone(run):
    assert json.loads(run("brief", PELICAN, "--json").out)["calendar"] is None


def test_score_calendar_and_funding_answer_a_dossier(run):
    assert json.loads(run("score", "replicability", DOSSIER, "--json").out)["maximum"] == 15
    assert json.loads(run("calendar", DOSSIER, "--json").out)["feasible"] is True
    assert json.loads(run("funding", DOSSIER, "--json").out)["plan"]["grants_total"] == "30750.00"


def test_check_proves_the_table_and_writes_a_certificate(run, tmp_path):
    # a small table: that the national one is whole, tests/law/test_proof.py says
    ran = run("check", "--table", str(SMALL_LAW), "--certificate", str(tmp_path / "c.json"))
    assert ran.status == 0
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))["table_hash"] == small_table().hash


def test_compare_names_the_text_that_changed_the_answer(run):
    assert "R.\u00a02122-8" in run("compare", "2026-03-31", "2026-04-01").out


def test_stale_lists_what_the_sources_disagree_on(run):
    entries = json.loads(run("stale", "--on", "2026-11-24", "--json").out)["entries"]
    assert any(entry["id"] == "innovative_purchase" and entry["reason"] == "contested" for entry in entries)


def test_timeline_what_if_and_replay_answer_one_purchase(run):
    assert run("timeline", DOSSIER).status == 0
    assert "R.\u00a02121-4" in run("what-if", DOSSIER, "direct_award").out
    assert run("what-if", DOSSIER, "nothing").status == 2
    decided = run("decide", PELICAN, "--json").out
    assert json.loads(run("replay", "-", "--json", stdin=decided.encode()).out)["reason"] == "same"


def test_replay_ends_with_1_where_the_answer_is_another_today(run):
    decided = run("decide", PELICAN, "--json").out
    assert run("replay", "-", stdin=decided.encode()).status == 0
    other = json.loads(decided)
    other["options"][0]["status"] = "closed"
    found = run("replay", "-", "--json", stdin=json.dumps(other).encode())
    assert found.status == 1
    assert json.loads(found.out)["differences"]


def test_ask_asks_until_told_to_stop(run, monkeypatch, tmp_path):
    lines = iter(["12 000", "retour", "70 000", "seul", "un seul", "nouvelle"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    ran = run("ask", PELICAN, "--save", str(tmp_path / "p.json"))
    assert ran.status == 0
    assert json.loads((tmp_path / "p.json").read_text("utf-8"))["purchase"]["innovative"] is True


@pytest.mark.parametrize("words", [("Meudon", "Vélos", "fournitures", "12 000"), ("?", "?", "?", "?")])
def test_what_ask_saves_is_a_dossier_that_every_command_takes(run, monkeypatch, tmp_path, words):
    replies = iter([*words, "mai 2026", "fin"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(replies))
    saved = str(tmp_path / "a.json")
    assert run("ask", "--save", saved).status == 0
    for command in (["decide"], ["brief"], ["timeline"], ["note"], ["draft", "decision"], ["score", "replicability"]):
        assert run(*command, saved).status == 0, command
    assert run("what-if", saved, "direct_award").status == 0
    monkeypatch.setattr("builtins.input", lambda prompt: "fin")
    assert run("ask", saved).status == 0


@pytest.mark.parametrize(("typed", "kept"), [("{file}", True), ("", False), ("non", False)])
def test_who_breaks_ask_off_is_offered_to_save(run, monkeypatch, tmp_path, typed, kept):
    file = tmp_path / "a.json"
    replies = iter(["Pantin", KeyboardInterrupt(), typed.format(file=file)])

    def reply(prompt):
        given = next(replies)
        if isinstance(given, BaseException):
            raise given
        return given

    monkeypatch.setattr("builtins.input", reply)
    ran = run("ask")
    assert ran.status == 130
    assert "Enregistrer ce qui a été répondu" in ran.out
    assert file.exists() is kept
    if kept:
        assert json.loads(file.read_text("utf-8"))["purchase"]["buyer"]["insee_code"] == "93055"


def test_ask_asks_again_for_a_line_that_is_no_utf_8_and_loses_nothing(run, monkeypatch, tmp_path):
    replies = iter(["Pantin", "Vélos", "é".encode("latin-1"), "travaux", "fin"])

    def typed(prompt):
        reply = next(replies)
        return reply if isinstance(reply, str) else reply.decode("utf-8")

    monkeypatch.setattr("builtins.input", typed)
    ran = run("ask", "--save", str(tmp_path / "a.json"))
    assert "UTF-8" in ran.out
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["purchase"]["title"] == "Vélos"


def test_ask_ends_where_standard_input_is_no_text(run):
    assert run("ask", stdin=b"\xd9\xce").status == 0


def test_ask_says_what_a_purchase_still_lacks(run, monkeypatch, tmp_path):
    monkeypatch.setattr("builtins.input", lambda prompt: "fin")
    ran = run("ask", "--save", str(tmp_path / "a.json"))
    assert "Il manque la date de lancement" in ran.out


def test_decide_shows_one_procedure_alone_and_what_to_write_down(run):
    alone = run("decide", PELICAN, "--procedure", "open_procedure")
    assert alone.out.startswith("\nAppel d’offres ouvert") or "Appel d’offres ouvert" in alone.out.splitlines()[0]
    assert "Procédure adaptée" not in alone.out
    assert json.loads(run("decide", PELICAN, "--procedure", "open_procedure", "--json").out)["status"] == "open"
    assert "À écrire et à garder" in run("decide", PELICAN, "--written", "open_procedure").out
    wrong = run("decide", PELICAN, "--procedure", "nothing", "--lang", "en")
    assert (wrong.status, "there are direct_award" in wrong.err) == (2, True)


def test_audit_reads_a_file_and_writes_csv_and_html(run, tmp_path):
    records = {"marches": [{"id": "1", "montant": "not a number", "procedure": "Procédure adaptée"}]}
    (tmp_path / "decp.json").write_text(json.dumps(records), "utf-8")
    ran = run(
        "audit",
        str(tmp_path / "decp.json"),
        "--csv",
        str(tmp_path / "a.csv"),
        "--html",
        str(tmp_path / "a.html"),
        "--json",
    )
    assert ran.status == 0
    assert json.loads(ran.out)["records"] == 1
    assert (tmp_path / "a.csv").exists()
    assert (tmp_path / "a.html").read_text("utf-8").startswith("<!")


@pytest.mark.parametrize("solution", [None, {}, {"replicability": None}])
def test_score_of_a_dossier_without_answers_leaves_everything_open(run, tmp_path, solution):
    file = tmp_path / "dossier.json"
    file.write_text(json.dumps(json.loads(Path(DOSSIER).read_text("utf-8")) | {"solution": solution}), "utf-8")
    ran = run("score", "replicability", str(file), "--json")
    assert (ran.status, len(json.loads(ran.out)["missing"])) == (0, 5)


def test_score_of_a_dossier_whose_solution_is_no_object_says_so(run, tmp_path):
    file = tmp_path / "dossier.json"
    file.write_text(json.dumps(json.loads(Path(DOSSIER).read_text("utf-8")) | {"solution": [1]}), "utf-8")
    ran = run("score", "replicability", str(file))
    assert ran.status == 2
    assert "solution: attendu" in ran.err


def test_score_finds_the_answers_of_a_rubric_that_comes_as_a_file(run):
    rubric = Path(__file__).parents[2] / "src" / "qmi_rules" / "data" / "rubrics" / "replicability.toml"
    card = json.loads(run("score", str(rubric), DOSSIER, "--json").out)
    assert card["missing"] == ["financial_stability"]


def test_a_file_that_cannot_be_written_is_named(run, tmp_path):
    ran = run("brief", DOSSIER, "--html", str(tmp_path / "nowhere" / "x.html"))
    assert ran.status == 2
    assert "x.html: écriture impossible" in ran.err


def test_faults_are_in_the_language_asked_for_and_json_where_that_was_asked_for(run, tmp_path):
    file = tmp_path / "purchase.json"
    file.write_text('{"title": "x", "launched_on": "15/05/2026"}', "utf-8")
    assert "launched_on: attendu\N{NO-BREAK SPACE}: une date" in run("decide", str(file)).err
    assert "launched_on: expected a date" in run("decide", str(file), "--lang=en").err
    for arguments, words in (([], "attendu"), (["--lang", "en"], "expected")):
        ran = run("decide", str(file), "--json", *arguments)
        (fault,) = json.loads(ran.err)["faults"]
        assert (ran.status, ran.out) == (2, "")
        assert (fault["code"], fault["path"]) == ("not_a_date", "launched_on")
        assert fault["message"].startswith(words)


def test_a_file_that_is_not_there_is_a_fault_in_json_too(run, tmp_path):
    ran = run("decide", str(tmp_path / "nowhere.json"), "--json")
    assert (ran.status, ran.out) == (2, "")
    assert json.loads(ran.err)["format"] == "qmi-rules/faults/1"
    assert json.loads(ran.err)["where"].endswith("nowhere.json")


def test_a_command_is_found_in_the_module_that_is_loaded_for_it():
    from qmi_rules.doors.cli.app import COMMANDS, application

    def names(app):
        return {name for name in app if not name.startswith("-")}

    everything = names(application())
    assert everything == {name for commands in COMMANDS.values() for name in commands}
    for module, commands in COMMANDS.items():
        for name in commands:
            assert names(application(name)) == ({name} if module == "questions" else set(commands))
    assert names(application("--help")) == names(application("decid")) == everything


def test_python_runs_the_package_as_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "qmi_rules", "schema"], capture_output=True, text=True, check=True, timeout=120
    )
    assert "purchase" in ran.stdout.splitlines()
