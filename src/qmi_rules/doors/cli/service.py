"""The command that answers other programs over HTTP: serve."""

from pathlib import Path

from cyclopts import App

from qmi_rules.doors.cli.options import Day
from qmi_rules.doors.http import ServiceBounds, ServiceOptions
from qmi_rules.doors.http import serve as serve_with
from qmi_rules.errors import DocumentError, fault


def register(app: App) -> None:
    """Add the command."""
    app.command(serve)


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
    for name, value, least in (
        ("--workers", workers, 1),
        ("--most-bytes", most_bytes, 1),
        ("--most-lines", most_lines, 1),
        ("--most-seconds", most_seconds, 0),
        ("--silence", silence, 0),
        ("--stopping", stopping, 0),
    ):
        if value < least:
            raise DocumentError(
                fault("out_of_range", name, "expected at least {least}, got {got}", least=least, got=str(value))
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
