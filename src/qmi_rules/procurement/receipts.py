"""A decision run again later from its JSON: the same, or what differs and why; and its receipt, by which an answer is known again."""

import datetime
import json
from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar, Self

from attrs import field, fields_dict, frozen

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Table
from qmi_rules.model import Purchase
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement.card import Answer
from qmi_rules.procurement.decision import Decision, decide
from qmi_rules.schema import parse_json, structure, unstructure
from qmi_rules.schema.fields import Layout, layout_of, without_format
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class Asked:
    """What the document of a decision was asked, and which law answered: enough to ask it again.

    Attributes:
        purchase: The purchase.
        known_on: Only the law that was published by this day was taken; None = everything.
        table_edition: Name of the edition of the law.
        table_hash: Hash of its table.
        package_version: Version of the library.
    """

    purchase: Purchase
    known_on: datetime.date | None = None
    table_edition: str
    table_hash: str
    package_version: str

    @classmethod
    def read(cls, document: Any) -> Self:
        """Read it off a decision's document; the answer in it is not looked at.

        Raises:
            DocumentError: It is not the document of a decision.
        """
        if type(document) is not dict:
            raise DocumentError([fault("contradiction", "", "expected the JSON document of a decision")])
        return structure({key: document[key] for key in fields_dict(cls) if key in document}, cls)

    def again(self, table: Table | None = None) -> Decision:
        """The decision made anew."""
        return decide(self.purchase, table, self.known_on)


class ReplayReason(StrEnum):
    """Why a decision run again gives the same, or something else."""

    SAME = "same"
    TABLE_CHANGED = "table_changed"
    ANSWER_CHANGED = "answer_changed"
    SOFTWARE_CHANGED = "software_changed"
    TAMPERED = "tampered"


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
        same: The answer is the same.
        reason: ``same``, ``table_changed``, ``answer_changed``, ``software_changed`` or ``tampered``.
        edition_then: The edition of the law that the document names.
        edition_now: The edition used now.
        differences: Every value that is not the same, but for edition, hash and version.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    same: bool
    reason: ReplayReason
    edition_then: str
    edition_now: str
    differences: tuple[Difference, ...] = field(converter=to_tuple)

    @property
    def table_edition(self) -> str:
        """The edition used now."""
        return self.edition_now

    def page(self, say: Language) -> Page:
        """The result in one language."""
        return page_of("replay", say, it=self, shown=_shown)


# they name the law and the program that answered, and differ by themselves
_STAMPS = ("format", "table_edition", "table_hash", "package_version")


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
    fresh = json.loads(again.to_json(lang=given.get("lang")))
    differences = tuple(
        difference
        for key in fresh  # what a later version added was not asked of this one
        if key not in _STAMPS
        for difference in _differences(key, given.get(key), fresh.get(key))
    )
    return Replay(
        same=not differences,
        reason=_reason(given, fresh, bool(differences)),
        edition_then=asked.table_edition,
        edition_now=again.table_edition,
        differences=differences,
    )


def _document(decision: str | dict[str, Any] | Decision) -> dict[str, Any]:
    if isinstance(decision, Decision):
        return json.loads(decision.to_json())  # type: ignore[no-any-return]
    given = parse_json(decision, largest=layout_of(Decision).largest) if isinstance(decision, str) else decision
    if type(given) is not dict:
        raise DocumentError(fault("wrong_type", "", "expected the JSON document of a decision"))
    without_format(given, Decision)
    return given


def _reason(given: dict[str, Any], fresh: dict[str, Any], differs: bool) -> ReplayReason:
    # the hash, not the edition: two tables may carry one name
    if given["table_hash"] != fresh["table_hash"]:
        return ReplayReason.ANSWER_CHANGED if differs else ReplayReason.TABLE_CHANGED
    if not differs:
        return ReplayReason.SAME
    return (
        ReplayReason.SOFTWARE_CHANGED if given["package_version"] != fresh["package_version"] else ReplayReason.TAMPERED
    )


def _differences(path: str, before: Any, after: Any) -> Iterator[Difference]:
    """Every leaf that differs; options, lots and duties are told apart by their names, not by their place."""
    if _as_printed(before) == _as_printed(after):  # another apostrophe is no other answer
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


def _as_printed(value: Any) -> Any:
    """A sentence, or a list of them, as print has it today; anything else as it is."""
    match value:
        case str():
            return printed(value)
        case list():
            return [_as_printed(item) for item in value]
    return value


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


# --- receipts


def receipt(question: Any, table: Table, known_on: datetime.date | None, answer: Any) -> str:
    """A hash of question, edition of the law and answer: who quotes an answer quotes it, and anybody can make it again.

    Args:
        question: The document that was asked about, as plain data.
        table: The law that answered.
        known_on: Only what was published by this day was taken; None = everything.
        answer: What was answered, as plain data and without sentences, or in one language, so that it does not depend on the reader's.
    """
    told = {"question": question, "table": table.hash, "known_on": known_on and known_on.isoformat(), "answer": answer}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def receipt_of(decision: Decision, answer: Answer | None = None, question: Any = None) -> str:
    """The receipt of a decision, the same in every language.

    Args:
        decision: The decision.
        answer: Its card, where it is another one than the decision's own: that of a briefing.
        question: The document that was asked about, where it is more than the purchase: a dossier.

    >>> from qmi_rules import decide
    >>> asked = {"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000}
    >>> receipt_of(decide(asked)) == receipt_of(decide(asked))
    True
    >>> receipt_of(decide(asked)) == receipt_of(decide(asked | {"estimated_value": 30_001}))
    False
    """
    asked = unstructure(decision.purchase if question is None else question)
    return receipt(asked, decision.law.table, decision.known_on, _meant(decision.answer if answer is None else answer))


def _meant(card: Answer) -> dict[str, Any]:
    """What a card means, its sentences left out: a better wording is no other answer."""
    told = unstructure({"margin": card.margin, "ladder": list(card.ladder)})
    return {
        **told,
        "competition": card.competition,
        "procedure": card.procedure,
        "because": [reason.legal_basis for reason in card.because],
        "reservations": [[one.code, one.about] for one in card.reservations],
        "presuming": list(card.presuming),
        "safe": card.safe,
        "signs": [card.signs.who, card.signs.legal_basis],
        "do": list(card.do),
        "next": card.next and card.next.fact,
    }
