"""A rubric as a form: the keys of its answers, each with its question and what may be answered, and the document to fill."""

from typing import Any

from attrs import frozen

from qmi_rules.law import default_table
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.scoring.rubric import Criterion, EvidenceRule, Rubric

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
        series = {item.id: item.label for item in self.rubric.series}
        return page_of("questionnaire", say, it=self, series=series)
