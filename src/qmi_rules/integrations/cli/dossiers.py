"""Commands about a dossier: score, calendar, funding, brief."""

from cyclopts import App


def register(app: App) -> None:
    """Add the commands."""
