"""A collision as a value: what does not go together, said in the reader's language and formats."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.text import SOURCE_LANGUAGE, Explained, Language, language, visible
from qmi_rules.text.page import Page, Paragraph

Value: TypeAlias = date | Decimal | str


@frozen(kw_only=True)
class Collision(Explained):
    """Two rooms, or what two parts of the dossier tell them, that do not go together.

    Attributes:
        code: ``start_too_early``, ``procedure_not_open``, ``subsidy_after_signature``, ``subsidy_before_start``,
            ``budget_not_voted``, ``score_is_no_proof``, ``innovative_disagrees``, ``cost_disagrees``,
            ``start_disagrees``, ``expense_disagrees`` or ``buyer_disagrees``.
        rooms: The two rooms.
        text: The sentence, in French.
        values: The days, amounts and names it speaks of.
    """

    code: str
    rooms: tuple[str, str]
    text: str
    values: Mapping[str, Value] = field(converter=to_read_only)
    _message: str

    def sentence(self, say: Language) -> str:
        """The sentence in the reader's language and formats."""
        return _filled(say, self._message, self.values)

    def page(self, say: Language) -> Page:
        """The sentence as a page."""
        return Page(say.code, (Paragraph(self.sentence(say)),))

    def as_document(self) -> dict[str, Any]:
        """The collision as plain data, its sentence in French."""
        return {"code": self.code, "rooms": list(self.rooms), "text": visible(self.text)}


def collision(code: str, rooms: tuple[str, str], text: str, /, **values: Value) -> Collision:
    """A collision made of a French text of the catalogue and the values of its named places."""
    french = _filled(language(SOURCE_LANGUAGE), text, values)
    return Collision(code=code, rooms=rooms, text=french, values=values, message=text)


def _filled(say: Language, text: str, values: Mapping[str, Value]) -> str:
    return say(text, **{name: _shown(say, value) for name, value in values.items()})


def _shown(say: Language, value: Value) -> str:
    match value:
        case date():
            return say.date(value)
        case Decimal():
            return say.euros(value)
        case _:
            return say(value) if value else value
