"""A template has words for every code that a result may hold: a code without any would end a page in an error, on the day it is first met."""

from typing import get_args

import pytest
from jinja2 import Environment, nodes

from parsed import PACKAGE
from qmi_rules.decp import RefusalReason, Verdict
from qmi_rules.law import FlawKind
from qmi_rules.law.maintenance.amendment import EditKind, TaskCode
from qmi_rules.law.maintenance.freshness import StaleReason
from qmi_rules.law.truth import Status


@pytest.mark.parametrize(
    ("template", "name", "codes"),
    [
        ("law_words", "flaws_of", FlawKind),
        ("freshness", "titles", get_args(StaleReason)),
        ("amendment", "changes", get_args(EditKind)),
        ("amendment", "tasks", get_args(TaskCode)),
        ("amendment", "statuses", (*Status, "")),
        ("decp_words", "verdicts", Verdict),
        ("audit", "refusals", RefusalReason),
        ("audit.html", "colours", Verdict),
    ],
)
def test_a_template_has_words_for_every_code(template: str, name: str, codes: tuple[str, ...]) -> None:
    tree = Environment().parse((PACKAGE / "data" / "pages" / f"{template}.j2").read_text("utf-8"))
    said = [one.node for one in tree.find_all(nodes.Assign) if getattr(one.target, "name", "") == name]
    assert [{pair.key.value for pair in words.items} for words in said] == [set(codes)]
