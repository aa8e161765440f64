"""Every line of a page's template is written by some result, in both languages: a branch that nothing reaches is a sentence that nobody read."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from results import RESULTS

from parsed import PACKAGE
from qmi_rules import may_modify
from qmi_rules.briefing import Briefing
from qmi_rules.briefing.report import to_html_report
from qmi_rules.guide import default_guide
from qmi_rules.law import amend, default_table
from qmi_rules.pages import language
from qmi_rules.pages.templates import _environment
from qmi_rules.procurement.modification import Modification
from qmi_rules.schema import read
from qmi_rules.scoring import Questionnaire, compare_solutions, rubrics, score

FOLDER = PACKAGE / "data" / "pages"
NAMES = sorted(path.name for path in FOLDER.glob("*.j2") if not path.name.endswith(".html.j2"))
LISTED = Path(__file__).with_name("unreached.txt")
"""Lines that no result of these tests writes yet, each after its template; it may only become shorter."""


@contextmanager
def lines_run(found: set[tuple[str, int]]) -> Iterator[None]:
    """Note each line of the Python that Jinja made of a template, as it runs."""

    def line(frame: FrameType, event: str, _: Any) -> Any:
        found.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    def call(frame: FrameType, event: str, _: Any) -> Any:
        return line if frame.f_code.co_filename.endswith(".j2") else None

    former = sys.gettrace()
    sys.settrace(call)
    try:
        yield
    finally:
        sys.settrace(former)


def more() -> Iterator[Any]:
    """Results that only this test needs, beside those of `results`."""
    yield from (Questionnaire(rubric=rubric) for rubric in rubrics().values())
    yield from (default_guide().chapter(name) for name in ("questions", "contacts"))
    yield amend(default_table(), default_table())
    levels = {"A": {"operational_ease": 1}, "B": {"operational_ease": 3}, "C": {}}
    cards = {name: score("replicability", answers) for name, answers in levels.items()}
    yield compare_solutions(cards)
    yield compare_solutions({"A": cards["A"], "D": cards["A"]})
    whole = {f"{i}": score("replicability", dict.fromkeys((c.id for c in cards["A"].criteria), i)) for i in (3, 1, 2)}
    yield from whole.values()
    yield compare_solutions(whole)


def modifications() -> Iterator[Any]:
    """Changes of running contracts, asked and read back: known, late, under a law of which the table knows little."""
    given = json.loads((Path(__file__).parents[2] / "examples/avenant-nettoyage.json").read_text(encoding="utf-8"))
    for contract, change in (
        ({}, {}),
        ({}, {"amount": "4000000"}),
        ({"launched_on": "2018-05-02"}, {}),
        ({}, {"needed": True}),
    ):
        asked = may_modify({**given["contract"], **contract}, {**given["change"], **change})
        yield from (asked, read(asked.to_json(), Modification))


def unreached(lang: str) -> set[str]:
    """The lines that hold an expression or a condition and that no page ran."""
    made = [result for results in RESULTS.values() for result in results()]
    made += [*more(), *modifications()]
    run: set[tuple[str, int]] = set()
    say = language(lang)
    with lines_run(run):
        for result in made:
            result.page(say)
            if isinstance(result, Briefing):
                result.summary(say)
                to_html_report(result, lang)
                read(result.to_json(), Briefing).page(say)
    left: set[str] = set()
    for name in NAMES:
        template = _environment(None).get_template(name)
        text = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        reached = {template.get_corresponding_lineno(at) for file, at in run if Path(file).name == name}
        left |= {f"{name}: {text[at - 1].strip()}" for at, _ in template.debug_info if at not in reached}
    return left


@pytest.mark.slow
def test_every_line_of_every_template_is_written_by_some_result_in_both_languages() -> None:
    listed = set(LISTED.read_text(encoding="utf-8").splitlines())
    left = unreached("fr") | unreached("en")
    assert sorted(left - listed) == [], "results.py needs a result that reaches these"
    assert sorted(listed - left) == [], f"these are reached or gone: take them out of {LISTED.name}"
