"""The parts of the justification note that hold the evidence: indices by what they say, alternatives, pieces."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qmi_rules.contexts.solution import Alternative
from qmi_rules.scoring.criterion import Bearing
from qmi_rules.scoring.wording import evidence_line, level_or_words, total_name, total_words
from qmi_rules.text import Grid, Heading, Items, Language, Line, Link, Paragraph, message
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion

ORDER = (Bearing.FOR, Bearing.AGAINST, Bearing.NEUTRAL)
HEADINGS = {
    Bearing.FOR: message("Indices favorables"),
    Bearing.AGAINST: message("Indices contraires"),
    Bearing.NEUTRAL: message("Réponses qui éclairent, sans peser"),
}


def body_of_evidence(cards: "Sequence[Scorecard]", say: Language) -> Iterator[Block]:
    """What each rubric shows; the indices against are shown as plainly as those for."""
    if not cards:
        yield Paragraph(say("Aucune grille n'a été remplie."), "warning")
    for card in cards:
        yield Heading(say(card.title), 3)
        yield Paragraph(say(card.notice), "note")
        yield from _indices(card, say) if card.series else _levels(card, say)
        if card.reading is not None:
            yield Paragraph(say(card.reading), "note")
        if card.cautions:
            yield Items([say(caution) for caution in card.cautions])


def _indices(card: "Scorecard", say: Language) -> Iterator[Block]:
    series = {item.id: item for item in card.series}
    for bearing in ORDER:
        found = [c for c in card.criteria if c.bearing is bearing]
        if not found and bearing is not Bearing.AGAINST:
            continue
        yield Paragraph(say(HEADINGS[bearing]))
        yield Items([_index(c, series[c.series or ""].supporting_only, say) for c in found] or [say("aucun relevé")])
    if open_ones := [say(c.label) for c in card.criteria if c.bearing is None]:
        yield Paragraph(say("Questions ouvertes"))
        yield Items(open_ones)


def _index(criterion: "ScoredCriterion", supporting_only: bool, say: Language) -> Line:
    answer = level_or_words(criterion, say)
    line: list[Inline] = [say("« {question} »", question=say(criterion.label)) + " "]
    line += [answer] if isinstance(answer, str) else list(answer) if isinstance(answer, Sequence) else [answer]
    if supporting_only:
        line.append(" " + say("(appui seulement)"))
    evidence = evidence_line(criterion, say)
    line.append(say(". Preuve : "))
    line += (
        [evidence] if isinstance(evidence, str) else list(evidence) if isinstance(evidence, Sequence) else [evidence]
    )
    return line


def _levels(card: "Scorecard", say: Language) -> Iterator[Block]:
    yield Grid(
        [say("Critère"), say("Réponse"), say("Preuve")],
        [[say(c.label), level_or_words(c, say), evidence_line(c, say)] for c in card.criteria],
    )
    if words := total_words(card, say):
        sentence = say("{criterion} : {answer}", criterion=total_name(card, say), answer=words)
        yield Paragraph(f"{sentence}.")


def alternatives(items: Sequence[Alternative], say: Language) -> Iterator[Block]:
    """The other solutions that were looked at."""
    if not items:
        yield Paragraph(say("à compléter"))
        return
    yield Grid(
        [say("Solution"), say("Entreprise"), say("Examinée le"), say("Appréciation"), say("Source")],
        [
            [
                item.name,
                item.supplier or "",
                say.date(item.looked_at_on) if item.looked_at_on else "",
                item.assessment or say("à compléter"),
                Link(say("lien"), item.source) if item.source else "",
            ]
            for item in items
        ],
    )


def pieces(cards: "Sequence[Scorecard]", say: Language) -> Iterator[Block]:
    """The pieces and addresses that the answers name, each once."""
    named = [c for card in cards for c in card.criteria if c.level is not None]
    documents: list[Line] = [name for name in dict.fromkeys(c.document for c in named) if name]
    links: list[Line] = [Link(url, url) for url in dict.fromkeys(c.source for c in named) if url]
    if documents or links:
        yield Items([*documents, *links], "numbers")
    else:
        yield Paragraph(say("Aucune pièce n'est encore nommée."), "warning")
    if bare := [say(c.label) for c in named if not (c.evidence or c.source or c.document)]:
        yield Paragraph(say("Réponses données sans preuve"), "warning")
        yield Items(bare)
