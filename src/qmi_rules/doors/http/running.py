"""Running the service: the port, the processes, and an end that answers what is under way."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from json import dumps
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from time import sleep
from types import FrameType
from typing import Final

import uvicorn

from qmi_rules.doors.http.answering import application_of, log_line, table_of
from qmi_rules.doors.http.bounds import ServiceOptions
from qmi_rules.errors import DocumentError, fault

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_PAUSE: Final = 1.0
"""Seconds before a process that fell is replaced: one that falls at once must not take the machine with it."""


def run(options: ServiceOptions) -> None:
    """Serve until a signal says to end.

    Raises:
        DocumentError: The address is taken, or not one of this machine.
        TableError: The law does not load.
    """
    table_of(options)  # what is wrong with it is said once, before anything listens
    with closing(_listening(options)) as listening:
        host, port = listening.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        log_line(dumps({"event": "listening", "url": url, "workers": options.workers}))
        if options.workers == 1:
            work(options, listening)
        else:
            _share(options, listening)
    log_line(dumps({"event": "stopped"}))


def work(options: ServiceOptions, listening: socket.socket) -> None:
    """Answer in this process until a signal says to end."""
    # uvicorn sends the signal that ended it once more to whoever waited for it before: the end has come by then
    with _on_signal(lambda: None):
        config = uvicorn.Config(
            application_of(options),
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=options.stopping,
            timeout_keep_alive=15,
            lifespan="off",
        )
        uvicorn.Server(config).run(sockets=[listening])


def _share(options: ServiceOptions, listening: socket.socket) -> None:
    """Answer in several processes; one that falls is replaced."""
    context, ending = get_context("spawn"), False

    def started() -> BaseProcess:
        process = context.Process(target=work, args=(options, listening), name="qmi-rules")
        process.start()
        return process

    processes: list[BaseProcess] = []

    def end() -> None:
        nonlocal ending
        ending = True
        for process in processes:
            process.terminate()

    with _on_signal(end):
        processes += [started() for _ in range(options.workers)]
        while not ending:
            wait([process.sentinel for process in processes], timeout=_PAUSE)
            for i, process in enumerate(processes):
                if not ending and not process.is_alive():
                    log_line(dumps({"event": "replaced", "status": process.exitcode}))
                    sleep(_PAUSE)
                    processes[i] = started()
        end()  # one may have been started while the signal came
        for process in processes:
            process.join()


@contextmanager
def _on_signal(do: Callable[[], None]) -> Iterator[None]:
    def handle(number: int, frame: FrameType | None) -> None:
        do()

    former = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _listening(options: ServiceOptions) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((options.host, options.port))
        listening.listen(2048)
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or str(error)
        words = "cannot listen on {host}, port {port}: {why}"
        raise DocumentError(fault("contradiction", "", words, host=options.host, port=options.port, why=why)) from None
    return listening
