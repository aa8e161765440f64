"""The whole library imported under instrumentation, what it would load late included: import this before anything of qmi_rules."""

from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages

import atheris

with atheris.instrument_imports(include=["qmi_rules"]):
    import qmi_rules

    for module in walk_packages(qmi_rules.__path__, "qmi_rules."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):  # an extra that is not installed
                import_module(module.name)
