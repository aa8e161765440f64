from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from qmi_rules.guide import Guide, default_guide
from qmi_rules.pages import Language


@pytest.fixture(scope="session")
def english() -> Language:
    """English from the room's own catalogue, whether or not one was compiled."""
    raw = files("qmi_rules").joinpath("locale", "en", "LC_MESSAGES", "guide.po").read_bytes()
    buffer = BytesIO()
    write_mo(buffer, read_po(BytesIO(raw), locale="en"))
    buffer.seek(0)
    return Language("en", GNUTranslations(buffer))


@pytest.fixture(scope="session")
def guide() -> Guide:
    return default_guide()
