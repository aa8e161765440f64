"""The application of the command line: its commands, and how faults leave it."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from typing import Final

from cyclopts import App, CycloptsError

from qmi_rules.catalogues import SOURCE_LANGUAGE, code_of
from qmi_rules.doors.cli.options import STDOUT
from qmi_rules.doors.operations import OPERATIONS
from qmi_rules.errors import DocumentError, QmiRulesError, TableError, fault
from qmi_rules.pages import visible
from qmi_rules.pages.harmless import escaped
from qmi_rules.version import VERSION

COMMANDS: Final = {
    "questions": tuple(name for name, operation in OPERATIONS.items() if operation.command is not None),
    "purchases": ("demo", "ask", "replay"),
    "dossiers": ("score", "note", "draft"),
    "laws": ("law", "guide", "check", "compare", "amend", "verify-law", "stale", "kit", "schema"),
    "programs": ("mcp", "sql", "page", "serve", "audit"),
}
"""The commands of each module: who asks for one is not to wait for the rooms of all the others to be loaded."""


def application(command: str = "") -> App:
    """The application with `command` and others of its module; with all commands, where there is none of this name.

    Args:
        command: The first word that was typed.
    """
    asked = [module for module, commands in COMMANDS.items() if command in commands]
    app = App(
        name="qmi-rules",
        version=VERSION,
        help="Comment une commune peut-elle acheter une solution innovante ? How may a French commune buy an innovative solution?",
        help_format="plaintext",
    )
    for module in asked or COMMANDS:
        loaded = import_module(f"qmi_rules.doors.cli.{module}")
        loaded.register(app, command) if module == "questions" else loaded.register(app)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    try:
        application(*arguments[:1])(list(arguments), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _fail(DocumentError(fault("wrong_type", "", "{words}", words=str(error))), arguments, 2)
    except (DocumentError, TableError) as error:
        return _fail(error, arguments, 2)
    except LookupError as error:
        if not isinstance(error, QmiRulesError):
            raise
        return _fail(DocumentError(fault("unknown_choice", "", "{words}", words=str(error))), arguments, 2)
    except QmiRulesError as error:
        return _fail(DocumentError(fault("required", "", "{words}", words=str(error))), arguments, 1)
    except BrokenPipeError:  # the reader has seen enough
        _silence()
        return 0
    except OSError as error:
        return _fail(_of_the_system(error), arguments, 2)
    return 0


def _of_the_system(error: OSError) -> DocumentError:
    """What the system refuses, as a fault; a command names the files that it writes, so that another is one that it reads."""
    why = error.strerror or str(error)
    if error.filename not in (None, STDOUT):
        return DocumentError(fault("required", "", "cannot be read: {why}", why=why), str(error.filename))
    _silence()  # what standard output still holds is not tried again when the process ends
    return DocumentError(fault("contradiction", "", "cannot be written: {why}", why=why), STDOUT)


def _silence() -> None:
    """Standard output goes nowhere from here on, so that nothing is said of it when the process ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: DocumentError | TableError, arguments: Sequence[str], status: int) -> int:
    """Faults leave on standard error: for a reader in the language asked for, for a program as JSON where that was asked for."""
    lang = _language(arguments)
    if sys.stderr is None:
        return status
    if "--json" in arguments:
        print(escaped(error.to_json(lang)), file=sys.stderr)
        return status
    for line in error.say(lang).splitlines() or [""]:
        print(visible(line), file=sys.stderr)
    return status


def _language(arguments: Sequence[str]) -> str:
    """The language asked for; the arguments may be what is wrong, so it is looked for in them as they came."""
    given = [argument.partition("=")[2] for argument in arguments if argument.startswith("--lang=")]
    given += [value for name, value in pairwise(arguments) if name == "--lang"]
    return next((lang for lang in given if code_of(lang)), SOURCE_LANGUAGE)
