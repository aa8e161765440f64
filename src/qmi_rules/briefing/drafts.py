"""Drafts to sign, made from a briefing: the council's deliberation, the mayor's decision by delegation, the justification note.

What stands in them is data (`data/drafts`): passages with places to fill, each with the articles it cites. What the dossier does not
say is left blank and named at the top.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from qmi_rules.budget_calendar import Severity
from qmi_rules.catalogues import typeset
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Certainty, Source
from qmi_rules.law.findings import ChoiceFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import edition_words, fact_at, fact_name, finding_sentence, quantity
from qmi_rules.model import BuyerKind, Purchase
from qmi_rules.pages import (
    SOURCE_LANGUAGE,
    Explained,
    Grid,
    Heading,
    Items,
    Language,
    Line,
    Link,
    Meter,
    Page,
    Paragraph,
    Strong,
    language,
    message,
    to_markdown,
)
from qmi_rules.pages.blocks import Block, Inline
from qmi_rules.pages.sentences import Quantity, Term, Value
from qmi_rules.pages.sentences import shown as shown_value
from qmi_rules.procurement.view import PARTS
from qmi_rules.schema import load_toml, package_data
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import IDENTIFIER, each, is_a, optional, to_tuple
from qmi_rules.schema.scalars import text as a_text
from qmi_rules.scoring import JustificationNote, evidence_of, justification_note

if TYPE_CHECKING:
    from qmi_rules.briefing.briefing import Briefing


class DraftKind(StrEnum):
    """What is drafted."""

    DELIBERATION = "deliberation"
    DECISION = "decision"
    JUSTIFICATION = "justification"


class PassageKind(StrEnum):
    """How a passage stands in its document."""

    HEADING = "heading"
    SUBHEADING = "subheading"
    STRONG = "strong"
    TEXT = "text"
    ITEM = "item"
    ARTICLE = "article"
    VISA = "visa"
    VISAS = "visas"
    NOTE = "note"
    WARNING = "warning"


class DraftCondition(StrEnum):
    """What must hold of the dossier for a passage to stand in the document."""

    OPEN = "open"
    CLOSED = "closed"
    UNSETTLED = "unsettled"
    NOT_A_COMMUNE = "not_a_commune"
    MISSING = "missing"
    TO_VERIFY = "to_verify"
    GUARD_RAILS = "guard_rails"
    INNOVATION = "innovation"
    TENDER_COMMITTEE = "tender_committee"
    JOINT = "joint"
    FUNDED = "funded"
    LIMITED = "limited"
    UNLIMITED = "unlimited"
    WITHIN_DELEGATION = "within_delegation"
    BEYOND_DELEGATION = "beyond_delegation"
    NO_DELEGATION = "no_delegation"
    DELEGATION_UNKNOWN = "delegation_unknown"


@frozen(kw_only=True)
class DraftPassage:
    """A passage of a draft.

    Attributes:
        kind: How it stands in the document.
        text: The sentence, French, with its places; none for the list of articles that open an act.
        when: What must all hold for it to stand there.
        listed: A list out of the dossier that follows it: ``parts``, ``lots``, ``conditions``, ``unsettled``,
            ``calendar``, ``evidence``, ``grants``.
        cites: Ids of the articles that it rests on; the place ``{articles}`` shows them.
        source: Where the maintainers read that.
        certainty: How sure it is.
        verify: The articles among them that are to be verified before one signs.
    """

    kind: PassageKind = field(validator=is_a(PassageKind))
    text: str = field(default="", validator=is_a(str))
    when: tuple[DraftCondition, ...] = field(default=(), converter=to_tuple)
    listed: str | None = field(default=None, validator=optional(IDENTIFIER))
    cites: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    source: str | None = field(default=None, validator=optional(a_text(500)))
    certainty: Certainty | None = None
    verify: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))


@frozen(kw_only=True)
class Model:
    """The model of a document: its title and its passages in order."""

    title: str = field(validator=a_text(300))
    passages: tuple[DraftPassage, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Place:
    """A place that a passage leaves.

    Attributes:
        label: What goes there; None where it is filled at the meeting or when signing.
        blank: What stands there while nothing is known: room to write by hand.
    """

    id: str = field(validator=IDENTIFIER)
    label: str | None = field(default=None, validator=optional(a_text(300)))
    blank: str = field(default="……………", validator=a_text(100))


@frozen(kw_only=True)
class PlaceFile:
    """The places of all models, and the articles that only they cite."""

    places: tuple[Place, ...] = field(converter=to_tuple)
    sources: tuple[Source, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class ModelFile:
    """The file of one model."""

    deliberation: Model | None = None
    decision: Model | None = None


_FIRST_QUESTIONS = 3
"""How many facts are named where no procedure is chosen: the first ones settle most."""
_PLACE = re.compile(r"\{(\w+)\}")
_STANDS = {
    Truth.YES: DraftCondition.OPEN,
    Truth.NO: DraftCondition.CLOSED,
    Truth.UNDETERMINED: DraftCondition.UNSETTLED,
}
_SECTIONS = {"investment": message("d’investissement"), "operating": message("de fonctionnement")}


@cache
def places() -> PlaceFile:
    """The places and the articles, read when first asked for."""
    return load_toml(package_data("drafts", "places.toml"), PlaceFile)


@cache
def model(kind: DraftKind) -> Model:
    """The model of a document, read when first asked for."""
    found: Model = getattr(load_toml(package_data("drafts", f"{kind}.toml"), ModelFile), kind)
    return found


@frozen(kw_only=True)
class Draft(Explained):
    """A document to complete and to sign.

    Attributes:
        kind: What it is.
        title: Its title, French.
        to_complete: What the dossier does not say and somebody must write, by the ids of the places left blank.
        to_verify: Articles that are cited and whose text is to be read before one signs, French.
        text: The whole document as Markdown, French.
    """

    kind: DraftKind
    title: str
    to_complete: tuple[str, ...]
    to_verify: tuple[str, ...]
    text: str

    _of: Any = field(alias="of", repr=False, eq=False)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the law."""
        return str(self._of.table_edition)

    def page(self, say: Language) -> Page:
        """The document in one language; French is the one to sign."""
        return _typeset(
            self._of.page(say) if isinstance(self._of, JustificationNote) else _Act(self._of, self.kind).page(say)
        )


