"""JSON texts, read strictly: UTF-8, no key twice, no NaN, no binary floats, bounded size and depth; and written."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.schema import scalars
from qmi_rules.schema.faults import below, joined, require, step
from qmi_rules.schema.fields import layout_of, require_document
from qmi_rules.schema.reader import read_document

T = TypeVar("T")

LARGEST_DOCUMENT = 2_000_000
"""A JSON text may have this many characters at most; a class may allow more in its layout."""
DEEPEST_DOCUMENT = 40
"""Objects and lists of a JSON text may be nested this deep at most."""
_LONGEST_NUMBER = 30


class ParsedText(NamedTuple):
    """A JSON text as plain data, with the faults that JSON itself does not know: keys that stand twice, numbers unfit for a document.

    Attributes:
        data: The data; a number unfit for a document is None there, of keys that stand twice the last counts.
        problems: Those faults, each with its path.
        where: The file it came from, for the messages.
    """

    data: Any
    problems: tuple[Problem, ...]
    where: str

    def faultless(self) -> Any:
        """The data.

        Raises:
            DocumentError: There is a fault.
        """
        if self.problems:
            raise DocumentError(self.problems, self.where)
        return self.data

    def structured(self, data: Any, cls: type[T], root: str = "") -> T:
        """The data, or the part of it that stands under `root`, as an object of `cls`.

        Raises:
            DocumentError: All faults at once, those of the text first, each with its path from the root of the text.
        """
        found = list(self.problems)
        try:
            made = read_document(data, cls, self.where)
        except DocumentError as error:
            known = {problem.path for problem in found}
            found += [problem for problem in below(root, error.problems) if problem.path not in known]
        else:
            if not found:
                return made
        raise DocumentError(found, self.where)


class _Unfit:
    """Stands in parsed data for a number that no document may hold, until its path is known."""

    def __init__(self, fault: Problem) -> None:
        self.fault = fault


class _Twice(dict[str, Any]):
    """Stands in parsed data for an object in which keys stand twice, until its path is known."""

    names: tuple[str, ...] = ()


class _Hooks:
    """What `json` calls while it parses; it remembers whether there is a fault to be looked for."""

    faulty = False

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) == len(pairs):  # JSON allows a key twice, and every reader keeps another one of the two
            return result
        self.faulty = True
        twice = _Twice(result)
        twice.names = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return twice

    def number(self, text: str) -> Decimal | _Unfit:
        """A JSON number with a point, taken digit by digit: it never passes through a binary float."""
        try:
            return scalars.decimal(text)
        except DocumentError as error:
            return self.unfit(error.problems[0])

    def constant(self, text: str) -> _Unfit:
        return self.unfit(fault("not_json", "", "{got} is no number of a JSON document", got=text))

    def integer(self, text: str) -> int | _Unfit:
        if len(text) > _LONGEST_NUMBER:  # int() of a long text takes the square of its length
            words = "a whole number has more than {most} digits"
            return self.unfit(fault("out_of_range", "", words, most=_LONGEST_NUMBER))
        return int(text)

    def unfit(self, problem: Problem) -> _Unfit:
        self.faulty = True
        return _Unfit(problem)


def parse(text: str | bytes, where: str = "", largest: int = LARGEST_DOCUMENT) -> ParsedText:
    """Parse a JSON text; what is wrong inside it is kept with the data, so that other faults can be reported with it.

    Args:
        text: The text.
        where: The file it came from, for the messages.
        largest: How many characters it may have.

    Raises:
        DocumentError: It is no JSON text, too large or too deep.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            words = "expected a text encoded in UTF-8; byte {byte} is not"
            raise DocumentError(fault("not_json", "", words, byte=error.start), where) from None
    elif not isinstance(text, str):
        raise DocumentError(fault("not_json", "", "expected a JSON text, got {got}", got=type(text).__name__), where)
    if len(text) > largest:  # before anything else is done with it: who sends it need not be a friend
        words = "expected at most {most} characters, got {got}"
        raise DocumentError(fault("too_long", "", words, most=largest, got=len(text)), where)
    if (deep := _depth(text)) > DEEPEST_DOCUMENT:  # before it is parsed: `json` recurses, and Python's stack ends
        words = "expected objects and lists nested at most {most} deep, got {got}"
        raise DocumentError(fault("too_deep", "", words, most=DEEPEST_DOCUMENT, got=deep), where)
    hooks = _Hooks()
    try:
        data = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=hooks.object,
            parse_float=hooks.number,
            parse_constant=hooks.constant,
            parse_int=hooks.integer,
        )
    except json.JSONDecodeError as error:
        if not text.strip("\ufeff \t\r\n"):
            raise DocumentError(fault("not_json", "", "expected a JSON text, but it is empty"), where) from None
        words = "not JSON: {why} at line {line}, column {column}"
        raise DocumentError(
            fault("not_json", "", words, why=error.msg, line=error.lineno, column=error.colno), where
        ) from None
    if not hooks.faulty:
        return ParsedText(data, (), where)
    return ParsedText(_cleaned(data), tuple(_marked(data)), where)


