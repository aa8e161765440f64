"""Commands about the law: what is in force on a day, and the shapes of documents."""

from typing import Annotated

from cyclopts import App, Parameter

from qmi_rules.documents import json_schema
from qmi_rules.errors import DocumentError
from qmi_rules.guide import guide_against_law
from qmi_rules.integrations.cli.options import Day, Law, Output
from qmi_rules.procurement.law_view import LawOfTheDay


def register(app: App) -> None:
    """Add the commands."""
    app.command(law, name="law")
    app.command(schema)


def law(
    *,
    on: Day,
    against_guide: Annotated[bool, Parameter(negative=())] = False,
    output: Output = Output(),
    table: Law = Law(),
) -> None:
    """Show everything in force on a day, with articles, dates and certainty.

    Args:
        on: The day.
        against_guide: Compare the amounts of the guide with the law of that day instead.
    """
    national = table.load()
    if against_guide:
        output.show(guide_against_law(on, national, known_on=table.known_on))
    else:
        output.show(LawOfTheDay(national.in_force(on, table.known_on), on))


def schema(document: str = "", /) -> None:
    """Print the JSON Schema of a document: purchase, decision, …; without a name, list them."""
    import json

    from qmi_rules.integrations.cli.options import write
    from qmi_rules.integrations.cli.shapes import SHAPES, shape

    if not document:
        write("\n".join(SHAPES) + "\n")
        return
    if document not in SHAPES:
        raise DocumentError(f"expected one of {', '.join(SHAPES)}, got {document[:60]!r}")
    write(json.dumps(json_schema(shape(document)), ensure_ascii=False, indent=2) + "\n")
