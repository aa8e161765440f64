"""Words that several pages of the scoring room share: a level, an answer, its evidence, a total, and a card in one sentence."""

from datetime import date
from typing import TYPE_CHECKING

from qmi_rules.law import Certainty
from qmi_rules.text import Language, Line, Link, Meter, message
from qmi_rules.text.page import Inline

if TYPE_CHECKING:
    from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion

CERTAINTIES = {
    Certainty.CONFIRMED: message("confirmé par plusieurs sources"),
    Certainty.SINGLE_SOURCE: message("une seule source"),
    Certainty.UNVERIFIED: message("non vérifié"),
}


def level_line(criterion: "ScoredCriterion", say: Language) -> Line:
    """The level as a meter, or that it is not known."""
    number, top = criterion.number, criterion.top
    if number is None or top is None:
        return say("non renseigné") if criterion.level is None else answer_words(criterion, say)
    return Meter(number, top, say("{level} sur {top}", level=number, top=top))


def level_or_words(criterion: "ScoredCriterion", say: Language) -> Line:
    """A meter and its words for a level, words for the rest."""
    if criterion.number is None:
        return answer_words(criterion, say) or say("non renseigné")
    meter = level_line(criterion, say)
    words = answer_words(criterion, say)
    return [meter, f" ({words})"] if words and isinstance(meter, Meter) else meter


def answer_words(criterion: "ScoredCriterion", say: Language) -> str:
    """The answer in words; a date in the reader's format; empty where a figure says all."""
    if criterion.labels:
        return say.all_of(say(label) for label in criterion.labels)
    if isinstance(criterion.level, str):
        return say.date(date.fromisoformat(criterion.level))
    return ""


def evidence_line(criterion: "ScoredCriterion", say: Language) -> Line:
    """What supports the answer: words, day, author, piece and link."""
    words = [
        *([criterion.evidence] if criterion.evidence else []),
        *([say("le {day}", day=say.date(criterion.on))] if criterion.on else []),
        *([say("par {author}", author=criterion.by)] if criterion.by else []),
        *([say("pièce : {document}", document=criterion.document)] if criterion.document else []),
    ]
    line: list[Inline] = [", ".join(words)] if words else []
    if criterion.source:
        line += [", "] if words else []
        line.append(Link(say("lien"), criterion.source))
    return line or (say("aucune") if criterion.level is not None else "")


def total_name(card: "Scorecard", say: Language) -> str:
    """What the total is called, and that it is a convention where its owner gives none."""
    label = say(card.total_label or "")
    return say("{label} (convention)", label=label) if card.convention else label


def total_words(card: "Scorecard", say: Language) -> str:
    """The total or its interval, in words; empty where the rubric adds nothing up."""
    if card.low is None or card.high is None or card.maximum is None:
        return ""
    if card.low == card.high:
        return say("{total} sur {maximum}", total=card.low, maximum=card.maximum)
    return say(
        "entre {low} et {high} sur {maximum}, selon ce qui reste inconnu",
        low=card.low,
        high=card.high,
        maximum=card.maximum,
    )


def citation(card: "Scorecard", say: Language) -> str:
    """One sentence that a decision or a note may cite; it concludes nothing."""
    title = say(card.title)
    if card.series:
        return say(
            "{title} : réponses pour : {for_}, contre : {against}, qui éclairent : {informs}, questions ouvertes : {open}",
            title=title,
            for_=sum(len(s.speaks_for) for s in card.series),
            against=sum(len(s.speaks_against) for s in card.series),
            informs=sum(len(s.informs) for s in card.series),
            open=sum(len(s.open) for s in card.series),
        )
    if card.low is None:
        return say(
            "{title} : critères renseignés : {known} sur {all}",
            title=title,
            known=len(card.criteria) - len(card.missing),
            all=len(card.criteria),
        )
    words = total_words(card, say)
    return (
        say("{title} : {total} (convention)", title=title, total=words)
        if card.convention
        else say("{title} : {total}", title=title, total=words)
    )
