"""Commands about the law: what is in force on a day, and the shapes of documents."""

import json
from itertools import chain
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from qmi_rules.doors.cli.options import Day, Law, Output, put, write
from qmi_rules.doors.operations import SHAPES, shape
from qmi_rules.errors import DocumentError, fault
from qmi_rules.guide import default_guide, guide_against_law
from qmi_rules.law import amend, compare_law, conformance_kit, prove, read_cases, stale, verify_law
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.question_page.rows import rows_json
from qmi_rules.schema import json_schema
from qmi_rules.schema.faults import shown


def register(app: App) -> None:
    """Add the commands."""
    app.command(law, name="law")
    app.command(guide)
    app.command(check)
    app.command(compare_days, name="compare")
    app.command(amend_table, name="amend")
    app.command(verify_law_against, name="verify-law")
    app.command(stale_on, name="stale")
    app.command(kit)
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


def guide(chapter: str = "", /, *, output: Output = Output()) -> None:
    """Show what the guide says: its cases, figures, success factors, resources, contacts and the rest.

    Args:
        chapter: One chapter alone, such as cases, success_factors, funds, resources, contacts.
    """
    output.show(default_guide().chapter(chapter) if chapter else default_guide())


def check(*, certificate: Path | None = None, output: Output = Output(), table: Law = Law()) -> None:
    """Prove the table over every case and every day; ends with status 1 where it has a flaw.

    Args:
        certificate: Write the certificate (JSON) that others can verify to this file.
    """
    proof = prove(table.load())
    if certificate is not None:
        inputs = [table.table] if table.table else []
        put(certificate, proof.certificate_json() + "\n", inputs=inputs, force=output.force)
    output.show(proof)
    if not proof.holds:
        raise SystemExit(1)


def compare_days(
    before: Day, after: Day, /, *, other: Path | None = None, output: Output = Output(), table: Law = Law()
) -> None:
    """Show the regions of cases whose answer differs between two days, each with a witness and the text that caused it.

    Args:
        before: The first day.
        after: The second day; may be the first where two tables are compared.
        other: The table of the second day, where it is another one (another edition, local rules).
    """
    output.show(compare_law(table.load(), before, after, Law(table=other).load() if other else None, table.known_on))


def amend_table(
    before: Path, after: Path | None = None, /, *, cases: Path | None = None, output: Output = Output()
) -> None:
    """Walk through an amended table: what was edited, the proof, whose answers change from which day, what is left to do.

    Ends with status 1 where the amended table has a flaw.

    Args:
        before: The table as it was: a TOML file, or a folder of them.
        after: The table as it is; the table of the package by default.
        cases: Cases that jurists wrote down (a TOML file, or a folder of them), to be put to both tables.
    """
    amendment = amend(Law(table=before).load(), Law(table=after).load(), read_cases(cases) if cases is not None else ())
    output.show(amendment)
    if not amendment.holds:
        raise SystemExit(1)


def verify_law_against(folder: Path, /, *, output: Output = Output(), table: Law = Law()) -> None:
    """Hold the table against texts of law that you saved: JSON of the Légifrance API, XML of the LEGI dump, text or Markdown.

    Ends with status 0 where every figure is found, 1 where something differs, 2 where the folder cannot be read.

    Args:
        folder: A folder of texts; an article's number stands in the file, in its name or in its first line.
    """
    found = verify_law(table.load(), folder)
    output.show(found)
    if found.differs:
        raise SystemExit(1)


def stale_on(*, on: Day, months: int = 12, output: Output = Output(), table: Law = Law()) -> None:
    """List what must be verified: values not confirmed, periods that end without a successor, old reviews.

    Args:
        on: The day it is used.
        months: How far ahead an end counts, and how old a review may be.
    """
    if not 0 <= months <= 600:
        raise DocumentError([fault("contradiction", "months", "expected 0 to 600, got {got}", got=months)])
    output.show(stale(table.load(), on, months))


def kit(*, rows: Annotated[bool, Parameter(negative=())] = False, table: Law = Law()) -> None:
    """Write the conformance kit: corners of the table, then purchases, each a case with its expected answers, one JSON line each.

    Args:
        rows: Write the compiled table itself instead, for an evaluator in another language.
    """
    if rows:
        write(rows_json(table.load()))
        return
    from qmi_rules.procurement.kit import document_kit

    for line in chain(conformance_kit(national := table.load()), document_kit(national)):
        write(line + "\n")


def schema(document: str = "", /) -> None:
    """Print the JSON Schema of a document: purchase, decision, …; without a name, list them."""
    if not document:
        write("\n".join(SHAPES) + "\n")
        return
    if document not in SHAPES:
        raise DocumentError(
            fault(
                "unknown_choice",
                "",
                "expected one of {choices}, got {got}",
                choices=tuple(SHAPES),
                got=shown(document[:60]),
            )
        )
    write(json.dumps(json_schema(shape(document)), ensure_ascii=False, indent=2) + "\n")
