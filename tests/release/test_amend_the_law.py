"""The walk of docs/howto/amend-the-law.md: the decree of 29 December 2025 replayed on a small table that lacks it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve

from qmi_rules.doors.cli import main
from qmi_rules.law import amend, compare_law, load_table
from qmi_rules.model import Purchase
from qmi_rules.procurement import decide
from qmi_rules.schema import structure
from small_law import FOLDER, small_table

DECREE = "2025-1386"

# What a maintainer types, from the decree's articles 1 and 3: one value a series, each with its text, its days and its certainty.
DISPENSE = """
  [[thresholds.values]]
  amount = 60_000
  effective_from = 2026-04-01
  published_on = 2025-12-30
  legal_basis = "ccp-r2122-8"
  source = "texte du décret 2025-1386, art. 1er et 3"
  certainty = "confirmed"
"""
CASES = """
[[cases]]
id = "supplies-under-60000-since-april-2026"
open = ["direct_award"]
[cases.purchase]
title = "Mobilier"
launched_on = 2026-04-01
estimated_value = "59999.99"
contract_type = "supplies"

[[cases]]
id = "services-the-day-before-the-decree"
closed = ["direct_award"]
[cases.purchase]
title = "Maintenance"
launched_on = 2026-03-31
estimated_value = "59999.99"
contract_type = "services"
"""
WORKS = DISPENSE.replace("60_000", "100_000").replace("2026-04-01", "2026-01-01")
BUYER_PROFILE = DISPENSE.replace("ccp-r2122-8", "ccp-r2132-2")


def without_the_decree(folder: Path) -> Path:
    """A copy of the national table as it stood before the decree: its source, its values and its caution are taken out."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, block in (
        ("thresholds.toml", "[[thresholds.values]]"),
        ("cautions.toml", "[[cautions]]"),
        ("sources.toml", "[[sources]]"),
    ):
        path = folder / name
        first, *blocks = re.split(r"(?m)^(?= *\[\[)", path.read_text("utf-8"))
        kept = [text for text in blocks if not (DECREE in text and text.lstrip().startswith(block))]
        assert len(kept) < len(blocks), name
        path.write_text("".join([first, *kept]), "utf-8")
    return folder


def add_value(folder: Path, threshold: str, value: str) -> None:
    """Put a value at its place in time among those of its series, as a maintainer does in an editor."""
    path = folder / "thresholds.toml"
    series = re.split(r"(?m)^(?=\[\[thresholds\]\])", path.read_text("utf-8"))
    (place,) = (i for i, text in enumerate(series) if f'id = "{threshold}"\n' in text)
    head, *values = re.split(r"(?m)^(?=  \[\[thresholds\.values\]\])", series[place].rstrip("\n") + "\n")
    values.append(value.strip("\n") + "\n")
    series[place] = head + "".join(sorted(values, key=_since)) + "\n"
    path.write_text("".join(series), "utf-8")


def _since(value: str) -> str:
    found = re.search(r"effective_from = (\S+)", value)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return without_the_decree(tmp_path_factory.mktemp("law") / "before")


@pytest.fixture(scope="module")
def after(before: Path) -> Path:
    """The copy with the decree entered."""
    folder = before.parent / "after"
    shutil.copytree(before, folder)
    add_value(folder, "direct_award.supplies_services", DISPENSE)
    add_value(folder, "direct_award.works", WORKS)
    add_value(folder, "documents_on_buyer_profile", BUYER_PROFILE)
    return folder


