"""What each tool of an assistant answers: arguments in, a short document out, faults with paths, or the question that comes first.

The answers are those of `doors`; what is added here is brevity. A card and its reservations are never shortened, what was left off is named.
Nothing here knows of the protocol.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import evolve, field, frozen

from qmi_rules.briefing import Briefing
from qmi_rules.briefing.briefing import open_lines, room_lines
from qmi_rules.catalogues import code_of, languages
from qmi_rules.doors.answers import Detail, Terms, ask
from qmi_rules.doors.operations import ARGUMENTS, OPERATIONS, TOOLS_ASIDE, Operation
from qmi_rules.errors import DocumentError, UnknownNameError, fault
from qmi_rules.law import LawInForce, Table
from qmi_rules.law.maintenance.quotes import verify_quote
from qmi_rules.law.wording import certainty_words, citations, quantity
from qmi_rules.model import Purchase
from qmi_rules.pages import Explained, Language, language, message, text_line
from qmi_rules.pages.harmless import escaped
from qmi_rules.procurement import Decision
from qmi_rules.procurement.dialogue.questions import WHEN
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.procurement.receipts import receipt, receipt_of
from qmi_rules.procurement.whatif.search import WhatIf
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import document_of, json_schema, structure, unstructure
from qmi_rules.schema.faults import below, shown, step
from qmi_rules.schema.json_text import ParsedText, parse
from qmi_rules.version import VERSION

SHORT: Final = 3_000
"""Characters of a tool's answer where no more was asked for."""
SHORT_BRIEF: Final = 6_000
"""The same for `brief`, which answers for every room."""
HEADS: Final = ("format", "lang", "table_edition", "package_version", "receipt")
"""What a document begins with: whose answer it is, not what the answer is."""
_OPEN_FACTS: Final = 5
_LAUNCH: Final = "launched_on"
_FIRST_THE_DAY: Final = message(
    "Le droit applicable dépend de ce jour, que personne ne suppose : demander à l'acheteur le jour prévu, puis poser de nouveau la question."
)

Arguments = Mapping[str, Any]
Answerer = Callable[[ParsedText, Terms], dict[str, Any]]


@frozen(kw_only=True)
class Reply:
    """What a tool says.

    Attributes:
        document: The answer, the faults, or the question that comes first.
        refused: These are faults.
    """

    document: Mapping[str, Any] = field(converter=to_read_only)
    refused: bool = False

    @property
    def text(self) -> str:
        """The document as compact JSON in which nothing steers or hides."""
        return _written(self.document)


@frozen(kw_only=True)
class AssistantTool:
    """A tool: what it takes and who answers.

    Attributes:
        title: Its name for a person.
        description: What it answers and how to use it, for the assistant.
        takes: The JSON Schema of each argument.
        required: The arguments that it cannot do without.
        answer: Answers the arguments; `ParsedText` holds them all.
    """

    title: str
    description: str
    takes: Mapping[str, Any] = field(converter=to_read_only)
    required: tuple[str, ...]
    answer: Answerer

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": [*self.required],
            "additionalProperties": False,
        }


def call(
    name: str, arguments: Arguments | None, table: Table, known_on: datetime.date | None = None, lang: str = "fr"
) -> Reply:
    """Call a tool.

    Args:
        name: Its name.
        arguments: Its arguments as the protocol has them; numbers are taken as they are written in decimal digits.
        table: The law.
        known_on: Take only what was published by this day.
        lang: The language where none is asked for.

    Raises:
        LookupError: There is no such tool.
    """
    tool = TOOLS[name]
    try:
        # written out and read again: an amount was a text of digits before the protocol's reader made a binary number of it
        text = parse(json.dumps(dict(arguments or {}), ensure_ascii=False))
        asked = text.data
        chosen = asked.get("lang", lang)
        if code_of(chosen) is None:
            words = "expected one of {choices}, got {got}"
            raise DocumentError(fault("unknown_choice", "lang", words, choices=languages(), got=shown(chosen)))
        lang = chosen
        _check(tool, text)
        terms = Terms(table=table, known_on=known_on, lang=lang, detail=asked.get("detail", "answer"))
        return Reply(document=tool.answer(text, terms))
    except DocumentError as error:
        if _asks_for_the_day(error):
            return Reply(document=_question_of_the_day(table, lang, error.problems[0].path))
        return Reply(document=error.to_dict(lang), refused=True)


