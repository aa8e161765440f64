"""The INSEE code of a commune as a document holds it; the file of the communes is opened when one is looked up."""

import re

from qmi_rules.errors import Phrase
from qmi_rules.schema.scalars import Check

SHAPE = re.compile(r"(0[1-9]|[1-8][0-9]|9[0-5]|2[AB])[0-9]{3}|97[1-8][0-9]{2}|98[46-9][0-9]{2}")


def _known(value: object) -> bool:
    from qmi_rules.model.territory import find_commune

    return isinstance(value, str) and find_commune(value) is not None


def _meant(value: object) -> Phrase | None:
    from qmi_rules.model.territory import communes_meant

    return communes_meant(value)


INSEE_CODE = Check(
    "the INSEE code of a commune, not its postcode (Paris is 75056)",
    _known,
    {"pattern": f"^({SHAPE.pattern})$"},
    _meant,
    "not_an_insee_code",
)
"""Of a commune, an arrondissement, a delegated or associated commune, or one that has merged since."""
