"""English straight from the sources of the catalogues, whether or not one was compiled."""

from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from qmi_rules.pages import Language


@pytest.fixture(scope="session")
def english() -> Language:
    merged = Catalog(locale="en")
    for path in files("qmi_rules").joinpath("locale", "en", "LC_MESSAGES").iterdir():
        if path.name.endswith(".po"):
            for entry in read_po(BytesIO(path.read_bytes()), locale="en"):
                if entry.id:
                    merged.add(entry.id, entry.string)
    buffer = BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return Language("en", GNUTranslations(buffer))
