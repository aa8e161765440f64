"""The command about published contracts: audit."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cyclopts import App

from qmi_rules.integrations.cli.options import Law, Output, write
from qmi_rules.integrations.decp import Progress, audit_files, to_csv, to_html, write_json


def register(app: App) -> None:
    """Add the command."""
    app.command(audit)


def audit(
    *files: Path,
    csv: Path | None = None,
    html: Path | None = None,
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Audit published contract data (DECP): does the procedure fit what was published? Never "illegal".

    Args:
        files: JSON of 2019 or 2024, XML, or tables; told apart by their content.
        csv: Write the results as a table.
        html: Write a summary with pictures as one HTML file.
    """
    with _progress() as progress:
        result = audit_files(files, law.load(), progress)
    if csv is not None:
        with csv.open("w", encoding="utf-8-sig", newline="") as file:
            to_csv(result, file, output.lang)
    if html is not None:
        html.write_text(to_html(result, output.lang), "utf-8")
    if output.json:
        buffer = io.StringIO()
        write_json(result, buffer)
        write(buffer.getvalue())
    else:
        output.show(result)


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
