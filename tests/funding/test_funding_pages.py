"""What a reader sees: both languages complete, user texts harmless, the bar, the charts, the how-to."""

import re
from datetime import date
from pathlib import Path

import pytest
from funding_projects import firm, found, investment

from qmi_rules.errors import DocumentError, UnsupportedLocaleError
from qmi_rules.funding import FundingPlan, bar_svg, find_funding
from qmi_rules.model.project import Grant, Project
from qmi_rules.schema import from_json, json_schema

ROOT = Path(__file__).parents[2]


def full():
    return find_funding(
        investment(
            120_000,
            50_000,
            vat_rate="0.2",
            private_funding=1_000,
            supplier=firm(staff=20, turnover=1, grant_asked=600_000),
            starts_on=date(2027, 2, 1),
            requested=("innover_dans_la_ville", "metropolitan_investment_fund", "innovup_tet", "dsil"),
        )
    )


FRENCH = re.compile(r"[Ll]a collectivité|l'entreprise|dispositif|subventions?\b|il faut", re.UNICODE)


def test_the_english_page_holds_no_french_and_the_french_page_says_who_pays():
    english = full().explain("en")
    assert not FRENCH.findall(english)
    french = full().explain("fr")
    french = " ".join(french.split())
    for words in ("Qui paie quoi", "fonds de concours", "une seule source", "par analogie", "Inno-num@"):
        assert words in french
    with pytest.raises(UnsupportedLocaleError):
        full().explain("de")


def test_the_page_shows_what_is_unsure_and_never_says_legal():
    words = find_funding(investment(requested=("fctva", "detr"))).explain("fr")
    assert "non vérifié sur le texte officiel" in " ".join(words.split())
    assert not re.search(r"\b(il)?légal", words)


def test_html_begins_with_the_bar_and_user_texts_are_escaped():
    funding = find_funding(investment(other_public_grants=(Grant(name="<b>A & B\u202e</b>", amount=10_000),)))
    html = funding._repr_html_()
    assert html.startswith("<svg")
    assert "<b>" not in html
    assert "\u202e" not in html
    assert "&lt;b&gt;A &amp; B" in html
    assert html == funding.explain("fr", "html")
    assert "<b>" not in funding.explain("fr", "markdown").replace("\\<b\\>", "")


def test_the_bar_is_as_wide_as_the_cost_and_marks_the_minimum_share():
    svg = bar_svg(found(investment(120_000, 36_000)), "en")
    widths = [float(width) for width in re.findall(r'<rect x="[\d.]+" y="0" width="([\d.]+)"', svg)]
    assert widths == [320.0, 192.0, 128.0]
    assert 'x1="512.0"' in svg
    assert "<title>Who pays what</title>" in svg
    assert "Innover dans la Ville" in svg
    assert "Borne by the authority" in svg
    assert "<line" not in bar_svg(found(investment(expense="operating")))
    assert bar_svg(found(investment(0))).startswith("<svg")


EXAMPLES = sorted((ROOT / "examples").glob("project-*.json"))


def test_there_are_examples_for_each_side():
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_answered(path):
    funding = find_funding(from_json(path.read_text("utf-8"), Project))
    assert funding.explain("fr")
    assert funding.plan.admissible


def test_the_answer_has_the_keys_of_the_contract():
    import json

    answer = json.loads(full().to_json())
    assert {"cost", "schemes", "plan", "alternatives", "conflicts"} <= set(answer)
    scheme = {"scheme", "actor", "status", "rate", "ceiling", "amount", "missing", "findings", "cautions"}
    assert scheme <= set(answer["schemes"][0])
    plan = {"grants", "grants_total", "own_share", "own_share_minimum", "admissible"}
    assert plan <= set(answer["plan"])
    assert {"name", "amount"} <= set(answer["plan"]["grants"][0])
    assert answer["plan"]["grants_total"] == "95200.00"


def test_schemas_exist_for_the_document_and_the_answer():
    schema = json_schema(Project)
    assert set(schema["required"]) == {"cost"}
    assert "grants_total" in json_schema(FundingPlan)["$defs"]["PaymentPlan"]["properties"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{}", "cost"),
        ('{"cost": "-1"}', "cost"),
        ('{"cost": "1.001"}', "cost"),
        ('{"cost": true}', "cost"),
        ('{"cost": "1", "expense": "gift"}', "expense"),
        ('{"cost": "1", "costs": "1"}', "costs"),
        ('{"cost": "1", "innovative": "yes"}', "innovative"),
        ('{"cost": "1", "beneficiary": {"kind": "king"}}', "beneficiary.kind"),
        ('{"cost": "1", "beneficiary": {"insee_code": "93000"}}', "beneficiary.insee_code"),
        ('{"cost": "1", "supplier": {"staff": -1}}', "supplier.staff"),
        ('{"cost": "1", "supplier": {"turnover": "much"}}', "supplier.turnover"),
        ('{"cost": "1", "other_public_grants": [{"name": "a"}]}', "other_public_grants[0].amount"),
        ('{"cost": "1", "other_public_grants": [{"name": "", "amount": "1"}]}', "other_public_grants[0].name"),
        ('{"cost": "1", "private_funding": "2"}', "private_funding"),
        ('{"cost": "1", "starts_on": "2026-02-30"}', "starts_on"),
        ('{"cost": "1", "requested": ["A B"]}', "requested[0]"),
        ('{"cost": "1", "requested": ["dsil", "dsil"]}', "requested[1]"),
        ('{"cost": "1", "vat_rate": "20"}', "vat_rate"),
    ],
)
def test_bad_input_is_refused_with_its_path(text, path):
    with pytest.raises(DocumentError) as caught:
        from_json(text, Project)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_all_faults_come_at_once():
    with pytest.raises(DocumentError) as caught:
        from_json('{"cost": "-1", "expense": "gift", "supplier": {"staff": "2"}, "theme": ""}', Project)
    assert {problem.path for problem in caught.value.problems} == {"cost", "expense", "supplier.staff", "theme"}
