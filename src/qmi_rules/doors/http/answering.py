"""The application: which address asks what, and what stands around every answer."""

import sys
from collections.abc import Awaitable, Callable
from functools import cached_property
from json import dumps
from time import perf_counter
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qmi_rules.catalogues import languages
from qmi_rules.doors.answers import Terms, answered, dossier_of
from qmi_rules.doors.http.asking import (
    HTML,
    JSON,
    LINES,
    accepts,
    body_of,
    language_of,
    media_type_of,
    parameters_of,
    prefers,
)
from qmi_rules.doors.http.batches import BatchResponse
from qmi_rules.doors.http.bounds import ServiceOptions, TooSlow, Workroom
from qmi_rules.doors.http.description import openapi_document, openapi_html, schema_document
from qmi_rules.doors.http.responses import HtmlPage, Refused, problem
from qmi_rules.doors.operations import OPERATIONS, SHAPES, Operation, names_of, shape
from qmi_rules.errors import DocumentError, UnknownNameError
from qmi_rules.law import Table, default_table, load_table
from qmi_rules.model.territory import find_communes
from qmi_rules.procurement.card_cache import RememberedCards
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.schema import unstructure
from qmi_rules.schema.json_text import parse
from qmi_rules.version import VERSION

Endpoint = Callable[[Request], Awaitable[Response]]

_SHORT: Final = 4_096
"""Bytes of a document that is answered at once, without a thread: it cannot hold much to work out."""
_LONG_PARTS: Final = (b'"lots"', b'"members"', b'"need"')


def application_of(options: ServiceOptions) -> Starlette:
    """The service as an ASGI application."""
    table = table_of(options)
    service = _Service(options, table)
    routes = service.routes()
    middleware = [
        Middleware(_Around, log=None if options.quiet else log_line, paths=service.paths, shared=bool(options.cors))
    ]
    if options.cors:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=options.cors,
                allow_methods=("GET", "POST"),
                allow_headers=("accept-language", "content-type"),
            )
        )
    made = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={Refused: _refused, TooSlow: _too_slow, HTTPException: _of_the_router, Exception: _failed},
    )
    made.router.redirect_slashes = False  # an address is written in one way
    return made


def table_of(options: ServiceOptions) -> Table:
    """The law that the service answers with."""
    if options.table is None:
        return default_table()
    table = load_table(options.table)
    return table.over(default_table()) if table.local else table


