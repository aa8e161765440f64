"""A dossier: everything a buyer can say about one purchase, the input of a briefing."""

from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.contexts.checklist import Checklist
from qmi_rules.contexts.commune import Commune
from qmi_rules.contexts.project import Project
from qmi_rules.contexts.purchase import Purchase
from qmi_rules.contexts.schedule import Schedule
from qmi_rules.contexts.solution import Answer, check_solution, to_solution
from qmi_rules.documents import Document
from qmi_rules.documents.scalars import is_a, optional


@frozen(kw_only=True)
class Dossier(Document):
    """One purchase with what is known around it; every part but the purchase is optional.

    Attributes:
        purchase: What is bought.
        commune: Who buys: budget, councils, population.
        solution: Answers to rubrics, by rubric id.
        schedule: When it is wanted, by which procedure.
        project: The operation as those who may help to pay see it.
        checklist: Answers to the nine questions of the guide.
    """

    COMMAND: ClassVar[str] = "brief"
    OMIT_UNFILLED: ClassVar[bool] = True

    purchase: Purchase = field(validator=is_a(Purchase))
    commune: Commune | None = field(default=None, validator=optional(is_a(Commune)))
    solution: Mapping[str, Mapping[str, Answer]] | None = field(
        default=None, converter=to_solution, validator=check_solution
    )
    schedule: Schedule | None = field(default=None, validator=optional(is_a(Schedule)))
    project: Project | None = field(default=None, validator=optional(is_a(Project)))
    checklist: Checklist | None = field(default=None, validator=optional(is_a(Checklist)))
