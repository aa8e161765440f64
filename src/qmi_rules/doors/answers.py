"""What each question does: a document comes in, the answer or its faults go out.

Every door calls these functions and adds nothing to an answer. What a question needs of the rooms is loaded when it is first asked.
"""

import datetime
from collections.abc import Mapping
from functools import cached_property
from json import dumps
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

from attrs import field, frozen

from qmi_rules.doors.operations import Operation, names_of
from qmi_rules.errors import DocumentError, UnknownNameError, fault
from qmi_rules.law import Table, default_table
from qmi_rules.pages import Explained
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import to_json
from qmi_rules.schema.faults import below, shown, step
from qmi_rules.schema.fields import keys
from qmi_rules.schema.json_text import ParsedText, parse

if TYPE_CHECKING:
    from qmi_rules.funding import FondsDeConcours, SchemeTable
    from qmi_rules.procurement.card_cache import RememberedCards
    from qmi_rules.scoring import Rubric, Scorecard

T = TypeVar("T")
Source: TypeAlias = "str | bytes | Mapping[str, Any]"
Detail: TypeAlias = Literal["answer", "full"]


@frozen(kw_only=True)
class Terms:
    """On what terms a question is put.

    Attributes:
        table: The law.
        known_on: Take only what was published by this day; None = everything.
        lang: The language of the answer and of faults.
        detail: ``"answer"``: of a result that has a card, its head and card alone.
        options: What was given of the options of the question, by name.
        cards: The cards that were worked out before under this law; whoever asks often keeps it from one question to the next.
    """

    table: Table = field(factory=default_table)
    known_on: datetime.date | None = None
    lang: str = "fr"
    detail: Detail = "answer"
    options: Mapping[str, Any] = field(factory=dict, converter=to_read_only)
    _cards: "RememberedCards | None" = field(default=None, alias="cards", eq=False, repr=False)

    @cached_property
    def cards(self) -> "RememberedCards":
        """Those that were handed over, or new ones."""
        from qmi_rules.procurement.card_cache import RememberedCards

        return self._cards or RememberedCards(self.table)


def answered(operation: Operation, source: Source, terms: Terms) -> str:
    """The answer to one document, as compact JSON.

    Args:
        operation: The question.
        source: A JSON text, or a dict of the document's keys.
        terms: On what terms.

    Raises:
        DocumentError: All faults of the document at once, each with its path.

    >>> from qmi_rules.doors.operations import OPERATIONS
    >>> asked = {"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": "30000"}
    >>> answered(OPERATIONS["decide"], asked, Terms())[:10]
    '{"format":'
    """
    text = ParsedText(dict(source), (), "") if isinstance(source, Mapping) else parse(source)
    if operation.name == "decide" and terms.detail == "answer":
        return terms.cards.card(purchase_of(text), terms.lang, terms.known_on)
    result = ask(operation, text, terms)
    return to_json(result, lang=terms.lang, detail=terms.detail if operation.has_card else "full")


def ask(operation: Operation, text: ParsedText, terms: Terms) -> Explained:
    """The result of a question."""
    return _ASKED[operation.name](text, terms)


def answered_line(operation: Operation, line: str | bytes, number: int, terms: Terms) -> str:
    """The answer to one line of a batch; faults stand in its place, with the line's number (the first is 1)."""
    try:
        return answered(operation, line, terms)
    except DocumentError as error:
        return faulty_line(error, number, terms.lang)


def faulty_line(error: DocumentError, number: int, lang: str) -> str:
    """What stands in place of the answer to a line that has faults."""
    faults = error.to_dict(lang)["faults"]
    return dumps({"line": number, "faults": faults}, ensure_ascii=False, separators=(",", ":"))


# --- how each reads its document


def purchase_of(text: ParsedText) -> Any:
    """The purchase: the document itself, or that part of a dossier."""
    from qmi_rules.model import Purchase

    if isinstance(text.data, dict) and isinstance(text.data.get("purchase"), dict):
        return dossier_of(text).purchase  # the other parts are read too: a fault in one of them is said
    return text.structured(text.data, Purchase)


def dossier_of(text: ParsedText) -> Any:
    """The dossier; a Purchase document alone is a dossier with nothing else."""
    from qmi_rules.model.dossier import Dossier

    data = text.data
    if isinstance(data, dict) and "purchase" not in data and "title" in data:
        data = {"purchase": data}
    return text.structured(data, Dossier)


def _part(text: ParsedText, key: str, cls: type[T]) -> T:
    text, data, root = _taken_out(text, key)
    return text.structured(data, cls, root)