class _Service:
    """What the service answers with: the law, the limits, and what never changes while it runs."""

    def __init__(self, options: ServiceOptions, table: Table) -> None:
        self._table, self._bounds, self._known_on = table, options.bounds, options.known_on
        self._room = Workroom(options.bounds)
        self._cards = RememberedCards(table)
        self.paths: dict[Any, str] = {}

    @cached_property
    def _openapi(self) -> dict[str, Any]:
        return openapi_document(self._table)

    @cached_property
    def _openapi_text(self) -> str:
        return dumps(self._openapi, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def _docs(self) -> HtmlPage:
        return HtmlPage.of(openapi_html(self._openapi))

    @cached_property
    def _pages(self) -> dict[str, HtmlPage]:
        from qmi_rules.question_page import PageOptions, page_html

        made = {lang: page_html(PageOptions(table=self._table, lang=lang, service="v1")) for lang in languages()}
        return {lang: HtmlPage.with_policy_of_its_own(text) for lang, text in made.items()}

    def routes(self) -> list[Route]:
        """All addresses; the first that fits is taken, so the one asked most stands first."""
        routes = [
            *(Route(one.path, self._question(one), methods=["POST"]) for one in OPERATIONS.values()),
            Route("/v1/law", self.law),
            Route("/v1/communes", self.communes),
            Route("/v1/schemas/{name}", self.schema),
            Route("/openapi.json", self.openapi),
            Route("/docs", self.docs),
            Route("/healthz", self.health),
            Route("/", self.page),
        ]
        self.paths = {route.endpoint: route.path for route in routes}
        return routes

    def _question(self, operation: Operation) -> Endpoint:
        about, options = operation.about, operation.through("http")
        allowed = ("lang", "detail", "known_on", *(option.name for option in options if option is not about))
        quick = operation.name == "decide"

        async def answer(request: Request) -> Response:
            form = media_type_of(request, JSON, LINES)
            as_report = operation.name == "brief" and form == JSON and prefers(request, HTML, JSON)
            if not as_report and not accepts(request, form):
                raise Refused(406)
            given = parameters_of(request, *allowed)
            terms = Terms(
                table=self._table,
                known_on=given.get("known_on", self._known_on),
                lang=language_of(request),
                detail=given.get("detail", "answer"),
                options={**given, **request.path_params},
                cards=self._cards,
            )
            if form == LINES:
                if about:  # a batch about what there is not is refused before its lines are read
                    self._must_know(about.kind, terms.options[about.name])
                return BatchResponse(operation, terms, request, self._bounds, self._room)
            body = await body_of(request, self._bounds)
            try:
                if as_report:
                    page = await self._room.run(_report, body, terms)
                    return page.response(terms.lang)
                if (
                    quick
                    and terms.detail == "answer"
                    and len(body) < _SHORT
                    and not any(part in body for part in _LONG_PARTS)
                ):
                    text = answered(operation, body, terms)
                else:
                    text = await self._room.run(answered, operation, body, terms)
            except UnknownNameError as error:
                raise Refused(404 if about and error.kind == about.kind else 422, error.problems) from None
            except DocumentError as error:
                raise Refused(422, error.problems) from None
            return _json(text, terms.lang)

        answer.__doc__ = operation.summary
        return answer

    def _must_know(self, kind: str, name: str) -> None:
        if name not in (known := names_of(kind, self._table)):
            raise Refused(404, UnknownNameError(kind, name, known).problems)

    async def law(self, request: Request) -> Response:
        """The law of a day."""
        given = parameters_of(request, "on", "lang", "known_on", required=("on",))
        lang = _asked(request)
        known_on = given.get("known_on", self._known_on)
        found = await self._room.run(
            lambda: LawOfTheDay(self._table.in_force(given["on"], known_on), given["on"]).to_json(
                indent=None, lang=lang
            )
        )
        return _json(found, lang)

    async def communes(self, request: Request) -> Response:
        """The communes that somebody means."""
        given = parameters_of(request, "q", "lang", required=("q",))
        lang = _asked(request)
        found = {"communes": [unstructure(commune) for commune in find_communes(given["q"])]}
        return _json(dumps(found, ensure_ascii=False, separators=(",", ":")), lang)

    async def schema(self, request: Request) -> Response:
        """The JSON Schema of a document."""
        parameters_of(request, "lang")
        lang = _asked(request)
        name = request.path_params["name"]
        if name not in SHAPES:
            raise Refused(404, UnknownNameError("name", name, SHAPES).problems)
        return _json(schema_document(shape(name)), lang)

    async def openapi(self, request: Request) -> Response:
        """This service, for programs."""
        parameters_of(request, "lang")
        return _json(self._openapi_text, _asked(request))

    async def docs(self, request: Request) -> Response:
        """This service, for people."""
        parameters_of(request, "lang")
        if not accepts(request, HTML):
            raise Refused(406)
        return self._docs.response("en")

    async def health(self, request: Request) -> Response:
        """Whether it answers, and with which law."""
        parameters_of(request, "lang")
        lang = _asked(request)
        found = {"status": "ok", "table_edition": self._table.edition, "package_version": VERSION}
        return _json(dumps(found, ensure_ascii=False, separators=(",", ":")), lang)

    async def page(self, request: Request) -> Response:
        """The question page."""
        parameters_of(request, "lang")
        if not accepts(request, HTML):
            raise Refused(406)
        lang = language_of(request)
        pages = await self._room.run(lambda: self._pages)
        return pages[lang].response(lang)


def _asked(request: Request) -> str:
    """The language of an answer in JSON, once the client takes one."""
    if not accepts(request, JSON):
        raise Refused(406)
    return language_of(request)


def _json(text: str, lang: str) -> Response:
    # of what stands in a user's text the answer holds all, a lone surrogate too, and is UTF-8 all the same
    return Response(
        text.encode("utf-8", "backslashreplace"),
        200,
        {"content-language": lang, "vary": "accept-language", "cache-control": "no-store"},
        JSON,
    )


def _report(body: bytes, terms: Terms) -> HtmlPage:
    """A briefing as a browser shows it."""
    from qmi_rules.briefing import brief
    from qmi_rules.briefing.report import to_html_report

    return HtmlPage.of_report(to_html_report(brief(dossier_of(parse(body)), terms.table, terms.known_on), terms.lang))


# --- what is refused, what fails


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error, language_of(request))


async def _too_slow(request: Request, error: Exception) -> Response:
    return problem(Refused(503, retry_after="60"), language_of(request))


async def _of_the_router(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {name.replace("-", "_"): value for name, value in (error.headers or {}).items()}
    return problem(Refused(error.status_code, (), **headers), language_of(request))


async def _failed(request: Request, error: Exception) -> Response:
    return problem(Refused(500), language_of(request))


# --- around every answer

_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_NOTHING: Final = b"default-src 'none'; frame-ancestors 'none'"


class _Around:
    """What stands around every answer: headers that keep browsers from more than reading it, and one line of log without its contents."""

    def __init__(self, app: ASGIApp, log: Callable[[str], object] | None, paths: dict[Any, str], shared: bool) -> None:
        self._app, self._log, self._paths = app, log, paths
        self._more = () if shared else ((b"cross-origin-resource-policy", b"same-origin"),)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, seen = perf_counter(), _SeenRequest()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                headers = [*message.get("headers", ()), *_HEADERS, *self._more]
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", _NOTHING))
                message = {**message, "headers": headers}
            else:
                seen.bytes_out += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            seen.status = seen.status or 499
        finally:
            if self._log is not None:
                self._log(seen.line(scope, self._paths.get(scope.get("endpoint")), perf_counter() - began))


class _SeenRequest:
    """What is kept of a request, for its line of log."""

    status = 0
    bytes_out = 0

    def line(self, scope: Scope, path: str | None, seconds: float) -> str:
        """The line: which question, how it ended, how long it took; never a document, a query, an address or a name."""
        said: dict[str, Any] = {
            "event": "request",
            "method": scope["method"] if scope["method"] in _METHODS else "other",
            "path": path,
            "status": self.status,
            "ms": round(seconds * 1_000, 2),
            "bytes_out": self.bytes_out,
        }
        if (lines := scope.get("qmi_rules.lines")) is not None:
            said["lines"] = lines
        return dumps(said, separators=(",", ":"))


_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def log_line(text: str) -> None:
    """Write a line of log on standard error."""
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
