"""What the service sends besides JSON: problem details (RFC 9457) with all faults of the document, in the reader's language, and pages of HTML."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from json import dumps
from typing import Final

from attrs import frozen
from starlette.responses import Response

from qmi_rules.errors import FAULTS_FORMAT, DocumentError, Problem
from qmi_rules.pages import language, message

MEDIA_TYPE: Final = "application/problem+json"

TITLES: Final = {
    404: message("Cette adresse n'existe pas"),
    405: message("Cette adresse se demande autrement"),
    406: message("Le service répond en JSON"),
    408: message("La demande a tardé à arriver"),
    413: message("La demande est trop longue"),
    415: message("Le service lit du JSON en UTF-8"),
    422: message("Le document ou la demande est à corriger"),
    500: message("Le service n'a pas su répondre"),
    503: message("La réponse prendrait trop de temps"),
}
"""What each status says of a request."""
KINDS: Final = {
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "request-timeout",
    413: "too-large",
    415: "unsupported-media-type",
    422: "faults",
    500: "internal-error",
    503: "too-slow",
}


class Refused(Exception):
    """A request that is not answered; it says with which status.

    Attributes:
        status: The status.
        faults: What is wrong, each with code, path and words; none where the status says it all.
        headers: Headers of the answer.
    """

    def __init__(self, status: int, faults: "tuple[Problem, ...] | list[Problem]" = (), **headers: str) -> None:
        super().__init__(status)
        self.status, self.faults, self.headers = status, tuple(faults), headers


def problem_text(status: int, lang: str, faults: "tuple[Problem, ...] | list[Problem]" = ()) -> str:
    """The body of such an answer."""
    detail = DocumentError(faults).say(lang) if faults else ""
    document = {
        "type": f"urn:qmi-rules:problem:{KINDS[status]}",
        "title": language(lang)(TITLES[status]),
        "status": status,
        **({"detail": detail} if detail else {}),
        "format": FAULTS_FORMAT,
        "faults": [one.to_dict(lang) for one in faults],
    }
    return dumps(document, ensure_ascii=False, separators=(",", ":"))


def problem(refused: Refused, lang: str) -> Response:
    """The answer."""
    headers = {name.replace("_", "-"): value for name, value in refused.headers.items()}
    text = problem_text(refused.status, lang, refused.faults)
    return Response(
        text.encode("utf-8", "backslashreplace"),
        refused.status,
        {**headers, "content-language": lang, "cache-control": "no-store"},
        MEDIA_TYPE,
    )


# --- pages of HTML, with a policy that lets a browser run and draw what stands in the page itself, and load nothing

_BLOCKS: Final = re.compile(r"<(script|style)(\s[^>]*)?>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)

_POLICY: Final = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
_ALWAYS: Final = ("img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")


@frozen
class HtmlPage:
    """A page with its policy.

    Attributes:
        body: The page.
        policy: What a browser may do with it.
    """

    body: bytes
    policy: str

    @classmethod
    def of(cls, text: str) -> "HtmlPage":
        """The page of a text; its own scripts and styles are allowed by their hashes, and nothing else is."""
        hashes: dict[str, list[str]] = {"script": [], "style": []}
        for kind, _, content in _BLOCKS.findall(text):
            digest = b64encode(sha256(content.encode()).digest()).decode()
            hashes[kind.lower()].append(f"'sha256-{digest}'")
        allowed = [f"{kind}-src {' '.join(dict.fromkeys(found))}" for kind, found in hashes.items() if found]
        return cls(text.encode(), "; ".join(["default-src 'none'", *allowed, *_ALWAYS]))

    @classmethod
    def with_policy_of_its_own(cls, text: str) -> "HtmlPage":
        """A page that says in its head what a browser may do with it."""
        found = _POLICY.search(text)
        policy = unescape(found[1]) if found is not None else "default-src 'none'"
        return cls(text.encode(), f"{policy}; frame-ancestors 'none'")

    @classmethod
    def of_report(cls, text: str) -> "HtmlPage":
        """A report: it runs nothing, and is drawn with the styles that stand in it."""
        return cls(text.encode(), "; ".join(["default-src 'none'", "style-src 'unsafe-inline'", *_ALWAYS]))

    def response(self, lang: str) -> Response:
        """The page as an answer."""
        return Response(
            self.body,
            200,
            {
                "content-security-policy": self.policy,
                "content-language": lang,
                "vary": "accept-language",
                "cache-control": "no-cache",
            },
            "text/html",
        )
