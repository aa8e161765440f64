"""A page: headings, paragraphs, lists and tables without a format."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from attrs import field, frozen


@frozen
class Link:
    """A text that leads to a web address."""

    text: str
    url: str


@frozen
class Strong:
    """A text that stands out."""

    text: str


@frozen
class Meter:
    """A value on a scale from 0 to `maximum`; HTML shows it as a native ``<meter>``, text as figures."""

    value: int
    maximum: int
    text: str


Inline: TypeAlias = str | Link | Strong | Meter
Line: TypeAlias = Inline | Sequence[Inline]


@frozen
class Heading:
    """A heading; level 1 is the page's title."""

    text: str
    level: int = 2


@frozen
class Paragraph:
    """A paragraph; `kind` may be ``"note"`` or ``"warning"``, which HTML shows apart."""

    line: Line
    kind: str = ""


@frozen
class Items:
    """A list; `kind` may be ``"check"`` (boxes to tick) or ``"numbers"``."""

    lines: Sequence[Line]
    kind: str = ""


@frozen
class Grid:
    """A table with a header row; the first column of each row heads it."""

    header: Sequence[str]
    rows: Sequence[Sequence[Line]]
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Items | Grid


def _to_blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(blocks)


@frozen
class Page:
    """What a result says to one reader, before it has a format.

    Attributes:
        language: The code of the language it is written in.
        blocks: Headings, paragraphs, lists and tables in reading order.
    """

    language: str
    blocks: tuple[Block, ...] = field(converter=_to_blocks)
