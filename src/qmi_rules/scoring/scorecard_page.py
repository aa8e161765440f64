"""What a scorecard says to one reader: the profile first, then the total with its label, the evidence, what is missing, the traps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.scoring.criterion import Bearing, Origin
from qmi_rules.scoring.rubric import Source
from qmi_rules.scoring.wording import (
    CERTAINTIES,
    answer_words,
    evidence_line,
    level_line,
    level_or_words,
    total_name,
    total_words,
)
from qmi_rules.text import Grid, Heading, Items, Language, Line, Link, Page, Paragraph, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion, SeriesOfIndices

ORIGINS = {
    Origin.OFFICIAL: "",  # the notice of each official instrument says what in it is official
    Origin.PUBLISHED_DESCRIPTIONS: message("Questions reformulées d'après des descriptions publiées de l'outil."),
    Origin.LIBRARY: message("Critères de la bibliothèque, sans valeur officielle."),
}
BEARINGS = {
    Bearing.FOR: message("pour"),
    Bearing.AGAINST: message("contre"),
    Bearing.NEUTRAL: message("éclaire, sans peser"),
    None: message("question ouverte"),
}


_UNREAD = message("donnez le jour du lancement (--on)")
"""A date was answered, and there is no day to compare it with."""


def scorecard_page(card: "Scorecard", say: Language) -> Page:
    """The page of a scorecard."""
    blocks: list[Block] = [Heading(say(card.title), 1), *scorecard_blocks(card, say)]
    return Page(say.code, blocks)


def scorecard_blocks(card: "Scorecard", say: Language) -> Iterator[Block]:
    """The page without its title, for a document that holds more than one."""
    yield Paragraph(_ownership(card, say), "note")
    if card.series:
        yield from _body_of_evidence(card, say)
    else:
        yield _profile(card, say)
    if card.reading is not None:
        yield Paragraph(say(card.reading))
    yield from _total(card, say)
    yield from _missing(card, say)
    if card.cautions:
        yield Heading(say("À savoir"))
        yield Items([say(caution) for caution in card.cautions])
    yield from _source_list(card, say)


def _ownership(card: "Scorecard", say: Language) -> str:
    edition = say("Édition : {edition}.", edition=say(card.edition)) if card.edition else ""
    certainty = say("Fiabilité : {certainty}.", certainty=say(CERTAINTIES[card.certainty]))
    owner = say("Outil : {owner}.", owner=say(card.owner))
    return " ".join(part for part in (owner, say(ORIGINS[card.origin]), say(card.notice), edition, certainty) if part)


# --- levels


def _profile(card: "Scorecard", say: Language) -> Grid:
    header = [say("Axe"), say("Niveau"), say("Ce que cela veut dire"), say("Preuve")]
    rows: list[list[Line]] = [
        [f"{c.icon} {say(c.label)}".strip(), level_line(c, say), answer_words(c, say), evidence_line(c, say)]
        for c in card.criteria
    ]
    return Grid(header, rows)


# --- indices


def _body_of_evidence(card: "Scorecard", say: Language) -> Iterator[Block]:
    for series in card.series:
        yield Heading(say(series.label))
        yield Grid(
            [say("Question"), say("Réponse"), say("Sens"), say("Preuve"), say("Origine de la question")],
            [
                [
                    say(c.label),
                    level_or_words(c, say),
                    say(_UNREAD if c.level is not None and c.bearing is None else BEARINGS[c.bearing]),
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
        [[_series_name(series, say), *(_count(ids, say) for ids in _columns(series))] for series in card.series],
        say("Nombre de réponses par série ; il n'y a ni total, ni note de passage"),
    )


def _columns(series: "SeriesOfIndices") -> tuple[tuple[str, ...], ...]:
    return series.speaks_for, series.speaks_against, series.informs, series.open


def _count(ids: tuple[str, ...], say: Language) -> str:
    return say.number(len(ids))


def _series_name(series: "SeriesOfIndices", say: Language) -> str:
    return say("{series} (appui seulement)", series=say(series.label)) if series.supporting_only else say(series.label)


def _origin(criterion: "ScoredCriterion", sources: tuple[Source, ...], say: Language) -> str:
    if criterion.origin is Origin.LIBRARY:
        return say("bibliothèque")
    numbers = " ".join(f"({sources.index(source) + 1})" for source in criterion.sources)
    return f"{say(CERTAINTIES[criterion.certainty])} {numbers}".strip()


def _source_list(card: "Scorecard", say: Language) -> Iterator[Block]:
    if card.sources:
        yield Heading(say("Sources de la grille"))
        yield Items([Link(say(s.title), s.url) if s.url else say(s.title) for s in card.sources], "numbers")


# --- totals and gaps


def _total(card: "Scorecard", say: Language) -> Iterator[Block]:
    if card.low is None or card.high is None or card.maximum is None:
        return
    yield Heading(total_name(card, say))
    yield Paragraph(f"{total_words(card, say)}.")
    if card.total_note is not None:
        yield Paragraph(say(card.total_note), "note")


def _missing(card: "Scorecard", say: Language) -> Iterator[Block]:
    if not card.missing:
        return
    yield Heading(say("Ce qui manque"))
    yield Paragraph(say("À établir d'abord : « {criterion} ».", criterion=say(card[card.missing[0]].label)))
    if any(_width(card, name) == _width(card, card.missing[0]) for name in card.missing[1:]) and card.maximum:
        yield Paragraph(say("D'autres pèsent autant : l'ordre est alors celui de la grille."), "note")
    yield Items([_gap(card, name, say) for name in card.missing])


def _width(card: "Scorecard", name: str) -> int:
    return card[name].weight * (card[name].top or 0)


def _points(number: int, say: Language) -> str:
    return say("1 point") if number == 1 else say("{number} points", number=say.number(number))


def _gap(card: "Scorecard", name: str, say: Language) -> str:
    label = say(card[name].label)
    if name in card.unsupported:
        return say("{criterion} : la réponse est donnée sans preuve, elle ne compte donc pas", criterion=label)
    if _width(card, name):
        return say(
            "{criterion} : peut encore ajouter jusqu'à {points}",
            criterion=label,
            points=_points(_width(card, name), say),
        )
    return label
