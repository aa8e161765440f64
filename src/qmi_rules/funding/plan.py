"""A plan: which grants pay what, what is left to the commune, and the reading of the law it depends on."""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen


class FondsDeConcours(StrEnum):
    """How to read the open question whether the Métropole's aid is a fonds de concours in law."""

    NOT_BINDING = "not_binding"
    BINDING = "binding"


class Why(StrEnum):
    """Why a plan is shown."""

    LARGEST_TOTAL = "largest_total"
    CUTS_OTHER_GRANTS = "cuts_other_grants"
    FEWER_FILES = "fewer_files"
    OTHER_CHOICE = "other_choice"


@frozen(kw_only=True)
class PlannedGrant:
    """One grant of a plan.

    Attributes:
        name: Id of the scheme, or the name that the user gave.
        label: The name to show, French for a scheme.
        amount: What it brings in this plan, EUR.
        wished: What it would bring alone, EUR.
        scheme: Id of its scheme; None = of no scheme of the table.
    """

    name: str
    label: str
    amount: Decimal
    wished: Decimal
    scheme: str | None = None


@frozen(kw_only=True)
class Plan:
    """Who pays what. Aid is rounded down to the cent, the minimum own share up.

    Attributes:
        why: Why this plan is shown.
        grants: Public grants to the commune.
        grants_total: Their sum, EUR.
        private_funding: Private money, EUR.
        own_share: What is left to the commune, EUR HT.
        own_share_minimum: The least that it must pay, EUR; 0 where no rule binds.
        admissible: Every limit known is kept.
        files: How many grants must be asked for.
    """

    why: Why
    grants: tuple[PlannedGrant, ...]
    grants_total: Decimal
    private_funding: Decimal
    own_share: Decimal
    own_share_minimum: Decimal
    admissible: bool
    files: int


@frozen(kw_only=True)
class Reading:
    """The best plan under one reading of an open question.

    Attributes:
        fonds_de_concours: The reading.
        plan: The best admissible plan under it.
    """

    fonds_de_concours: FondsDeConcours
    plan: Plan


@frozen(kw_only=True)
class Totals:
    """Money to one actor, kept apart by kind: an advance is repaid, so it is no grant.

    Attributes:
        grants: EUR.
        advances: Recoverable advances, EUR.
        gross_grant_equivalent: What counts as aid: grants, and of advances their gross grant equivalent, EUR; None where
            that of an advance is not known.
    """

    grants: Decimal
    advances: Decimal
    gross_grant_equivalent: Decimal | None
