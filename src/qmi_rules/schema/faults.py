"""How faults are worded: values quoted, keys of a path, paths below a root; ids that stand twice, arguments of a function refused."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from qmi_rules.errors import DocumentError, Phrase, Problem, fault


def shown(value: object) -> str:
    """A value as an error message quotes it: short, on one line, no control characters."""
    try:
        text = str(value) if isinstance(value, (Decimal, date)) else repr(value)
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        text = f"a value of type {type(value).__name__} that is too large to show"
    return text if len(text) <= 60 else text[:57] + "…" + text[-1:]


def step(key: object) -> str:
    """A key of a document as a path shows it: short, with what cannot be seen (or would steer a terminal) written as an escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(key)[:200]) or '""'


def joined(prefix: str, path: str) -> str:
    """A path below another one: ``lots[2]`` and ``id`` make ``lots[2].id``."""
    if not prefix or not path or path[0] in ".[":
        return prefix + path
    return f"{prefix}.{path}"


def below(root: str, problems: Iterable[Problem]) -> list[Problem]:
    """The faults of a part of a document, with paths from the document's root."""
    return [problem.at(joined(root, problem.path)) for problem in problems]


def a(name: str) -> Phrase:
    """A name behind its article: ``a Need``, ``an Option``."""
    return Phrase("an {name}" if name[:1] in "AEIOUaeiou" else "a {name}", {"name": name})


def repeated(path: str, items: Iterable[object]) -> Iterator[Problem]:
    """Each item of a list has an id of its own: those that stand twice, of items that could not be read too; what is no text repeats nothing."""
    seen: set[str] = set()
    for i, item in enumerate(items):
        name = item.get("id") if isinstance(item, Mapping) else getattr(item, "id", None)
        if not isinstance(name, str):
            continue
        if name in seen:
            words = "expected an id of its own, got {got} twice"
            yield fault("duplicate", f"{path}[{i}].id", words, got=shown(name[:60]))
        seen.add(name)


def require(name: str, value: object, *kinds: type) -> None:
    """Refuse an argument of a public function that is of none of the kinds it takes.

    Raises:
        DocumentError: What was expected and what came; the path is the name of the argument.
    """
    if isinstance(value, kinds):
        return
    expected, *others = [a(kind.__name__) for kind in kinds]
    for other in others:
        expected = Phrase("{one} or {other}", {"one": expected, "other": other})
    got = shown(value)
    if isinstance(value, str | bytes | dict):
        words = "expected {expected}, got {got}; `read` reads a document"
        raise DocumentError(fault("wrong_type", name, words, expected=expected, got=got))
    raise DocumentError(fault("wrong_type", name, "expected {expected}, got {got}", expected=expected, got=got))
