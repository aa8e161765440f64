"""One reader's language: translated sentences, amounts, dates and lists in the reader's format."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from qmi_rules.catalogues import SOURCE_LANGUAGE, languages, spaced, translations
from qmi_rules.errors import UnsupportedLocaleError, language_code

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["SOURCE_LANGUAGE", "Language", "language", "languages", "message"]

_REGIONS = {"en": "en_IE"}
"""Where a language is written as the European Union writes it: 1 April 2026, euros."""


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
        from babel import Locale, dates, lists, numbers  # only here: who asks no sentence pays nothing for it

        self.code = code
        self._locale = Locale.parse(_REGIONS.get(code, code))
        self._dates, self._lists, self._numbers = dates, lists, numbers
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

    def _filled(self, translated: str, values: Mapping[str, object]) -> str:
        translated = spaced(translated, self.code)
        return translated.format_map(values) if values else translated

    def euros(self, amount: Decimal) -> str:
        """An amount in euros; cents are shown only where there are any."""
        whole = amount == amount.to_integral_value()
        pattern = self._locale.currency_formats["standard"].pattern
        return self._numbers.format_currency(
            amount,
            "EUR",
            format=pattern.replace(".00", "") if whole else None,
            locale=self._locale,
            currency_digits=not whole,
        )

    def number(self, value: Decimal | int) -> str:
        """A number with the reader's separators."""
        return self._numbers.format_decimal(value, locale=self._locale)

    def percent(self, share: Decimal) -> str:
        """A share (0.2) as a percentage (20 %), exact to two decimals."""
        pattern = self._locale.percent_formats[
            None
        ].pattern  # has a no-break space before the sign where the reader wants one
        return self._numbers.format_percent(share, format=pattern.replace("#,##0", "#,##0.##"), locale=self._locale)

    def date(self, day: datetime.date) -> str:
        """A date in full: 1 avril 2026; in French the first of a month is written 1er."""
        text = self._dates.format_date(day, format="long", locale=self._locale)
        return text.replace("1 ", "1er ", 1) if self.code == "fr" and day.day == 1 else text

    def weekday(self, day: datetime.date) -> str:
        """A date in full with its weekday."""
        text = self._dates.format_date(day, format="full", locale=self._locale)
        return text.replace(" 1 ", " 1er ", 1) if self.code == "fr" and day.day == 1 else text

    def clauses(self, items: Iterable[str]) -> str:
        """Clauses one after another: a semicolon with the space that the language wants before it."""
        return ("\N{NO-BREAK SPACE}; " if self.code == SOURCE_LANGUAGE else "; ").join(items)

    def labelled(self, label: str, value: str) -> str:
        """A value after its label: a colon with the space that the language wants before it."""
        return label + ("\N{NO-BREAK SPACE}: " if self.code == SOURCE_LANGUAGE else ": ") + value

    def all_of(self, items: Iterable[str]) -> str:
        """A list in a sentence: a, b et c."""
        return self._lists.format_list(list(items), style="standard", locale=self._locale)

    def any_of(self, items: Iterable[str]) -> str:
        """A list of alternatives in a sentence: a, b ou c."""
        return self._lists.format_list(list(items), style="or", locale=self._locale)


@cache
def language(code: str) -> Language:
    """The language of a code such as ``"fr"`` or ``"en"``, or of a tag such as ``"fr-FR"``: its region makes no difference.

    Raises:
        UnsupportedLocaleError: There is no catalogue for it; the message lists those there are.
    """
    from babel import UnknownLocaleError

    found = language_code(code)
    try:
        return Language(found, translations(found))
    except UnknownLocaleError:
        raise UnsupportedLocaleError(f"{code!r} is no language that Babel knows") from None