def command(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    return int(leaving.value.code or 0), capfdbinary.readouterr().out.decode()


def test_before_the_decree_the_table_says_40_000(before):
    law = load_table(before)
    assert law.in_force(date(2026, 4, 1)).amount("direct_award.supplies_services") == 40_000
    assert law.in_force(date(2026, 1, 1)).amount("direct_award.works") == 40_000  # the stand-alone texts have ended


@pytest.mark.slow
def test_before_the_decree_the_proof_shows_the_row_that_waits_for_more(before):
    (flaw,) = (
        load_table(before).check().flaws
    )  # no direct award of works reaches the amount from which its data must be published
    assert (flaw.kind, flaw.rows, flaw.since) == (
        "never_fires",
        ("essential_data-direct_award",),
        date(2026, 1, 1),
    )


@pytest.mark.slow
def test_the_amended_table_is_proved(after, capfdbinary):
    status, out = command(capfdbinary, "check", "--table", str(after), "--json")
    assert status == 0
    assert json.loads(out)["holds"] is True


@pytest.mark.parametrize(
    ("day", "contract_types", "low", "high"),
    [("2026-04-01", {"supplies", "services"}, 40_000, 60_000), ("2026-01-01", {"works"}, 40_000, 100_000)],
)
def test_compare_names_exactly_the_cases_that_the_decree_changes(
    before, after, capfdbinary, day, contract_types, low, high
):
    status, out = command(capfdbinary, "compare", day, day, "--table", str(before), "--other", str(after), "--json")
    assert status == 0
    whole = [
        r
        for r in json.loads(out)["regions"]
        if not r["lots"] and set(r["box"].get("contract_type", ())) <= contract_types
    ]
    assert [(r["procedure"], r["before"], r["after"]) for r in whole] == [("direct_award", "closed", "open")]
    (region,) = whole
    assert set(region["box"]["contract_type"]) == contract_types
    assert (int(region["box"]["estimated_value"]["from"]), int(region["box"]["estimated_value"]["below"])) == (
        low,
        high,
    )
    assert [(cause["id"], cause["legal_basis"]) for cause in region["because"]] == [
        ("direct_award.works" if "works" in contract_types else "direct_award.supplies_services", "ccp-r2122-8")
    ]


def test_nothing_changes_on_the_day_before(before, after, capfdbinary):
    for day in ("2025-12-31", "2020-01-01"):
        _, out = command(capfdbinary, "compare", day, day, "--table", str(before), "--other", str(after), "--json")
        assert json.loads(out)["regions"] == [], day


def test_who_could_know_only_november_2025_sees_no_change(before, after):
    purchase = Purchase(title="x", launched_on=date(2026, 5, 1), contract_type="services", estimated_value=50_000)
    old, new = load_table(before), load_table(after)
    known = date(2025, 11, 30)
    assert (
        decide(purchase, new, known)["direct_award"].status
        == decide(purchase, old, known)["direct_award"].status
        == "closed"
    )
    assert decide(purchase, new)["direct_award"].status == "open"


def test_the_cases_that_need_a_new_answer_are_found(before, after):
    """What `pytest tests/law` shows a maintainer: the stated answers that the table without the decree does not give."""
    old, new = load_table(before), load_table(after)
    failing = {
        table: [case["id"] for case in tomllib.loads(CASES)["cases"] if not _as_stated(case, law)]
        for table, law in (("old", old), ("new", new))
    }
    assert "supplies-under-60000-since-april-2026" in failing["old"]
    assert "services-the-day-before-the-decree" not in failing["old"]
    assert failing["new"] == []


def _as_stated(case, law):
    document = {k: v.isoformat() if isinstance(v, date) else v for k, v in case["purchase"].items()}
    decision = decide(structure(document, Purchase), law)
    return all(
        decision[name].status == status
        for status in ("open", "closed", "undetermined")
        for name in case.get(status, ())
        if name == "direct_award"
    )


def walked(before, after, capfdbinary, *arguments):
    """What `qmi-rules amend` says of the two tables, as data."""
    status, out = command(capfdbinary, "amend", str(before), str(after), *arguments, "--json")
    return status, json.loads(out)


def test_the_command_names_the_values_that_the_decree_added_and_the_rows_they_bear_on(before, after, capfdbinary):
    status, said = walked(before, after, capfdbinary)
    assert status == 0
    assert said["holds"] is True
    assert [(edit["id"], edit["change"], edit["since"], edit["legal_basis"]) for edit in said["edits"]] == [
        ("direct_award.supplies_services", "added", "2026-04-01", "ccp-r2122-8"),
        ("direct_award.works", "added", "2026-01-01", "ccp-r2122-8"),
        ("documents_on_buyer_profile", "added", "2026-04-01", "ccp-r2132-2"),
    ]
    assert "direct_award-supplies_services" in said["edits"][0]["bears_on"]
    assert said["edits"][2]["bears_on"] == ["documents_on_buyer_profile"]


def test_the_command_says_from_which_day_whose_answer_changes(before, after, capfdbinary):
    _, said = walked(before, after, capfdbinary)
    whole = [
        (passage["since"], passage["until"], region["procedure"], tuple(region["box"]["contract_type"]))
        for passage in said["passages"]
        for region in passage["regions"]
        if not region["lots"]
    ]
    assert whole[0] == ("2026-01-01", "2026-03-31", "direct_award", ("works",))
    assert next((since, types) for since, _, _, types in whole if "services" in types) == (
        "2026-04-01",
        ("services", "supplies"),
    )
    assert said["passages"][-1]["until"] is None
    for earlier, later in pairwise(said["passages"]):  # no day stands in two passages
        assert earlier["until"] < later["since"]


def test_the_passages_are_those_that_a_comparison_of_each_day_finds(before, after):
    old, new = load_table(before), load_table(after)
    passages = amend(old, new).passages
    for day in (date(2015, 6, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31), date(2027, 1, 1), date(2029, 1, 1)):  # fmt: skip
        within = [p for p in passages if (p.since or date.min) <= day <= (p.until or date.max)]
        assert [r for p in within for r in p.regions] == list(compare_law(old, day, day, new).regions), day


def test_the_command_finds_the_jurists_cases_to_read_again(before, after, tmp_path, capfdbinary):
    file = tmp_path / "direct_award.toml"
    file.write_text(CASES, "utf-8")
    _, said = walked(before, after, capfdbinary, "--cases", str(file))
    turned = {turn["id"]: (turn["procedure"], turn["before"], turn["after"]) for turn in said["cases"]}
    assert turned["supplies-under-60000-since-april-2026"] == ("direct_award", "closed", "open")
    assert "services-the-day-before-the-decree" not in turned


def test_the_command_drafts_the_lines_of_the_changelog(before, after, capfdbinary):
    _, out = command(capfdbinary, "amend", str(before), str(after), "--lang", "en")
    said = " ".join(out.split())
    assert "`direct_award`: closed → open from 1 April 2026 on, the type of contract: services or supplies" in said
    assert "`direct_award`: closed → open from 1 January 2026 on, the type of contract: works" in said
    assert "rename it (edition.toml)" in said  # the copy still bears the name of the edition before


def test_the_command_lists_the_other_series_with_the_former_amount_and_the_files_kept_by_hand(
    before, after, tmp_path, capfdbinary
):
    _, said = walked(before, after, capfdbinary)
    assert said["same_figure"] == ["essential_data"]  # 40 000 too, and the decree does not speak of it
    pages = ["docs/reference/law/thresholds.fr.md"]
    assert said["files"] == ["tests/cases/*.toml", "tests/law/hand.py", "tests/law/ledger.toml", *pages]
    partly = tmp_path / "partly"
    shutil.copytree(before, partly)
    add_value(partly, "direct_award.supplies_services", DISPENSE)
    _, said = walked(before, partly, capfdbinary)
    assert said["same_figure"] == ["direct_award.works", "documents_on_buyer_profile", "essential_data"]
    _, out = command(capfdbinary, "amend", str(before), str(partly), "--lang", "en")
    words = " ".join(out.split())
    assert "Does the text concern them too?" in words
    assert "from the text: tests/cases/*.toml, tests/law/hand.py and tests/law/ledger.toml." in words
    assert "(SERIES, GROUNDS), and whom it frees (LIMITS)." in words
    assert f"Write the reference pages anew ({pages[0]}): python docs/_extensions/qmi_reference." in words
    for name in (*pages, "tests/law/hand.py", "tests/law/ledger.toml", "tests/cases"):
        assert (Path(__file__).parents[2] / name).exists()


def test_a_table_against_itself_has_nothing_to_say(before, capfdbinary):
    status, said = walked(before, before, capfdbinary)
    assert (said["edits"], said["passages"], said["tasks"]) == ([], [], ["flaws"])
    assert status == 1  # without the decree a row waits for more: the proof of the amended table decides


def test_tasks_tell_apart_what_an_edit_leaves_open(before, after, tmp_path):
    old = load_table(before)
    unsure = tmp_path / "unsure"
    shutil.copytree(before, unsure)
    value = DISPENSE.replace('certainty = "confirmed"', 'certainty = "unverified"').replace("2025-12-30", "2026-12-30")
    add_value(unsure, "direct_award.supplies_services", value)
    assert amend(old, load_table(unsure)).tasks == ("flaws", "edition", "reviewed_on", "certainty")
    taken = amend(load_table(after), old)
    assert {edit.change for edit in taken.edits} == {"removed"}
    assert "history" in taken.tasks
    renamed = old.replace(edition="2027-01-01", duties=old.duties | {"notice_free": evolve(old.duties["notice_free"], label="Autrement")})  # fmt: skip
    told = amend(old, renamed)
    assert told.tasks == ("flaws", "english", "no_effect")
    assert told.untranslated == ("Autrement",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "aucun cas"),
        ("cases = 3", "cases[0]: attendu\u00a0: un cas avec id et purchase\u00a0; reçu\u00a0: 3"),
        ('[[cases]]\nid = "a"\n[cases.purchase]\ntitle = "x"\nlaunched_on = 3\nvalue = 1', "cases[0].purchase.launched_on"),
        ("a =", "pas du TOML"),
    ],
)  # fmt: skip
def test_faulty_cases_are_refused_with_file_and_path(before, tmp_path, capfdbinary, content, said):
    file = tmp_path / "cases.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(SystemExit) as leaving:
        main(["amend", str(before), str(before), "--cases", str(file)])
    assert leaving.value.code == 2
    refused = capfdbinary.readouterr().err.decode()
    assert said in refused
    assert str(file) in refused


