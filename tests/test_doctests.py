"""Every public function shows how it is called, and what it shows is so."""

import doctest
import inspect
import sys
from pathlib import Path

import pytest

import qmi_rules

FUNCTIONS = sorted(name for name in qmi_rules.__all__ if inspect.isroutine(inspect.unwrap(getattr(qmi_rules, name))))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_public_function_shows_is_so(name):
    if name == "decide_frame":
        pytest.importorskip("polars")
    function = inspect.unwrap(getattr(qmi_rules, name))
    names = vars(sys.modules[function.__module__]) | {name: getattr(qmi_rules, name)}
    found = [
        one for one in doctest.DocTestFinder(recurse=False).find(function, name, globs=dict(names)) if one.examples
    ]
    assert found, "no example in its docstring"
    said: list[str] = []
    for one in found:
        doctest.DocTestRunner().run(one, out=said.append)
    assert not said, "".join(said)


def test_nothing_is_left_over_in_the_names_of_the_package():
    assert [name for name in dir(qmi_rules) if not name.startswith("__") and name not in qmi_rules.__all__] == []
    assert Path(qmi_rules.__file__).name == "__init__.py"
