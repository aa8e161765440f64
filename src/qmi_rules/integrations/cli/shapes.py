"""The documents whose JSON Schema the command line prints, by name."""

from importlib import import_module
from typing import Final

SHAPES: Final = {
    "purchase": "qmi_rules.contexts:Purchase",
    "decision": "qmi_rules.procurement:Decision",
}


def shape(name: str) -> type:
    """The class of a document."""
    module, _, attribute = SHAPES[name].partition(":")
    return getattr(import_module(module), attribute)  # type: ignore[no-any-return]
