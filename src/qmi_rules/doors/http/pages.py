"""Pages of HTML as the service sends them: with a policy that lets a browser run and draw what stands in the page itself, and load nothing."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from typing import Final

from attrs import frozen
from starlette.responses import Response

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
