"""The justification note: the law of the day of launch, the evidence both ways, alternatives, the three guard-rails, a signature."""

import pickle
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from attrs import evolve

from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table
from qmi_rules.model.solution import Alternative, EvidenceFile, GuardRails
from qmi_rules.schema import from_json, to_json
from qmi_rules.scoring import justification_note

SOLUTION = {
    "innovation_indices": {
        "exists_on_market": {"level": "established", "evidence": "Catalogue de 2019"},
        "patented": {"level": "yes", "document": "Brevet n° 12"},
        "on_sale": "yes",
    },
    "innovscore": {"mark": {"level": 64, "on": "2026-03-02", "by": "Achats", "source": "https://example.org/form"}},
}


def file(**changes: Any) -> EvidenceFile:
    values: dict[str, Any] = {
        "title": "Capteurs de qualité de l'air",
        "launched_on": date(2026, 5, 15),
        "buyer": "Commune de Sceaux",
        "supplier": "Exemple SAS",
        "need": "Mesurer l'air aux abords des écoles.",
        "contract_type": "services",
        "estimated_value": Decimal(85_000),
        "conclusion": "Nous tenons la solution pour sensiblement améliorée.",
        "solution": SOLUTION,
        "alternatives": (Alternative(name="Capteurs fixes", assessment="Trop peu de points."),),
        "guard_rails": GuardRails(
            relevant_offer="Essai concluant.",
            good_use_of_public_money="Prix rapproché de deux marchés.",
            no_systematic_supplier="Premier achat.",
        ),
        "signatory": "Mme X, adjointe",
        "place": "Sceaux",
        "written_on": date(2026, 5, 11),
    }
    return EvidenceFile(**(values | changes))


def test_a_complete_file_leaves_nothing_to_complete() -> None:
    note = justification_note(file())
    assert note.to_complete == ()
    text = note.explain("fr", "markdown")
    assert "à compléter" not in text.lower()
    for shown in (
        "Commune de Sceaux",
        "85\u202f000\u00a0€ HT",
        "Catalogue de 2019",
        "Brevet n° 12",
        "Trop peu de points.",
        "Essai concluant.",
    ):
        assert shown in text
    assert "Fait à Sceaux, le 11 mai 2026." in text
    assert "64 sur 100" in text


def test_what_is_missing_is_named_at_the_top() -> None:
    note = justification_note(EvidenceFile(title="Capteurs", launched_on=date(2026, 5, 15)))
    assert note.to_complete == (
        "buyer",
        "supplier",
        "need",
        "estimated_value",
        "conclusion",
        "solution",
        "alternatives",
        "guard_rails.relevant_offer",
        "guard_rails.good_use_of_public_money",
        "guard_rails.no_systematic_supplier",
        "signatory",
        "written_on",
    )
    text = note.explain("fr")
    assert text.index("Reste à compléter") < text.index("1. Pourquoi la solution")
    assert "Still to be completed" in note.explain("en")


def test_indices_against_stand_as_plainly_as_those_for() -> None:
    text = justification_note(file()).explain("fr")
    assert text.index("Indices favorables") < text.index("Indices contraires")
    against = text[text.index("Indices contraires") : text.index("Réponses qui éclairent")]
    assert "La solution existe-t-elle déjà sur le marché" in against
    assert "Questions ouvertes" in text
    assert "Réponses données sans preuve" in text, "on_sale was answered without any"


def ids(launched_on: date) -> set[str]:
    return {item.id for item in justification_note(file(launched_on=launched_on)).definition}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2016, 3, 31), set()),
        (date(2016, 4, 1), {"definition_2016"}),
        (date(2019, 3, 31), {"definition_2016"}),
        (date(2019, 4, 1), {"definition"}),
        (date(2023, 12, 30), {"definition"}),
        (date(2023, 12, 31), {"definition", "jei_presumption"}),
        (date(2025, 5, 2), {"definition", "jei_presumption"}),
        (date(2025, 5, 3), {"definition", "jei_presumption_repealed"}),
        (date(2026, 11, 24), {"definition", "jei_presumption_repealed"}),
    ],
)
def test_the_definition_is_that_of_the_day_of_launch(day: date, expected: set[str]) -> None:
    assert ids(day) == expected


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (date(2018, 12, 26), None),
        (date(2018, 12, 27), "décret n° 2018-1225"),
        (date(2021, 12, 15), "décret n° 2018-1225"),
        (date(2021, 12, 16), "R2122-9-1"),
        (date(2026, 11, 24), "R2122-9-1"),
    ],
)
def test_the_three_guard_rails_cite_the_text_of_the_day(day: date, article: str | None) -> None:
    rails = justification_note(file(launched_on=day)).guard_rails
    assert len(rails) == (0 if article is None else 3)
    assert all(article is not None and article in rail.articles[0].words for rail in rails)


@pytest.mark.parametrize(
    ("day", "amounts"),
    [
        (date(2017, 5, 15), []),
        (date(2020, 5, 15), [100_000]),
        (date(2026, 6, 30), [100_000]),
        (date(2026, 7, 1), [100_000, 140_000]),
    ],
)
def test_the_limit_is_that_of_the_law_table_on_the_day(day: date, amounts: list[int]) -> None:
    assert [limit.amount for limit in justification_note(file(launched_on=day)).limits] == amounts


