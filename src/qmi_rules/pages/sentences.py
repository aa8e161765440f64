"""What is said: a French sentence of the catalogues kept with its values, and spoken later in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Protocol, TypeAlias, runtime_checkable

from attrs import field, frozen

from qmi_rules.pages.i18n import SOURCE_LANGUAGE, Language, language, message
from qmi_rules.read_only import to_read_only
from qmi_rules.schema.faults import require

QUANTITIES: Final[Mapping[str, str]] = {"EUR HT": message("{amount} HT"), "months": message("{n} mois")}
"""A number with its unit, by the unit."""


@runtime_checkable
class Sayable(Protocol):
    """Whatever has words of its own in each language: a sentence, an amount with its unit, a source of law."""

    def said(self, say: Language) -> str:
        """Its words in one language."""
        ...


@frozen
class Term:
    """A text of the catalogues used as a value in a sentence: it is translated too. A plain `str` is a user's and stays as it is."""

    text: str

    def said(self, say: Language) -> str:
        """The text in one language."""
        return say(self.text)


@frozen
class Quantity:
    """A number with its unit: ``EUR``, ``EUR HT``, ``share``, ``months``, or empty for a bare number; None is "?"."""

    value: Decimal | None
    unit: str = "EUR"

    def said(self, say: Language) -> str:
        """The number in the reader's format."""
        if self.value is None:
            return "?"
        match self.unit:
            case "EUR HT":
                return say(QUANTITIES["EUR HT"], amount=say.euros(self.value))
            case "EUR":
                return say.euros(self.value)
            case "share":
                return say.percent(self.value)
            case "months":
                return say(QUANTITIES["months"], n=say.number(self.value))
        return say.number(self.value)


@frozen
class AnyOf:
    """Alternatives in a sentence: a, b ou c. (A tuple is a list of all: a, b et c.)"""

    items: tuple["Value", ...]

    def said(self, say: Language) -> str:
        """The alternatives in one language."""
        return say.any_of(shown(item, say) for item in self.items)


@frozen
class Clauses:
    """Clauses one after another, with semicolons between them."""

    items: tuple["Value", ...]

    def said(self, say: Language) -> str:
        """The clauses in one language."""
        return say.clauses(shown(item, say) for item in self.items)


Value: TypeAlias = "str | int | date | Decimal | Sayable | tuple[Value, ...]"


@frozen
class Said:
    """A French sentence of the catalogues with the values of its named places.

    Attributes:
        text: The sentence; where `plural` is given, the one for one.
        values: What stands in its places: a date, an amount in euros (`Decimal`), a count (`int`), a user's own text (`str`),
            a text of the catalogues (`Term`), a number with its unit (`Quantity`), a list, or another sentence.
        plural: The sentence for several; the place ``{count}`` decides.
    """

    text: str
    values: Mapping[str, Value] = field(factory=dict, converter=to_read_only)
    plural: str = ""

    def said(self, say: Language) -> str:
        """The sentence in one language."""
        values = {name: shown(value, say) for name, value in self.values.items()}
        if self.plural:
            count = self.values["count"]
            assert isinstance(count, int)
            return say.count(count, self.text, self.plural, **values)
        return say(self.text, **values)

    @property
    def french(self) -> str:
        """The sentence in the source language."""
        return self.said(language(SOURCE_LANGUAGE))

    def told(self, lang: str) -> str:
        """The sentence as it travels: its words in the language asked for."""
        return self.said(language(lang))

    @classmethod
    def from_document(cls, data: object) -> "Said":
        """A sentence that was told: it stays in the language in which it was.

        Raises:
            DocumentError: It is no text.
        """
        require("", data, str)
        return cls(str(data))


def shown(value: Value, say: Language) -> str:
    """A value as a sentence shows it."""
    match value:
        case str():
            return value
        case date():
            return say.date(value)
        case Decimal():
            return say.euros(value)
        case int():
            return say.number(value)
        case tuple():
            return say.all_of(shown(item, say) for item in value)
    return value.said(say)


@frozen(kw_only=True)
class Remark:
    """Something the reader should know about an answer.

    Attributes:
        id: What it is about; the same for every remark of its kind.
        text: The remark in French.
    """

    id: str
    text: str
    _sentence: Said | None = field(alias="sentence", default=None, eq=False, repr=False)

    def said(self, say: Language) -> str:
        """The remark in one language; as it was told where it was read back from JSON."""
        return self._sentence.said(say) if self._sentence else self.text

    def told(self, lang: str) -> dict[str, str]:
        """The remark as it travels."""
        return {"id": self.id, "text": self.said(language(lang))}


def remark(id: str, text: str, /, **values: Value) -> Remark:
    """A remark made of a French text of the catalogues and its values."""
    sentence = Said(text, values)
    return Remark(id=id, text=sentence.french, sentence=sentence)
