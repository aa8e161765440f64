"""The result of a rubric: each criterion with its answer, the interval of the total, the indices by series; and how it is told."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, TypeAlias

from attrs import field, frozen

from qmi_rules.law import Certainty, default_table
from qmi_rules.law.wording import certainty_words, informs
from qmi_rules.pages import Explained, Grid, Heading, Items, Language, Line, Link, Meter, Page, Paragraph, message
from qmi_rules.pages.blocks import Block, Inline
from qmi_rules.schema import Wording
from qmi_rules.scoring.rubric import Leaning, Origin, RubricSource

Given: TypeAlias = int | str | tuple[str, ...] | None
"""A level, a mark, ``"yes"``, an option's id, an ISO date; several ids; None = not known."""


@frozen(kw_only=True)
class ScoredCriterion:
    """One criterion with what was answered.

    Attributes:
        id: The criterion.
        label: The axis or the question, French.
        level: A level, a mark, an option's id, several ids, an ISO date; None = not known.
        level_label: The answer in words, French; None for a mark, a date or an unknown answer.
        evidence: What supports it, in words.
        source: Web address of the evidence.
        on: Day the evidence was established.
        document: Piece kept in the buyer's file.
        by: Who established it.
        icon: The axis's sign.
        series: The series it belongs to.
        top: The best level or mark; None where the answer is no number.
        weight: What one level counts in the total; 0 where it does not count.
        bearing: What the answer says of the innovative character; None = open.
        origin: Whose words the criterion holds.
        certainty: How sure it is that its owner asks this.
        sources: Where the criterion was read.
        labels: The chosen answers in words, one by one.
    """

    id: str
    label: Wording
    level: Given = None
    level_label: Wording | None = None
    evidence: str | None = None
    source: str | None = None
    on: date | None = None
    document: str | None = None
    by: str | None = None
    icon: str = ""
    series: str | None = None
    top: int | None = None
    weight: int = 0
    bearing: Leaning | None = None
    origin: Origin
    certainty: Certainty
    sources: tuple[RubricSource, ...] = ()
    labels: tuple[Wording, ...] = ()

    @property
    def number(self) -> int | None:
        """The level or mark where the answer is a known number."""
        return self.level if self.top is not None and isinstance(self.level, int) else None

    @property
    def width(self) -> int:
        """What it can add to the total at most."""
        return self.weight * (self.top or 0)


@frozen(kw_only=True)
class SeriesOfIndices:
    """What the answers of one series say, by criterion id; nothing is counted against anything.

    Attributes:
        id: The name of the series.
        label: What it is called.
        speaks_for: Indices for the innovative character.
        speaks_against: Indices against it.
        informs: Answers that say neither.
        open: Not answered, set aside for want of evidence, or a date with nothing to compare it with.
        supporting_only: These indices support those of the other series and never stand for them.
    """

    id: str
    label: Wording
    supporting_only: bool = False
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    informs: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@frozen(kw_only=True)
class Scorecard(Explained):
    """What the answers to one rubric come to. It is evidence; it decides nothing.

    Attributes:
        rubric: Id of the rubric.
        criteria: Every criterion, in the rubric's order.
        low: Lowest total over all ways to fill what is unknown; None where the rubric adds nothing up.
        high: Highest total over all ways to fill what is unknown.
        maximum: Best possible total.
        missing: Ids of the unknown criteria, the one that can move the result most first.
        convention: True where the total is the library's (or the file's author's) and not the owner's.
        unsupported: Among `missing`, those answered without the evidence that the rubric requires.
        series: The body of evidence; empty for a rubric that is none.
        cautions: Traps to know, French.
        caution_ids: The id of each of them, in the same order.
        as_of: The day against which dates were read.
        title: The rubric's title, French.
        owner: Who made the instrument.
        origin: Whose words the rubric holds.
        certainty: How sure it is that the owner's instrument is as written here.
        edition: Edition of the instrument.
        notice: What is official and what is not, French.
        reading: How to read the result, French.
        total_label: What the total is called, French.
        total_note: What to know of the total, French.
        sources: Where the rubric was read.
    """

    PAGE_OF_DOCUMENT: ClassVar[bool] = True

    rubric: str
    criteria: tuple[ScoredCriterion, ...]
    low: int | None
    high: int | None
    maximum: int | None
    missing: tuple[str, ...]
    convention: bool
    unsupported: tuple[str, ...] = ()
    series: tuple[SeriesOfIndices, ...] = ()
    cautions: tuple[Wording, ...] = ()
    caution_ids: tuple[str, ...] = ()
    as_of: date | None = None
    title: Wording
    owner: Wording
    origin: Origin
    certainty: Certainty
    edition: str | None = None
    notice: Wording
    reading: Wording | None = None
    total_label: Wording | None = None
    total_note: Wording | None = None
    sources: tuple[RubricSource, ...] = ()

    _by_id: dict[str, ScoredCriterion] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {criterion.id: criterion for criterion in self.criteria})

    def __getitem__(self, criterion: str) -> ScoredCriterion:
        if criterion not in self._by_id:
            raise KeyError(f"no criterion {criterion!r}; there are {', '.join(self._by_id)}")
        return self._by_id[criterion]

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    def page(self, say: Language) -> Page:
        """The profile first, then the total with its label, the evidence, what is missing, the traps."""
        return Page(say.code, _blocks(self, say))

    def citation(self, say: Language) -> str:
        """One sentence that a decision or a note may cite as evidence; it concludes nothing."""
        title = say(self.title)
        if self.series:
            return say(
                "{title} : réponses pour : {for_}, contre : {against}, qui éclairent : {informs}, questions ouvertes : {open}",
                title=title,
                for_=sum(len(s.speaks_for) for s in self.series),
                against=sum(len(s.speaks_against) for s in self.series),
                informs=sum(len(s.informs) for s in self.series),
                open=sum(len(s.open) for s in self.series),
            )
        if self.low is None:
            known, every = len(self.criteria) - len(self.missing), len(self.criteria)
            return say("{title} : critères renseignés : {known} sur {all}", title=title, known=known, all=every)
        pattern = message("{title} : {total} (convention)") if self.convention else message("{title} : {total}")
        return say(pattern, title=title, total=total_words(self, say))