def test_the_amended_copy_is_the_table_that_has_the_decree(after):
    new, whole = load_table(after), small_table()
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)):
        for name in whole.thresholds:
            assert new.in_force(day).limit(name).amounts == whole.in_force(day).limit(name).amounts, (name, day)


def test_a_value_without_its_text_does_not_load(tmp_path, capfdbinary):
    folder = without_the_decree(tmp_path / "law")
    add_value(folder, "direct_award.supplies_services", re.sub("  legal_basis.*\n", "", DISPENSE))
    with pytest.raises(SystemExit) as leaving:
        main(["check", "--table", str(folder)])
    assert leaving.value.code == 2
    assert "legal_basis: obligatoire, mais absent" in capfdbinary.readouterr().err.decode()


REPOSITORY = Path(__file__).parents[2]
MADE_UP = """  [[thresholds.values]]
  amount = 70_000
  effective_from = 2027-03-01
  published_on = 2026-12-30
  legal_basis = "ccp-r2122-8"
  source = "décret imaginé pour cet essai"
  certainty = "single_source"
"""
NEW_CASES = """
[[cases]]
id = "services-under-70000-by-the-made-up-decree"
why = "Décret imaginé pour cet essai, connu d'une seule source : entre 60 000 et 70 000 € HT, à vérifier avant d'être dispensé."
purchase = { title = "Capteurs", launched_on = 2027-03-01, contract_type = "services", estimated_value = "69999.99", buyer = { kind = "commune" } }
undetermined = ["direct_award"]
"""


