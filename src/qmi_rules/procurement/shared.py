"""Duties and cautions that several procedures of an answer share: said once on its page, each with its article."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve

from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.sentences import duty_line
from qmi_rules.text import Heading, Items, Language, Paragraph, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.procurement.options import Option

T = TypeVar("T")
SHARED = message("Obligations communes aux autres procédures ouvertes ou à établir")


class Shared:
    """What at least two of some options share.

    Attributes:
        options: The options.
        duties: The shared duties, each with the options that bring it.
        cautions: The shared cautions, in French, each with the options that it concerns.
    """

    def __init__(self, options: "list[Option]") -> None:
        self.options = options
        self.duties = _shared((_said(duty), option) for option in options for duty in option.duties)
        self.cautions = _shared((caution, option) for option in options for caution in option.cautions)

    def own_duties(self, option: "Option") -> list[DutyOwed]:
        """The duties that an option does not share."""
        return [duty for duty in option.duties if _said(duty) not in self.duties]

    def own_cautions(self, option: "Option") -> list[str]:
        """The cautions that an option does not share."""
        return [caution for caution in option.cautions if caution not in self.cautions]

    def blocks(self, say: Language) -> Iterator[Block]:
        """What is shared; where not by all of the options, with their names."""
        if not (self.duties or self.cautions):
            return
        yield Heading(say(SHARED))
        yield Items(
            [[*duty_line(say, duty), self._concerned(say, options)] for duty, options in self.duties.items()],
            "check",
        )
        for caution, options in self.cautions.items():
            yield Paragraph(say(caution) + self._concerned(say, options), "warning")

    def _concerned(self, say: Language, options: "list[Option]") -> str:
        if len(options) == len(self.options):
            return ""
        return say(" — pour : {procedures}", procedures=say.all_of([say(option.label) for option in options]))


def _said(duty: DutyOwed) -> DutyOwed:
    """The duty as pages show it: two rows that say the same are one."""
    return evolve(duty, row="")


def _shared(entries: "Iterable[tuple[T, Option]]") -> "dict[T, list[Option]]":
    found: dict[T, list[Option]] = {}
    for entry, option in entries:
        found.setdefault(entry, []).append(option)
    return {entry: options for entry, options in found.items() if len(options) > 1}
