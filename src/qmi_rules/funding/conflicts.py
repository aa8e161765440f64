"""What stands between the wishes and a plan: limits that they exceed, and schemes that exclude each other."""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from qmi_rules.law import Certainty, Source


class ConflictCode(StrEnum):
    """What is wrong with the wishes."""

    OWN_SHARE_TOO_SMALL = "own_share_too_small"
    AID_EXCEEDS_COST = "aid_exceeds_cost"
    JOINT_CEILING_EXCEEDED = "joint_ceiling_exceeded"
    EXCLUSIVE_SCHEMES = "exclusive_schemes"
    FONDS_DE_CONCOURS_TOO_LARGE = "fonds_de_concours_too_large"
    SCHEME_NOT_ELIGIBLE = "scheme_not_eligible"
    SCHEME_UNDETERMINED = "scheme_undetermined"
    AMOUNT_UNKNOWN = "amount_unknown"
    CEILING_EXCEEDED = "ceiling_exceeded"
    NO_STATE_AID_BASIS = "no_state_aid_basis"


@frozen(kw_only=True)
class Conflict:
    """Where the wishes exceed what is allowed, or cannot be counted.

    Attributes:
        code: What is wrong.
        limit: Id of the limit; None where it is no limit on the sum.
        label: What the limit or scheme is called, French.
        schemes: The schemes and grants concerned.
        amount: What was wished, EUR.
        allowed: What is allowed, EUR.
        missing: Paths of the facts that would settle whether the limit binds.
        advice: What to do, French.
        legal_basis: What it rests on.
        certainty: How sure the limit is.
    """

    code: ConflictCode
    limit: str | None = None
    label: str
    schemes: tuple[str, ...] = ()
    amount: Decimal | None = None
    allowed: Decimal | None = None
    missing: tuple[str, ...] = ()
    advice: str = ""
    legal_basis: tuple[Source, ...] = ()
    certainty: Certainty | None = None


@frozen(kw_only=True)
class Exclusion:
    """A scheme that may be asked for and stands outside the plan, because it cannot be added to one that the plan holds.

    Attributes:
        scheme: Id of the scheme.
        label: Its name, French.
        amount: The grant it would bring alone, EUR.
        beside: Ids of the schemes of the plan that it cannot stand beside.
        limit: Id of the limit that says so.
        legal_basis: What it rests on.
        certainty: How sure the limit is.
    """

    scheme: str
    label: str
    amount: Decimal
    beside: tuple[str, ...]
    limit: str
    legal_basis: tuple[Source, ...]
    certainty: Certainty
