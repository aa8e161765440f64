"""The limits of docs/reference/limits.md: at the limit it is read, above it is refused in words and at once."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from qmi_rules import Lot, Member, Purchase, decide, from_json
from qmi_rules.errors import DocumentError, TableError
from qmi_rules.law import in_force, load_table, loading
from qmi_rules.law.proving import boxes, local_rules
from qmi_rules.model import Buyer, purchase
from qmi_rules.procurement import Decision
from qmi_rules.schema import DEEPEST_DOCUMENT, LARGEST_DOCUMENT, LONGEST_LIST, toml
from qmi_rules.schema.fields import layout_of
from work import calls

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "limits.md").read_text("utf-8")
LAUNCHED = date(2026, 9, 1)


def lots(count: int) -> dict:
    return {
        "title": "x",
        "launched_on": LAUNCHED.isoformat(),
        "lots": [{"id": f"{i}", "estimated_value": "100"} for i in range(count)],
    }


def faults(document: object) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        from_json(document if isinstance(document, str) else json.dumps(document), Purchase)
    return [str(problem) for problem in caught.value.problems]


def test_the_page_says_the_numbers_of_the_code():
    said = {int(number.replace(" ", "")) for number in re.findall(r"\b\d{1,3}(?: \d{3})+\b|\b\d{2,3}\b", PAGE)}
    assert said >= {
        LARGEST_DOCUMENT, layout_of(Decision).largest, DEEPEST_DOCUMENT, LONGEST_LIST, purchase.MOST_LOTS, purchase.MOST_MEMBERS, toml.LARGEST_FILE,
        loading.MOST_ROWS, loading.MOST_VALUES, local_rules.MOST_LOCAL_RULES, local_rules.MOST_LOCAL_DUTIES, in_force.MOST_READINGS,
        local_rules.MOST_LOCAL_ENTRIES, local_rules.MOST_LOCAL_NAMES, local_rules.MOST_LOCAL_DAYS, boxes.MOST_STEPS,
    }  # fmt: skip


def test_lots():
    assert len(from_json(json.dumps(lots(purchase.MOST_LOTS)), Purchase).lots) == purchase.MOST_LOTS
    assert faults(lots(purchase.MOST_LOTS + 1)) == [
        f"lots: expected at most {purchase.MOST_LOTS} items, got {purchase.MOST_LOTS + 1}"
    ]
    with pytest.raises(DocumentError, match="at most"):
        Purchase(
            title="x",
            launched_on=LAUNCHED,
            lots=[Lot(id=f"{i}", estimated_value=1) for i in range(purchase.MOST_LOTS + 1)],
        )


def test_members():
    member = [Member(buyer=Buyer(kind="commune"), part=1)]
    assert (
        len(Purchase(title="x", launched_on=LAUNCHED, members=member * purchase.MOST_MEMBERS).members)
        == purchase.MOST_MEMBERS
    )
    with pytest.raises(DocumentError, match="at most"):
        Purchase(title="x", launched_on=LAUNCHED, members=member * (purchase.MOST_MEMBERS + 1))


def test_a_decision_about_many_lots_reads_back():
    decision = decide(from_json(json.dumps(lots(60)), Purchase))
    text = decision.to_json()
    assert len(text) < LARGEST_DOCUMENT < layout_of(Decision).largest
    assert from_json(text, Decision) == decision


def test_a_document_is_not_read_beyond_its_size():
    (fault,) = faults(" " * (LARGEST_DOCUMENT + 1))
    assert f"at most {LARGEST_DOCUMENT} characters" in fault
    assert calls(lambda: faults(" " * (LARGEST_DOCUMENT + 1))) < 1_000  # without a look at each character


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth(opening):
    (fault,) = faults(opening * 100_000)
    assert f"nested at most {DEEPEST_DOCUMENT} deep" in fault
    assert "nested" not in str(faults("[" * DEEPEST_DOCUMENT + "]" * DEEPEST_DOCUMENT))


def test_brackets_in_texts_are_not_depth():
    document = {"title": "[" * 60 + '\\"' * 60 + "{" * 60, "launched_on": "2026-09-01"}
    assert from_json(json.dumps(document), Purchase).title == document["title"]


def test_lists():
    (fault,) = faults({"title": "x", "launched_on": "2026-09-01", "need": {"options": ["1"] * (LONGEST_LIST + 1)}})
    assert f"at most {LONGEST_LIST} items" in fault


def test_rows_of_a_table(tmp_path):
    row = (
        '[[cautions]]\nid = "c{}"\ntext = "x"\nlegal_basis = "s"\nsource = "x"\npublished_on = 2020-01-01\n'
        'effective_from = 2020-01-01\ncertainty = "confirmed"\n'
    )
    head = '[[sources]]\nid = "s"\ntext = "x"\n'
    file = tmp_path / "table.toml"
    file.write_text(head + "".join(row.format(i) for i in range(loading.MOST_ROWS + 1)), "utf-8")
    with pytest.raises(TableError, match=f"at most {loading.MOST_ROWS} rows"):
        load_table(file)


def test_values_of_a_threshold(tmp_path):
    value = (
        '[[thresholds.values]]\namount = 1\neffective_from = {}\npublished_on = 2000-01-01\nlegal_basis = "s"\nsource = "x"\n'
        'certainty = "confirmed"\n'
    )
    days = [date.fromordinal(date(2000, 1, 1).toordinal() + i) for i in range(loading.MOST_VALUES + 1)]
    head = '[[sources]]\nid = "s"\ntext = "x"\n[[thresholds]]\nid = "t"\nlabel = "x"\n'
    file = tmp_path / "table.toml"
    file.write_text(head + "".join(value.format(day) for day in days), "utf-8")
    with pytest.raises(TableError, match=f"at most {loading.MOST_VALUES} values"):
        load_table(file)


def test_a_toml_file_is_not_read_beyond_its_size(tmp_path):
    file = tmp_path / "large.toml"
    file.write_bytes(b"#" * (toml.LARGEST_FILE + 1))
    with pytest.raises(TableError, match="at most"):
        load_table(file)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_an_endless_file_is_not_read_to_its_end():
    with pytest.raises(TableError, match="at most"):
        load_table("/dev/zero")
