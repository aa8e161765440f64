"""How the service is run."""

import datetime
from pathlib import Path

from attrs import field, frozen

from qmi_rules.doors.http.bounds import ServiceBounds


@frozen(kw_only=True)
class ServiceOptions:
    """How the service is run; it travels to worker processes, which load the law themselves.

    Attributes:
        host: The address to listen on.
        port: The port; 0 = a free one.
        workers: How many processes answer.
        table: TOML file or folder to use instead of the national table; local rules are laid over it.
        known_on: Take only what was published by this day, unless a request says another one.
        cors: Origins whose pages a browser lets read the answers; none = no page but the service's own.
        bounds: The limits of a request.
        stopping: Seconds that requests under way have left once the service is told to end.
        quiet: Write no line of log for each request.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    table: Path | None = None
    known_on: datetime.date | None = None
    cors: tuple[str, ...] = ()
    bounds: ServiceBounds = field(factory=ServiceBounds)
    stopping: int = 30
    quiet: bool = False
