"""Where the list of communes fills something in, the answer says so, and what the user gives wins."""

from datetime import date

import pytest

from qmi_rules import Commune, Dossier, Purchase, Schedule, brief, check_calendar, decide, find_funding
from qmi_rules.model import one_commune
from qmi_rules.model.project import Beneficiary, Project, Supplier
from qmi_rules.pages import language
from qmi_rules.procurement import run_interview
from qmi_rules.schema import structure

FR = language("fr")
PURCHASE = {"title": "x", "contract_type": "services", "launched_on": "2026-05-15", "estimated_value": "50000"}
TOULOUSE = {"kind": "commune", "insee_code": "31555"}


def dossier(**commune):
    return structure(
        {
            "purchase": PURCHASE,
            "commune": {"insee_code": "31555", "budget_vote": "spring", **commune},
            "schedule": {"procedure": "direct_award", "expense": "operating", "wanted_on": "2026-12-01"},
            "project": {"cost": "50000", "expense": "operating", "innovative": True, "starts_on": "2026-12-01"},
        },
        Dossier,
    )


def calendar(**commune):
    plan = Schedule(procedure="direct_award", expense="operating", wanted_on=date(2026, 12, 1))
    return check_calendar(structure(PURCHASE, Purchase), Commune(budget_vote="spring", **commune), plan)


def decided(**more):
    return decide(structure({**PURCHASE, **more}, Purchase))


def remarks(check):
    return {entry.id: entry.said(FR) for entry in check.assumptions}


def test_a_calendar_names_the_population_of_the_list_and_a_given_one_wins():
    found = remarks(calendar(insee_code="31555"))
    assert "Toulouse" in found["population_of_the_list"]
    assert "2026" in found["population_of_the_list"]
    given = remarks(calendar(insee_code="31555", population=2_000))
    assert not {"population", "population_of_the_list"} & set(given)
    assert "population" in remarks(calendar())


@pytest.mark.parametrize(("code", "days"), [("31555", 5), ("31145", 3)])
def test_the_council_is_convened_by_the_population_of_the_list(code, days):
    check = calendar(insee_code=code, council_meetings=[date(2026, 6, 22), date(2026, 9, 21)])
    assert check.budget is not None
    (convocation,) = (entry for entry in check.budget.dates if "onvocation" in entry.label)
    assert (check.budget.voted_on - convocation.on).days == days + 1


def test_a_briefing_says_what_it_took_from_the_list():
    briefing = brief(dossier())
    taken = {(entry.path, entry.source, entry.commune) for entry in briefing.taken}
    assert ("commune.population", "communes", "31555") in taken
    assert ("project.beneficiary.population", "communes", "31555") in taken
    assert "Toulouse (Haute-Garonne)" in briefing.explain("fr")
    given = brief(dossier(population=400_000))
    assert [entry for entry in given.taken if entry.source == "communes"] == []
    assert all("commune" not in entry for entry in given.to_dict()["taken"])


def test_a_decision_names_the_commune_and_its_intercommunality():
    said = " ".join(decided(buyer=TOULOUSE).explain("fr").split())
    assert "Toulouse (Haute-Garonne)" in said
    assert "Toulouse Métropole (SIREN 243100518)" in said
    assert "Paris (Ville de Paris)" in decided(buyer={**TOULOUSE, "insee_code": "75115"}).explain("fr").replace(
        "\n", " "
    )


def test_members_of_one_intercommunality_are_named_together():
    members = [
        {"buyer": {"kind": "commune", "insee_code": code}, "part": "25000"} for code in ("31555", "31149", "33063")
    ]
    said = " ".join(decided(estimated_value="75000", members=members).explain("fr").split())
    assert "de Toulouse et Colomiers : Toulouse Métropole" in said
    assert "de Bordeaux : Bordeaux Métropole" in said


def status(code, scheme):
    project = Project(
        cost=50_000, expense="operating", innovative=True, starts_on=date(2026, 12, 1), theme="mobilité et logistique",
        beneficiary=Beneficiary(kind="commune", insee_code=code),
        supplier=Supplier(in_ile_de_france=True, staff=10, turnover=10**6, balance_sheet=10**6),
    )  # fmt: skip
    return find_funding(project)[scheme].status


def test_a_trial_outside_the_region_gets_nothing_from_the_region():
    assert [status(code, "innovup_tet") for code in ("93051", "77288", "75115", "31555")] == [
        "eligible", "eligible", "eligible", "not_eligible",
    ]  # fmt: skip
    assert status(None, "innovup_tet") == "undetermined"


def test_a_commune_of_the_region_outside_the_metropolis_gets_nothing_from_the_metropolis():
    assert [status(code, "innover_dans_la_ville") for code in ("93051", "75115", "77288")] == [
        "eligible", "eligible", "not_eligible",
    ]  # fmt: skip


def asked(*typed, **known):
    lines, answers = [], iter([*typed, "fin"])
    start = {"title": "x", "launched_on": "2026-05-15", "estimated_value": "220000", "innovative": False} | known
    document = run_interview(lambda _: next(answers), lines.append, start)
    return document["purchase"], "\n".join(lines)


def test_ask_finds_the_buyer_by_the_name_of_the_commune():
    document, said = asked("toulouse", contract_type="services")
    assert document["buyer"] == {"kind": "commune", "insee_code": "31555"}
    assert "Commune retenue" in said
    assert "le nom de la commune, son code postal" in said
    assert structure({**PURCHASE, "buyer": document["buyer"]}, Purchase).buyer.commune.name == "Toulouse"


def test_ask_names_the_communes_that_may_be_meant():
    document, said = asked("Saint-Denis", "saint denis 974", contract_type="services")
    assert "93066 Saint-Denis (Plaine Commune)" in said
    assert document["buyer"] == {"kind": "commune", "insee_code": "97411"}
    assert asked("xyzzy", contract_type="services")[0].get("buyer") is None


def test_ask_still_takes_the_words_of_the_list():
    assert asked("commune", contract_type="services")[0]["buyer"] == {"kind": "commune"}
    assert asked("1", contract_type="services")[0]["buyer"] == {"kind": "commune"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Toulouse", "31555"), ("31000", "31555"), ("Saint-Denis", None), ("", None), ("l'île d'yeu", "85113")],
)
def test_one_commune_is_the_one_that_is_meant_beyond_doubt(typed, code):
    found = one_commune(typed)
    assert (found.insee_code if found else None) == code
