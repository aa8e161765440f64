"""The application of the command line: its commands, and how faults leave it."""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from qmi_rules.errors import DocumentError, QmiRulesError, TableError
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
        return _fail([str(error)], 2)
    except (DocumentError, TableError) as error:
        prefix = f"{error.where}: " if error.where else ""
        return _fail([f"{prefix}{problem}" for problem in error.problems], 2)
    except QmiRulesError as error:
        return _fail([str(error)], 2 if isinstance(error, LookupError) else 1)
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
        return 0
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        return _fail([f"{error.filename}: cannot be read: {error.strerror}"], 2)
    return 0


def _fail(lines: list[str], status: int) -> int:
    for line in lines:
        for part in line.splitlines() or [""]:
            print(visible(part), file=sys.stderr)
    return status
