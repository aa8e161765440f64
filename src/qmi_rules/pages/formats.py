"""How a language writes numbers, amounts, days and lists: of the package's own languages as data, of another one as Babel knows it.

Babel takes twenty milliseconds to load and to read what it knows of a language, which every command that starts would wait for.
"""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Any, Final, NamedTuple

_EXACT: Final = Context(prec=200)
"""So that no number is too long to be rounded."""


class Formats(NamedTuple):
    """The formats of one language, as CLDR has them.

    Attributes:
        groups: How many digits the last group of a whole number has, and each before it.
        group: What stands between two groups.
        decimal: What stands before the decimals.
        minus: The sign of a negative number.
        euros: An amount, at ``{n}``.
        percent: A percentage, at ``{n}``.
        date: A date in full.
        weekday: A date in full with its weekday.
        months: The names of the months, as a date has them.
        weekdays: The names of the days of the week, Monday first.
        all_of: Patterns of a list whose items all hold, by ``"2"``, ``"start"``, ``"middle"``, ``"end"``.
        any_of: Those of a list of which one item holds.
    """

    groups: tuple[int, int]
    group: str
    decimal: str
    minus: str
    euros: str
    percent: str
    date: str
    weekday: str
    months: Sequence[str]
    weekdays: Sequence[str]
    all_of: Mapping[str, str]
    any_of: Mapping[str, str]

    def number(self, value: Any, most: int = 3, least: int = 0) -> str:
        """A number with at least and at most so many decimals; halves go to the even digit, as Babel rounds."""
        number = value if isinstance(value, Decimal) else Decimal(str(value))
        whole, _, decimals = format(
            number.copy_abs().quantize(Decimal(1).scaleb(-most), context=_EXACT), "f"
        ).partition(".")
        decimals = decimals.rstrip("0").ljust(least, "0")
        sign = self.minus if number.is_signed() else ""
        return sign + self._grouped(whole) + (self.decimal + decimals if decimals else "")

    def _grouped(self, digits: str) -> str:
        last, each = self.groups
        found, rest = [digits[-last:]], digits[:-last]
        while rest:
            found.insert(0, rest[-each:])
            rest = rest[:-each]
        return self.group.join(found)

    def amount(self, value: Decimal, decimals: int) -> str:
        """An amount in euros with so many decimals."""
        return self._signed(self.euros, self.number(value, decimals, decimals))

    def share(self, value: Decimal) -> str:
        """A share (0.2) as a percentage of at most two decimals."""
        return self._signed(self.percent, self.number(value.scaleb(2), 2))

    def _signed(self, pattern: str, number: str) -> str:
        bare = number.removeprefix(self.minus)
        return (self.minus if bare != number else "") + pattern.replace(
            "{n}", bare
        )  # the sign stands before the euro too

    def day(self, day: datetime.date, pattern: str) -> str:
        """A day by one of the two patterns."""
        return pattern.format(
            day=day.day,
            number=day.month,
            month=self.months[day.month - 1],
            year=day.year,
            weekday=self.weekdays[day.weekday()],
        )


def listed(items: Sequence[str], patterns: Mapping[str, str]) -> str:
    """A list in a sentence: a, b et c."""
    if len(items) < 2:
        return "".join(items)
    if len(items) == 2:
        return patterns["2"].format(*items)
    found = patterns["start"].format(items[0], items[1])
    for item in items[2:-1]:
        found = patterns["middle"].format(found, item)
    return patterns["end"].format(found, items[-1])


_REGIONS = {"en": "en_IE"}
"""Where a language is written as the European Union writes it: 1 April 2026, euros."""


def formats_of(code: str) -> Formats:
    """The formats of a language.

    Raises:
        LookupError: Babel knows no such language.
    """
    return FORMATS.get(code) or formats_by_babel(code)


def formats_by_babel(code: str) -> Formats:
    """The formats of a language as Babel knows them.

    Raises:
        LookupError: It knows no such language.
    """
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(_REGIONS.get(code, code))
    except UnknownLocaleError as error:
        raise LookupError(str(error)) from None
    euro, percent = locale.currency_formats["standard"], locale.percent_formats[None]
    symbols, names = locale.number_symbols["latn"], locale.days["format"]["wide"]
    return Formats(
        groups=locale.decimal_formats[None].grouping,
        group=symbols["group"],
        decimal=symbols["decimal"],
        minus=symbols["minusSign"],
        euros=(euro.prefix[0] + "{n}" + euro.suffix[0]).replace("¤", "€"),
        percent=percent.prefix[0] + "{n}" + percent.suffix[0],
        date=_date_pattern(locale.date_formats["long"].format),
        weekday=_date_pattern(locale.date_formats["full"].format),
        months=tuple(locale.months["format"]["wide"][number] for number in range(1, 13)),
        weekdays=tuple(names[number] for number in range(7)),
        all_of=_list_pattern(locale.list_patterns["standard"]),
        any_of=_list_pattern(locale.list_patterns["or"]),
    )


def _date_pattern(pattern: str) -> str:
    places = {"EEEE": "weekday", "MMMM": "month", "M": "number", "dd": "day:02", "d": "day", "y": "year"}
    for letters, name in places.items():
        pattern = pattern.replace(f"%({letters})s", "{" + name + "}")
    return pattern


def _list_pattern(patterns: Mapping[str, str]) -> dict[str, str]:
    return {name: patterns[name] for name in ("2", "start", "middle", "end")}


FORMATS: Final = {
    "fr": Formats(
        groups=(3, 3),
        group="\N{NARROW NO-BREAK SPACE}",
        decimal=",",
        minus="-",
        euros="{n}\N{NO-BREAK SPACE}€",
        percent="{n}\N{NO-BREAK SPACE}%",
        date="{day} {month} {year}",
        weekday="{weekday} {day} {month} {year}",
        months=[
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        weekdays=["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        all_of={"2": "{0} et {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0} et {1}"},
        any_of={"2": "{0} ou {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0} ou {1}"},
    ),
    "en": Formats(
        groups=(3, 3),
        group=",",
        decimal=".",
        minus="-",
        euros="€{n}",
        percent="{n}%",
        date="{day} {month} {year}",
        weekday="{weekday} {day} {month} {year}",
        months=[
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        weekdays=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        all_of={"2": "{0} and {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0} and {1}"},
        any_of={"2": "{0} or {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0} or {1}"},
    ),
}
"""Those of the package's languages; a test compares them with Babel's."""