def _marked(data: Any, path: str = "") -> Iterator[Problem]:
    """The faults that markers stand for, in the order of the text."""
    match data:
        case _Unfit():
            yield data.fault.at(path)
        case dict():
            if isinstance(data, _Twice):
                for name in data.names:
                    yield fault("duplicate", joined(path, step(name)), "this key stands twice in one object")
            for key, value in data.items():
                yield from _marked(value, joined(path, step(key)))
        case list():
            for i, value in enumerate(data):
                yield from _marked(value, f"{path}[{i}]")


def _cleaned(data: Any) -> Any:
    """The data without markers."""
    match data:
        case _Unfit():
            return None
        case dict():
            return {key: _cleaned(value) for key, value in data.items()}
        case list():
            return [_cleaned(value) for value in data]
        case _:
            return data


def parse_json(text: str | bytes, where: str = "", largest: int = LARGEST_DOCUMENT) -> Any:
    """Read a JSON text strictly: UTF-8, no key twice, no NaN, no binary floats, bounded size and depth.

    Args:
        text: The text.
        where: The file it came from, for the messages.
        largest: How many characters it may have.

    Raises:
        DocumentError: What is wrong, and where.
    """
    return parse(text, where, largest).faultless()


# Possessive: of quotation marks without end it must not go back over what it has read.
_BRACKET = re.compile(r'"(?>[^"\\]+|\\.)*+"?|([\[{])|[\]}]', re.DOTALL)


def _depth(text: str) -> int:
    """How deep brackets are nested, those inside strings left out."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        if found[1]:
            depth += 1
            deepest = max(deepest, depth)
        elif found[0][0] != '"':
            depth -= 1
    return deepest


def from_json(text: str | bytes, cls: type[T], where: str = "") -> T:
    """Read one JSON document into an object of `cls`.

    Args:
        text: The document.
        cls: A class whose documents can be read: an input such as `Purchase`, or a result that says that it reads back.
        where: The file it came from, for the messages.

    Raises:
        DocumentError: All faults at once, each with its path.

    >>> from qmi_rules import Purchase
    >>> from_json('{"title": "Capteurs", "launched_on": "2026-05-15"}', Purchase).launched_on
    datetime.date(2026, 5, 15)
    """
    require_document(cls)
    parsed = parse(text, where, layout_of(cls).largest or LARGEST_DOCUMENT)
    return parsed.structured(parsed.data, cls)


def read(source: "Mapping[str, Any] | str | bytes | Path", cls: type[T]) -> T:
    """Read one document of `cls`: the front door for whoever has it as a dict, as a JSON text or in a file.

    Args:
        source: A dict of the document's keys, a JSON text, or the path of a JSON file.
        cls: A class whose documents can be read, such as `Purchase`.

    Raises:
        DocumentError: All faults at once, each with its path.

    >>> from qmi_rules import Purchase, read
    >>> read({"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": 85_000}, Purchase).value
    Decimal('85000')
    """
    require_document(cls)
    if isinstance(source, cls):
        return source
    if isinstance(source, Mapping):
        return read_document(dict(source), cls)
    if isinstance(source, str) and not source.lstrip("\ufeff \t\r\n").startswith(("{", "[", '"')):
        source = Path(source)
    if not isinstance(source, Path):
        return from_json(source, cls)
    try:
        return from_json(source.read_bytes(), cls, str(source))
    except (OSError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise
        why = error.strerror if isinstance(error, OSError) else None
        raise DocumentError(
            fault("required", "", "cannot be read: {why}", why=why or str(error)), str(source)
        ) from None


def given(name: str, value: Any, cls: type[T], *others: type) -> T:
    """The argument of a question: an object of a class, or a dict of the keys of its document.

    Raises:
        DocumentError: It is neither, or the dict is not what was expected; the path of the first is the name of the argument.
    """
    if isinstance(value, Mapping):
        return read(value, cls)
    require(name, value, cls, *others)
    return value  # type: ignore[no-any-return]


def unstructure(value: object) -> Any:
    """Turn an object of the library, or a part of one that is being written, into plain data: dicts, lists, strings, ints, booleans, None."""
    from qmi_rules.schema.converter import converter  # a fresh process that decides once starts without cattrs

    return converter().unstructure(value)


def to_json(
    value: object, *, lang: str | None = None, detail: Literal["full", "answer"] = "full", indent: int | None = None
) -> str:
    """Write an object of the library as a JSON text; decimals as strings, dates as ISO dates, accents as they are.

    Args:
        value: A document or a result.
        lang: The language of the sentences in it; None = French, or that in which a result that was read back was told.
        detail: ``"answer"`` for the head and the card of a result alone.
        indent: Spaces a level; None = compact.

    Raises:
        UnsupportedLocaleError: There is no catalogue for `lang`.
        DocumentError: There is no such detail.

    >>> from qmi_rules import Buyer
    >>> to_json(Buyer(kind="commune"))
    '{"kind":"commune"}'
    """
    from qmi_rules.schema.converter import document_of

    return written_json(document_of(value, lang, detail), indent)


def written_json(data: Any, indent: int | None = None) -> str:
    """Plain data as a JSON text; None = compact."""
    separators = (",", ":") if indent is None else None
    return json.dumps(data, ensure_ascii=False, indent=indent, separators=separators)