def _check(tool: AssistantTool, text: ParsedText) -> None:
    """Refuse arguments that the tool does not take, lacks, or of which the choice is closed."""
    problems = [*text.problems]
    for name in text.data:
        if name not in tool.takes:
            problems.append(
                fault("unknown_key", step(name), "unknown key; the keys are {keys}", keys=tuple(tool.takes))
            )
    for name in tool.required:
        if text.data.get(name) is None and name != "day":  # without a day there is a question, not a fault
            problems.append(fault("required", name, "required, but it is absent"))
    for name, shape in tool.takes.items():
        if "enum" in shape and text.data.get(name, shape["enum"][0]) not in shape["enum"]:
            words = "expected one of {choices}, got {got}"
            problems.append(
                fault("unknown_choice", name, words, choices=tuple(shape["enum"]), got=shown(text.data[name]))
            )
    if problems:
        raise DocumentError(problems)


# --- a day that lacks leads to a question, never to today


def _asks_for_the_day(error: DocumentError) -> bool:
    """Whether the day of the law is all that lacks: then it is asked for, and nothing else is wrong."""
    one, *others = error.problems
    return not others and one.code == "required" and one.path.rpartition(".")[2] in (_LAUNCH, "day")


def _question_of_the_day(table: Table, lang: str, path: str) -> dict[str, Any]:
    say = language(lang)
    asked = {"fact": path, "question": say(WHEN), "why": say(_FIRST_THE_DAY)}
    return {**_head("question", table, lang), "answer": None, "next": asked}


# --- the tools


def _decide(text: ParsedText, terms: Terms) -> dict[str, Any]:
    decision = _asked("decide", "purchase", text, terms)
    assert isinstance(decision, Decision)
    found = _with_receipt(decision, receipt_of(decision), terms)
    return found if terms.detail == "full" else _card_within(found, SHORT)


def _next_question(text: ParsedText, terms: Terms) -> dict[str, Any]:
    data = text.data["purchase"]
    purchase = data.get("purchase", data) if isinstance(data, dict) else data
    if isinstance(purchase, dict) and purchase.get(_LAUNCH) is None and _LAUNCH not in purchase.get("bounds", {}):
        # the library itself may ask for something else first; an assistant is to have the day before it says anything
        raise DocumentError(fault("required", f"purchase.{_LAUNCH}", "required, but it is absent"))
    result = _asked("next-question", "purchase", text, terms)
    found = _with_receipt(result, _receipt(text, terms, result), terms)
    return {**found, "text": result.explain(terms.lang)}


def _what_if(text: ParsedText, terms: Terms) -> dict[str, Any]:
    named = evolve(terms, options={"procedure": _text(text, "procedure")})
    found = _asked("what-if", "purchase", text, named)
    assert isinstance(found, WhatIf)
    whole = _with_receipt(found, _receipt(text, terms, found), terms)
    if terms.detail == "full":
        return whole
    kept = {key: whole[key] for key in (*_heads(whole), "procedure", "label", "status") if key in whole}
    return _within({**kept, "text": found.explain(terms.lang)}, SHORT, ("text",))


def _brief(text: ParsedText, terms: Terms) -> dict[str, Any]:
    briefing = _asked("brief", "dossier", text, terms)
    assert isinstance(briefing, Briefing)
    stamp = receipt_of(briefing.decision, briefing.answer, briefing.dossier)
    if terms.detail == "full":
        return _with_receipt(briefing, stamp, terms)
    say = language(terms.lang)
    found = {
        **_head("briefing", terms.table, terms.lang, stamp),
        "answer": briefing.answer.told(say.code),
        "rooms": [text_line(line) for line in room_lines(briefing, say)],
        "conflicts": [conflict.text.said(say) for conflict in briefing.conflicts],
        "open": [text_line(line) for line in open_lines(briefing, say, _OPEN_FACTS)],
    }
    return _card_within(found, SHORT_BRIEF, ("open", "conflicts", "rooms"))


def _law_on(text: ParsedText, terms: Terms) -> dict[str, Any]:
    day = _day(text)
    in_force = terms.table.in_force(day, terms.known_on)
    law = LawOfTheDay(in_force, day)
    about = text.data.get("about")
    if about is None and terms.detail == "full":
        return _with_receipt(law, _receipt(text, terms, law), terms)
    say = language(terms.lang)
    head = {**_head("law", terms.table, terms.lang), "on": day.isoformat()}
    if about is not None:
        return {**head, **_about(law, _text(text, "about"), terms)}
    # those of procedures first: the others bound duties
    of_procedures = {condition.threshold for rule in in_force.rules for condition in rule.when if condition.threshold}
    known = [name for name in terms.table.thresholds if in_force.limit(name).amounts]
    ordered = sorted(known, key=lambda name: name not in of_procedures)
    entries = [_limit_line(in_force, name, say, day) for name in ordered]
    found: dict[str, Any] = {**head, "thresholds": entries, "more": []}
    while len(_written(found)) > SHORT:
        found["more"].insert(0, entries.pop()["id"])
    return found


