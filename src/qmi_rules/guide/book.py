"""The whole guide as one value, loaded from its data files once."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, frozen

from qmi_rules.documents import package_data, read_toml, structure
from qmi_rules.documents.scalars import require, to_tuple
from qmi_rules.errors import DocumentError, Problem, TableError
from qmi_rules.guide.buying import (
    Cases,
    Definitions,
    Figure,
    FurtherReading,
    InnovativeContracts,
    Replicability,
    Tiers,
    Tools,
    Variants,
)
from qmi_rules.guide.pages import guide_blocks
from qmi_rules.guide.programme import About, AdviceList, Communication, Contacts, Funds, Programme, Resources, ScalingUp
from qmi_rules.guide.questions import Questions
from qmi_rules.text import Explained, Language, Page

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@frozen(kw_only=True)
class Guide(Explained):
    """What the guide of the Quartiers Métropolitains d'Innovation says, in our words, with its own names and figures.

    Attributes:
        about: What it is, and the warning to show with every answer drawn from it.
        programme: The programme, its partners and key figures.
        scaling_up: Why it is hard to go on after a trial.
        definitions: Innovation, and territorial innovation.
        qualification_tools: Three tools to qualify an innovation.
        tiers: The three tiers with the guide's amounts.
        variants: The six variants of calls for tenders.
        innovative_contracts: The innovative purchase and its article.
        further_reading: Works to read.
        figures: The guide's amounts as `guide_against_law` holds them against the law.
        questions: The nine questions that `review` goes through.
        cases: Three cases.
        success_factors: Three success factors.
        calendar_points: Four points that move the calendar.
        communication: Advice on internal communication.
        replicability: Pointer to the replicability index.
        funds: Two funding levers.
        resources: Where the solutions are presented.
        contacts: Whom to write to.
    """

    READ_BACK: ClassVar[bool] = True

    about: About
    programme: Programme
    scaling_up: ScalingUp
    definitions: Definitions
    qualification_tools: Tools
    tiers: Tiers
    variants: Variants
    innovative_contracts: InnovativeContracts
    further_reading: FurtherReading
    figures: tuple[Figure, ...] = field(converter=to_tuple)
    questions: Questions
    cases: Cases
    success_factors: AdviceList
    calendar_points: AdviceList
    communication: Communication
    replicability: Replicability
    funds: Funds
    resources: Resources
    contacts: Contacts

    def page(self, say: Language) -> Page:
        """The guide from its first page to its last."""
        return Page(say.code, guide_blocks(self, say))


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
                twice.append(Problem(name, f"expected each section once, but {file.name} holds it again"))
            sections[name] = section
    if twice:
        raise TableError(twice, str(folder))
    try:
        return structure(sections, Guide)
    except DocumentError as error:
        raise TableError(error.problems, str(folder)) from None


@cache
def default_guide() -> Guide:
    """The guide that comes with the library, read when first asked for."""
    return load_guide(package_data("guide"))
