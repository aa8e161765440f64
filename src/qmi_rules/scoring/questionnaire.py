"""A rubric as a form: the keys of its answers, each with its question and what may be answered, and the document to fill."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from qmi_rules.law import default_table
from qmi_rules.pages import Explained, Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.pages.blocks import Block
from qmi_rules.scoring.rubric import Criterion, EvidenceRule, Kind, Rubric

_FIELDS = {
    "evidence": message("ce qui a été vu, en mots"),
    "source": message("une adresse web"),
    "on": message("le jour de la preuve, AAAA-MM-JJ"),
    "document": message("la pièce du dossier"),
    "by": message("qui l'a établi"),
}
"""What an answer may bring beside its level."""
_PROOF = ("evidence", "source", "document")


@frozen(kw_only=True)
class Questionnaire(Explained):
    """The form of a rubric.

    Attributes:
        rubric: The rubric.
    """

    rubric: Rubric

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    @property
    def template(self) -> dict[str, Any]:
        """A document with every key and no answer: what `score` takes, once filled. What stays null is not known."""
        return {criterion.id: self._empty(criterion) for criterion in self.rubric.criteria}

    def _empty(self, criterion: Criterion) -> Any:
        proof = _PROOF if self.rubric.evidence is EvidenceRule.REQUIRED else ()
        fields = dict.fromkeys((*criterion.requires, *proof))
        return {"level": None, **fields} if fields else None

    def page(self, say: Language) -> Page:
        """Each key with its question and its answers."""
        return Page(say.code, self._blocks(say))

    def _blocks(self, say: Language) -> Iterator[Block]:
        rubric = self.rubric
        series = {item.id: item.label for item in rubric.series}
        yield Heading(say(rubric.title), 1)
        yield Paragraph(say(rubric.notice), "note")
        previous = None
        for criterion in rubric.criteria:
            if criterion.series is not None and criterion.series != previous:
                yield Heading(say(series[criterion.series]))
                previous = criterion.series
            yield Paragraph([Strong(criterion.id), " – ", say(criterion.label)])
            yield Items([*_answers(criterion, say), *self._needed(criterion, say)])
        yield Heading(say("Comment répondre"))
        yield Paragraph(
            say(
                "Une réponse est un niveau seul, ou un objet avec level et ce qui le prouve. Ce qui reste null, ou manque, n'est pas connu."
            )
        )
        yield Grid([say("Champ"), say("Contenu")], [[name, say(words)] for name, words in _FIELDS.items()])

    def _needed(self, criterion: Criterion, say: Language) -> Iterator[Line]:
        if criterion.requires:
            yield say("À joindre : {fields}.", fields=say.all_of(criterion.requires))
        if self.rubric.evidence is EvidenceRule.REQUIRED:
            yield say("Sans preuve ({fields}), la réponse ne compte pas.", fields=say.any_of(_PROOF))


def _answers(criterion: Criterion, say: Language) -> Iterator[Line]:
    """The words that a document writes, each with what it means."""
    match criterion.kind:
        case Kind.LEVELS:
            yield from (say.labelled(str(step.level), say(step.label)) for step in criterion.levels)
        case Kind.MARK:
            yield say("un nombre entier de 0 à {top}", top=criterion.highest)
        case Kind.DATE:
            yield say("une date, AAAA-MM-JJ")
        case _:
            yield from (say.labelled(f'"{option.id}"', say(option.label)) for option in criterion.options)
            if criterion.kind is Kind.SEVERAL:
                yield say("Plusieurs réponses possibles, en liste.")
