"""One TOML file of funding schemes, and what it declares beside schemes and limits: companies, grounds of State aid, themes."""

from typing import ClassVar

from attrs import field, frozen

from qmi_rules.documents.scalars import IDENTIFIER, each, is_a, optional, text, to_tuple
from qmi_rules.funding.limits import StackingLimit
from qmi_rules.funding.schemes import Scheme
from qmi_rules.law import TableFile


@frozen(kw_only=True)
class CompanySize:
    """A size of company; the sizes stand from the smallest up, each within the next.

    Attributes:
        id: ``micro``, ``sme``, ``eti``; a firm that is none of them is ``large``.
        label: Its name, French.
        rows: The procedure id of the rule rows that say which firms are of this size or smaller.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(100))
    rows: str = field(validator=IDENTIFIER)


@frozen(kw_only=True)
class StateAidBasis:
    """A ground on which aid to a company may rest in EU law. Its time is that of the rule rows that bear its id.

    Attributes:
        id: Its name.
        label: Its name, French.
        ceiling: Id of the threshold with the most that a firm may receive on this ground.
        note: What to know, French.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    ceiling: str | None = field(default=None, validator=optional(IDENTIFIER))
    note: str = field(default="", validator=is_a(str))


@frozen(kw_only=True)
class Theme:
    """What a project may be about.

    Attributes:
        id: Its name.
        label: Its name, French.
        fact: Id of the fact that it makes true; None = of none, such as the theme ``other``.
        words: Other ways to write it: lower case, no accents, words separated by single spaces.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    fact: str | None = field(default=None, validator=optional(IDENTIFIER))
    words: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(text(100)))


@frozen(kw_only=True)
class FundingFile(TableFile):
    """One TOML file of funding schemes: the sections of a table of the law, and those of this room.

    Attributes:
        schemes: The schemes.
        limits: Bounds on the sum of grants.
        sizes: Sizes of companies.
        state_aid: Grounds of State aid.
        themes: Themes of projects.
    """

    schemes: tuple[Scheme, ...] = field(default=(), converter=to_tuple)
    limits: tuple[StackingLimit, ...] = field(default=(), converter=to_tuple)
    sizes: tuple[CompanySize, ...] = field(default=(), converter=to_tuple)
    state_aid: tuple[StateAidBasis, ...] = field(default=(), converter=to_tuple)
    themes: tuple[Theme, ...] = field(default=(), converter=to_tuple)
