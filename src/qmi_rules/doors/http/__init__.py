"""The questions over HTTP (extra ``service``): `qmi-rules serve`, or `application` for a server of your own.

It keeps nothing, reads no clock for the law, asks nobody else, and listens on 127.0.0.1 unless told otherwise.
"""

from typing import TYPE_CHECKING, Any

from qmi_rules.doors.http.bounds import ServiceBounds, ServiceOptions
from qmi_rules.errors import MissingExtraError
from qmi_rules.law import Table

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["ServiceBounds", "ServiceOptions", "application", "openapi", "serve"]


def application(options: ServiceOptions | None = None) -> "Starlette":
    """The service as an ASGI application.

    Raises:
        MissingExtraError: Starlette is not installed.
    """
    try:
        from qmi_rules.doors.http.answering import application_of
    except ImportError as error:
        raise _missing(error) from None
    return application_of(options or ServiceOptions())


def openapi(table: Table | None = None) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the service, made from the same schemas as those of documents."""
    from qmi_rules.doors.http.description import openapi_document

    return openapi_document(table)


def serve(options: ServiceOptions) -> None:
    """Serve until a signal says to end; requests under way are answered first.

    Raises:
        MissingExtraError: Starlette or uvicorn is not installed.
    """
    try:
        from qmi_rules.doors.http.running import run
    except ImportError as error:
        raise _missing(error) from None
    run(options)


def _missing(error: ImportError) -> ImportError:
    """What is missing, where it is one of the packages of the extra."""
    name = (error.name or "").partition(".")[0]
    return MissingExtraError("service", name) if name in ("starlette", "uvicorn") else error
