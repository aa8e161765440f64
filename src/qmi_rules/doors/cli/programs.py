"""Commands for other programs and readers: mcp, sql, page, serve, and audit, about contracts that others published."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from qmi_rules.doors.cli.options import Day, Law, Output, Printed, name, put, write
from qmi_rules.doors.http import ServiceBounds, ServiceOptions
from qmi_rules.doors.http import serve as serve_with
from qmi_rules.errors import DocumentError, MissingExtraError, fault
from qmi_rules.pages import language
from qmi_rules.version import VERSION

if TYPE_CHECKING:
    from qmi_rules.decp import Progress

Names = Annotated[tuple[str, ...], Parameter(negative=())]


def register(app: App) -> None:
    """Add the commands."""
    app.command(mcp)
    app.command(sql)
    app.command(page)
    app.command(serve)
    app.command(audit)


def mcp(
    *,
    http: bool = False,
    host: str = "127.0.0.1",
    port: int = 8766,
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Serve the tools of an assistant (Model Context Protocol, extra `mcp`): over standard input and output, or --http.

    Args:
        http: Serve over HTTP instead, at http://HOST:PORT/mcp.
        host: The address to listen on; another one than this machine's own needs a proxy that knows who may ask.
        port: The port to listen on.
    """
    try:
        from qmi_rules.doors.mcp import make_server, serve_http, serve_stdio
    except ImportError as error:
        raise MissingExtraError("mcp", error.name or "mcp") from None
    server = make_server(law.load(), law.known_on, output.lang)
    if http:
        serve_http(server, host, port)
    else:
        serve_stdio(server)


def sql(
    source: str,
    /,
    *,
    dialect: str = "postgresql",
    view: str | None = None,
    function: str | None = None,
    status: str | None = None,
    column: Names = (),
    keep: Names = (),
    answer: Names = (),
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Write the law as SQL for a table of purchases SOURCE: one query, a view of it, or the status of one procedure.

    Args:
        source: Name of the table, with its schema if need be: achats.projets.
        dialect: postgresql, duckdb, sqlite or mariadb.
        view: Write the statement that makes a view of this name.
        function: With --view, for PostgreSQL: write also the function of this name that gives all rows of the view without the time of its compiler.
        status: Id of a procedure: write its status alone, as an expression for a query of your own.
        column: A column of facts that the table has; may be given several times; every fact of a purchase where none is.
        keep: A column to carry along, an identifier for instance; may be given several times.
        answer: What to add: statuses, lightest, …; may be given several times; everything where none is.
    """
    from qmi_rules.tables.columns.answers import ANSWERS
    from qmi_rules.tables.sql import decide_sql, function_sql, status_sql, view_sql

    language(output.lang)
    table, known_on, columns, answers = law.load(), law.known_on, column or None, answer or ANSWERS
    if status is not None:
        made = status_sql(status, dialect, table, known_on, columns=columns)
    elif view is not None or function is not None:
        view = view or ""  # a function without one is refused for it
        whole = "" if function is None else f"\n{function_sql(function, view, dialect)};"
        statement = view_sql(view, source, dialect, table, known_on, columns=columns, answers=answers, keep=keep)
        # whoever finds the view later sees whose law it holds
        made = f"-- qmi-rules {VERSION}, edition {table.edition} ({table.hash})\n{statement};{whole}"
    else:
        made = decide_sql(source, dialect, table, known_on, columns=columns, answers=answers, keep=keep) + ";"
    output.say({"sql": made}, made + "\n")


def page(
    out: Path,
    /,
    *,
    external: Path | None = None,
    table: Path | None = None,
    lang: str = "fr",
    force: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Write the question page: one HTML file that asks, answers with the card, and works without a server.

    Args:
        out: The HTML file.
        external: Write its script and its style to this folder instead of into the file, for sites that forbid inline scripts.
        table: TOML file or folder to use instead of the national table; a file with `over = "national"` is laid over it.
        lang: Language in which it begins: fr or en.
        force: Write also over what the command reads, and where a link leads.
    """
    from qmi_rules.question_page import PageOptions, pages

    options = PageOptions(table=Law(table=table).load(), lang=lang)
    inputs = [table] if table else []
    for path, text in pages(out, options, external).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, text, inputs=inputs, force=force)
    say = language(lang)
    write(say("La page contient l'édition {edition} des règles.", edition=options.law.edition) + "\n")


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    cors: tuple[str, ...] = (),
    most_bytes: int = ServiceBounds().body,
    most_lines: int = ServiceBounds().lines,
    most_seconds: float = ServiceBounds().answering,
    silence: float = ServiceBounds().silence,
    stopping: int = 30,
    quiet: bool = False,
    table: Path | None = None,
    known_on: Day | None = None,
) -> None:
    """Answer other programs over HTTP (extra `service`): POST /v1/decide and the rest; /docs shows it all, /openapi.json says it to programs.

    It keeps nothing, asks nobody, and ends when told to (Ctrl-C, SIGTERM), once what is under way is answered.

    Args:
        host: The address to listen on; only this machine reaches the usual one.
        port: The port; 0 takes a free one, which the first line on standard error tells.
        workers: How many processes answer.
        cors: An origin (https://www.example.org) whose pages may read the answers; may be given several times.
        most_bytes: Bytes of a document at most.
        most_lines: Lines of a batch at most.
        most_seconds: Seconds that one document may take to be answered.
        silence: Seconds a client may let pass in the midst of what it sends.
        stopping: Seconds left for what is under way when it is told to end.
        quiet: Write no line of log for each request.
        table: TOML file or folder to use instead of the national table; a file with `over = "national"` is laid over it.
        known_on: Take only what was published by this day, unless a request says another one.
    """
    for option, value, least in (
        ("--workers", workers, 1),
        ("--most-bytes", most_bytes, 1),
        ("--most-lines", most_lines, 1),
        ("--most-seconds", most_seconds, 0),
        ("--silence", silence, 0),
        ("--stopping", stopping, 0),
    ):
        if value < least:
            raise DocumentError(
                fault("out_of_range", option, "expected at least {least}, got {got}", least=least, got=str(value))
            )
    serve_with(
        ServiceOptions(
            host=host,
            port=port,
            workers=workers,
            cors=cors,
            stopping=stopping,
            quiet=quiet,
            table=table,
            known_on=known_on,
            bounds=ServiceBounds(body=most_bytes, lines=most_lines, answering=most_seconds, silence=silence),
        )
    )


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
    from qmi_rules.decp import RefusalReason, audit_files, to_csv, to_html, write_json

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
def _progress() -> "Iterator[Progress | None]":
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
