"""The application of the command line: its commands, and how faults leave it."""

import sys
from collections.abc import Sequence
from itertools import pairwise

from cyclopts import App, CycloptsError

from qmi_rules.catalogues import SOURCE_LANGUAGE, code_of
from qmi_rules.errors import DocumentError, QmiRulesError, TableError, fault
from qmi_rules.integrations.cli.options import harmless
from qmi_rules.text import visible
from qmi_rules.version import VERSION


def application() -> App:
    """The application with all its commands."""
    from qmi_rules.integrations.cli import contracts, dossiers, laws, purchases

    app = App(
        name="qmi-rules",
        version=VERSION,
        help="Comment une commune peut-elle acheter une solution innovante ? How may a French commune buy an innovative solution?",
        help_format="plaintext",
    )
    for module in (purchases, dossiers, laws, contracts):
        module.register(app)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    try:
        application()(list(arguments), exit_on_error=False, print_error=False)
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
        sys.stderr.close()
        return 0
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        unread = fault("required", "", "cannot be read: {why}", why=error.strerror)
        return _fail(DocumentError(unread, str(error.filename)), arguments, 2)
    return 0


def _fail(error: DocumentError | TableError, arguments: Sequence[str], status: int) -> int:
    """Faults leave on standard error: for a reader in the language asked for, for a program as JSON where that was asked for."""
    lang = _language(arguments)
    if "--json" in arguments:
        print(harmless(error.to_json(lang)), file=sys.stderr)
        return status
    for line in error.say(lang).splitlines() or [""]:
        print(visible(line), file=sys.stderr)
    return status


def _language(arguments: Sequence[str]) -> str:
    """The language asked for; the arguments may be what is wrong, so it is looked for in them as they came."""
    given = [argument.partition("=")[2] for argument in arguments if argument.startswith("--lang=")]
    given += [value for name, value in pairwise(arguments) if name == "--lang"]
    return next((lang for lang in given if code_of(lang)), SOURCE_LANGUAGE)
