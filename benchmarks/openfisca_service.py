"""OpenFisca's Web API over the fixture, on gunicorn with one worker, in threads so that connections are kept; run by an environment that has openfisca-core[web-api]."""

import socket

from gunicorn.app.base import BaseApplication
from openfisca_peer import OpenFiscaFixture
from openfisca_web_api.app import create_app


class Service(BaseApplication):
    """The application on a free port."""

    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        """One worker that keeps connections."""
        self.cfg.set("bind", f"127.0.0.1:{self._port}")
        self.cfg.set("workers", 1)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 8)
        self.cfg.set("keepalive", 30)

    def load(self) -> object:
        """The Web API."""
        system = OpenFiscaFixture().system
        return create_app(system)


if __name__ == "__main__":
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    Service(port).run()
