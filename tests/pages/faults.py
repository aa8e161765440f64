"""The English texts of faults (the msgids of the French catalogue), each with the place that writes it."""

import ast
from collections.abc import Iterator
from functools import cache

from messages import Message

from parsed import modules

_PLACE_OF_TEXT = {
    "fault": 2,
    "_refused": 1,
    "Phrase": 0,
    "Check": 0,
    "is_a": 1,
    "matching": 1,
    "whole": 2,
    "KeyedCheck": 2,
}
"""Of each call that takes the words of a fault, which argument they are."""


@cache
def fault_texts() -> tuple[Message, ...]:
    """Every text of a fault in the code of the package."""
    return tuple(
        Message(text, where.split("/")[0].removesuffix(".py"), f"{where}:{call.lineno}")
        for where, tree in modules().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and (place := _PLACE_OF_TEXT.get(_called(call.func))) is not None
        if len(call.args) > place
        for text in _constants(call.args[place], tree)
        if text.replace("{words}", "")
    )


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants(argument: ast.expr, tree: ast.Module) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _constants(body, tree)
            yield from _constants(other, tree)
        case ast.Name(id="words"):  # too long to stand in the call
            for node in ast.walk(tree):
                match node:
                    case ast.Assign(targets=[ast.Name(id="words")], value=value):
                        yield from _constants(value, tree)
        case ast.JoinedStr():
            raise AssertionError(f"an f-string cannot be translated, line {argument.lineno}: {ast.unparse(argument)}")
