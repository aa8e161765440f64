"""The limits on a sum of grants as data: what each bounds, and which schemes it takes together."""

from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.documents.scalars import IDENTIFIER, each, is_a, optional, text, to_tuple


class LimitKind(StrEnum):
    """What a limit bounds.

    ``own_share``: the commune pays at least a share of the public money. ``joint_ceiling``: the grants of some families
    are at most a share of the cost. ``one_of``: one scheme excludes those of some families. ``fonds_de_concours``: what is
    given by way of fonds de concours is at most what the commune pays itself.
    """

    OWN_SHARE = "own_share"
    JOINT_CEILING = "joint_ceiling"
    ONE_OF = "one_of"
    FONDS_DE_CONCOURS = "fonds_de_concours"


@frozen(kw_only=True)
class StackingLimit:
    """A bound on the sum of grants. When it applies stands in the rule rows that bear its id.

    Attributes:
        id: Its name; conflicts cite it.
        label: What it says, French.
        kind: What it bounds.
        share: Id of the threshold with the share.
        families: The families of schemes it takes together.
        schemes: The schemes it singles out (``one_of``).
        advice: What to do about a conflict, French.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(300))
    kind: LimitKind
    share: str | None = field(default=None, validator=optional(IDENTIFIER))
    families: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    schemes: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    advice: str = field(default="", validator=is_a(str))
