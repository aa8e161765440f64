"""The command about published contracts: audit."""

from cyclopts import App


def register(app: App) -> None:
    """Add the command."""
