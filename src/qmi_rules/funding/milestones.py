"""The dates that a funding plan hands to a schedule, and how they are said."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from qmi_rules.contexts.project import Project
from qmi_rules.contexts.schedule import Milestone
from qmi_rules.documents.scalars import EARLIEST
from qmi_rules.funding.plan import Plan
from qmi_rules.funding.scheme_funding import SchemeFunding, Status
from qmi_rules.funding.schemes import Actor, StartRule
from qmi_rules.funding.state_aid import StateAid
from qmi_rules.text import Language

if TYPE_CHECKING:
    from qmi_rules.funding.result import FundingPlan


def milestones_of(
    project: Project, plan: Plan, schemes: tuple[SchemeFunding, ...], grounds: tuple[StateAid, ...], on: date
) -> Iterator[Milestone]:
    """Dates that a schedule may take: an award that must come before the start, the end of a ground of State aid."""
    held = {grant.scheme for grant in plan.grants}
    start = project.starts_on
    if start is not None and start > EARLIEST:
        for funding in schemes:
            if funding.scheme in held and funding.start is not StartRule.UNKNOWN:
                yield Milestone(
                    id=f"subsidy_decision.{funding.scheme}", on=start - timedelta(days=1), who=Actor.COMMUNE.value
                )
    if any(f.actor is Actor.COMPANY and f.status is Status.ELIGIBLE and f.advance_ceiling for f in schemes):
        for ground in grounds:
            if ground.in_force and ground.until is not None and ground.until.year <= on.year + 1:
                yield Milestone(id=f"state_aid_ends.{ground.basis}", on=ground.until, who=Actor.COMPANY.value)


def milestone_words(milestone: Milestone, funding: "FundingPlan", say: Language) -> str:
    """One of those dates in words."""
    what, _, which = milestone.id.partition(".")
    if what == "subsidy_decision":
        return say(
            "{day} : dernier jour pour recevoir la décision, {scheme}.",
            day=say.date(milestone.on),
            scheme=say(funding[which].label),
        )
    ground = next(ground for ground in funding.company.state_aid if ground.basis == which)
    return say(
        "{day} : dernier jour connu de la base d'aide d'État, {basis}.",
        day=say.date(milestone.on),
        basis=say(ground.label),
    )
