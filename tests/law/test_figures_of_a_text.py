"""The figures of French texts: words and digits in every spacing, units, dates; what is no figure is none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.law.maintenance.figures import FigureKind, article_number, figures, from_words, in_words


def values(text: str, kind: str) -> list:
    return [figure.value for figure in figures(text) if figure.kind == kind]


@given(st.integers(0, 999_999_999))
def test_a_number_in_words_comes_back(number):
    assert from_words(in_words(number)) == number
    assert from_words(in_words(number).upper()) == number
    assert from_words(in_words(number).replace(" ", "-")) == number


@given(st.integers(1, 99_999_999), st.sampled_from(["euros", "jours", "mois"]))
def test_words_before_a_unit_are_that_figure(number, unit):
    kind = {"euros": "euros", "jours": "days", "mois": "months"}[unit]
    assert values(f"dans la limite de {in_words(number)} {unit} au plus", kind) == [number]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("un", 1), ("une", 1), ("vingt et un", 21), ("quatre-vingts", 80), ("quatre-vingt-dix-neuf", 99), ("deux cents", 200),
        ("deux cent vingt et un mille", 221_000), ("soixante mille", 60_000), ("un million", 10**6), ("cinq millions quatre cent quatre mille", 5_404_000),
        ("septante-deux", 72), ("nonante", 90), ("mille", 1000), ("deux mille vingt-six", 2026),
    ],
)  # fmt: skip
def test_numbers_as_the_law_writes_them(written, number):
    assert from_words(written) == number


@pytest.mark.parametrize("text", ["", "deux trois", "euros", "cent vingt trente", "et", "mille mille", "un deux"])
def test_words_that_are_no_one_number(text):
    assert from_words(text) is None


@pytest.mark.parametrize("unit", [" euros", "\u00a0€", "€", " EUR", " euros hors taxes", " € HT"])
def test_an_amount_in_every_spacing(unit):
    for space in (" ", "\u00a0", "\u202f", "\u2009", "", ".", "'", "  "):
        text = f"inférieure à 60{space}000{unit} et à 5{space}404{space}000{unit}."
        assert values(text, "euros") == [60_000, 5_404_000], text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,5 million d'euros", 1_500_000), ("5,404 millions d’euros", 5_404_000), ("90 k€", 90_000), ("2 M€", 2_000_000),
        ("59 999,99 euros", Decimal("59999.99")), ("soixante mille (60 000) euros", 60_000), ("un million d'euros", 10**6),
    ],
)  # fmt: skip
def test_scales_and_cents(text, amount):
    assert amount in values(text, "euros")


@pytest.mark.parametrize(
    "text", ["20 %", "20%", "vingt pour cent", "20 pour cent", "20 p. 100", "20\u00a0%", "un cinquième"]
)
def test_shares(text):
    assert values(f"n'excède pas {text} de la valeur", "share") == [Decimal("0.2")]


def test_days_months_hours_and_dates():
    text = "dans un délai de onze jours, porté à seize jours francs, ou de deux mois, cinq ans ou quarante-huit heures"
    assert (values(text, "days"), values(text, "months"), values(text, "years"), values(text, "hours")) == (
        [11, 16],
        [2],
        [5],
        [48],
    )
    text = "du 1er avril 2026 au 31 décembre 2027, le 05/03/2024 et le 2025-07-01"
    assert values(text, "date") == [date(2026, 4, 1), date(2027, 12, 31), date(2024, 3, 5), date(2025, 7, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "article R. 2122-8", "aux articles L. 2113-10 et L. 2113-11", "décret n° 2019-1344 du 12 décembre 2019", "directive 2014/24/UE",
        "R*2122-9-1", "1° Les marchés ; 2° Les lots", "l'article 142 de la loi n° 2020-1525", "un acheteur, une offre",
    ],
)  # fmt: skip
def test_the_number_of_an_article_or_a_text_is_no_figure(text):
    assert [figure for figure in figures(text) if figure.kind is not FigureKind.DATE] == []


def test_a_number_in_the_cell_of_a_table_has_no_unit():
    assert values("Autres pouvoirs adjudicateurs | 216 000 | 5 404 000 |", "number") == [216_000, 5_404_000]


@given(st.text())
def test_any_text_has_figures_or_none(text):
    for figure in figures(text):
        assert figure.value is not None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("R. 2122-8", "R2122-8"), ("R*2122-8", "R2122-8"), ("R2122-8", "R2122-8"), ("Article L. 2113-10", "L2113-10"), ("art. 1er", "1"),
        ("Annexe n° 2", "ANNEXE2"), ("annexe 2", "ANNEXE2"), ("art. 30", "30"), ("D2131-5-1", "D2131-5-1"),
    ],
)  # fmt: skip
def test_the_number_of_an_article_however_it_is_written(written, number):
    assert article_number(written) == number


def test_the_cells_of_a_row_are_numbers_of_their_own():
    assert {140_000, 216_000} <= set(values("Seuil 140 000 216 000 432 000", "number"))