def draft(briefing: "Briefing", kind: DraftKind | str) -> Draft:
    """Draft a document to sign.

    Args:
        briefing: What the dossier comes to.
        kind: ``deliberation``, ``decision`` or ``justification``.

    Raises:
        DocumentError: There is no such document.
    """
    if kind not in tuple(DraftKind):
        words = "expected one of {choices}, got {got}"
        raise DocumentError(fault("unknown_choice", "kind", words, choices=tuple(DraftKind), got=shown(kind)))
    kind = DraftKind(kind)
    if kind is DraftKind.JUSTIFICATION:
        return draft_of_note(justification_note(evidence_of(briefing.dossier), table=briefing.decision.law.table))
    act = _Act(briefing, kind)
    page = _typeset(act.page(language(SOURCE_LANGUAGE)))
    return Draft(
        kind=kind,
        title=act.model.title,
        to_complete=act.blank,
        to_verify=tuple(_printed(source.citation) for source in act.to_verify),
        text=to_markdown(page),
        of=briefing,
    )


def draft_of_note(note: JustificationNote) -> Draft:
    """The justification note as a document to sign.

    Raises:
        DocumentError: It is no note.
    """
    require("note", note, JustificationNote)
    page = _typeset(note.page(language(SOURCE_LANGUAGE)))
    title = page.blocks[0].text if isinstance(page.blocks[0], Heading) else ""
    return Draft(
        kind=DraftKind.JUSTIFICATION,
        title=title,
        to_complete=note.to_complete,
        to_verify=(),
        text=to_markdown(page),
        of=note,
    )


