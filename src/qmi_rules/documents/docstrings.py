"""What docstrings say of the fields of a class: the *Attributes* section, line by line."""

import re
from functools import cache
from inspect import getdoc
from typing import Any

_FIELD = re.compile(r"    (\w+): (.*)")


@cache
def attribute_texts(cls: Any) -> dict[str, str]:
    """The text of each attribute, by name; those of the classes it inherits from included."""
    texts: dict[str, str] = {}
    for kind in reversed(cls.__mro__):
        if "__doc__" in vars(kind):
            texts |= _section(getdoc(kind) or "")
    return texts


def _section(doc: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    name = None
    _, _, section = doc.partition("Attributes:\n")
    for line in section.splitlines():
        if found := _FIELD.fullmatch(line):
            name = found[1]
            texts[name] = found[2]
        elif name is not None and line.startswith("     "):
            texts[name] += " " + line.strip()
        else:
            break
    return texts


def first_line(cls: Any) -> str:
    """The first line of a class's docstring."""
    return (getdoc(cls) or "").split("\n", 1)[0]
