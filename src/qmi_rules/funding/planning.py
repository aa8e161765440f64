"""Plans of one project: the best one, the others worth a look, and what the wishes come to."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve, field, frozen

from qmi_rules.contexts.project import Project
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.funding.eligibility import CENT
from qmi_rules.funding.optimum import (
    Allocation,
    Bounds,
    Wish,
    best_allocations,
    choices,
    keeps,
    schemes_first,
)
from qmi_rules.funding.plan import FondsDeConcours, Plan, PlannedGrant, Why
from qmi_rules.funding.schemes import Scheme
from qmi_rules.funding.stacking import BindingLimit, bounds_of, euros, own_share_minimum


@frozen(kw_only=True)
class Planner:
    """The wishes of one project and the limits that bind it.

    Attributes:
        project: The project.
        limits: The limits that bind it.
        wishes: What its plans may hold.
        schemes: The schemes by id.
    """

    project: Project
    limits: tuple[BindingLimit, ...]
    wishes: tuple[Wish, ...]
    schemes: Mapping[str, Scheme] = field(converter=to_read_only)

    def bounds(self, reading: FondsDeConcours) -> Bounds:
        """The limits in cents under one reading of the open question."""
        return bounds_of(self.project, self.limits, reading)

    def best(self, reading: FondsDeConcours) -> Plan:
        """The admissible plan with the largest total, and of these one with the fewest files."""
        return self.shown(best_allocations(self.wishes, self.bounds(reading))[0], reading)

    def alternatives(self, reading: FondsDeConcours) -> tuple[Plan, ...]:
        """Other admissible plans: with the cut elsewhere, with fewer files, with another choice among exclusive schemes."""
        bounds = self.bounds(reading)
        best, *fewer = best_allocations(self.wishes, bounds)
        shown = {self._key(best)}
        plans = []

        def add(allocation: Allocation, why: Why) -> None:
            if allocation.shares and self._key(allocation) not in shown:
                shown.add(self._key(allocation))
                plans.append(evolve(self.shown(allocation, reading), why=why))

        moved = schemes_first(best, bounds)
        if moved.total == best.total and moved.files == best.files:
            add(moved, Why.CUTS_OTHER_GRANTS)
        for allocation in fewer:
            add(allocation, Why.FEWER_FILES)
        for choice in choices(self.wishes, bounds):
            add(best_allocations(choice, bounds)[0], Why.OTHER_CHOICE)
        return tuple(plans)

    def shown(self, allocation: Allocation, reading: FondsDeConcours) -> Plan:
        """An allocation in euros."""
        private = (self.project.private_funding or Decimal(0)).quantize(CENT)
        total = euros(allocation.total)
        shares = sorted(
            allocation.shares,
            key=lambda share: (share.wish.given, share.wish.rank, -share.amount, share.wish.name),
        )
        return Plan(
            why=Why.LARGEST_TOTAL,
            grants=tuple(
                PlannedGrant(
                    name=share.wish.name,
                    label=share.wish.name if share.wish.given else self.schemes[share.wish.name].label,
                    amount=euros(share.amount),
                    wished=euros(share.wish.most),
                    scheme=share.wish.scheme,
                )
                for share in shares
            ),
            grants_total=total,
            private_funding=private,
            own_share=(self.project.cost - private - total).quantize(CENT),
            own_share_minimum=own_share_minimum(self.project, self.limits),
            admissible=keeps(allocation, self.bounds(reading)),
            files=allocation.files,
        )

    def _key(self, allocation: Allocation) -> tuple[tuple[str, int], ...]:
        return tuple(sorted((share.wish.name, share.amount) for share in allocation.shares))
