"""The questions that other programs may ask: a document comes in, the answer or its faults go out.

HTTP, MCP and lines of JSON are doors to these functions and add nothing to an answer. What a door needs of the rooms is loaded when it is first used.
"""

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from json import dumps
from typing import Any, Final, Literal, TypeAlias, TypeVar

from attrs import Factory, field, frozen

from qmi_rules.errors import DocumentError, UnknownNameError, fault
from qmi_rules.law import Table, default_table
from qmi_rules.pages import Explained, Language, Page, Paragraph
from qmi_rules.procurement.card_cache import RememberedCards
from qmi_rules.procurement.dialogue.questions import Question
from qmi_rules.schema import json_schema, to_json
from qmi_rules.schema.faults import below, shown, step
from qmi_rules.schema.fields import format_of, keys
from qmi_rules.schema.json_text import ParsedText, parse

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
        name: What `score` and `what-if` ask about: id of a rubric of the package, of a procedure.
        lot: Id of the lot that `what-if` asks about; None = the whole purchase.
        on: Day against which `score` reads the dates of evidence; None = the dossier's day of launch.
        cards: The cards that were worked out before under this law; whoever asks often keeps it from one question to the next.
    """

    table: Table = field(factory=default_table)
    known_on: datetime.date | None = None
    lang: str = "fr"
    detail: Detail = "answer"
    name: str = ""
    lot: str | None = None
    on: datetime.date | None = None
    cards: RememberedCards = field(
        default=Factory(lambda terms: RememberedCards(terms.table), takes_self=True), eq=False, repr=False
    )


@frozen(kw_only=True)
class Door:
    """One question.

    Attributes:
        name: Its name in a path of HTTP: ``next-question``.
        summary: What it answers, in one line.
        reads: Where the class of the documents is that it takes: module and name.
        writes: Where the class of its answers is.
        also_reads: Other classes whose documents it takes: a dossier stands for a part of it.
        ask: Reads the document and answers.
    """

    name: str
    summary: str
    reads: str
    writes: str
    ask: Callable[[ParsedText, Terms], Explained]
    also_reads: tuple[str, ...] = ()

    @property
    def takes(self) -> type:
        """The class of the documents that it takes."""
        return _class(self.reads)  # type: ignore[no-any-return]

    @property
    def also_takes(self) -> tuple[type, ...]:
        """Other classes whose documents it takes."""
        return tuple(map(_class, self.also_reads))

    @property
    def gives(self) -> type:
        """The class of its answers."""
        return _class(self.writes)  # type: ignore[no-any-return]

    @property
    def has_card(self) -> bool:
        """Its answers begin with a card, which may be asked for alone; an answer without one is always given whole."""
        return _has_card(self.writes)


def answered(door: Door, source: Source, terms: Terms) -> str:
    """The answer to one document, as compact JSON.

    Args:
        door: The question.
        source: A JSON text, or a dict of the document's keys.
        terms: On what terms.

    Raises:
        DocumentError: All faults of the document at once, each with its path.

    >>> asked = {"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": "30000"}
    >>> answered(DOORS["decide"], asked, Terms())[:10]
    '{"format":'
    """
    text = ParsedText(dict(source), (), "") if isinstance(source, Mapping) else parse(source)
    if door.name == "decide" and terms.detail == "answer":
        return terms.cards.card(purchase_of(text), terms.lang, terms.known_on)
    result = door.ask(text, terms)
    return to_json(result, lang=terms.lang, detail=terms.detail if door.has_card else "full")


def answered_line(door: Door, line: str | bytes, number: int, terms: Terms) -> str:
    """The answer to one line of a batch; faults stand in its place, with the line's number (the first is 1)."""
    try:
        return answered(door, line, terms)
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

    return brief(dossier_of(text), terms.table, terms.known_on)


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
    project = text.structured(data, Project, root)
    try:
        return find_funding(project, known_on=terms.known_on)
    except DocumentError as error:
        raise DocumentError(below(root, error.problems)) from None


