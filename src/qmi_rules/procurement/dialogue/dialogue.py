"""The dialogue without a terminal: a few plain questions, then only what can change the card, which is shown after each answer."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from qmi_rules.errors import DocumentError
from qmi_rules.law import FactKind, Table, default_table
from qmi_rules.law.wording import fact_at
from qmi_rules.model import (
    BuyerKind,
    TerritoryCommune,
    commune_of,
    communes_edition,
    find_communes,
    one_commune,
)
from qmi_rules.model.dossier import Dossier
from qmi_rules.pages import Language, language, message, visible
from qmi_rules.procurement.card import Answer, answer_of
from qmi_rules.procurement.decision import decide
from qmi_rules.procurement.dialogue.inquiry import LAUNCH, TITLE, VALUE
from qmi_rules.procurement.dialogue.opening import (
    BACK,
    STOP,
    UNKNOWN,
    OpeningChoice,
    OpeningKind,
    OpeningQuestion,
    WhenAsked,
    opening_questions,
    plain,
    typed_amount,
    typed_choice,
    typed_day,
    typed_lots,
    typed_truth,
    understood_by,
)
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import structure, unstructure

PURCHASE: Final = "purchase"
LONGEST_TITLE: Final = 2_000
"""What a person types in a few words and a purchase would refuse (a line pasted by mistake) is cut, not refused."""
_SHOWN: Final = 10
UNTITLED: Final = message("Achat à préciser")
"""What a purchase is called that nobody named: every command takes the dossier."""


class Interrupted(KeyboardInterrupt):
    """The person broke off.

    Attributes:
        dossier: What was answered so far.
    """

    def __init__(self, dossier: dict[str, Any]) -> None:
        super().__init__()
        self.dossier = dossier


@frozen(kw_only=True)
class _Asked:
    """A question as it is put to the person, an opening one or one of the card.

    Attributes:
        id: Its name; of a question of the card the path of its fact.
        kind: What it takes: ``truth``, or a word of `OpeningKind`.
        path: What it fills in the dossier.
        lines: What is shown.
        choices: The answers to choose from.
    """

    id: str
    kind: str
    path: str
    lines: tuple[str, ...]
    choices: tuple[OpeningChoice, ...] = ()


@frozen(kw_only=True)
class _Talk:
    """What was said so far.

    Attributes:
        dossier: The document.
        given: What was answered to each question, by id: the choice, or empty; None = not known.
    """

    dossier: Mapping[str, Any] = field(converter=to_read_only)
    given: Mapping[str, str | None] = field(factory=dict, converter=to_read_only)

    @property
    def not_known(self) -> frozenset[str]:
        """Paths of the facts that the person cannot answer."""
        paths = {question.id: question.path.removeprefix(f"{PURCHASE}.") for question in opening_questions()}
        skipped = {paths.get(name, name) for name, given in self.given.items() if given is None}
        return frozenset({*skipped, *(f"{path}.kind" for path in skipped)})

    def with_answer(self, question: _Asked, fills: Mapping[str, Any], choice: str | None = "") -> "_Talk":
        """The same with one more answer; lots are the value of the need, so that none stands beside them."""
        dossier = filled(self.dossier, fills)
        if question.kind == OpeningKind.LOTS:
            dossier = {**dossier, PURCHASE: {k: v for k, v in dossier[PURCHASE].items() if k != VALUE}}
        return _Talk(dossier=dossier, given={**self.given, question.id: choice})


def filled(dossier: Mapping[str, Any], fills: Mapping[str, Any]) -> dict[str, Any]:
    """A dossier with values written at some paths, such as ``purchase.joint``; None takes a value away."""
    changed = dict(dossier)
    for path, value in fills.items():
        head, _, rest = path.partition(".")
        changed[head] = filled(changed.get(head) or {}, {rest: value}) if rest else value
    return {key: value for key, value in changed.items() if value is not None}


def _own(dossier: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that the caller may change."""
    return dict(unstructure(dossier))


