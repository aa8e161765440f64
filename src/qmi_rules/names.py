"""Names of a package that are loaded when first used: who asks for a decision pays for no report."""

import gc
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loaded_when_used(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package.

    Args:
        package: Name of the package.
        modules: For each of its modules, the names it gives, separated by spaces.
    """
    module_of = {name: module for module, names in modules.items() for name in names.split()}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        collecting = gc.isenabled()
        gc.disable()  # what a module makes stays: looking for cycles in it, again and again, is a sixth of a first decision
        try:
            value = getattr(import_module(f"{package}.{module_of[name]}"), name)
        finally:
            if collecting:
                gc.enable()
        setattr(sys.modules[package], name, value)
        return value

    return get