# --- words that every page of the room shares


def level_line(criterion: ScoredCriterion, say: Language) -> Line:
    """The level as a meter, or that it is not known."""
    number, top = criterion.number, criterion.top
    if number is None or top is None:
        return say("non renseigné") if criterion.level is None else answer_words(criterion, say)
    return Meter(number, top, say("{level} sur {top}", level=number, top=top))


def level_or_words(criterion: ScoredCriterion, say: Language) -> list[Inline]:
    """A meter and its words for a level, words for the rest."""
    words = answer_words(criterion, say)
    number, top = criterion.number, criterion.top
    if number is None or top is None:
        return [words or say("non renseigné")]
    meter = Meter(number, top, say("{level} sur {top}", level=number, top=top))
    return [meter, f" ({words})"] if words else [meter]


def answer_words(criterion: ScoredCriterion, say: Language) -> str:
    """The answer in words; a date in the reader's format; empty where a figure says all."""
    if criterion.labels:
        return say.all_of(say(label) for label in criterion.labels)
    return say.date(date.fromisoformat(criterion.level)) if isinstance(criterion.level, str) else ""


def evidence_line(criterion: ScoredCriterion, say: Language) -> list[Inline]:
    """What supports the answer: words, day, author, piece and link."""
    words = [
        criterion.evidence,
        say("le {day}", day=say.date(criterion.on)) if criterion.on else None,
        say("par {author}", author=criterion.by) if criterion.by else None,
        say("pièce : {document}", document=criterion.document) if criterion.document else None,
    ]
    line: list[Inline] = [", ".join(filter(None, words))] if any(words) else []
    if criterion.source:
        line += [", "] if line else []
        line.append(Link(say("lien"), criterion.source))
    return line or [say("aucune") if criterion.level is not None else ""]


def total_name(card: Scorecard, say: Language) -> str:
    """What the total is called, and that it is a convention where its owner gives none."""
    label = say(card.total_label or "")
    return say("{label} (convention)", label=label) if card.convention else label


def total_words(card: Scorecard, say: Language) -> str:
    """The total or its interval, in words; empty where the rubric adds nothing up."""
    low, high, maximum = card.low, card.high, card.maximum
    if maximum is None:
        return ""
    if low == high:
        return say("{total} sur {maximum}", total=low, maximum=maximum)
    return say("entre {low} et {high} sur {maximum}, selon ce qui reste inconnu", low=low, high=high, maximum=maximum)


# --- the page

_ORIGINS = {
    Origin.OFFICIAL: "",  # the notice of each official instrument says what in it is official
    Origin.PUBLISHED_DESCRIPTIONS: message("Questions reformulées d'après des descriptions publiées de l'outil."),
    Origin.LIBRARY: message("Critères sans valeur officielle."),
    Origin.OWN: message("Grille établie par celui qui l'emploie : elle n'est ni officielle, ni de qmi_rules."),
}
_LEANINGS = {
    Leaning.FOR: message("pour"),
    Leaning.AGAINST: message("contre"),
    Leaning.NEUTRAL: message("éclaire, sans peser"),
    None: message("question ouverte"),
}
_UNREAD = message("donnez le jour du lancement (--on)")
"""A date was answered, and there is no day to compare it with."""


