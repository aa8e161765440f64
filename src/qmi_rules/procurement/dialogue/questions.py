"""The next question to ask about a purchase, and what an answer adds to its document; nothing is kept between two calls.

A web form sends the document and the answer, and gets the document and the next question back; `inquiry` says what the document may hold.
"""

import datetime
from collections.abc import Generator, Iterator
from decimal import Decimal
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from qmi_rules.errors import DocumentError
from qmi_rules.law import FactDefinition, FactKind, Table, examine
from qmi_rules.law.truth import Truth
from qmi_rules.model import Purchase
from qmi_rules.pages import Explained, Language, Page, Said, message
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement.dialogue.inquiry import (
    DAY,
    LAUNCH,
    VALUE,
    Inquiry,
    Settling,
    answers,
    edges_of,
    inquiry,
    is_asked,
    meets,
    settled,
    wanted_facts,
)
from qmi_rules.schema import Wording, unstructure
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout, said_by
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class Answerable:
    """A word that a question may be answered with, and its French name."""

    id: str
    label: Wording


@frozen(kw_only=True)
class Question(Explained):
    """A question that settles something.

    Attributes:
        id: What a stateless form sends back: the path of the fact, with the edge after ``<`` where the question is "below?".
        path: The path of the fact in a document.
        kind: ``truth``, ``choice``, ``below`` (an amount), ``before``, ``date``, or ``amount`` (the exact one).
        text: The question in French.
        edge: The amount or day asked about.
        choices: The words to choose from.
        worst: How many undetermined procedures any answer settles.
        average: How many an answer settles on average.
        table_edition: Name of the edition of the law.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    id: str
    path: str
    kind: str
    text: Wording = field(metadata=said_by("_sentence"))
    edge: Decimal | datetime.date | None = None
    choices: tuple[Answerable, ...] = field(default=(), converter=to_tuple)
    worst: int = 0
    average: Decimal = Decimal(0)
    table_edition: str | None = None
    _sentence: Said | None = field(alias="sentence", default=None, eq=False, repr=False)

    def ask(self, say: Language) -> str:
        """The question in one language."""
        return self._sentence.said(say) if self._sentence else say(self.text)

    def page(self, say: Language) -> Page:
        """The question and the words to choose from, in one language."""
        return page_of("question", say, it=self)


MANY = 8
"""Above so many spans of law the day of launch is asked for first; where nobody knows it, the law last reviewed ranks the rest."""
BELOW = message("Le besoin entier vaut-il moins de {edge}, hors taxes ?")
BEFORE = message("La consultation est-elle lancée avant le {edge} ?")
WHEN = message("Quel jour la consultation est-elle lancée, ou l'avis envoyé ?")


def next_question(
    document: dict[str, Any] | Purchase,
    table: Table | None = None,
    known_on: datetime.date | None = None,
    full: bool = False,
) -> Question | None:
    """The question that settles most, on average and then in the worst case; None where no answer would settle anything.

    A particular case (research, prototypes, a contract outside the code ...) is asked about where the CPV code, the title or what
    the buyer already said speaks for it.

    Args:
        document: A purchase, or the document of one in which anything may be missing (see the module).
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.
        full: Ask about every particular case that could settle something.

    Raises:
        DocumentError: Something in the document, or an argument, is not what was expected.

    >>> question = next_question({"title": "Capteurs", "launched_on": "2024-05-15"})
    >>> question is None
    False
    """
    here = inquiry(document, table, known_on)
    found = _next_of(here, full)
    return None if found is None else evolve(found, table_edition=here.laws[0].table.edition)


def _next_of(here: Inquiry, full: bool) -> Question | None:
    if len(here.laws) > MANY:
        if LAUNCH not in here.unanswered:
            return Question(id=LAUNCH, path=LAUNCH, kind="date", text=WHEN)
        here = _as_last_reviewed(here)
    # where all is settled, only what the table presumed and the title speaks against is left to ask
    bounded = (*_amounts(here), *_days(here)) if here.undetermined() else ()
    candidates = [q for q in (*_facts(here, full), *bounded) if q.id not in here.unanswered]
    # of questions that settle alike the first of the table is asked, the day of launch before all
    order = [fact.where for fact in here.laws[0].facts.values()]
    place = {path: i for i, path in enumerate((LAUNCH, *order))}
    return min(candidates, key=lambda q: (-q.average, -q.worst, place.get(q.path, 0)), default=None)


def _as_last_reviewed(here: Inquiry) -> Inquiry:
    """The same under one law only: that of the day up to which the table was reviewed, or the latest one possible."""
    reviewed = here.laws[0].table.reviewed_on
    law = next((law for law in here.laws if reviewed and meets(law, reviewed, reviewed + DAY)), here.laws[-1])
    edges = edges_of((law,))
    return evolve(
        here, laws=(law,), amounts=[a for a in here.amounts if a is None or a == here.amounts[0] or a in edges]
    )


def _facts(here: Inquiry, full: bool) -> Iterator[Question]:
    law, now = here.laws[-1], here.statuses()
    before, wanted = here.undetermined(), wanted_facts(law, here.case)
    for fact in law.facts.values():
        # a presumed fact is said in the answer, a lot is asked for its own facts, an amount is asked for by its edges
        if fact.lot or fact.kind is FactKind.NUMBER or fact.of(here.case) is not None:
            continue
        if fact.is_presumed(here.case) and not fact.is_suggested_by(here.title):
            continue
        if not full and not is_asked(fact, here.case, here.title, wanted):
            continue
        # the vocabulary is larger than the law of any one day
        tested = any(c.fact == fact.id for one in here.laws for rule in one.rules for c in rule.when)
        if not tested and not any(one.fact == fact.id for one in law.table.outside):
            continue
        futures = [here.with_fact(fact, answer) for answer in answers(law, fact)]
        left = [future.undetermined() for future in futures]
        # an answer may change no status alone and still be what an undetermined row waits for
        if all(future.statuses() == now for future in futures) and not _missed(here, fact, now):
            continue
        settles = settled(before, left)
        yield Question(
            id=fact.where,
            path=fact.where,
            kind=str(fact.kind),
            text=fact.question,
            choices=[Answerable(id=c.id, label=c.label) for c in fact.choices],
            worst=settles.worst,
            average=settles.average,
        )


def _missed(here: Inquiry, fact: FactDefinition, now: dict[str, Truth]) -> bool:
    """Whether an undetermined row waits for the fact, in one of the cases that are possible."""
    open_ = {procedure for procedure, truth in now.items() if truth is Truth.UNDETERMINED}
    return any(
        rule.procedure in open_ and fact.where in examine(rule, case, law).missing
        for law, case in here.cases()
        for rule in law.rules
    )


def _amounts(here: Inquiry) -> Iterator[Question]:
    before = here.undetermined()
    for i in range(1, len(here.amounts)):
        sides = (here.amounts[:i], here.amounts[i:])
        left = [evolve(here, amounts=side).undetermined() for side in sides]
        if not _differ(here, sides):
            continue
        edge = here.amounts[i]
        assert edge is not None
        yield _about_edge(VALUE, "below", BELOW, edge, settled(before, left))


def _differ(here: Inquiry, sides: tuple[tuple[Any, ...], tuple[Any, ...]]) -> bool:
    """Whether the answers on both sides of an edge are not the same: an edge that changes nothing is not asked about."""
    last, first = evolve(here, amounts=sides[0][-1:]), evolve(here, amounts=sides[1][:1])
    return list(last._packed()) != list(first._packed())


def _days(here: Inquiry) -> Iterator[Question]:
    if len(here.laws) == 1:
        return
    before = here.undetermined()
    for i in range(1, len(here.laws)):
        left = [evolve(here, laws=side).undetermined() for side in (here.laws[:i], here.laws[i:])]
        day = here.laws[i].since
        if day is not None and any(before > n for n in left):
            yield _about_edge(LAUNCH, "before", BEFORE, day, settled(before, left))
    # the exact day settles more than an edge, but few know it: both compete by what they settle
    exact = settled(before, [evolve(here, laws=(law,)).undetermined() for law in here.laws])
    if exact.average:
        yield Question(id=LAUNCH, path=LAUNCH, kind="date", text=WHEN, worst=exact.worst, average=exact.average)


def _about_edge(path: str, kind: str, template: str, edge: Decimal | datetime.date, settles: Settling) -> Question:
    """The question on which side of an edge an amount or a day is."""
    sentence = Said(template, {"edge": edge})
    return Question(
        id=f"{path}<{edge}",
        path=path,
        kind=kind,
        text=sentence.french,
        edge=edge,
        sentence=sentence,
        worst=settles.worst,
        average=settles.average,
    )


def answer(document: dict[str, Any] | Purchase, question: Question | str, given: Any) -> dict[str, Any]:
    """The document with one more answer; the one that came is not changed.

    Args:
        document: As for `next_question`.
        question: The question, or its id as a form sends it back.
        given: True or False, one of the question's `choices` or its id, an amount, a day; None = nobody knows, do not ask again.

    Raises:
        DocumentError: The answer is none to this question, or contradicts the document.
    """
    require("document", document, Purchase, dict)
    require("question", question, Question, str)
    known = unstructure(document) if isinstance(document, Purchase) else dict(document)
    name = question if isinstance(question, str) else question.id
    if isinstance(given, Answerable):
        given = given.id
    path, _, edge = name.partition("<")
    # kept in the document: a form without memory must not ask again
    if given is None:
        return {**known, "unanswered": [*known.get("unanswered", []), name]}
    if edge and isinstance(given, bool):
        bounds = {key: dict(value) for key, value in known.get("bounds", {}).items()}
        bounds.setdefault(path, {})["below" if given else "from"] = edge
        changed = {**known, "bounds": bounds}
    else:
        # an exact answer makes void what was known by bounds
        bounds = {key: value for key, value in known.get("bounds", {}).items() if key != path}
        changed = _filled({key: value for key, value in known.items() if key != "bounds"}, path.split("."), given)
        changed |= {"bounds": bounds} if bounds else {}
    inquiry(changed)  # says at once, with its path, what is wrong with the answer
    return changed


def _filled(document: dict[str, Any], path: list[str], given: Any) -> dict[str, Any]:
    head, *rest = path
    value = _filled(document.get(head) or {}, rest, given) if rest else given
    match value:
        case datetime.date():
            value = value.isoformat()
        case int() | Decimal() if not isinstance(value, bool):
            value = str(value)
    return {**document, head: value}


def interview(
    document: dict[str, Any] | None = None, table: Table | None = None, known_on: datetime.date | None = None
) -> Generator[Question, Any, dict[str, Any]]:
    """All questions that settle something, one after the other: yields them, is sent answers (None = not known), returns the document.

    An answer that is none raises `DocumentError` inside and is asked for again: the question is yielded once more.
    """
    known = dict(document or {})
    while (question := next_question(known, table, known_on)) is not None:
        given = yield question
        try:
            known = answer(known, question, given)
        except DocumentError:
            continue
    return known
