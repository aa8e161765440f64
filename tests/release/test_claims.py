"""What the documents promise is what the package does: each claim that a command can show is shown here."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from parsed import modules
from qmi_rules import Dossier, brief, default_table, read
from qmi_rules.guide import default_guide, guide_against_law, review
from qmi_rules.pages import language
from qmi_rules.scoring import score_solution

ROOT = Path(__file__).parents[2]
FORMAL = {"open_procedure", "restricted_procedure", "competitive_procedure_with_negotiation", "competitive_dialogue"}


def words(path: str) -> str:
    return " ".join((ROOT / path).read_text("utf-8").split())


def test_the_facts_that_may_be_presumed_are_those_of_the_table():
    facts = default_table().facts
    said = words("docs/explanation/three-truth-values.md").split("## What may be presumed")[1]
    presumed = {fact.id for fact in facts.values() if fact.presumed}
    chosen = {fact.id: fact.presumed_choice for fact in facts.values() if fact.presumed_choice and fact.path != "cpv"}
    named = re.findall(r"`(\w+)`", said.split("when they are not filled:")[1].split(". The option")[0])
    assert set(named[: len(presumed)]) == presumed
    assert "Seven exceptional facts" in said
    assert len(presumed) == 7
    assert dict(zip(named[len(presumed) :: 2], named[len(presumed) + 1 :: 2], strict=True)) == chosen


def test_the_days_from_which_formal_procedures_are_answered_are_those_of_the_table():
    known = {name: default_table().procedures[name].known_from for name in FORMAL | {"adapted_procedure"}}
    early = {name for name, day in known.items() if day == date(2016, 4, 1)}
    assert early == {"adapted_procedure", "open_procedure", "restricted_procedure"}
    assert {day for name, day in known.items() if name not in early} == {date(2019, 4, 1)}
    named = "`adapted_procedure`, `open_procedure` and `restricted_procedure` are answered from 2016-04-01, the other"
    assert f"{named} formal procedures from 2019-04-01" in words("CHANGELOG.md")


def test_the_warning_of_the_guide_stands_where_the_page_says():
    warning = language("fr")(default_guide().about.disclaimer)
    assert "under the review of its nine questions, under its amounts held against the law" in words(
        "docs/explanation/the-guide.md"
    )
    for shown in (default_guide(), default_guide().chapter("contacts"), review(), guide_against_law(date(2026, 12, 1))):
        assert " ".join(warning.split()) in " ".join(shown.explain("fr").split())


NETWORK = {"requests", "httpx", "urllib3", "ftplib", "smtplib"}


def test_no_module_reads_the_environment_evaluates_what_it_is_given_or_asks_the_network():
    wrong = []
    for where, tree in modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(attr="environ" | "getenv" | "environb") | ast.Call(func=ast.Name(id="eval")):
                    wrong.append((where, node.lineno))
                case ast.Import(names=names) if {name.name.split(".")[0] for name in names} & NETWORK:
                    wrong.append((where, node.lineno))
                case ast.ImportFrom(module=str(module)) if module.split(".")[0] in NETWORK:
                    wrong.append((where, node.lineno))
    assert wrong == []


@pytest.mark.parametrize(("lang", "said"), [("fr", "elle n’absout pas"), ("en", "it does not absolve")])
def test_every_answer_says_that_it_informs_and_does_not_absolve_and_a_briefing_once(lang, said):
    dossier = read(ROOT / "examples" / "dossier-pelican-cycles.json", Dossier)
    briefing = brief(dossier)
    cards = score_solution(dossier.solution)
    for result in (briefing.decision, briefing.calendar, briefing.funding, briefing, *cards.values()):
        assert " ".join(result.explain(lang).split()).count(said) == 1, type(result).__name__