class _Act:
    """One act of a commune: what the dossier says of its places, what holds, and which passages therefore stand in it."""

    def __init__(self, briefing: "Briefing", kind: DraftKind) -> None:
        decision, dossier = briefing.decision, briefing.dossier
        assert isinstance(decision.purchase, Purchase)  # a briefing is made of a dossier, which holds one
        self.briefing, self.purchase, self.kind, self.model = briefing, decision.purchase, kind, model(kind)
        self.commune = dossier.commune
        wished = dossier.schedule.procedure if dossier.schedule is not None else None
        # what the buyer means to do goes before what would be lightest, which nobody knows where the amount is not known
        chosen = wished or (decision.lightest if decision.estimated_value is not None else None)
        self.option = decision.option(chosen) if chosen is not None else None
        self.sources = {**decision.law.table.sources, **{source.id: source for source in places().sources}}
        holding = set(self._holding())
        self.passages = [passage for passage in self.model.passages if holding.issuperset(_dossier_conditions(passage))]
        self.values = self._values()
        self.to_verify = [self.sources[name] for passage in self.passages for name in passage.verify]
        named = {name for passage in self.passages for name in _PLACE.findall(passage.text)}
        labels = {place.id: place.label for place in places().places if place.label and place.id in named}
        self.blank = tuple(name for name in labels if self.values.get(name) is None)
        self.values["missing"] = tuple(Term(labels[name]) for name in self.blank if labels[name]) or None
        self.values["to_verify"] = _Articles(tuple(self.to_verify)) if self.to_verify else None

    def _holding(self) -> Iterator[DraftCondition]:
        option, plan = self.option, self.briefing.funding.plan if self.briefing.funding else None
        duties = {duty.id for duty in option.duties} if option else set()
        yield _STANDS[option.truth] if option else DraftCondition.UNSETTLED
        if self.purchase.buyer is not None and self.purchase.buyer.kind not in (None, BuyerKind.COMMUNE):
            yield DraftCondition.NOT_A_COMMUNE
        if "guard_rails" in duties:
            yield DraftCondition.GUARD_RAILS
        if "innovation_justification" in duties:
            yield DraftCondition.INNOVATION
        if "tender_committee" in duties:
            yield DraftCondition.TENDER_COMMITTEE
        if self.purchase.members:
            yield DraftCondition.JOINT
        if plan is not None and plan.grants:
            yield DraftCondition.FUNDED
        limit, value = self.commune.delegation_limit if self.commune else None, self.purchase.value
        yield DraftCondition.LIMITED if limit else DraftCondition.UNLIMITED
        if limit == 0:
            yield DraftCondition.NO_DELEGATION
        elif limit is None or value is None:
            yield DraftCondition.DELEGATION_UNKNOWN
        else:
            yield DraftCondition.WITHIN_DELEGATION if value <= limit else DraftCondition.BEYOND_DELEGATION

    def _values(self) -> dict[str, "Value | None"]:
        """What the dossier says, by place; None = nothing."""
        purchase, dossier, table = self.purchase, self.briefing.dossier, self.briefing.decision.law.table
        fact = fact_at(table, "contract_type")
        types = {choice.id: choice.label for choice in fact.choices} if fact else {}
        parts = [part.expense for part in (dossier.schedule, dossier.project) if part is not None and part.expense]
        buyer = purchase.buyer.commune if purchase.buyer is not None else None
        signed = self._day("signature")
        limit = self.commune.delegation_limit if self.commune else None
        plan = self.briefing.funding.plan if self.briefing.funding else None
        return {
            "title": purchase.title,
            "buyer": buyer.name if buyer else None,
            "contract_type": Term(types[purchase.contract_type]) if purchase.contract_type in types else None,
            "duration": Quantity(Decimal(purchase.duration_months), "months") if purchase.duration_months else None,
            "value": purchase.value,
            "procedure": Term(self.option.label) if self.option else None,
            "procedure_articles": _Articles(self.option.legal_basis) if self.option else None,
            "budget_year": str((signed or purchase.launched_on).year),
            "section": Term(_SECTIONS[parts[0]]) if parts else None,
            "own_share": plan.own_share if plan else None,
            "delegation_limit": limit,
            "meeting": self._meeting(signed),
        }

    def _day(self, step: str) -> date | None:
        """The day on which a step of the calendar ends."""
        calendar = self.briefing.calendar
        return next((found.end for found in calendar.steps if found.id == step), None) if calendar else None

    def _meeting(self, signed: date | None) -> date | None:
        """The council's meeting: the one that authorises, or the one that is told of what the mayor signed."""
        launched = self.purchase.launched_on
        if self.kind is DraftKind.DELIBERATION and (planned := self._day("council")):
            return planned
        day = launched if self.kind is DraftKind.DELIBERATION else signed or launched
        return min((met for met in self.commune.council_meetings if met >= day), default=None) if self.commune else None

    def page(self, say: Language) -> Page:
        """The act in one language."""
        blocks: list[Block] = [Heading(say(self.model.title), 1)]
        stands = {DraftCondition.MISSING: self.blank, DraftCondition.TO_VERIFY: self.to_verify}
        number = 0
        for passage in self.passages:
            listed = _LISTS[passage.listed](self, say) if passage.listed else []
            if (passage.listed and not listed) or not all(stands.get(condition, True) for condition in passage.when):
                continue
            words = self._words(passage, say)
            match passage.kind:
                case PassageKind.HEADING:
                    blocks.append(Heading(words))
                case PassageKind.SUBHEADING:
                    blocks.append(Heading(words, 3))
                case PassageKind.STRONG:
                    blocks.append(Paragraph(Strong(words)))
                case PassageKind.ITEM if isinstance(blocks[-1], Items):
                    blocks[-1] = Items([*blocks[-1].lines, words])
                case PassageKind.ITEM:
                    blocks.append(Items([words]))
                case PassageKind.ARTICLE:
                    number += 1
                    blocks.append(Paragraph([Strong(say("Article {n}", n=_ordinal(number, say))), " – " + words]))
                case PassageKind.VISAS:
                    blocks += [Paragraph(line) for line in self._visas(passage, say)]
                case PassageKind.NOTE | PassageKind.WARNING:
                    blocks.append(Paragraph(words, str(passage.kind)))
                case PassageKind.TEXT | PassageKind.VISA:
                    blocks.append(Paragraph(words))
            if listed:
                blocks.append(Items(listed))
        return Page(say.code, blocks)

    def _words(self, passage: DraftPassage, say: Language) -> str:
        values: dict[str, str] = {place.id: place.blank for place in places().places}
        values |= {name: shown_value(value, say) for name, value in self.values.items() if value is not None}
        values["table_edition"] = edition_words(say, self.briefing.decision.law.table.edition)
        if passage.cites:
            values["articles"] = _Articles(tuple(self.sources[name] for name in passage.cites)).bare(say)
        return say(passage.text, **values)

    def _visas(self, passage: DraftPassage, say: Language) -> Iterator[str]:
        """The texts that an act rests on, one line a code or decree."""
        own = self.option.legal_basis if self.option else ()
        cited = dict.fromkeys((*(self.sources[name] for name in passage.cites), *own))
        for text_, articles in _by_text(tuple(cited)):
            if not articles:
                yield say("Vu : {text} ;", text=say(text_))
            else:
                listed = say.all_of(articles)
                yield say.count(
                    len(articles),
                    "Vu l’article {articles} {text} ;",
                    "Vu les articles {articles} {text} ;",
                    articles=listed,
                    text=say(text_),
                )


