"""What importing costs, as a structure: `import qmi_rules` loads no dependency, and each use loads only what it needs; a class name means one thing."""

import ast
import subprocess
import sys
from collections import Counter

import pytest

import qmi_rules
from parsed import modules

HEAVY = {
    "attrs", "attr", "cattrs", "babel", "dateutil", "numpy", "pandas", "polars", "narwhals", "duckdb", "sqlglot", "matplotlib", "jinja2",
    "cyclopts", "rich", "ijson", "lxml", "tomllib", "json", "decimal", "gettext", "asyncio", "http",
}  # fmt: skip
DECIDES = "from datetime import date; d = qmi_rules.decide(qmi_rules.Purchase(title='x', launched_on=date(2026, 9, 1), estimated_value=1))"


def loaded(program: str) -> set[str]:
    """The top-level packages and the rooms that a program has loaded when it ends."""
    ends = "\nimport sys; print('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-I", "-c", program + ends], capture_output=True, check=True, text=True, timeout=600
    )
    names = set(run.stdout.split())
    return {name.split(".")[0] for name in names} | {name for name in names if name.startswith("qmi_rules.")}


@pytest.fixture(scope="module")
def idle() -> set[str]:
    """What this interpreter loads by itself: an editable install brings a finder along."""
    return loaded("")


def test_importing_the_package_loads_nothing_else(idle):
    new = loaded("import qmi_rules") - idle
    assert new & HEAVY == set()
    assert {name for name in new if name.startswith("qmi_rules.")} <= {"qmi_rules.names", "qmi_rules.version"}


def test_a_decision_loads_no_words_no_calendar_and_no_extra(idle):
    new = loaded(f"import qmi_rules; {DECIDES}; d.options[0].status; d.lightest; d.missing") - idle
    assert (
        new
        & {
            "babel",
            "cattrs",
            "gettext",
            "tempfile",
            "dateutil",
            "numpy",
            "matplotlib",
            "jinja2",
            "cyclopts",
            "rich",
            "narwhals",
            "duckdb",
        }
        == set()
    )
    for room in ("briefing", "budget_calendar", "funding", "scoring", "guide", "doors", "tables"):
        assert f"qmi_rules.{room}" not in new, room


def test_the_communes_are_read_when_a_code_is_looked_up():
    program = (
        "import qmi_rules.model; from qmi_rules.model import territory as t; a = t._gazetteer.cache_info().currsize\n"
        "qmi_rules.Buyer(); b = t._gazetteer.cache_info().currsize\n"
        "qmi_rules.Buyer(insee_code='31555').commune.name; assert (a, b, t._gazetteer.cache_info().currsize) == (0, 0, 1)"
    )
    assert "gzip" not in loaded(program)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_explanation_in_a_language_of_the_package_asks_babel_for_no_format_and_loads_no_extra(idle, lang):
    # where a source is newer than its catalogue Babel reads that, and brings no numbers along
    program = f"import qmi_rules, sys; {DECIDES}; d.explain({lang!r}); assert 'babel.numbers' not in sys.modules"
    new = loaded(program) - idle
    assert new & {"numpy", "matplotlib", "cyclopts", "rich", "narwhals", "duckdb"} == set()
    card = loaded(f"import qmi_rules, sys; {DECIDES}; d.answer.explain({lang!r})") - idle
    assert "jinja2" not in card  # templates are loaded where a page is made


def test_every_public_name_can_be_loaded_alone():
    program = (
        "import qmi_rules\n"
        "for name in qmi_rules.__all__: assert getattr(qmi_rules, name) is not None, name\n"
        "assert set(qmi_rules.__all__) <= set(dir(qmi_rules)); assert qmi_rules.__all__ == sorted(qmi_rules.__all__)"
    )
    assert "qmi_rules.funding" in loaded(program)


@pytest.mark.parametrize(
    "room",
    [
        "law",
        "pages",
        "procurement",
        "funding",
        "scoring",
        "budget_calendar",
        "guide",
        "model",
        "schema",
        "briefing",
    ],
)
def test_every_room_keeps_what_it_promises(room):
    program = f"import qmi_rules.{room} as room\nfor name in room.__all__: getattr(room, name)"
    assert f"qmi_rules.{room}" in loaded(program)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        qmi_rules.nothing  # noqa: B018


def test_a_class_name_stands_once_in_the_house():
    met = Counter(node.name for tree in modules().values() for node in tree.body if isinstance(node, ast.ClassDef))
    assert len(met) > 200
    assert [name for name, count in met.items() if count > 1] == []
