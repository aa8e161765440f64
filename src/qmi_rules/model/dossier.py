"""A dossier: everything a buyer can say about one purchase, its answers to the guide's nine questions included."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from qmi_rules.model.commune import Commune
from qmi_rules.model.project import Project
from qmi_rules.model.purchase import Purchase
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import CriterionAnswer, check_solution, to_solution
from qmi_rules.schema import Document
from qmi_rules.schema.scalars import TRUTH, as_part, is_a, one_of, optional, text


class Intention(StrEnum):
    """What the buyer means to do with the solution."""

    EXPERIMENT = "experiment"
    DIRECT_PURCHASE = "direct_purchase"


@frozen(kw_only=True)
class Contacted(Document):
    """What the Métropole du Grand Paris or Paris&Co were asked for.

    Attributes:
        information: Information on the solutions was asked for.
        sourcing: Help to find others was asked for.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    information: bool | None = field(default=None, validator=TRUTH)
    sourcing: bool | None = field(default=None, validator=TRUTH)


@frozen(kw_only=True)
class PastNeed(Document):
    """Whether the need came up before; a document may give true or false alone.

    Attributes:
        met: The need came up before.
        solutions: What was done then, in words.
    """

    OMIT_UNFILLED: ClassVar[bool] = True
    SHORT_FORM: ClassVar[str] = "met"

    met: bool | None = field(default=None, validator=TRUTH)
    solutions: str | None = field(default=None, validator=optional(text()))


@frozen(kw_only=True)
class Staff(Document):
    """What people are available for.

    Attributes:
        follow_projects: To follow the project.
        raise_funding: To apply for grants.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    follow_projects: bool | None = field(default=None, validator=TRUTH)
    raise_funding: bool | None = field(default=None, validator=TRUTH)


def _to_past_need(value: PastNeed | bool | Mapping[str, Any] | None) -> PastNeed | None:
    return PastNeed(met=value) if isinstance(value, bool) else as_part(value, PastNeed)


def _to_contacted(value: Contacted | Mapping[str, Any] | None) -> Contacted | None:
    return as_part(value, Contacted)


def _to_staff(value: Staff | Mapping[str, Any] | None) -> Staff | None:
    return as_part(value, Staff)


def _to_intention(value: Intention | Literal["experiment", "direct_purchase"] | None) -> Intention | None:
    return _INTENTIONS.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


_INTENTIONS: dict[str, Intention] = {member.value: member for member in Intention}


@frozen(kw_only=True)
class Checklist(Document):
    """The answers to the guide's nine questions, in its order; what is not filled stays open.

    Attributes:
        evaluations_read: The evaluations of the programme's solutions were read.
        mgp_or_parisandco_contacted: The Métropole or Paris&Co were contacted, and what for.
        need_identified_and_validated: A need of the commune's own is established and validated.
        internal_sponsors_found: People inside are ready to carry the project.
        need_met_before: The need came up before, and what was done.
        experiment_or_direct_purchase: What the buyer means to do.
        innovative_character_checked: The innovative character was checked.
        legal_vehicle_identified: The procedure is chosen.
        human_resources_available: People are available, and what for.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    evaluations_read: bool | None = field(default=None, validator=TRUTH)
    mgp_or_parisandco_contacted: Contacted | None = field(
        default=None, converter=_to_contacted, validator=optional(is_a(Contacted))
    )
    need_identified_and_validated: bool | None = field(default=None, validator=TRUTH)
    internal_sponsors_found: bool | None = field(default=None, validator=TRUTH)
    need_met_before: PastNeed | None = field(default=None, converter=_to_past_need, validator=optional(is_a(PastNeed)))
    experiment_or_direct_purchase: Intention | None = field(
        default=None, converter=_to_intention, validator=optional(one_of(Intention))
    )
    innovative_character_checked: bool | None = field(default=None, validator=TRUTH)
    legal_vehicle_identified: bool | None = field(default=None, validator=TRUTH)
    human_resources_available: Staff | None = field(default=None, converter=_to_staff, validator=optional(is_a(Staff)))


def _to_purchase(value: Purchase | Mapping[str, Any]) -> Purchase:
    return as_part(value, Purchase)


def _to_commune(value: Commune | Mapping[str, Any] | None) -> Commune | None:
    return as_part(value, Commune)


def _to_schedule(value: Schedule | Mapping[str, Any] | None) -> Schedule | None:
    return as_part(value, Schedule)


def _to_project(value: Project | Mapping[str, Any] | None) -> Project | None:
    return as_part(value, Project)


def _to_checklist(value: Checklist | Mapping[str, Any] | None) -> Checklist | None:
    return as_part(value, Checklist)


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

    purchase: Purchase = field(converter=_to_purchase, validator=is_a(Purchase))
    commune: Commune | None = field(default=None, converter=_to_commune, validator=optional(is_a(Commune)))
    solution: Mapping[str, Mapping[str, CriterionAnswer]] | None = field(
        default=None, converter=to_solution, validator=check_solution
    )
    schedule: Schedule | None = field(default=None, converter=_to_schedule, validator=optional(is_a(Schedule)))
    project: Project | None = field(default=None, converter=_to_project, validator=optional(is_a(Project)))
    checklist: Checklist | None = field(default=None, converter=_to_checklist, validator=optional(is_a(Checklist)))
