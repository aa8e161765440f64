"""The modules of the page as they travel: as they are, or one script that a page holds, made by inlining and nothing else."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

ENTRY: Final = "index.js"
NAME: Final = "qmiEvaluator"
"""What the script calls the evaluator."""
_IMPORT: Final = re.compile(r'^import (\{[^}]*\}) from "\./([a-z_]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:const|class|function\*?) (\w+))", re.MULTILINE)
_COMMENT: Final = re.compile(r"^ *(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
"""A comment that has its lines for itself; one that gives a type within a line stays."""


@cache
def modules_of(folder: str) -> Mapping[str, str]:
    """The text of each module of a folder of this room, by its file name."""
    inside = files("qmi_rules.question_page").joinpath(folder)
    return {
        entry.name: entry.read_text("utf-8")
        for entry in sorted(inside.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".js")
    }


@cache
def script_of(folder: str, entry: str, name: str) -> str:
    """One classic script that defines `name` as what the entry exports: each module in a function of its own, comments left out."""
    modules = modules_of(folder)
    return "\n".join(
        [
            f"var {name} = (() => {{",
            '"use strict";',
            *(_wrapped(one, modules[one]) for one in _in_order(modules, entry, [])),
            f"return {_variable(entry)};",
            "})();",
        ]
    )


def evaluator_modules() -> Mapping[str, str]:
    """The text of each module of the evaluator, by its file name."""
    return modules_of("evaluator")


def evaluator_script() -> str:
    """One classic script that defines `qmiEvaluator`."""
    return script_of("evaluator", ENTRY, NAME)


def _in_order(modules: Mapping[str, str], name: str, seen: list[str]) -> Iterator[str]:
    """A module after those that it takes something from, each once."""
    if name in seen:
        return
    seen.append(name)
    for _, needed in _IMPORT.findall(modules[name]):
        yield from _in_order(modules, needed, seen)
    yield name


def _wrapped(name: str, module: str) -> str:
    text = _COMMENT.sub("", module)
    names = ", ".join(found[1] for found in _EXPORT.findall(text))
    body = _IMPORT.sub(lambda found: f"const {found[1].replace(' as ', ': ')} = {_variable(found[2])};\n", text)
    plain = _EXPORT.sub(r"\1", body).strip()
    return f"const {_variable(name)} = (() => {{\n{plain}\nreturn {{ {names} }};\n}})();"


def _variable(name: str) -> str:
    return "from_" + name.removesuffix(".js")