def _score(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.scoring import rubrics, score_document

    known = rubrics()
    if terms.name not in known:  # never a path of a file: who asks need not be a friend
        raise UnknownNameError("rubric", terms.name, known)
    document, on = text.faultless(), terms.on
    if isinstance(document, dict) and "purchase" in document:
        on, document = on or launch_of(document), answers_of(document, terms.name)
    return score_document(known[terms.name], document, as_of=on)


def launch_of(dossier: dict[str, Any]) -> datetime.date | None:
    """The day of launch that a dossier tells, if it tells one: what else stands in its purchase is not asked for here."""
    from qmi_rules.schema import structure

    purchase = dossier["purchase"]
    day = purchase.get("launched_on") if isinstance(purchase, dict) else None
    try:
        return None if day is None else structure(day, datetime.date)
    except DocumentError as error:
        raise DocumentError(below("purchase.launched_on", error.problems)) from None


def answers_of(dossier: dict[str, Any], rubric: str) -> Any:
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


@frozen(kw_only=True)
class NextQuestion(Explained):
    """What to ask next about a purchase.

    Attributes:
        question: The question that settles most; None where no answer would settle anything.
        table_edition: Name of the edition of the law.
    """

    question: Question | None
    table_edition: str

    def page(self, say: Language) -> Page:
        """The question in one language."""
        return (
            Page(say.code, [Paragraph(say("Plus rien à demander."))])
            if self.question is None
            else self.question.page(say)
        )


def _next_question(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.model import Purchase
    from qmi_rules.procurement import next_question

    text, data, root = _taken_out(text, "purchase")
    if not isinstance(data, dict):
        return text.structured(data, Purchase, root)  # type: ignore[return-value]  # it raises, saying what is expected
    text.faultless()
    known = {key: value for key, value in data.items() if key != "format" or value != format_of(Purchase)}
    try:
        return NextQuestion(
            question=next_question(known, terms.table, terms.known_on), table_edition=terms.table.edition
        )
    except DocumentError as error:
        raise DocumentError(below(root, error.problems)) from None


def _what_if(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.procurement import what_if

    if terms.name not in terms.table.procedures:
        raise UnknownNameError("procedure", terms.name, terms.table.procedures)
    return what_if(purchase_of(text), terms.name, terms.table, terms.known_on, terms.lot)


def _timeline(text: ParsedText, terms: Terms) -> Explained:
    from qmi_rules.procurement import timeline

    return timeline(purchase_of(text), terms.table, terms.known_on)


_PURCHASE, _DOSSIER = "qmi_rules.model:Purchase", "qmi_rules.model.dossier:Dossier"

DOORS: Final = {
    door.name: door
    for door in (
        Door(
            name="decide",
            summary="How may I buy it, why, what must I do?",
            reads=_PURCHASE,
            also_reads=(_DOSSIER,),
            writes="qmi_rules.procurement:Decision",
            ask=_decide,
        ),
        Door(
            name="brief",
            summary="Everything about one dossier: how to buy, when, who helps to pay, what is still open.",
            reads=_DOSSIER,
            also_reads=(_PURCHASE,),
            writes="qmi_rules.briefing:Briefing",
            ask=_brief,
        ),
        Door(
            name="calendar",
            summary="When must I launch, and what stands in the way?",
            reads=_DOSSIER,
            writes="qmi_rules.budget_calendar:CalendarCheck",
            ask=_calendar,
        ),
        Door(
            name="funding",
            summary="Who may help to pay, and what is left to the commune?",
            reads="qmi_rules.model.project:Project",
            also_reads=(_DOSSIER,),
            writes="qmi_rules.funding:FundingPlan",
            ask=_funding,
        ),
        Door(
            name="score",
            summary="What do the answers to a rubric add up to?",
            reads="qmi_rules.model.solution:EvidenceFile",
            also_reads=(_DOSSIER,),
            writes="qmi_rules.scoring:Scorecard",
            ask=_score,
        ),
        Door(
            name="modify",
            summary="May this running contract be changed without a new procedure?",
            reads="qmi_rules.model.contract:ModifiedContract",
            writes="qmi_rules.procurement.modification:Modification",
            ask=_modify,
        ),
        Door(
            name="next-question",
            summary="What should be asked next?",
            reads=_PURCHASE,
            also_reads=(_DOSSIER,),
            writes="qmi_rules.doors.operations:NextQuestion",
            ask=_next_question,
        ),
        Door(
            name="what-if",
            summary="What would open, or close, a procedure?",
            reads=_PURCHASE,
            also_reads=(_DOSSIER,),
            writes="qmi_rules.procurement.whatif.search:WhatIf",
            ask=_what_if,
        ),
        Door(
            name="timeline",
            summary="On which days does the answer change, and why?",
            reads=_PURCHASE,
            also_reads=(_DOSSIER,),
            writes="qmi_rules.procurement.whatif.history:Timeline",
            ask=_timeline,
        ),
    )
}
"""The questions, by name."""


@cache
def _class(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


@cache
def _has_card(where: str) -> bool:
    return "answer" in json_schema(_class(where))["properties"]
