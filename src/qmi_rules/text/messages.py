"""Marking French texts for the catalogues."""


def message(text: str) -> str:
    """Mark a French text for the catalogues where it is written but not yet shown."""
    return text
