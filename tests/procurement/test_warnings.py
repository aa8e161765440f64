"""What a warning says: its articles are those of the table, its numbers agree with their nouns."""

import ast
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from attrs import evolve

from qmi_rules import Buyer, Lot, Purchase, decide
from qmi_rules.catalogues import printed
from qmi_rules.law import default_table
from qmi_rules.model.need import Need, Part

TABLE = default_table()


def bought(contract_type="services", **need):
    return Purchase(
        title="x",
        launched_on=date(2026, 5, 15),
        contract_type=contract_type,
        buyer=Buyer(kind="commune"),
        need=Need(**need),
    )


PARTS = [Part(contract_type="services", value=10_000), Part(contract_type="supplies", value=60_000)]


@pytest.mark.parametrize(
    ("code", "purchase", "source"),
    [
        ("splitting", bought(firm=50_000, same_need=[30_000]), "ccp-r2121-4"),
        ("main_object", bought(parts=PARTS), "ccp-l1111-5"),
        ("counted_by_operation", bought("works", firm=50_000, same_need=[30_000]), "ccp-r2121-5"),
        ("counted_by_operation", bought("works", firm=50_000, same_need=[30_000]), "ccp-r2121-6"),
    ],
)
def test_the_article_of_a_warning_is_that_of_the_table(code, purchase, source):
    renumbered = evolve(TABLE.sources[source], article="R0000-1")
    table = TABLE.replace(sources={**TABLE.sources, source: renumbered})
    for law, article in ((TABLE, TABLE.sources[source].article), (table, "R0000-1")):
        (warning,) = [one for one in decide(purchase, law).warnings if one.code == code]
        assert printed(article) in warning.text
        assert printed(article) in warning.explain("en")


@pytest.mark.parametrize(
    ("lots", "french", "english"), [(6, "et 1 autre ", "and 1 other:"), (8, "et 3 autres ", "and 3 others:")]
)
def test_the_lots_that_are_not_named_are_counted(lots, french, english):
    lot_list = [Lot(id=str(i), estimated_value=20_000, small_lot=True) for i in range(lots)]
    large = Lot(id="large", estimated_value=900_000, small_lot=False)
    purchase = Purchase(
        title="x",
        launched_on=date(2026, 5, 15),
        contract_type="services",
        buyer=Buyer(kind="commune"),
        lots=[large, *lot_list],
    )
    answer = decide(purchase)
    assert french in " ".join(answer.explain("fr").replace("\N{NO-BREAK SPACE}", " ").split())
    assert english in " ".join(answer.explain("en").split())


def test_no_article_and_no_amount_of_law_stands_in_a_sentence_of_the_room():
    room = Path(str(files("qmi_rules.procurement")))
    for path in room.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = [node.args for node in ast.walk(tree) if isinstance(node, ast.Call)]
        texts = [
            text.value for args in said for arg in args for text in ast.walk(arg) if isinstance(text, ast.Constant)
        ]
        found = [
            text for text in texts if isinstance(text, str) and re.search(r"\b[LRD]\.? ?\d{4}-\d|\d ?000 ?€", text)
        ]
        assert found == [], path
