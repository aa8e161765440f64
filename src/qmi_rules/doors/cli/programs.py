"""Commands that open a door to other programs and readers: mcp, sql, page."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from qmi_rules.doors.cli.files import put
from qmi_rules.doors.cli.options import Law, Output, write
from qmi_rules.errors import MissingExtraError
from qmi_rules.pages import language
from qmi_rules.version import VERSION

Names = Annotated[tuple[str, ...], Parameter(negative=())]


def register(app: App) -> None:
    """Add the commands."""
    app.command(mcp)
    app.command(sql)
    app.command(page)


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
