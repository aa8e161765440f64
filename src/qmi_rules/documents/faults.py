"""What structuring raised (the groups of cattrs included), as problems with paths and words."""

from collections.abc import Callable, Iterator
from typing import Any

from cattrs.errors import AttributeValidationNote, BaseValidationError, ForbiddenExtraKeysError, IterableValidationNote

from qmi_rules.documents.document import keys
from qmi_rules.documents.quoting import below, step
from qmi_rules.errors import DocumentError, Problem

_THE_KEYS = "; the keys are "
"""Between what is said of an unknown key and the list of the known ones, which is said once."""


def collected(items: Iterator[tuple[str, Any]], hook: Callable[[Any, Any], Any], kind: Any) -> list[Any]:
    """Structure each item; raise once with the faults of all of them."""
    results, problems = [], []
    for path, item in items:
        try:
            results.append(hook(item, kind))
        except Exception as error:
            problems += below(path, problems_of(error))
    if problems:
        raise DocumentError(problems)
    return results


def problems_of(error: BaseException) -> list[Problem]:
    """Flatten what structuring raised (cattrs' groups included) into problems with paths."""
    if isinstance(error, DocumentError):
        return list(error.problems)
    if isinstance(error, ForbiddenExtraKeysError):
        known = keys(error.cl) if error.cl else []
        return [
            Problem(step(key), f"unknown key{_nearest(key, known)}{_THE_KEYS}{', '.join(known)}")
            for key in sorted(error.extra_fields, key=str)
        ]
    if isinstance(error, BaseValidationError):
        problems = []
        for inner in error.exceptions:
            notes = getattr(inner, "__notes__", ())
            note = next((n for n in notes if isinstance(n, (AttributeValidationNote, IterableValidationNote))), None)
            match note:
                case AttributeValidationNote():
                    prefix = note.name.removesuffix("_")
                case IterableValidationNote():
                    prefix = f"[{note.index}]"
                case _:
                    prefix = ""
            problems += below(prefix, problems_of(inner))
        return problems
    if isinstance(error, KeyError):
        return [Problem("", "required, but it is absent")]
    if isinstance(error, TypeError):  # cattrs, or a constructor, lacks what was never written
        return [Problem("", "this is written in a document, never read from one")]
    return [Problem("", str(error) or type(error).__name__)]


def _nearest(key: object, known: list[str]) -> str:
    from difflib import get_close_matches  # only faulty documents need it

    near = get_close_matches(str(key)[:100], known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def said_once(problems: list[Problem]) -> Iterator[Problem]:
    """The same problems, each list of known keys only where it is first due."""
    said = set()
    for problem in problems:
        words, sign, known = problem.message.partition(_THE_KEYS)
        yield Problem(problem.path, words) if sign and known in said else problem
        said.add(known)
