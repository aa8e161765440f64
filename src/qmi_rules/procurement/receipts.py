"""A decision run again later from its JSON: the same, or what differs and why."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.documents.scalars import to_tuple
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Table
from qmi_rules.procurement.decision import Asked, Decision
from qmi_rules.text import Explained, Language, Page, message
from qmi_rules.text.page import Block, Heading, Items, Paragraph

REASONS = {
    "same": message("Mêmes tables, même réponse."),
    "table_changed": message("Les tables du droit ont changé depuis ; la réponse est la même."),
    "answer_changed": message("Les tables du droit ont changé depuis, et la réponse avec elles."),
    "software_changed": message("Les tables sont les mêmes ; le programme donne une autre réponse."),
    "tampered": message("Les tables et le programme sont les mêmes ; le document a été modifié."),
}


@frozen(kw_only=True)
class Difference:
    """One value that is not the same.

    Attributes:
        path: Where in the document.
        before: What the document says; None = absent.
        after: What comes out now; None = absent.
    """

    path: str
    before: Any
    after: Any


@frozen(kw_only=True)
class Replay(Explained):
    """What came of running a decision again.

    Attributes:
        reason: ``same``, ``table_changed``, ``answer_changed``, ``software_changed`` or ``tampered``.
        table_edition: The edition that the document names, and the one used now.
        differences: Every value that is not the same, but for edition, hash and version.
    """

    READ_BACK: ClassVar[bool] = True

    reason: str
    table_edition: tuple[str, str] = field(converter=to_tuple)
    differences: tuple[Difference, ...] = field(converter=to_tuple)

    @property
    def same(self) -> bool:
        """The answer is the same."""
        return not self.differences

    def page(self, say: Language) -> Page:
        """The result in one language."""
        before, after = self.table_edition
        blocks: list[Block] = [
            Heading(say("Décision rejouée"), level=1),
            Paragraph(say(REASONS[self.reason]), kind="" if self.same else "warning"),
            Paragraph(say("Édition des tables : {before} alors, {after} maintenant.", before=before, after=after)),
        ]
        if self.differences:
            lines = [
                say(
                    "{path} : {before} alors, {after} maintenant",
                    path=d.path,
                    before=_shown(d.before),
                    after=_shown(d.after),
                )
                for d in self.differences
            ]
            blocks.append(Items(lines))
        return Page(say.code, blocks)


# they name the law and the program that answered, and differ by themselves
_STAMPS = ("table_edition", "table_hash", "package_version")


def replay(decision: str | dict[str, Any] | Decision, table: Table | None = None) -> Replay:
    """Decide the purchase of a decision's document anew and say what differs, and why.

    Args:
        decision: A decision's JSON text, its document, or the decision.
        table: The law to decide with; None = the national table of the package.

    Raises:
        DocumentError: It is not the document of a decision.

    >>> from qmi_rules import decide
    >>> decision = decide({"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000})
    >>> replay(decision.to_json()).same
    True
    """
    given = _document(decision)
    asked = Asked.read(given)
    again = asked.again(table)
    fresh = json.loads(again.to_json())
    differences = tuple(
        difference
        for key in dict.fromkeys((*given, *fresh))
        if key not in _STAMPS
        for difference in _differences(key, given.get(key), fresh.get(key))
    )
    return Replay(
        reason=_reason(given, fresh, bool(differences)),
        table_edition=(asked.table_edition, again.table_edition),
        differences=differences,
    )


def _document(decision: str | dict[str, Any] | Decision) -> dict[str, Any]:
    try:
        match decision:
            case Decision():
                given = json.loads(decision.to_json())
            case str():
                given = json.loads(decision)
            case _:
                given = decision
    except ValueError as error:
        raise DocumentError(
            fault("contradiction", "", "expected the JSON document of a decision: {why}", why=error)
        ) from None
    return given  # type: ignore[no-any-return]


def _reason(given: dict[str, Any], fresh: dict[str, Any], differs: bool) -> str:
    # the hash, not the edition: two tables may carry one name
    if given["table_hash"] != fresh["table_hash"]:
        return "answer_changed" if differs else "table_changed"
    if not differs:
        return "same"
    return "software_changed" if given["package_version"] != fresh["package_version"] else "tampered"


def _differences(path: str, before: Any, after: Any) -> Iterator[Difference]:
    """Every leaf that differs; options, lots and duties are told apart by their names, not by their place."""
    if before == after:
        return
    match before, after:
        case dict(), dict():
            for key in dict.fromkeys((*before, *after)):
                yield from _differences(f"{path}.{key}", before.get(key), after.get(key))
        case list(), list() if (old := _named(before)) is not None and (new := _named(after)) is not None:
            for name in dict.fromkeys((*old, *new)):
                yield from _differences(f"{path}[{name}]", old.get(name), new.get(name))
        case _:
            yield Difference(path=path, before=before, after=after)


def _named(entries: list[Any]) -> dict[str, Any] | None:
    """The entries by procedure or id; None where they have none, or not each its own."""
    if not all(isinstance(entry, dict) for entry in entries):
        return None
    # by name, so that an option more does not make all that follow it differ
    named = {str(entry.get("procedure") or entry.get("id") or entry.get("code")): entry for entry in entries}
    return named if len(named) == len(entries) and "None" not in named else None


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "…"