@pytest.mark.slow
def test_a_decree_touches_the_table_the_cases_and_the_ledger_and_the_whole_suite_is_green(tmp_path):
    """Supplies and services, dispense 60 000 → 70 000 on 1 March 2027, known from one source: on a copy of the repository."""
    copy = tmp_path / "copy"
    shutil.copytree(REPOSITORY, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    law = copy / "src/qmi_rules/data/law"
    add_value(law, "direct_award.supplies_services", MADE_UP)
    edit(
        law / "edition.toml",
        {r'edition = ".*"': 'edition = "2026-12-31"', r"reviewed_on = .*": "reviewed_on = 2026-12-31"},
    )
    series, limits = '("2026-04-01", [60_000], "ccp-r2122-8"),', '60_000, "2026-04-01", "2027-12-31"),'
    edit(
        copy / "tests/law/hand.py",
        {
            rf"^( +){re.escape(series)}$": rf'\1{series}\n\1("2027-03-01", [60_000, 70_000], "ccp-r2122-8"),',
            rf"^(.*){re.escape(limits)}$": r'\g<1>60_000, "2026-04-01", "2027-02-28"),',
        },
    )
    former = '  "2026-04-01 ... ccp-r2122-8 2025-12-30 confirmed",'
    ledger = copy / "tests/law/ledger.toml"
    section, series = ledger.read_text("utf-8"), '"direct_award.supplies_services" = ['
    before, after = section.split(series)
    new = f'{former}\n  "2027-03-01 ... ccp-r2122-8 2026-12-30 single_source",'
    ledger.write_text(before + series + after.replace(former, new, 1), "utf-8")
    cases = copy / "tests/cases/direct_award.toml"
    cases.write_text(cases.read_text("utf-8") + NEW_CASES, "utf-8")
    around = os.environ | {"PYTHONPATH": str(copy / "src")}
    subprocess.run([sys.executable, "docs/_extensions/qmi_reference"], cwd=copy, env=around, check=True, timeout=600)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--no-header", "-r", "fE"],
        cwd=copy,
        env=around,
        capture_output=True,
        text=True,
        timeout=5_400,
    )
    assert ran.returncode == 0, ran.stdout[-4_000:]


def edit(file: Path, changes: dict[str, str]) -> None:
    """Each pattern stands once in the file and is replaced."""
    text = file.read_text("utf-8")
    for pattern, becomes in changes.items():
        text, count = re.subn(f"(?m){pattern}", becomes, text)
        assert count == 1, (file, pattern)
    file.write_text(text, "utf-8")
