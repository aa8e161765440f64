"""The whole guide as one value, loaded from its data files once; its chapters, and the warning that goes with them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, fields, frozen

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError, Problem, TableError, fault
from qmi_rules.guide.chapters import LABEL, TEXT, Chapter, PrintedAmount, Questions
from qmi_rules.law import default_table
from qmi_rules.law.wording import certainty_mark
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording, package_data, read_toml, structure
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@frozen(kw_only=True)
class About:
    """What the guide is, and the warning that goes with every answer drawn from it.

    Attributes:
        drawn_from: The programme it draws on.
        disclaimer: What the guide says of its own limits.
        caution: What we add: undated amounts, our wording.
    """

    title: Wording = field(validator=LABEL)
    subtitle: Wording = field(validator=LABEL)
    drawn_from: str = field(validator=LABEL)
    publisher: str = field(validator=LABEL)
    partner: str = field(validator=LABEL)
    dated: Wording = field(validator=TEXT)
    purpose: Wording = field(validator=TEXT)
    call_to_action: Wording = field(validator=TEXT)
    disclaimer_title: Wording = field(validator=LABEL)
    disclaimer: Wording = field(validator=TEXT)
    caution: Wording = field(validator=TEXT)


@frozen(kw_only=True)
class Guide(Explained):
    """What the guide of the Quartiers Métropolitains d'Innovation says, in our words, with its own names and figures.

    Attributes:
        about: What it is, and the warning to show with every answer drawn from it.
        programme: The programme, its partners and key figures.
        scaling_up: Why it is hard to go on after a trial, and what a tried solution is worth.
        definitions: Innovation, and territorial innovation.
        qualification_tools: Three tools to qualify an innovation.
        tiers: The three tiers with the guide's amounts; the amounts themselves belong to none.
        variants: The six variants of calls for tenders, and what guides the choice.
        innovative_contracts: The innovative purchase and its article.
        further_reading: Works to read.
        questions: The nine questions that `review` goes through.
        cases: Three cases.
        success_factors: Three success factors.
        calendar_points: Four points that move the calendar.
        communication: Advice on internal communication: when, and with whom.
        replicability: Pointer to the replicability index.
        funds: Two funding levers, by the ids of the funding room's schemes.
        resources: Where the solutions are presented.
        contacts: Whom to write to.
        figures: The guide's amounts as `guide_against_law` holds them against the law.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    about: About
    programme: Chapter
    scaling_up: Chapter
    definitions: Chapter
    qualification_tools: Chapter
    tiers: Chapter
    variants: Chapter
    innovative_contracts: Chapter
    further_reading: Chapter
    questions: Questions
    cases: Chapter
    success_factors: Chapter
    calendar_points: Chapter
    communication: Chapter
    replicability: Chapter
    funds: Chapter
    resources: Chapter
    contacts: Chapter
    figures: tuple[PrintedAmount, ...] = field(converter=to_tuple)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    @property
    def chapters(self) -> Mapping[str, Chapter | Questions]:
        """The chapters by name, in the guide's order."""
        found = {attribute.name: getattr(self, attribute.name) for attribute in fields(Guide)}
        return {name: part for name, part in found.items() if isinstance(part, Chapter | Questions)}

    def chapter(self, name: str) -> "OneChapter":
        """One chapter with the guide's warning.

        Raises:
            DocumentError: There is no such chapter; the message lists those there are.
        """
        if not isinstance(name, str) or name not in self.chapters:
            raise DocumentError(
                fault(
                    "unknown_choice",
                    "",
                    "expected one of {choices}, got {got}",
                    choices=tuple(self.chapters),
                    got=shown(name),
                )
            )
        return OneChapter(name=name, chapter=self.chapters[name], disclaimer=self.about.disclaimer, about=self.about)

    def page(self, say: Language) -> Page:
        """The guide from its first page to its last."""
        return page_of("guide", say, voices=(certainty_mark,), it=self, printed=printed)


@frozen(kw_only=True)
class OneChapter(Explained):
    """One chapter of the guide by itself.

    Attributes:
        name: Its name in the guide's data.
        chapter: What it says.
        disclaimer: The guide's warning, in French.
    """

    name: str
    chapter: Chapter | Questions
    disclaimer: Wording
    _about: About = field(alias="about", repr=False, eq=False)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    def page(self, say: Language) -> Page:
        """The chapter, then the warning."""
        voices = (certainty_mark,)
        return page_of("guide_chapter", say, voices=voices, it=self, about=self._about, printed=printed)


def load_guide(folder: "Path | Traversable") -> Guide:
    """Read a guide from the TOML files of a folder; each file holds some of the sections.

    Raises:
        DocumentError: `folder` is no `Path`.
        TableError: All faults at once, each with its path: a section that is absent, stands twice or is unknown.
    """
    if not hasattr(folder, "iterdir"):
        require("folder", folder, Path)
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    sections: dict[str, Any] = {}
    twice: list[Problem] = []
    for file in files:
        for name, section in read_toml(file).items():
            if name in sections:
                twice.append(
                    fault(
                        "contradiction", name, "expected each section once, but {name} holds it again", name=file.name
                    )
                )
            sections[name] = section
    if twice:
        raise TableError(twice, str(folder))
    try:
        return structure(sections, Guide)
    except DocumentError as error:
        raise TableError(error.problems, str(folder)) from None


@cache
def default_guide() -> Guide:
    """The guide that comes with the library, read when first asked for.

    >>> len(default_guide().questions.items)
    9
    """
    return load_guide(package_data("guide"))