def _taken_out(text: ParsedText, key: str) -> tuple[ParsedText, Any, str]:
    """The part of a dossier and its path; the document itself where it is none. A key that no dossier has is a fault."""
    data = text.data
    if not (isinstance(data, dict) and isinstance(data.get(key), dict)):
        return text, data, ""
    from qmi_rules.model.dossier import Dossier

    if key == "purchase":  # the other parts are read too; the purchase may be unfinished, and is read by who asks
        text.structured({**data, key: {"title": "…", "launched_on": "2000-01-01"}}, Dossier)
    known = keys(Dossier)
    words = "unknown key; the keys are {keys}"
    unknown = [
        fault("unknown_key", step(name), words, keys=tuple(known)) for name in data if name not in (*known, "format")
    ]
    return text._replace(problems=(*text.problems, *unknown)), data[key], key


def _decide(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.procurement import decide

    return decide(purchase_of(text), terms.table, terms.known_on)


def _brief(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.briefing import brief

    given = terms.options
    return brief(dossier_of(text), terms.table, terms.known_on, _own_schemes(terms), given.get("rubric", ()))


def _calendar(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.budget_calendar import check_calendar

    dossier = dossier_of(text)
    if missing := [part for part in ("commune", "schedule") if getattr(dossier, part) is None]:
        raise DocumentError(fault("required", part, "required for a calendar, but it is absent") for part in missing)
    return check_calendar(dossier.purchase, dossier.commune, dossier.schedule, terms.table, terms.known_on)


def _funding(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.funding import find_funding
    from qmi_rules.model.project import Project

    data, root = text.data, ""
    if isinstance(data, dict) and "purchase" in data:
        data, root = data.get("project", {}), "project"
    schemes = _own_schemes(terms)
    project = text.structured(data, Project, root)
    reading: FondsDeConcours | str = terms.options.get("fonds_de_concours", "not_binding")
    try:
        return find_funding(project, schemes, known_on=terms.known_on, fonds_de_concours=reading)
    except DocumentError as error:
        raise DocumentError(below(root, error.problems)) from None


def _own_schemes(terms: Terms) -> "SchemeTable | None":
    from qmi_rules.funding import load_schemes

    path = terms.options.get("schemes")
    return None if path is None else load_schemes(path)


def _score(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.scoring import rubrics

    # never a path of a file: who asks need not be a friend
    return scored(rubrics()[_named("rubric", terms)], text.faultless(), terms.options.get("on"))


def scored(rubric: "Rubric", document: Any, on: datetime.date | None) -> "Scorecard":
    """The answers of a document, or of the dossier that it is, to a rubric; the day of launch of a dossier stands for `on`."""
    from qmi_rules.scoring import score_document

    if isinstance(document, dict) and "purchase" in document:
        on, document = on or _launch_of(document), _answers_of(document, rubric.id)
    return score_document(rubric, document, as_of=on)


def _launch_of(dossier: dict[str, Any]) -> datetime.date | None:
    """The day of launch that a dossier tells, if it tells one: what else stands in its purchase is not asked for here."""
    from qmi_rules.schema import structure

    purchase = dossier["purchase"]
    day = purchase.get("launched_on") if isinstance(purchase, dict) else None
    try:
        return None if day is None else structure(day, datetime.date)
    except DocumentError as error:
        raise DocumentError(below("purchase.launched_on", error.problems)) from None


def _answers_of(dossier: dict[str, Any], rubric: str) -> Any:
    """The answers that a dossier gives to a rubric; none where it has none yet."""
    solution = dossier.get("solution")
    if solution is None:
        return {}
    if not isinstance(solution, dict):
        words = "expected answers by rubric id, got {got}"
        raise DocumentError(fault("contradiction", "solution", words, got=shown(solution)))
    answers = solution.get(rubric)
    return {} if answers is None else answers


def _modify(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.model.contract import ModifiedContract
    from qmi_rules.procurement.modification import may_modify

    given = text.structured(text.data, ModifiedContract)
    return may_modify(given.contract, given.change, terms.table, terms.known_on)


def _next_question(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.doors.next_question import asked_next

    text, data, root = _taken_out(text, "purchase")
    return asked_next(text, data, root, terms.table, terms.known_on)


def _what_if(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.procurement import what_if

    procedure = _named("procedure", terms)
    return what_if(purchase_of(text), procedure, terms.table, terms.known_on, terms.options.get("lot"))


def _timeline(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.procurement import timeline

    return timeline(purchase_of(text), terms.table, terms.known_on)


def _named(kind: str, terms: Terms) -> str:
    name: str = terms.options[kind]
    if name not in (known := names_of(kind, terms.table)):
        raise UnknownNameError(kind, name, known)
    return name


_ASKED: Final = {
    "decide": _decide,
    "brief": _brief,
    "calendar": _calendar,
    "funding": _funding,
    "score": _score,
    "modify": _modify,
    "next-question": _next_question,
    "what-if": _what_if,
    "timeline": _timeline,
}