class _Host:
    """The one that asks: the law, the language, and where lines go."""

    def __init__(
        self, say: Language, tell: Callable[[str], None], table: Table, known_on: datetime.date | None, full: bool
    ) -> None:
        self.say, self.tell, self.table, self.known_on, self.full = say, tell, table, known_on, full

    def card(self, dossier: Mapping[str, Any], skipped: Collection[str] = ()) -> Answer:
        """The card of what is known; where nobody said when, under the law up to which the table was reviewed.

        Raises:
            DocumentError: Something in the dossier is not what was expected, with paths from the dossier's root.
        """
        purchase = {TITLE: self.say(UNTITLED), LAUNCH: str(self._reviewed()), **dossier.get(PURCHASE, {})}
        whole = structure(_own({**dossier, PURCHASE: purchase}), Dossier)
        limit = whole.commune.delegation_limit if whole.commune is not None else None
        return answer_of(decide(whole.purchase, self.table, self.known_on), limit, skipped, self.full)

    def _reviewed(self) -> datetime.date:
        reviewed = self.table.reviewed_on
        assert reviewed is not None
        return reviewed

    def show(self, talk: _Talk, last: str) -> str:
        """Show the card, if it is another than the last one; what is asked next stands below it anyway."""
        card = evolve(self.card(talk.dossier), next=None).said(self.say)
        if card == last:
            self.tell(self.say("La fiche reste la même."))
            return last
        self.tell("")
        if LAUNCH not in talk.dossier.get(PURCHASE, {}):
            day = self.say.date(self._reviewed())
            self.tell(self.say("Fiche provisoire, selon le droit du {day}, tant que la date n'est pas dite :", day=day))
        for line in card.splitlines():
            self.tell(f"  {line}")
        return card

    def next(self, talk: _Talk) -> _Asked | None:
        """The next question; None as soon as nothing can change the card."""
        for question in opening_questions():
            if self._is_open(question, talk):
                return self._opening(question)
        while True:
            asked = self.card(talk.dossier, talk.not_known).next
            if asked is None:
                return None
            told = self._of_fact(asked.fact, asked.asked.said(self.say), asked.reason.said(self.say))
            if told is not None:
                return told
            talk = evolve(talk, given={**talk.given, asked.fact: None})  # what no line can answer: the parts of a need

    def _is_open(self, question: OpeningQuestion, talk: _Talk) -> bool:
        if question.id in talk.given or _is_filled(question, talk.dossier):
            return False
        if question.after is not None:
            return talk.given.get(question.after.question) == question.after.choice
        return question.asked is WhenAsked.ALWAYS or self._matters(question, talk)

    def _matters(self, question: OpeningQuestion, talk: _Talk) -> bool:
        now = self.card(talk.dossier)
        # a lot is smaller than the whole: that helps only where the whole needs competition
        if not any(choice.fills for choice in question.words):
            return now.competition != "not_required"
        futures = (self.card(filled(talk.dossier, choice.fills)) for choice in question.words)
        return any(_told(future) != _told(now) for future in futures)

    def _opening(self, question: OpeningQuestion) -> _Asked:
        return _Asked(
            id=question.id,
            kind=question.kind,
            path=question.path,
            lines=(
                self.say(question.text),
                f"  ({self.say(question.help)})",
                *(f"  {i}. {self.say(choice.label)}" for i, choice in enumerate(question.words, 1)),
            ),
            choices=question.words,
        )

    def _of_fact(self, path: str, asked: str, why: str) -> _Asked | None:
        fact = fact_at(self.table, path)
        if fact is None:
            return None
        where = f"{PURCHASE}.{path}"
        choices = tuple(OpeningChoice(id=word.id, label=word.label, fills={where: word.id}) for word in fact.choices)
        kinds = {FactKind.TRUTH: "truth", FactKind.CHOICE: OpeningKind.CHOICE, FactKind.NUMBER: OpeningKind.AMOUNT}
        lines = (asked, f"  ({why})", *(f"  {i}. {self.say(choice.label)}" for i, choice in enumerate(choices, 1)))
        return _Asked(id=path, kind=kinds[fact.kind], path=where, lines=lines, choices=choices)

    def understood(self, talk: _Talk, question: _Asked, typed: str) -> _Talk | None:
        """What was said, with an answer that was typed; None where it is none, and it is said why."""
        if plain(typed) in UNKNOWN:
            return talk.with_answer(question, {}, None)
        try:
            read = self._read(question, typed)
            if read is None:
                return None
            fills, choice = read
            told = talk.with_answer(question, fills, choice)
            self.card(told.dossier)  # says at once what is wrong with it
        except DocumentError as error:
            self.tell(error.say(self.say.code))
            return None
        except ValueError:  # a day that is in no calendar
            self._puzzled(question)
            return None
        return told

    def _read(self, question: _Asked, typed: str) -> tuple[dict[str, Any], str] | None:
        match question.kind:
            case OpeningKind.TEXT:
                return {question.path: visible(typed)[:LONGEST_TITLE]}, ""
            case OpeningKind.AMOUNT if (amount := typed_amount(typed)) is not None:
                if amount.with_vat is not None and amount.rate is not None:
                    self.tell(
                        self.say(
                            "Compté : {amount} HT, soit {with_vat} moins la TVA à {rate}.",
                            amount=self.say.euros(amount.value),
                            with_vat=self.say.euros(amount.with_vat),
                            rate=self.say.percent(amount.rate),
                        )
                    )
                return {question.path: str(amount.value)}, ""
            case OpeningKind.DAY if (day := typed_day(typed)) is not None:
                if day.month_only:
                    self.tell(self.say("Compté : le {day}.", day=self.say.date(day.day)))
                return {question.path: day.day.isoformat()}, ""
            case OpeningKind.LOTS if (lots := typed_lots(typed)) is not None:
                return {question.path: lots}, ""
            case "truth" if (truth := typed_truth(typed)) is not None:
                return {question.path: truth}, ""
            case OpeningKind.CHOICE | OpeningKind.BUYER if choice := typed_choice(typed, question.choices, self.say):
                return dict(choice.fills), choice.id
            case OpeningKind.BUYER if places := find_communes(typed, _SHOWN):
                return self._commune(question.path, typed, places)
        if question.path == f"{PURCHASE}.buyer.kind" and (places := find_communes(typed, _SHOWN)):
            return self._commune(f"{PURCHASE}.buyer", typed, places)
        self._puzzled(question)
        return None

    def _commune(
        self, path: str, typed: str, places: tuple[TerritoryCommune, ...]
    ) -> tuple[dict[str, Any], str] | None:
        """The commune whose name was typed; None, and those that may be meant, where they are several."""
        place = one_commune(typed)
        buyer = commune_of(place.insee_code) if place is not None else None
        if place is None or buyer is None:
            self.tell(self.say("Plusieurs communes y répondent ; tapez aussi le département, ou le code :"))
            for one in places:
                self.tell(f"  {one.insee_code} {one.name} ({one.territory_name})")
            return None
        self.tell(
            self.say(
                "Commune retenue : {commune} ({territory}), {inhabitants} habitants d'après la liste des communes de France ({year}).",
                commune=buyer.name,
                territory=buyer.territory_name,
                inhabitants=self.say.number(buyer.population or 0),
                year=communes_edition(),
            )
        )
        return {f"{path}.kind": BuyerKind.COMMUNE.value, f"{path}.insee_code": place.insee_code}, ""

    def _puzzled(self, question: _Asked) -> None:
        self.tell(
            self.say(
                "Cette réponse n'est pas comprise ; la question est posée de nouveau. {expected}",
                expected=self.say(understood_by(question.kind)),
            )
        )


