"""What a request asks for besides its document: in which language, how much, in which form; and the document, read within bounds."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request

from qmi_rules.catalogues import SOURCE_LANGUAGE, code_of, languages
from qmi_rules.doors.http.bounds import ServiceBounds
from qmi_rules.doors.http.responses import Refused
from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.schema import structure
from qmi_rules.schema.faults import shown, step

JSON, LINES, HTML = "application/json", "application/x-ndjson", "text/html"


def language_of(request: Request) -> str:
    """The language asked for: by ``?lang=``, else the best of ``Accept-Language`` that there is, else French."""
    given = request.query_params.get("lang")
    if given is not None:
        return code_of(given) or SOURCE_LANGUAGE
    header = request.headers.get("accept-language")
    if header is None:
        return SOURCE_LANGUAGE
    wanted = sorted(_weighed(header), key=lambda one: -one[1])
    return next((code for tag, weight in wanted if weight > 0 and (code := code_of(tag))), SOURCE_LANGUAGE)


def _weighed(header: str) -> list[tuple[str, float]]:
    """The entries of an ``Accept`` header and how much each is wanted; nonsense in it is not wanted."""
    found = []
    for part in header[:1_000].split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = 0.0
        found.append((name.lower(), weight))
    return found


def accepts(request: Request, media_type: str) -> bool:
    """Whether the client takes an answer in this form."""
    header = request.headers.get("accept")
    if not header or header == "*/*":
        return True
    family = media_type.partition("/")[0] + "/*"
    return any(weight > 0 and name in (media_type, family, "*/*") for name, weight in _weighed(header))


def prefers(request: Request, media_type: str, other: str) -> bool:
    """Whether the client would rather have an answer in this form than in the other."""
    weights = dict(_weighed(request.headers.get("accept", "")))
    return weights.get(media_type, 0) > weights.get(other, 0)


def media_type_of(request: Request, *allowed: str) -> str:
    """The form of the document that comes.

    Raises:
        Refused: It is none that is read here, is compressed, or is no UTF-8.
    """
    header = request.headers.get("content-type", "")
    name, _, parameters = header.partition(";")
    found = name.strip().lower()
    charset = next(
        (
            value.strip('" ')
            for key, _, value in (p.strip().partition("=") for p in parameters.split(";"))
            if key.lower() == "charset"
        ),
        "utf-8",
    )
    if (
        found not in allowed
        or charset.lower() not in ("utf-8", "utf8")
        or request.headers.get("content-encoding", "identity").lower() != "identity"
    ):
        raise Refused(415, accept=", ".join(allowed))
    return found


def _day(text: str) -> datetime.date:
    return structure(text, datetime.date)


def _choice(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in choices:
            return text
        words = "expected one of {choices}, got {got}"
        raise DocumentError(fault("unknown_choice", "", words, choices=choices, got=shown(text[:60])))

    return read


def _text(text: str) -> str:
    if 0 < len(text) <= 200 and text.isprintable():
        return text
    words = "expected a text of 1 to {most} characters, got {got}"
    raise DocumentError(fault("out_of_range", "", words, most=200, got=shown(text[:60])))


PARAMETERS: Final[dict[str, Callable[[str], Any]]] = {
    "lang": _choice(*languages()),
    "detail": _choice("answer", "full"),
    "known_on": _day,
    "on": _day,
    "lot": _text,
    "q": _text,
}
"""How each parameter of a query is read."""


def parameters_of(request: Request, *allowed: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The parameters of the query, read.

    Raises:
        Refused: One is unknown here, stands twice, or holds what it cannot: a name mistaken is not passed over, it could be the day that
            decides which law applies.
    """
    query = request.scope["query_string"]
    if not query and not required:
        return {}
    found: dict[str, Any] = {}
    faults: list[Problem] = []
    for name, text in request.query_params.multi_items():
        if name not in allowed:
            words = "unknown key; the keys are {keys}"
            faults.append(fault("unknown_key", step(name[:60]), words, keys=allowed))
        elif name in found:
            faults.append(fault("duplicate", name, "this key stands twice in one object"))
        else:
            found[name] = None
            try:
                found[name] = PARAMETERS[name](text)
            except DocumentError as error:
                faults += [one.at(name) for one in error.problems]
    faults += [fault("required", name, "required, but it is absent") for name in required if name not in found]
    if faults:
        raise Refused(422, faults)
    return found


def too_long(most: int) -> Refused:
    return Refused(413, [fault("too_long", "", "expected at most {most} bytes, got more", most=most)])


async def body_of(request: Request, bounds: ServiceBounds) -> bytes:
    """The document that comes, whole.

    Raises:
        Refused: It is too long, or its end does not come.
    """
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said[:20]) > bounds.body:  # before a byte of it is read
        raise too_long(bounds.body)
    pieces, length = [], 0
    async for piece in pieces_of(request, bounds):
        pieces.append(piece)
        length += len(piece)
        if length > bounds.body:
            raise too_long(bounds.body)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def pieces_of(request: Request, bounds: ServiceBounds) -> AsyncIterator[bytes]:
    """The pieces of the document as they come.

    Raises:
        Refused: None came for too long.
        ClientDisconnect: The client is gone.
    """
    receive = request.receive
    while True:
        try:
            async with asyncio.timeout(bounds.silence):
                event = await receive()
        except TimeoutError:
            raise Refused(408, connection="close") from None
        if event["type"] == "http.disconnect":
            raise ClientDisconnect
        if piece := event.get("body", b""):
            yield piece
        if not event.get("more_body", False):
            return
