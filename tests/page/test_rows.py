"""The compiled table: what it holds, how large it is, that a commune's own rules are in it; and that the evaluator is nothing but an evaluator."""

import gzip
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from page_engine import Engine
from test_document_parity import differences

from qmi_rules.doors.cli import main
from qmi_rules.law import default_table, load_table
from qmi_rules.law.wording import finding_sentence
from qmi_rules.model import Purchase
from qmi_rules.pages import language
from qmi_rules.procurement import decide
from qmi_rules.procurement.kit import case_of
from qmi_rules.question_page.inlined import evaluator_modules, evaluator_script
from qmi_rules.question_page.rows import rows, rows_json

TABLE = default_table()
LOCAL = Path(__file__).parents[2] / "examples" / "regles-locales.toml"


def packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def test_table_and_evaluator_are_light():
    assert packed(rows_json(TABLE)) < 40_000
    assert packed(evaluator_script()) < 24_000


def test_every_text_is_there_in_every_language():
    def texts(value):
        if isinstance(value, dict):
            if "fr" in value and isinstance(value["fr"], str):
                yield value
            else:
                for inner in value.values():
                    yield from texts(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner)

    document = rows(TABLE)
    found = [*texts({name: value for name, value in document.items() if name != "formats"})]
    assert len(found) > 300
    assert [text for text in found if list(text) != document["languages"] or not all(text.values())] == []


@pytest.fixture
def written(capfd):
    def written(*arguments: str) -> str:
        with pytest.raises(SystemExit) as leaving:
            main(["kit", "--rows", *arguments])
        assert not leaving.value.code
        return capfd.readouterr().out

    return written


def test_the_command_writes_the_table(written):
    assert json.loads(written()) == json.loads(rows_json(TABLE))


def test_a_communes_own_rules_are_in_its_table_and_decide_in_the_page(written):
    own = load_table(LOCAL).over(TABLE)
    assert json.loads(written("--table", str(LOCAL))) == json.loads(rows_json(own))
    documents = [
        {
            "title": "…",
            "launched_on": day,
            "contract_type": kind,
            "buyer": {"kind": "commune"},
            "estimated_value": amount,
        }
        for day in ("2024-03-01", "2026-05-15")
        for kind in ("works", "supplies", "services")
        for amount in ("14999.99", "25000", "40000")
    ]
    cases = [case_of(own, document) for document in documents]
    assert differences(Engine(own), cases) == []
    assert differences(Engine(TABLE), cases) != []


def test_who_signs_follows_from_the_delegation(engine):
    bought = {
        "launched_on": "2026-05-15",
        "contract_type": "services",
        "buyer": {"kind": "commune"},
        "estimated_value": "50000",
    }
    call = 'qmiEvaluator.decide(it[0], rows, "fr", [], it[1]).answer.signs.who'
    assert engine.each(call, [[bought, "50000"], [bought, "49999.99"], [bought, None]]) == [
        "mayor_by_delegation",
        "council",
        "look_up",
    ]


def test_formats_are_those_of_the_library(engine):
    amounts = ["0", "7", "999.99", "1000", "12000.5", "1234567.00", "5404000", "999999999999.99"]
    for code in ("fr", "en"):
        say = language(code)
        call = f'(({{euros, number, percent, date}}) => [euros(it), number(it), percent(it)])(qmiEvaluator.words(rows, "{code}"))'
        expected = [[say.euros(Decimal(a)), say.number(Decimal(a)), say.percent(Decimal(a))] for a in amounts]
        assert engine.each(call, amounts) == expected


def test_an_explanation_says_what_the_library_found(engine):
    documents = [
        {
            "title": "…",
            "launched_on": "2026-05-15",
            "contract_type": "services",
            "buyer": {"kind": "commune"},
            "estimated_value": "85000",
        },
        {
            "title": "…",
            "launched_on": "2026-09-01",
            "contract_type": "services",
            "estimated_value": "120000",
            "innovative": True,
        },
        {
            "title": "…",
            "launched_on": "2027-02-01",
            "buyer": {"kind": "utility"},
            "contract_type": "works",
            "duration_months": 61,
        },
        {"title": "…", "launched_on": "2015-06-01", "contract_type": "supplies", "estimated_value": "17000"},
    ]
    for code in ("fr", "en"):
        say = language(code)
        found = engine.each(f'qmiEvaluator.explain(it, rows, "{code}")', documents)
        for document, options in zip(documents, found, strict=True):
            decision = decide(Purchase(**document))
            expected = [
                [[finding_sentence(say, TABLE, seen) for seen in ground.findings] for ground in option.grounds]
                for option in decision.options
            ]
            assert [
                [[seen["text"] for seen in ground["findings"]] for ground in option["grounds"]] for option in options
            ] == expected
            assert [option["missing"] for option in options] == [[*option.missing] for option in decision.options]


# --- nothing but an evaluator


@pytest.mark.parametrize("name", evaluator_modules())
def test_a_module_reads_no_clock_and_knows_no_browser(name):
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", evaluator_modules()[name], flags=re.DOTALL)
    forbidden = r"\b(Date|Math\.random|performance|fetch|XMLHttpRequest|document\.|window|localStorage|navigator|eval\(|Function\(|import\()"
    assert not re.search(forbidden, code)
    assert not re.search(r"[àâçéèêëîïôùû]", code), "a sentence stands in the table, not here"
