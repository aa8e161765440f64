"""A page is a template over a result: Jinja fills it, each line becomes a block by the sign it begins with.

The templates stand in ``data/pages``. A line of one is a block: ``# `` to ``#### `` a heading, ``- `` an item, ``+ `` a numbered one, ``[] `` one to tick,
``| `` a row of a table with its cells between bars (the first row is its header, ``|= `` before it its caption), ``! `` a warning, ``> `` a note, anything else a
paragraph; an empty line ends a list or a table. What an expression gives never counts as a sign: the text of the template holds only its number until
the lines are cut, so nothing that a user wrote can become a heading, a link or a template. Sentences are French and in ``_("…", name=value)``; a value may
be a link or a strong word, which then stands in the middle of the sentence.

Jinja is loaded when the first page is made (docs/decisions/0033).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar, Token
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from string import Formatter
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Final, Literal

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.pages.blocks import Block, Grid, Heading, Inline, Items, Line, Link, Meter, Page, Paragraph, Strong
from qmi_rules.pages.result import Explained
from qmi_rules.schema.faults import require

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

    from qmi_rules.pages.i18n import Language

_OPEN, _SHUT = "\ue000", "\ue001"
"""What stands around the number of a value: private characters, which no text keeps that a reader sees (`renderers.visible`)."""
_NUMBER: Final = re.compile(f"{_OPEN}([0-9]+){_SHUT}")
_SIGNS: Final = {
    "# ": "h1", "## ": "h2", "### ": "h3", "#### ": "h4", "- ": "items", "+ ": "numbers", "[] ": "check",
    "|= ": "caption", "| ": "row", "! ": "warning", "> ": "note",
}  # fmt: skip
_BAR: Final = re.compile(r"(?<=\s)\|(?=\s|$)")
_FOLDER: ContextVar[Path | None] = ContextVar("the reader's own templates", default=None)


class _Values(list[Any]):
    """What the expressions of one page gave, by number."""

    def numbered(self, value: Any) -> Any:
        """The text of a value while the page is written; what a macro made of values is numbered already."""
        if hasattr(value, "__html__"):
            return value
        if isinstance(value, bool):  # here, where Jinja knows the line that says it
            raise TypeError(f"a page says {value!r}: a template has words for it")
        if value is None or value == "" or value == [] or value == ():
            return ""
        self.append(value)
        return f"{_OPEN}{len(self) - 1}{_SHUT}"

    def parts(self, text: str) -> Iterator[Inline]:
        """The parts of a line: words of the template, and values in place of their numbers."""
        for i, part in enumerate(_NUMBER.split(text)):
            if i % 2:
                yield from _inline(self[int(part)])
            elif part:
                yield part

    def line(self, text: str) -> Line:
        """A line; a text where it is nothing but words."""
        parts = list(self.parts(text))
        return "".join(parts) if all(isinstance(one, str) for one in parts) else parts  # type: ignore[arg-type]

    def words(self, text: str) -> str:
        """A line that can hold no link."""
        return "".join(one if isinstance(one, str) else one.text for one in self.parts(text))

    def blocks_of(self, text: str) -> Iterable[Block] | None:
        """The blocks that one expression gave, which stood alone on its line."""
        found = _NUMBER.fullmatch(text)
        value = self[int(found[1])] if found else None
        if isinstance(value, Page):
            return value.blocks
        many: list[Any] = [*value] if isinstance(value, (list, tuple)) else [value]
        return many if many and all(isinstance(one, (Heading, Paragraph, Items, Grid)) for one in many) else None


def _inline(value: Any) -> Iterator[Inline]:
    match value:
        case str() | Link() | Strong() | Meter():
            yield value
        case list() | tuple():
            for one in value:
                yield from _inline(one)
        case bool() | None:
            raise TypeError(f"a page says {value!r}: a template has words for it")
        case Heading() | Paragraph() | Items() | Grid():
            raise TypeError("what gives blocks stands alone on its line")
        case _:
            yield str(value)


_VALUES: ContextVar[_Values] = ContextVar("the values of the page that is being written")


def page_of(name: str, say: "Language", /, *, voices: Iterable[Callable[..., Any]] = (), **values: Any) -> Page:
    """The page that a template makes of a result.

    Args:
        name: The template: ``scorecard`` is ``data/pages/scorecard.j2``.
        say: The reader's language; in the template `say`, and `_` for a sentence.
        voices: Functions whose first argument is the language, each known in the template under its own name, without that argument.
        values: What the template knows besides.

    Raises:
        DocumentError: A template of the reader's own folder is wrong: its name and line are said.
    """
    filled = _Values()
    token = _VALUES.set(filled)
    bound = {voice.__name__: partial(voice, say) for voice in voices}
    try:
        # one environment for our own templates; the reader's may reach nothing but what they are given
        template = _environment(_FOLDER.get()).get_template(f"{name}.j2")
        text = template.render(_=partial(_sentence, say, filled), say=say, **_filters(say, filled), **bound, **values)
        return Page(say.code, _blocks(text, filled))
    except Exception as error:
        if (folder := _FOLDER.get()) is None or isinstance(error, DocumentError):
            raise
        raise DocumentError(_wrong_template(folder, name, error)) from error
    finally:
        _VALUES.reset(token)


def html_from(name: str, say: "Language", /, **values: Any) -> str:
    """The HTML document that a template makes: ``audit.html`` is ``data/pages/audit.html.j2``; every value is escaped that is not marked as safe."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    ours = PackageLoader("qmi_rules", "data/pages")
    written = Environment(loader=ours, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return written.get_template(f"{name}.j2").render(_=say, say=say, **values) + "\n"


def _blocks(text: str, filled: _Values) -> Iterator[Block]:
    """The blocks of a filled template: neighbouring lines of one sign are one list or table."""
    caption = ""
    for kind, group in groupby(map(_signed, text.splitlines()), key=lambda line: line[0]):
        texts = [text for _, text in group]
        match kind:
            case "blank":
                continue
            case "h1" | "h2" | "h3" | "h4":
                yield from (Heading(filled.words(text), int(kind[1])) for text in texts)
            case "caption":
                caption = filled.words(texts[-1])
            case "row":
                header, *rows = ([filled.line(cell.strip()) for cell in _BAR.split(text)] for text in texts)
                yield Grid([cell if isinstance(cell, str) else "" for cell in header], rows, caption)
                caption = ""
            case "text" | "note" | "warning":
                for text in texts:
                    blocks = filled.blocks_of(text)
                    yield from (
                        [Paragraph(filled.line(text), "" if kind == "text" else kind)] if blocks is None else blocks
                    )
            case _:
                yield Items([filled.line(text) for text in texts], "" if kind == "items" else kind)


def _signed(line: str) -> tuple[str, str]:
    """A line of a template as its kind and its text."""
    line = line.strip()
    for sign, kind in _SIGNS.items():
        if line.startswith(sign) or line == sign.rstrip():
            text = line[len(sign) :]
            return kind, text if kind == "row" else text.strip()  # an empty first cell is a cell
    return ("text" if line else "blank"), line


def _sentence(say: "Language", filled: _Values, text: str, /, **values: Any) -> Any:
    """A sentence of the catalogues with its values; one that is no text stands in the middle of it as it is."""
    found = {
        name: list(filled.parts(str(value))) if hasattr(value, "__html__") else value for name, value in values.items()
    }
    if all(isinstance(value, (str, int)) for value in found.values()):
        return say(text, **found)
    parts: list[Inline] = []
    for literal, name, _, _ in Formatter().parse(say(text)):
        parts += [*([literal] if literal else []), *(_inline(found[name]) if name else ())]
    return parts


def _filters(say: "Language", filled: _Values) -> dict[str, Any]:
    """How a page writes what is no text; as functions, so that a reader's template needs no more of the language than a name."""

    def plain(value: Any) -> Any:
        """What a macro made of values as the words that it stands for: a list or a link of such would show their numbers."""
        if hasattr(value, "__html__"):
            return filled.words(str(value))
        return value if isinstance(value, str) or not isinstance(value, Iterable) else [plain(one) for one in value]

    def of_words(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **named: function(*map(plain, given), **{name: plain(one) for name, one in named.items()})

    found: dict[str, Callable[..., Any]] = {
        "date": say.date, "weekday": say.weekday, "euros": say.euros, "number": say.number, "percent": say.percent,
        "all_of": say.all_of, "any_of": say.any_of, "clauses": say.clauses, "labelled": say.labelled, "count": say.count,
        "link": Link, "strong": Strong, "meter": Meter,
    }  # fmt: skip
    return {name: of_words(function) for name, function in found.items()}


# --- where templates stand


def lay_over(folder: str | Path | None) -> Token[Path | None]:
    """Lay the templates of a folder over ours: of one that it does not have, ours is taken.

    Raises:
        DocumentError: There is no such folder.
    """
    if folder is not None:
        require("templates", folder, Path, str)
        if not Path(folder).is_dir():
            words = "expected a folder of templates, got {got}"
            raise DocumentError(fault("wrong_type", "templates", words, got=str(folder)))
    return _FOLDER.set(None if folder is None else Path(folder))


def render(
    answer: Explained,
    lang: str = "fr",
    style: Literal["text", "markdown", "html"] = "text",
    templates: str | Path | None = None,
) -> str:
    """What an answer says to a reader, by templates of one's own where there are some.

    Args:
        answer: A decision, a scorecard, a briefing, or any other result that has a page.
        lang: A language there is a catalogue for.
        style: ``"text"``, ``"markdown"`` or ``"html"`` (a fragment).
        templates: Folder of templates laid over ours, each under the name of the one that it takes the place of, such as ``scorecard.j2``.
            They run in a sandbox: they reach what they are given and nothing else.

    Raises:
        UnsupportedLocaleError: There is no catalogue for `lang`.
        DocumentError: There is no such style or folder; a template of the folder is wrong, with its name and line.

    >>> from qmi_rules import score
    >>> print(render(score("replicability", {"operational_ease": 2}), "en").splitlines()[0])
    Replicability index
    """
    require("answer", answer, Explained)
    token = lay_over(templates)
    try:
        return answer.explain(lang, style)
    finally:
        _FOLDER.reset(token)


@cache
def _environment(folder: Path | None) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined, pass_context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    @pass_context  # so that no constant is numbered when the template is compiled
    def numbered(_: Any, value: Any) -> Any:
        return _VALUES.get().numbered(value)

    def filtering(name: str) -> Callable[..., Any]:
        @pass_context
        def said(context: "Context", value: Any) -> Any:
            return context[name](value)

        return said

    ours = PackageLoader("qmi_rules", "data/pages")
    loader: Any = ours
    kind: type[Environment] = Environment
    if folder is not None:
        from jinja2 import ChoiceLoader

        # a template of a town may begin with ours: {% extends "ours/scorecard.j2" %}
        loader = ChoiceLoader([FileSystemLoader(folder), ours, PrefixLoader({"ours": ours})])
        kind = ImmutableSandboxedEnvironment
    made = kind(
        loader=loader,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,  # so that lines may follow a template that is included
        finalize=numbered,
    )
    # for lists: {{ all_of(labels | map("said")) }}, {{ any_of(amounts | map("euros")) }}, {{ all_of(keys | map("in_words", words)) }}
    made.filters |= {name: filtering(name) for name in ("date", "euros", "number", "percent", "weekday")}
    made.filters |= {"said": filtering("_"), "in_words": lambda key, words: words[key]}
    return made


def _wrong_template(folder: Path, name: str, error: Exception) -> Problem:
    """What is wrong with a template of the reader's: Jinja gives the frames of a template its own name and lines."""
    from jinja2 import TemplateSyntaxError

    place = f"{name}.j2"
    if isinstance(error, TemplateSyntaxError):
        place = f"{error.name or place}:{error.lineno}"
    for frame, line in walk_tb(error.__traceback__):
        if frame.f_code.co_filename.endswith(".j2"):
            place = f"{Path(frame.f_code.co_filename).name}:{line}"
    said = f"{type(error).__name__}: {error}"[:300]
    words = "the template {place} of {folder} fails: {words}"
    return fault("wrong_type", "templates", words, place=place, folder=str(folder), words=said)
