"""What the service answers where it cannot answer: problem details (RFC 9457), in the reader's language, with all faults of the document."""

from json import dumps
from typing import Final

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
