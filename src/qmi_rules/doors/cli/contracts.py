"""The command about published contracts: audit."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from qmi_rules.decp import Progress, RefusalReason, audit_files, to_csv, to_html, write_json
from qmi_rules.doors.cli.files import put
from qmi_rules.doors.cli.options import Law, Output, Printed, name
from qmi_rules.errors import DocumentError, fault


def register(app: App) -> None:
    """Add the command."""
    app.command(audit)


def audit(
    *files: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    csv: Path | None = None,
    html: Path | None = None,
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Audit published contract data (DECP): does the procedure fit what was published? Never "illegal".

    Args:
        files: JSON of 2019 or 2024, XML, or tables, told apart by their content; "-" reads standard input.
        csv: Write the results as a table.
        html: Write a summary with pictures as one HTML file.
    """
    with _progress() as progress:
        result = audit_files(files, law.load(), progress)
    if csv is not None:
        put(csv, lambda file: to_csv(result, file, output.lang), inputs=files, force=output.force, encoding="utf-8-sig")
    if html is not None:
        put(html, to_html(result, output.lang), inputs=files, force=output.force)
    if output.json:
        write_json(result, Printed(), output.lang)
    else:
        output.show(result)
    if broken := [refusal for refusal in result.refusals if refusal.reason is RefusalReason.UNREADABLE]:
        # what was read before is answered; the status and the lines say that it is not all
        raise DocumentError(
            [fault("not_json", f"{name(one.source)}[{one.position}]", "{words}", words=one.detail) for one in broken]
        )


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar on the terminal while files are read; nothing where the output is no terminal."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal or not sys.stderr.isatty():
        yield None
        return
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task("DECP", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
