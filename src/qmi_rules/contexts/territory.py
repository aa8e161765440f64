"""The communes of the Métropole du Grand Paris: an INSEE code gives name, territory (EPT) and population."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from io import StringIO

from attrs import frozen

from qmi_rules.documents import package_data
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import Check

_SHAPE = re.compile(r"(0[1-9]|[1-8][0-9]|9[0-5]|2[AB])[0-9]{3}|97[1-8][0-9]{2}|98[678][0-9]{2}")
_WHOLLY_METROPOLITAN = ("75", "92", "93", "94")


@frozen(kw_only=True)
class TerritoryCommune:
    """One commune of the Métropole du Grand Paris.

    Attributes:
        insee_code: Code of the Code officiel géographique, five characters.
        name: Official name.
        ept: Territory, ``"T1"`` (Paris, which has no EPT) to ``"T12"``.
        ept_name: Name of the établissement public territorial.
        population: Municipal population, inhabitants.
        department: Code of the department.
        siren: SIREN of the commune.

    Source: INSEE and DGCL through @etalab/decoupage-administratif 6.0.0, Licence Ouverte.
    """

    insee_code: str
    name: str
    ept: str
    ept_name: str
    population: int
    department: str
    siren: str


@cache
def metropolitan_communes() -> Mapping[str, TerritoryCommune]:
    """The 130 communes of the Métropole du Grand Paris by INSEE code."""
    rows = csv.DictReader(StringIO(package_data("territory", "communes.csv").read_text("utf-8")))
    communes = {
        row["code_insee"]: TerritoryCommune(
            insee_code=row["code_insee"],
            name=row["nom"],
            ept=row["ept"],
            ept_name=row["ept_nom"],
            population=int(row["population"]),
            department=row["departement"],
            siren=row["siren"],
        )
        for row in rows
    }
    return to_read_only(communes)


def find_commune(insee_code: str | None) -> TerritoryCommune | None:
    """The commune of the Métropole with this code; None where there is none, or where the code is not given."""
    return metropolitan_communes().get(insee_code) if insee_code else None


def _known(value: object) -> bool:
    if not isinstance(value, str) or _SHAPE.fullmatch(value) is None:
        return False
    # The four inner departments lie wholly inside the Métropole, so there the list is complete.
    return value[:2] not in _WHOLLY_METROPOLITAN or value in metropolitan_communes()


INSEE_CODE = Check(
    "the INSEE code of a commune, not its postcode (Paris is 75056)", _known, {"pattern": f"^({_SHAPE.pattern})$"}
)
"""In departments 75, 92, 93 and 94 it must be one of the communes of the Métropole du Grand Paris; arrondissements are none."""