def _limit_line(law: LawInForce, name: str, say: Language, day: datetime.date) -> dict[str, Any]:
    """A threshold in a line: its readings where the sources disagree, and how sure it is where it is not confirmed."""
    limit = law.limit(name)
    entry: dict[str, Any] = {
        "id": name,
        "label": say(limit.threshold.label),
        "value": say.any_of([quantity(say, amount, limit.threshold.unit) for amount in limit.amounts]),
        "legal_basis": citations(say, [law.table.cited(key, day) for key in limit.basis]),
    }
    if limit.contested:
        entry["contested"] = True
    if limit.certainty is not None and limit.certainty != "confirmed":
        entry["certainty"] = certainty_words(say, limit.certainty)
    return entry


def _about(law: LawOfTheDay, about: str, terms: Terms) -> dict[str, Any]:
    """What the table says that day of one threshold, procedure or duty."""
    table = terms.table
    if about not in {*table.thresholds, *table.procedures, *table.duties}:
        raise UnknownNameError("about", about, (*table.thresholds, *table.procedures, *table.duties))
    picked = {
        "thresholds": [limit for limit in law.thresholds if limit.id == about],
        "rules": [rule for rule in law.rules if rule.procedure == about],
        "duties": [row for row in law.duties if row.duty == about],
    }
    return {key: document_of(found, terms.lang) for key, found in picked.items() if found}


def _verify_quote(text: ParsedText, terms: Terms) -> dict[str, Any]:
    day = _day(text)
    check = verify_quote(_text(text, "article"), _figure(text), day, terms.table)
    say = language(terms.lang)
    found = {
        **_head("quote-check", terms.table, terms.lang, _receipt(text, terms, check)),
        "article": check.article,
        "figure": check.figure,
        "on": day.isoformat(),
        "verdict": check.verdict.value,
        "stands": check.stands,
        "text": check.sentence(say),
        "found": [one.line(say) for one in check.found],
    }
    return _within(found, SHORT, ("found",))


# --- arguments


def _asked(door: str, argument: str, text: ParsedText, terms: Terms) -> Explained:
    """The result of a door asked about one argument; faults have their paths from the arguments' root."""
    given = _without_null_day(text.data[argument])
    try:
        # models often send an object as its JSON text
        document = parse(given) if isinstance(given, str) else ParsedText(given, (), "")
        return ask(OPERATIONS[door], document, terms)
    except UnknownNameError as error:
        raise DocumentError(error.problems) from None  # the argument at fault is another one
    except DocumentError as error:
        raise DocumentError(below(argument, error.problems)) from None


def _without_null_day(document: Any) -> Any:
    """The document; a day of launch that is null is one that nobody knows, as if the key were absent."""
    if not isinstance(document, dict):
        return document
    kept = {key: value for key, value in document.items() if key != _LAUNCH or value is not None}
    return {**kept, "purchase": _without_null_day(kept["purchase"])} if "purchase" in kept else kept


def _text(text: ParsedText, argument: str) -> str:
    given = text.data[argument]
    if not isinstance(given, str):
        raise DocumentError(fault("wrong_type", argument, "expected a text, got {got}", got=shown(given)))
    return given


def _figure(text: ParsedText) -> str | int | Decimal:
    given = text.data["figure"]
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise DocumentError(fault("wrong_type", "figure", "expected a text, got {got}", got=shown(given)))
    return given


def _day(text: ParsedText) -> datetime.date:
    given = text.data.get("day")
    if given is None:
        raise DocumentError(fault("required", "day", "required, but it is absent"))
    try:
        return structure(given, datetime.date)
    except DocumentError as error:
        raise DocumentError(below("day", error.problems)) from None


# --- what goes out


def _head(name: str, table: Table, lang: str, stamp: str | None = None) -> dict[str, Any]:
    """What every reply begins with, in the order of a result's document."""
    head = {
        "format": f"qmi-rules/{name}/1",
        "lang": language(lang).code,
        "table_edition": table.edition,
        "package_version": VERSION,
    }
    return head if stamp is None else {**head, "receipt": stamp}