def _is_filled(question: OpeningQuestion, dossier: Mapping[str, Any]) -> bool:
    """Whether a document that the dialogue goes on with answers an opening question already."""
    purchase = dossier.get(PURCHASE, {})
    match question.kind:
        case OpeningKind.BUYER:
            return "kind" in (purchase.get("buyer") or {}) or "commune" in dossier
        case OpeningKind.AMOUNT:
            return any(key in purchase for key in (VALUE, "need", "lots", "members"))
    return question.path.removeprefix(f"{PURCHASE}.") in purchase


def _told(card: Answer) -> tuple[Any, ...]:
    return card.competition, card.procedure, card.do, frozenset(one.code for one in card.reservations)


def run_interview(
    input: Callable[[str], str],
    output: Callable[[str], None],
    document: dict[str, Any] | None = None,
    *,
    lang: str = "fr",
    table: Table | None = None,
    known_on: datetime.date | None = None,
    full: bool = False,
) -> dict[str, Any]:
    """Ask until nothing can change the card any more, or the person stops; the card is shown after each answer.

    Args:
        input: Shows a prompt and returns a line, such as the built-in `input`.
        output: Shows a line, such as `print`.
        document: What is known already, a purchase or a dossier, complete or not; None = nothing.
        lang: The language of the dialogue.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.
        full: Ask also about the particular cases (research, prototypes, a contract outside the code ...) that nothing calls for.

    Returns:
        The dossier, which every command takes once it says when (`purchase.launched_on`).

    Raises:
        DocumentError: The document is at fault.
        Interrupted: The person broke off (Ctrl-C); it holds the dossier so far.
    """
    say = language(lang)
    known = dict(document or {})
    start = known if PURCHASE in known or "commune" in known else {PURCHASE: known}
    host = _Host(say, output, default_table() if table is None else table, known_on, full)
    if "commune" in start and not start.get(PURCHASE, {}).keys() & {"buyer", "members"}:
        bought_by = {"kind": BuyerKind.COMMUNE.value, "insee_code": start["commune"].get("insee_code")}
        start = filled(start, {f"{PURCHASE}.buyer.{key}": value for key, value in bought_by.items()})
    host.card(start)  # a document at fault is refused before anything is said
    output(say("Répondez avec vos mots ; « ? » si vous ne savez pas, « retour » pour revenir, « fin » pour finir."))
    talk = _answers(host, _Talk(dossier=start), input)
    for line in _ended(host, talk):
        output(line)
    return _own(talk.dossier)


def _answers(host: _Host, talk: _Talk, input: Callable[[str], str]) -> _Talk:
    """What was said when nothing is left to ask or the person stops."""
    before: list[_Talk] = []
    card, answered = "", False
    while (question := host.next(talk)) is not None:
        if answered:  # after the last answer the end shows it
            card, answered = host.show(talk, card), False
        host.tell("")
        for line in question.lines:
            host.tell(line)
        try:
            typed = input("> ").strip()
        except EOFError:  # an input that ends is a person who stops: what was said so far is kept
            break
        except KeyboardInterrupt:
            raise Interrupted(_own(talk.dossier)) from None
        if plain(typed) in STOP:
            break
        if plain(typed) in BACK:
            if not before:
                host.tell(host.say("C'est la première question."))
                continue
            talk = before.pop()
        elif (told := host.understood(talk, question, typed)) is not None:
            before.append(talk)
            talk = told
        else:
            continue
        answered = True
    return talk


def _ended(host: _Host, talk: _Talk) -> Iterator[str]:
    """What the answers come to: the card, and whether something is still open."""
    card = host.card(talk.dossier)
    yield ""
    if card.next is None:
        yield host.say("C'est tout : rien de plus ne changerait la réponse.")
    yield from card.said(host.say).splitlines()
