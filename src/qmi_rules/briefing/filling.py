"""What one part of a dossier says for another: facts that a part leaves open are taken from where they stand."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from attrs import evolve, frozen

from qmi_rules.model import Buyer, BuyerKind, commune_of, find_commune
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.project import Beneficiary
from qmi_rules.model.territory import TerritoryCommune

T = TypeVar("T")


@frozen(kw_only=True)
class Taken:
    """A fact that one part of the dossier leaves open and another one, or the list of communes, gives.

    Attributes:
        path: Where it was open.
        source: The part it was taken from; ``communes`` is the list of the communes of France.
        commune: INSEE code of the commune of that list; None where a part of the dossier gives the fact.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    path: str
    source: str
    commune: str | None = None


def places_of(taken: tuple[Taken, ...]) -> list[TerritoryCommune]:
    """The communes that the list of communes gave something for."""
    found = [find_commune(code) for code in dict.fromkeys(entry.commune for entry in taken if entry.commune)]
    return [place for place in found if place is not None and place.population is not None]


def pairs_of(taken: tuple[Taken, ...]) -> dict[tuple[str, str], list[str]]:
    """By part and the part that it was filled from, the paths of the facts that were taken."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for entry in taken:
        if entry.commune is None:
            pairs.setdefault((entry.path.partition(".")[0], entry.source), []).append(entry.path)
    return pairs


def fill(dossier: Dossier) -> tuple[Dossier, tuple[Taken, ...]]:
    """The dossier with what its parts say for each other, and what was taken from where; what a part says itself stays."""
    purchase, commune, schedule, project = dossier.purchase, dossier.commune, dossier.schedule, dossier.project
    taken: list[Taken] = []
    if commune is not None and not purchase.members:
        buyer = Buyer(kind=BuyerKind.COMMUNE, insee_code=commune.insee_code, population=commune.population)
        purchase = _filled(purchase, "purchase", {"buyer": ("commune", buyer)}, taken)
    if schedule is not None and project is not None:
        schedule = _filled(schedule, "schedule", {"expense": ("project", project.expense)}, taken)
    if project is not None:
        offers: dict[str, tuple[str, object]] = {"innovative": ("purchase", purchase.innovative)}
        if schedule is not None:
            offers |= {"starts_on": ("schedule", schedule.wanted_on), "expense": ("schedule", schedule.expense)}
        project = _filled(project, "project", offers, taken)
        if (buyer_of := purchase.buyer) is not None:
            offers = {name: ("purchase", getattr(buyer_of, name)) for name in ("kind", "insee_code", "population")}
            beneficiary = _filled(project.beneficiary, "project.beneficiary", offers, taken)
            project = project.evolve(beneficiary=beneficiary)
    taken += _of_the_list("commune", commune)
    taken += _of_the_list("project.beneficiary", project.beneficiary if project is not None else None)
    return evolve(dossier, purchase=purchase, schedule=schedule, project=project), tuple(taken)


def _of_the_list(path: str, part: Commune | Beneficiary | None) -> Iterator[Taken]:
    """The population, where nobody gave it and the list of communes does."""
    if part is None or part.population is not None or part.inhabitants is None:
        return
    place = commune_of(part.insee_code)
    assert place is not None
    yield Taken(path=f"{path}.population", source="communes", commune=place.insee_code)


def _filled(part: T, path: str, offers: Mapping[str, tuple[str, object]], taken: list[Taken]) -> T:
    """A part with what others offer where it is open; `taken` grows by what was used."""
    used = {name: offer for name, offer in offers.items() if getattr(part, name) is None and offer[1] is not None}
    taken += [Taken(path=f"{path}.{name}", source=source) for name, (source, _) in used.items()]
    whole: Any = part
    return evolve(whole, **{name: value for name, (_, value) in used.items()})  # type: ignore[no-any-return]