def _heads(document: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in HEADS if key in document)


def _with_receipt(result: Explained, stamp: str, terms: Terms) -> dict[str, Any]:
    """A result's document with its receipt behind the head."""
    detail: Detail = terms.detail if isinstance(result, Decision) else "full"
    document = result.to_dict(terms.lang, detail)
    head = {key: document[key] for key in _heads(document)}
    return {**head, "receipt": stamp, **{key: value for key, value in document.items() if key not in head}}


def _receipt(text: ParsedText, terms: Terms, result: Explained) -> str:
    """The receipt of a result that has no card: of its document in French, whatever the language asked for."""
    asked = {key: value for key, value in text.data.items() if key not in ("lang", "detail")}
    told = {key: value for key, value in result.to_dict("fr").items() if key not in HEADS}
    return receipt(unstructure(asked), terms.table, terms.known_on, told)


def _written(document: Mapping[str, Any]) -> str:
    return escaped(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _within(document: dict[str, Any], most: int, order: tuple[str, ...]) -> dict[str, Any]:
    """A document of at most so many characters: lists lose their last entries, texts their last lines, and what was left off is named."""
    return _shortened(document, most, [(document, key, key) for key in order])


def _card_within(document: dict[str, Any], most: int, order: tuple[str, ...] = ()) -> dict[str, Any]:
    """The same of a document with a card: of the card only what its text says too is left off, and its reservations never are."""
    card = document["answer"] = dict(document["answer"])
    places = [(document, key, key) for key in order]
    places += [(card, key, f"answer.{key}") for key in ("ladder", "presuming", "because", "do") if key in card]
    return _shortened(document, most, places)


def _shortened(document: dict[str, Any], most: int, places: list[tuple[dict[str, Any], str, str]]) -> dict[str, Any]:
    left_off: list[str] = []
    for part, key, path in places:
        if len(_written(document)) <= most:
            break
        left_off.append(path)
        document["left_off"] = left_off
        lines = part[key].splitlines(keepends=True) if isinstance(part[key], str) else [*part[key]]
        while lines and len(_written(document)) > most:
            lines.pop()
            part[key] = "".join(lines) if isinstance(part[key], str) else lines
    return document


# --- how the tools present themselves


def _facts() -> dict[str, Any]:
    """The simple keys of a purchase with the first sentence of what they mean; what is nested stands in its schema."""
    given = json_schema(Purchase)["properties"]
    return {
        name: {"description": shape["description"].partition(" Expected:")[0]}
        for name, shape in given.items()
        if "description" in shape
    }


def _arguments(names: Iterable[str]) -> dict[str, Any]:
    meaning = "Language of the answer; the wording that binds is French."
    known = {**ARGUMENTS, "lang": {"type": "string", "enum": [*languages()], "description": meaning}}
    return {name: known[name] for name in names}


def _of_question(operation: Operation, answer: Answerer) -> AssistantTool:
    """The tool of a question: its document, its options, how much, in which language."""
    tool = operation.tool
    assert tool is not None
    document = operation.takes[0].__name__.lower()
    options = operation.through("tool")
    takes = {
        **_arguments([document]),
        **{option.name: {"type": "string", "description": option.with_example} for option in options},
        **_arguments([*["detail"] * tool.detail, "lang"]),
    }
    if operation.name == "decide":
        takes[document] = {**takes[document], "properties": _facts()}
    required = (document, *(option.name for option in options))
    return AssistantTool(title=tool.title, description=tool.description, takes=takes, required=required, answer=answer)


def _aside(name: str, answer: Answerer) -> AssistantTool:
    row = TOOLS_ASIDE[name]
    return AssistantTool(
        title=row["title"],
        description=row["description"],
        takes=_arguments(row["takes"]),
        required=tuple(row["required"]),
        answer=answer,
    )


TOOLS: Final = {
    "decide": _of_question(OPERATIONS["decide"], _decide),
    "next_question": _of_question(OPERATIONS["next-question"], _next_question),
    "what_if": _of_question(OPERATIONS["what-if"], _what_if),
    "brief": _of_question(OPERATIONS["brief"], _brief),
    "law_on": _aside("law_on", _law_on),
    "verify_quote": _aside("verify_quote", _verify_quote),
}
"""The tools, by name: each only reads, and the same arguments always have the same answer."""
