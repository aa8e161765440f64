"""One reader's language: translated sentences, amounts, dates and lists in the reader's format."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from qmi_rules.catalogues import SOURCE_LANGUAGE, languages, translations, typeset
from qmi_rules.errors import UnsupportedLocaleError, language_code
from qmi_rules.pages.formats import formats_of, listed

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["SOURCE_LANGUAGE", "Language", "language", "languages", "message"]


def message(text: str) -> str:
    """Mark a French text for the catalogues where it is written but not yet shown."""
    return text


class Language:
    """What a view needs to speak to one reader.

    Calling it translates a French message and fills its named places: ``say("{n} lots", n=3)``.

    Attributes:
        code: The language code, such as ``"fr"``.
    """

    def __init__(self, code: str, translations: "NullTranslations") -> None:
        self.code = code
        self._formats = formats_of(code)
        self._translate, self._plural = translations.gettext, translations.ngettext

    def __call__(self, text: str, /, **values: object) -> str:
        return self._filled(self._translate(text) if text else "", values)

    def count(self, count: int, one: str, several: str, /, **values: object) -> str:
        """The message for one or for several, by the plural forms of the language; ``{count}`` is the number."""
        if self.code == SOURCE_LANGUAGE:  # has no catalogue; French counts 0 and 1 as one
            translated = one if abs(count) < 2 else several
        else:
            translated = self._plural(one, several, count)
        return self._filled(translated, {"count": self.number(count), **values})

    def forms(self, one: str, several: str) -> tuple[str, str]:
        """The two forms of a message, the places in them not filled."""
        return typeset(self._plural(one, several, 1), self.code), typeset(self._plural(one, several, 2), self.code)

    def _filled(self, translated: str, values: Mapping[str, object]) -> str:
        translated = typeset(translated, self.code)
        return translated.format_map(values) if values else translated

    def euros(self, amount: Decimal) -> str:
        """An amount in euros; cents are shown only where there are any."""
        return self._formats.amount(amount, 0 if amount == amount.to_integral_value() else 2)

    def number(self, value: Decimal | int) -> str:
        """A number with the reader's separators."""
        return self._formats.number(value)

    def percent(self, share: Decimal) -> str:
        """A share (0.2) as a percentage (20 %), exact to two decimals."""
        return self._formats.share(share)

    def date(self, day: datetime.date) -> str:
        """A date in full: 1 avril 2026; in French the first of a month is written 1er."""
        text = self._formats.day(day, self._formats.date)
        return text.replace("1 ", "1er ", 1) if self.code == "fr" and day.day == 1 else text

    def weekday(self, day: datetime.date) -> str:
        """A date in full with its weekday."""
        text = self._formats.day(day, self._formats.weekday)
        return text.replace(" 1 ", " 1er ", 1) if self.code == "fr" and day.day == 1 else text

    def clauses(self, items: Iterable[str]) -> str:
        """Clauses one after another: a semicolon with the space that the language wants before it."""
        return ("\N{NO-BREAK SPACE}; " if self.code == SOURCE_LANGUAGE else "; ").join(items)

    def labelled(self, label: str, value: str) -> str:
        """A value after its label: a colon with the space that the language wants before it."""
        return label + ("\N{NO-BREAK SPACE}: " if self.code == SOURCE_LANGUAGE else ": ") + value

    def all_of(self, items: Iterable[str]) -> str:
        """A list in a sentence: a, b et c."""
        return listed(list(items), self._formats.all_of)

    def formats(self) -> dict[str, Any]:
        """How the language writes numbers, amounts, days and lists: for a program that has no Babel to ask."""
        its, one, several = self._formats, "1", "2"
        first = datetime.date(2003, 5, 1)
        return {
            "group": its.group,
            "decimal": its.decimal,
            "euros": its.euros,
            "percent": its.percent,
            "date": its.date,
            "first": self.date(first).split()[0],
            "months": list(its.months),
            "clauses": self.clauses(["", ""]),
            "label": self.labelled("", ""),
            # French counts none and one as one, English one alone
            "one": [count for count in (0, 1) if self.count(count, one, several) == one],
            "all_of": dict(its.all_of),
            "any_of": dict(its.any_of),
        }

    def any_of(self, items: Iterable[str]) -> str:
        """A list of alternatives in a sentence: a, b ou c."""
        return listed(list(items), self._formats.any_of)


@cache
def language(code: str) -> Language:
    """The language of a code such as ``"fr"`` or ``"en"``, or of a tag such as ``"fr-FR"``: its region makes no difference.

    Raises:
        UnsupportedLocaleError: There is no catalogue for it; the message lists those there are.
    """
    found = language_code(code)
    try:
        return Language(found, translations(found))
    except UnsupportedLocaleError:
        raise
    except LookupError:
        raise UnsupportedLocaleError(f"{code!r} is no language that Babel knows") from None