def _blocks(card: Scorecard, say: Language) -> Iterator[Block]:
    yield Heading(say(card.title), 1)
    yield Paragraph(_ownership(card, say), "note")
    yield from _body_of_evidence(card, say) if card.series else _profile(card, say)
    if card.reading is not None:
        yield Paragraph(say(card.reading))
    if card.maximum is not None:
        yield Heading(total_name(card, say))
        yield Paragraph(f"{total_words(card, say)}.")
        if card.total_note is not None:
            yield Paragraph(say(card.total_note), "note")
    if card.missing:
        yield from _missing(card, say)
    if card.cautions:
        yield Heading(say("À savoir"))
        yield Items([say(caution) for caution in card.cautions])
    if card.sources:
        yield Heading(say("Sources de la grille"))
        yield Items([Link(say(s.title), s.url) if s.url else say(s.title) for s in card.sources], "numbers")
    yield informs(say)


def _ownership(card: Scorecard, say: Language) -> str:
    edition = say("Édition : {edition}.", edition=say(card.edition)) if card.edition else ""
    certainty = say("Fiabilité : {certainty}.", certainty=certainty_words(say, card.certainty))
    owner = say("Outil : {owner}.", owner=say(card.owner))
    return " ".join(part for part in (owner, say(_ORIGINS[card.origin]), say(card.notice), edition, certainty) if part)


def _profile(card: Scorecard, say: Language) -> Iterator[Block]:
    yield Grid(
        [say("Axe"), say("Niveau"), say("Ce que cela veut dire"), say("Preuve")],
        [
            [f"{c.icon} {say(c.label)}".strip(), level_line(c, say), answer_words(c, say), evidence_line(c, say)]
            for c in card.criteria
        ],
    )


def _body_of_evidence(card: Scorecard, say: Language) -> Iterator[Block]:
    for series in card.series:
        yield Heading(say(series.label))
        yield Grid(
            [say("Question"), say("Réponse"), say("Sens"), say("Preuve"), say("Origine de la question")],
            [
                [
                    say(c.label),
                    level_or_words(c, say),
                    say(_UNREAD if c.level is not None and c.bearing is None else _LEANINGS[c.bearing]),
                    evidence_line(c, say),
                    _origin(c, card.sources, say),
                ]
                for c in card.criteria
                if c.series == series.id
            ],
        )
    yield Heading(say("Le faisceau"))
    yield Grid(
        [say("Série"), say("Pour"), say("Contre"), say("Éclaire"), say("Ouvert")],
        [
            [
                say("{series} (appui seulement)", series=say(s.label)) if s.supporting_only else say(s.label),
                *(say.number(len(ids)) for ids in (s.speaks_for, s.speaks_against, s.informs, s.open)),
            ]
            for s in card.series
        ],
        say("Nombre de réponses par série ; il n'y a ni total, ni note de passage"),
    )


def _origin(criterion: ScoredCriterion, sources: tuple[RubricSource, ...], say: Language) -> str:
    if criterion.origin is Origin.LIBRARY:
        return say("non officielle")
    numbers = " ".join(f"({sources.index(source) + 1})" for source in criterion.sources)
    return f"{certainty_words(say, criterion.certainty)} {numbers}".strip()


def _missing(card: Scorecard, say: Language) -> Iterator[Block]:
    first, *others = (card[name] for name in card.missing)
    yield Heading(say("Ce qui manque"))
    yield Paragraph(say("À établir d'abord : « {criterion} ».", criterion=say(first.label)))
    if card.maximum and any(other.width == first.width for other in others):
        yield Paragraph(say("D'autres pèsent autant : l'ordre est alors celui de la grille."), "note")
    yield Items([_gap(card, criterion, say) for criterion in (first, *others)])


def _gap(card: Scorecard, criterion: ScoredCriterion, say: Language) -> str:
    label = say(criterion.label)
    if criterion.id in card.unsupported:
        return say("{criterion} : la réponse est donnée sans preuve, elle ne compte donc pas", criterion=label)
    if not criterion.width:
        return label
    return say.count(
        criterion.width,
        "{criterion} : peut encore ajouter jusqu'à {count} point",
        "{criterion} : peut encore ajouter jusqu'à {count} points",
        criterion=label,
    )