@pytest.mark.parametrize(
    ("day", "value", "said"),
    [
        (date(2026, 5, 15), "99999.99", "reste au-dessous"),
        (date(2026, 5, 15), "100000.00", "il faut un autre fondement"),
        (date(2026, 5, 15), "100000.01", "il faut un autre fondement"),
        (date(2026, 9, 15), "99999.99", "reste au-dessous"),
        (date(2026, 9, 15), "100000.00", "vérifiez d’abord le texte"),
        (date(2026, 9, 15), "139999.99", "vérifiez d’abord le texte"),
        (date(2026, 9, 15), "140000.00", "il faut un autre fondement"),
        (date(2017, 5, 15), "50000.00", "La limite en vigueur ce jour-là reste à vérifier"),
    ],
)
def test_the_need_is_set_against_the_limit_to_the_cent(day: date, value: str, said: str) -> None:
    text = " ".join(justification_note(file(launched_on=day, estimated_value=Decimal(value))).explain("fr").split())
    assert said in text


def test_a_contested_limit_is_never_shown_as_settled() -> None:
    text = justification_note(file(launched_on=date(2026, 9, 15))).explain("fr")
    assert "Les sources ne s’accordent pas" in text
    assert "100\u202f000" in text
    assert "140\u202f000" in text


def test_the_note_concludes_nothing_by_itself() -> None:
    note = justification_note(file(conclusion=None))
    assert "conclusion" in note.to_complete
    assert "aucune grille et aucune note ne la remplacent" in " ".join(note.explain("fr").split())


def test_first_sale_is_read_against_the_day_of_launch() -> None:
    answers = {"innovation_indices": {"first_sold_on": "2024-05-15"}}
    bearing = {
        day: justification_note(file(launched_on=day, solution=answers)).scorecards[0]["first_sold_on"].bearing
        for day in (date(2026, 5, 14), date(2026, 5, 15))
    }
    assert [str(value) for value in bearing.values()] == ["for", "neutral"]


def test_faulty_answers_are_refused_with_their_path_in_the_file() -> None:
    with pytest.raises(DocumentError) as caught:
        justification_note(file(solution={"replicability": {"operational_ease": 4}, "nothing": {}}))
    assert [p.path for p in caught.value.problems] == [
        "solution.replicability.operational_ease.level",
        "solution.nothing",
    ]


def test_a_document_with_faults_is_refused_with_all_of_them() -> None:
    with pytest.raises(DocumentError) as caught:
        from_json(
            '{"title": "x", "launched_on": "2026-05-32", "estimated_value": 1.234, "alternatives": [{"name": "a", "source": "x"}],'
            ' "solution": {"replicability": {"operational_ease": {"level": 2.5}}}, "innovative": true}',
            EvidenceFile,
        )
    assert {p.path for p in caught.value.problems} == {
        "launched_on",
        "estimated_value",
        "alternatives[0].source",
        "solution.replicability.operational_ease.level",
        "innovative",
    }


def test_an_evidence_file_travels_as_json() -> None:
    assert from_json(to_json(file()), EvidenceFile) == file()


def test_the_note_is_a_value_that_pickles() -> None:
    note = justification_note(file())
    assert pickle.loads(pickle.dumps(note)) == note
    assert note == justification_note(file(), table=default_table())
    assert '"definition"' in note.to_json()


class Outline(HTMLParser):
    """Checks that what is opened is closed, and collects what a printed page must not need."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe"):
            self.outside.append(tag)
        if tag in ("h1", "h2"):
            self.headings.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("lang", "title"), [("fr", "Note de justification"), ("en", "Justification note")])
def test_the_document_is_a_whole_a4_page_without_outside_files(lang: str, title: str) -> None:
    html = justification_note(file(title="Capteurs <b>&")).document(lang)
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    assert outline.outside == []
    assert outline.headings == ["h1"] + ["h2"] * 9
    assert html.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in html
    assert "size: A4" in html
    assert title in html
    assert "<b>" not in html


def test_markdown_keeps_the_nine_parts_in_order() -> None:
    headings = [
        line for line in justification_note(file()).explain("fr", "markdown").splitlines() if line.startswith("## ")
    ]
    assert [heading[3] for heading in headings] == list("123456789")


def test_what_a_user_writes_does_not_break_the_page() -> None:
    nasty = "| x |\n\n# titre <script>alert(1)</script> \u202e"
    note = justification_note(evolve(file(), need=nasty, conclusion=nasty, signatory=nasty))
    assert "<script>" not in note.document("fr")
    assert "\n# titre" not in note.explain("fr", "markdown")
    assert "\u202e" not in note.explain("fr")


def test_paragraphs_of_the_buyer_stay_paragraphs() -> None:
    html = justification_note(file(conclusion="Premier point.\n\nSecond point.")).document("fr")
    assert "<p>Premier point.</p>" in html
    assert "<p>Second point.</p>" in html
