"""The command line `qmi-rules` (extra ``cli``): JSON or text out, faults on standard error with their paths."""

import sys
from collections.abc import Sequence

from qmi_rules.errors import MissingExtraError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 answered, 2 bad input, 1 anything else."""
    try:
        import cyclopts  # noqa: F401
        import rich  # noqa: F401
    except ImportError as error:
        print(MissingExtraError("cli", error.name or "cyclopts"), file=sys.stderr)
        raise SystemExit(1) from None
    from qmi_rules.integrations.cli.app import run

    raise SystemExit(run(sys.argv[1:] if arguments is None else arguments))
