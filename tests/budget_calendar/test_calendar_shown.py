"""The calendar as a reader sees it: both languages, HTML, a picture, a diagram; and every text has its English."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from calendar_examples import checked

from qmi_rules.budget_calendar import CalendarCheck, to_mermaid, to_svg
from qmi_rules.budget_calendar.facts import calendar_file, cite
from qmi_rules.errors import UnsupportedLocaleError
from qmi_rules.model.schedule import Milestone
from qmi_rules.pages import Language, to_html, to_text
from qmi_rules.schema import parse_json

IMPOSSIBLE = checked(
    {"launched_on": date(2026, 11, 30), "title": "Capteurs <script>alert(1)</script>; #1, « air »: 50 % $x$"},
    {"previous_investment_credits": 100_000, "delegation_limit": None},
    wanted_on=date(2027, 2, 15),
    expense="investment",
    milestones=(Milestone(id="cash_runway", on=date(2027, 2, 1), who="Start-up"),),
)
FEASIBLE = checked({"estimated_value": 300_000}, procedure="restricted_procedure", wanted_on=date(2028, 3, 1))
BOTH = pytest.mark.parametrize("answer", [IMPOSSIBLE, FEASIBLE], ids=["impossible", "feasible"])


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_verdict_comes_first_in_french() -> None:
    shown = plain(IMPOSSIBLE.explain("fr"))
    assert "Début souhaité le lundi 15 février 2027 : pas tenable." in shown
    assert "Ce qui, ensemble, l’empêche" in shown
    assert "les crédits, fermés avant le vote du budget" in shown
    assert "tenable. Appel d’offres restreint" in plain(FEASIBLE.explain("fr"))


def test_the_verdict_comes_first_in_english(english: Language) -> None:
    shown = plain(to_text(IMPOSSIBLE.page(english)))
    assert "Wanted start on Monday 15 February 2027: cannot be kept." in shown
    assert "the credits, closed before the vote of the budget" in shown
    assert "can be kept" in plain(to_text(FEASIBLE.page(english)))


@BOTH
def test_no_french_is_left_in_english_and_no_place_unfilled(answer: CalendarCheck, english: Language) -> None:
    shown = plain(to_text(answer.page(english)))
    assert not re.search(r"\b(souhaité|étape|conseil|délai|lancement|jours|budgétaire)\b", shown)
    for text in (shown, answer.explain("fr")):
        assert not re.search(r"\{\w+\}", text)


def test_the_guides_claim_is_shown_as_the_guides() -> None:
    shown = plain(FEASIBLE.explain("fr"))
    assert "Le guide QMI rappelle" in shown
    assert "rien n’en est supposé ici" in shown
    assert "Régime déclaré : vote au printemps" in shown


def test_what_is_not_verified_is_shown_as_such() -> None:
    assert "CGCT, art. L. 1612-26 (non vérifié sur le texte officiel)" in plain(FEASIBLE.explain("fr"))


@BOTH
def test_user_texts_come_out_escaped(answer: CalendarCheck, english: Language) -> None:
    for shown in (answer._repr_html_(), to_html(answer.page(english)), to_svg(answer)):
        assert "<script" not in shown
    assert 'lang="fr"' in answer._repr_html_()


@BOTH
def test_the_notebook_shows_a_table_and_a_picture(answer: CalendarCheck) -> None:
    shown = answer._repr_html_()
    assert "<svg" in shown
    assert shown.count("<table>") >= 2
    assert '<th scope="col">' in shown


@BOTH
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_picture_is_well_formed_and_has_every_step(answer: CalendarCheck, lang: str) -> None:
    root = ElementTree.fromstring(to_svg(answer, lang))
    space = "{http://www.w3.org/2000/svg}"
    titled = [e for e in root.iter() if (e.tag in (space + "rect", space + "path") and e.get("rx")) or e.get("d")]
    assert len(titled) == len(answer.steps)
    assert root.find(space + "title") is not None
    assert not [e for e in root.iter() if any(name.endswith("href") for name in e.attrib)]
    width = float((root.get("viewBox") or "0 0 0 0").split()[2])
    assert all(0 <= float(e.get("x", 0)) <= width for e in root.iter())


@BOTH
def test_the_diagram_has_one_line_a_step_and_no_sign_that_breaks_it(answer: CalendarCheck) -> None:
    lines = to_mermaid(answer).splitlines()
    assert lines[0] == "gantt"
    steps = lines[4:]
    assert len(steps) == len(answer.steps)
    for line, step in zip(steps, answer.steps, strict=True):
        assert re.fullmatch(rf"    [^:;#,]+ :(crit, )?(milestone, )?{step.id}, {step.start}, ({step.end}|0d)", line)
    assert not re.search(r"[:;#,%{}]", lines[1].removeprefix("    title "))


def test_json_has_the_keys_of_the_contract() -> None:
    plain_data = parse_json(FEASIBLE.to_json())
    assert {"steps", "launch_by", "earliest_start", "feasible", "conflicts"} <= set(plain_data)
    assert {"id", "start", "end", "days", "legal_basis", "estimate"} <= set(plain_data["steps"][0])
    keys = {"code", "from", "until", "severity", "legal_basis", "advice"}
    assert all(keys <= set(entry) for entry in plain_data["conflicts"])
    assert plain_data["conflicts"]
    assert all({"who", "from", "until"} <= set(entry) for entry in plain_data["waits"])
    assert plain_data["feasible"] is True


def test_another_language_is_refused() -> None:
    for show in (FEASIBLE.explain, lambda lang: to_svg(FEASIBLE, lang), lambda lang: to_mermaid(FEASIBLE, lang)):
        with pytest.raises(UnsupportedLocaleError):
            show("xx")


def test_school_breaks_are_spans_in_order() -> None:
    breaks = calendar_file("school_breaks").breaks
    assert all(entry.first < entry.last for entry in breaks)
    assert [entry.first for entry in breaks] == sorted(entry.first for entry in breaks)
    assert {entry.name for entry in breaks if entry.certainty == "unverified"} == {"Vacances d'été 2027"}


@pytest.mark.parametrize(
    ("sources", "french", "said"),
    [
        (
            ("cgct-l1612-1", "cgct-l1612-2"),
            "CGCT, art. L. 1612-1 et L. 1612-2",
            "CGCT, art. L.\u00a01612-1 and L.\u00a01612-2",
        ),
        (
            ("decret-2025-848", "electoral-l227"),
            "Décret n° 2025-848 du 27 août 2025 ; Code électoral, art. L. 227",
            "Decree no. 2025-848 of 27 August 2025; Electoral Code, art. L.\u00a0227",
        ),
        (("ce-262078",), *["CE, 1er avril 2005, Commune de Villepinte, n° 262078"] * 2),
    ],
)
def test_texts_are_cited_in_the_readers_language(
    sources: tuple[str, ...], french: str, said: str, english: Language
) -> None:
    assert cite(*sources).french.replace("\N{NO-BREAK SPACE}", " ") == french
    assert cite(*sources).said(english) == said


def test_the_picture_explains_its_signs_and_shows_every_meeting() -> None:
    meetings = (date(2027, 4, 8), date(2027, 6, 24), date(2028, 9, 1))
    answer = checked(
        {"contract_type": "works", "estimated_value": 130_000, "launched_on": date(2026, 10, 15)},
        {"council_meetings": meetings, "delegation_limit": None},
        procedure="adapted_procedure",
        expense="investment",
        wanted_on=date(2027, 7, 5),
    )
    picture = to_svg(answer)
    assert picture.count("<circle") == 3  # two meetings within the plan, one in the legend
    for words in ("estimation", "étape d’un jour", "début souhaité", "séance du conseil", "jours d’un conflit"):
        assert words in picture.replace("&#x27;", "'")
    assert "<circle" not in to_svg(FEASIBLE)


@pytest.mark.parametrize("width", [320, 360, 599, 600, 1_280])
def test_every_month_that_is_named_stands_within_the_picture(width: int) -> None:
    root = ElementTree.fromstring(to_svg(FEASIBLE, "fr", width))
    names = [e for e in root.iter("{http://www.w3.org/2000/svg}text") if re.fullmatch(r"\d\d/\d{4}", e.text or "")]
    assert len(names) >= 3
    assert all(float(e.get("x", 0)) + 6.5 * 7 <= width for e in names)