def _dossier_conditions(passage: DraftPassage) -> set[DraftCondition]:
    """The conditions of a passage that the dossier decides; the others follow from what the passages leave blank."""
    return set(passage.when) - {DraftCondition.MISSING, DraftCondition.TO_VERIFY}


@frozen
class _Articles:
    """Articles as a sentence cites them, with the text they belong to."""

    sources: tuple[Source, ...]

    def said(self, say: Language) -> str:
        """With the word "article" before them."""
        numbered = sum(source.article is not None for source in self.sources)
        if not numbered:
            return self.bare(say)
        return say.count(numbered, "article {articles}", "articles {articles}", articles=self.bare(say))

    def bare(self, say: Language) -> str:
        """Without it."""
        return say.all_of(
            f"{say.all_of(articles)} {say(text)}" if articles else say(text)
            for text, articles in _by_text(self.sources)
        )


def _by_text(sources: tuple[Source, ...]) -> list[tuple[str, list[str]]]:
    """The articles of each text, in their order."""
    texts = dict.fromkeys(source.text for source in sources)
    found = {text: {source.article for source in sources if source.text == text and source.article} for text in texts}
    return [(text, sorted(articles, key=_natural)) for text, articles in found.items()]


def _natural(article: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", article)]


def _ordinal(number: int, say: Language) -> str:
    return "1er" if number == 1 and say.code == SOURCE_LANGUAGE else str(number)


# --- lists out of the dossier


def _parts(act: _Act, say: Language) -> list[str]:
    parts = act.briefing.decision.valuation
    if len(parts) < 2:
        return []
    return [say.labelled(say(PARTS[part.part]), quantity(say, part.amount, "EUR HT")) for part in parts]


def _lots(act: _Act, say: Language) -> list[str]:
    return [
        say.labelled(say("lot {id}", id=lot.id), quantity(say, lot.estimated_value, "EUR HT"))
        for lot in act.purchase.lots
    ]


def _conditions(act: _Act, say: Language) -> list[str]:
    """What makes the procedure open: the findings of the rows that settle it, without what is only presumed and what every such act says of itself."""
    if act.option is None:
        return []
    table = act.briefing.decision.law.table
    seen = [
        finding_sentence(say, table, finding)
        for ground in act.option.examined
        if ground.truth is Truth.YES
        for finding in ground.findings
        if not getattr(finding, "presumed", False) and not isinstance(finding, ChoiceFinding)
    ]
    return list(dict.fromkeys(seen))


def _unsettled(act: _Act, say: Language) -> list[str]:
    table = act.briefing.decision.law.table
    missing = act.option.missing if act.option else act.briefing.decision.missing[:_FIRST_QUESTIONS]
    return [fact_name(say, table, path) for path in missing]


def _calendar(act: _Act, say: Language) -> list[str]:
    """What stands in the way of signing or of the council's vote, as the calendar says it."""
    conflicts = act.briefing.calendar.conflicts if act.briefing.calendar else ()
    return [conflict.said(say) for conflict in conflicts if conflict.severity is not Severity.INFORMATION]


def _evidence(act: _Act, say: Language) -> list[str]:
    source = language(SOURCE_LANGUAGE)
    cited = {card.citation(source): card.citation(say) for card in act.briefing.scorecards.values()}
    return [cited.get(line, line) for line in act.purchase.evidence]


def _grants(act: _Act, say: Language) -> list[str]:
    grants = act.briefing.funding.plan.grants if act.briefing.funding else ()
    return [
        say.labelled(say(grant.label) if grant.scheme else grant.label, say.euros(grant.amount)) for grant in grants
    ]


_LISTS: dict[str, Callable[[_Act, Language], list[str]]] = {
    "parts": _parts,
    "lots": _lots,
    "conditions": _conditions,
    "unsettled": _unsettled,
    "calendar": _calendar,
    "evidence": _evidence,
    "grants": _grants,
}


# --- as a town hall types it

Fix: TypeAlias = Callable[[str], str]


def _typeset(page: Page) -> Page:
    """The page as print has it: what the dossier's author typed too, for it is signed with the rest."""
    return Page(page.language, [_block(block, partial(_printed, code=page.language)) for block in page.blocks])


def _printed(words: str, code: str = SOURCE_LANGUAGE) -> str:
    return words if words.startswith(("http://", "https://")) else typeset(words, code)


def _block(block: Block, fix: Fix) -> Block:
    match block:
        case Heading():
            return evolve(block, text=fix(block.text))
        case Paragraph():
            return evolve(block, line=_line(block.line, fix))
        case Items():
            return evolve(block, lines=[_line(line, fix) for line in block.lines])
        case Grid():
            rows = [[_line(cell, fix) for cell in row] for row in block.rows]
            return evolve(block, header=[fix(cell) for cell in block.header], rows=rows, caption=fix(block.caption))


def _line(line: Line, fix: Fix) -> Line:
    return (
        _inline(line, fix) if isinstance(line, str | Link | Strong | Meter) else [_inline(part, fix) for part in line]
    )


def _inline(part: Inline, fix: Fix) -> Inline:
    return fix(part) if isinstance(part, str) else evolve(part, text=fix(part.text))
