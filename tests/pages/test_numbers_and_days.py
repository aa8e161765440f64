"""Numbers, amounts, days and lists are written as Babel writes them, which a fresh process does not wait for."""

from datetime import date
from decimal import Decimal

import pytest
from babel import Locale, dates, lists, numbers
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.pages import language
from qmi_rules.pages.formats import FORMATS, formats_by_babel

LOCALES = {"fr": Locale.parse("fr"), "en": Locale.parse("en_IE")}
AMOUNTS = st.decimals(-(10**13), 10**13, places=4) | st.integers(-(10**13), 10**13).map(Decimal)
languages = pytest.mark.parametrize("code", LOCALES)


@languages
def test_the_formats_of_the_package_are_those_of_babel(code):
    ours, theirs = FORMATS[code], formats_by_babel(code)
    assert ours._replace(months=tuple(ours.months), weekdays=tuple(ours.weekdays)) == theirs


@languages
@given(value=AMOUNTS)
def test_numbers_are_written_as_babel_writes_them(code, value):
    say, locale = language(code), LOCALES[code]
    assert say.number(value) == numbers.format_decimal(value, locale=locale)
    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    assert say.percent(value) == numbers.format_percent(value, format=pattern, locale=locale)
    pattern = locale.currency_formats["standard"].pattern
    whole = value == value.to_integral_value()
    written = numbers.format_currency(
        value, "EUR", format=pattern.replace(".00", "") if whole else None, locale=locale, currency_digits=not whole
    )
    assert say.euros(value) == written


@languages
def test_a_whole_number_and_a_half_are_written_as_babel_writes_them(code):
    for value in (
        0,
        7,
        -7,
        12_345,
        Decimal("0.0005"),
        Decimal("0.0015"),
        Decimal("-0"),
        Decimal("1E+5"),
    ):
        assert language(code).number(value) == numbers.format_decimal(value, locale=LOCALES[code]), value


@languages
@given(day=st.dates())
def test_days_are_written_as_babel_writes_them(code, day):
    def first(text):
        return text.replace("1 ", "1er ", 1) if code == "fr" and day.day == 1 else text

    assert language(code).date(day) == first(dates.format_date(day, "long", LOCALES[code]))
    assert language(code).weekday(day) == first(dates.format_date(day, "full", LOCALES[code]))


@languages
@given(items=st.lists(st.text(max_size=5), max_size=5))
def test_lists_are_written_as_babel_writes_them(code, items):
    assert language(code).all_of(items) == lists.format_list(items, "standard", LOCALES[code])
    assert language(code).any_of(items) == lists.format_list(items, "or", LOCALES[code])


@pytest.mark.parametrize("code", ["de", "es", "pt", "ja", "hi", "nl", "it"])
def test_another_language_is_written_as_babel_writes_it(code):
    theirs, locale = formats_by_babel(code), Locale.parse(code)
    for value in (Decimal(1_234_567), Decimal("-12.5"), Decimal("0.25")):
        assert theirs.number(value) == numbers.format_decimal(value, locale=locale)
    for day in (date(2026, 4, 1), date(2027, 12, 31)):
        assert theirs.day(day, theirs.date) == dates.format_date(day, "long", locale)
