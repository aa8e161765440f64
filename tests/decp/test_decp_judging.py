"""Verdicts: the edge to the cent and the day, every plausible launch, and what is never flagged."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_contracts import ADAPTED, NEGOTIATION, OPEN, WITHOUT, record

from properties import examples
from qmi_rules.decp import Audit, Verdict, audit_rows, read_record
from qmi_rules.decp.judging import judge_of
from qmi_rules.law import default_table
from qmi_rules.model import Case
from qmi_rules.procurement import decide

CONSISTENT, GROUND = Verdict.CONSISTENT, Verdict.NEEDS_ANOTHER_GROUND
FACE, UNJUDGED = Verdict.INCONSISTENT, Verdict.CANNOT_BE_JUDGED


def audited(**changes: Any) -> Audit:
    return audit_rows([record(**changes)])


def verdict(**changes: Any) -> Verdict:
    (result,) = audited(**changes).results
    return result.verdict


def codes(**changes: Any) -> list[str]:
    (result,) = audited(**changes).results
    return [reason.code for reason in result.reasons]


WORKS = {"codeCPV": "45000000", "objet": "Réfection de la toiture"}
SERVICES = {"codeCPV": "90911000", "objet": "Nettoyage des locaux"}
YEAR_2023 = {"dateNotification": "2023-12-20"}  # launches from 2022-12-20 on


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"procedure": WITHOUT, "montant": "39999.99"}, CONSISTENT),
        ({"procedure": WITHOUT, "montant": "40000"}, GROUND),
        ({"procedure": WITHOUT, "montant": "99999.99", **WORKS, **YEAR_2023}, CONSISTENT),
        ({"procedure": WITHOUT, "montant": "100000", **WORKS, **YEAR_2023}, GROUND),
        ({"procedure": ADAPTED, "montant": "213999.99"}, CONSISTENT),
        ({"procedure": ADAPTED, "montant": "214000"}, FACE),
        ({"procedure": ADAPTED, "montant": "5349999.99", **WORKS}, CONSISTENT),
        ({"procedure": ADAPTED, "montant": "5350000", **WORKS}, FACE),
        ({"procedure": ADAPTED, "montant": "215000", **SERVICES, "dateNotification": "2023-06-01"}, FACE),
        ({"procedure": ADAPTED, "montant": "214999.99", **SERVICES, "dateNotification": "2023-06-01"}, CONSISTENT),
    ],
)
def test_the_edge_is_where_the_law_puts_it(changes: dict[str, Any], expected: Verdict) -> None:
    assert verdict(**changes) is expected


@pytest.mark.parametrize(
    ("notified", "expected"),
    [
        ("2019-12-31", GROUND),  # every launch before 2020: 25 000
        ("2020-01-01", UNJUDGED),  # a launch on the first day of the new limit is possible
        ("2020-12-31", UNJUDGED),  # a launch on 2019-12-31 is still possible
        ("2021-01-01", CONSISTENT),  # every launch from 2020-01-01 on: 40 000
    ],
)
def test_near_a_change_of_law_a_finding_holds_at_every_plausible_launch(notified: str, expected: Verdict) -> None:
    changes = {"procedure": WITHOUT, "montant": "30000", "dateNotification": notified}
    assert verdict(**changes) is expected
    assert ("depends_on_launch" in codes(**changes)) is (expected is UNJUDGED)


def test_a_change_that_makes_no_difference_to_the_amount_is_no_doubt() -> None:
    changes = {"procedure": WITHOUT, "dateNotification": "2020-06-01"}
    assert verdict(montant="24999.99", **changes) is CONSISTENT
    assert verdict(montant="40000", **changes) is GROUND


@pytest.mark.parametrize("procedure", [OPEN, "Appel d'offres restreint"])
@pytest.mark.parametrize("amount", ["500", "30000", "9000000", None])
def test_stricter_than_needed_is_never_flagged(procedure: str, amount: str | None) -> None:
    assert verdict(procedure=procedure, montant=amount) is CONSISTENT


@pytest.mark.parametrize("amount", ["500", "30000", "150000"])
def test_an_adapted_procedure_under_the_dispense_is_never_flagged(amount: str) -> None:
    assert verdict(procedure=ADAPTED, montant=amount) is CONSISTENT


@pytest.mark.parametrize("procedure", [ADAPTED, WITHOUT, NEGOTIATION, OPEN])
@pytest.mark.parametrize("nature", ["Marché subséquent", "Marché de partenariat"])
@given(amount=st.decimals("100", "9000000", places=2))
@settings(max_examples=examples(15))
def test_what_follows_a_framework_agreement_is_never_flagged(procedure: str, nature: str, amount: Decimal) -> None:
    assert verdict(procedure=procedure, nature=nature, montant=str(amount)) in (CONSISTENT, UNJUDGED)


LISTED = [
    ("55523100", "Repas des écoles"),
    ("85311300", "Accompagnement des familles"),
    ("80530000", "Cours pour les agents"),
    ("79710000", "Rondes de nuit"),
]


@pytest.mark.parametrize(("cpv", "title"), LISTED)
def test_an_adapted_procedure_on_a_code_of_the_list_is_consistent_whatever_the_amount(cpv: str, title: str) -> None:
    changes = {"procedure": ADAPTED, "codeCPV": cpv, "objet": title}
    for amount in ("30000", "300000", "900000"):
        assert verdict(montant=amount, **changes) is CONSISTENT
    assert codes(montant="900000", **changes) == ["specific_service_possible"]
    # what was open before the code of 2019 is not known: said so, under the text of that time
    (before,) = audited(montant="900000", dateNotification="2018-06-01", **changes).results
    assert before.verdict is UNJUDGED
    assert [(one.code, one.legal_basis) for one in before.reasons] == [
        ("specific_service_unread", ("decret-2016-360-28",))
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"procedure": ADAPTED, "montant": "213999.99"}, CONSISTENT),
        ({"procedure": ADAPTED, "montant": "214000"}, FACE),
        ({"procedure": WITHOUT, "montant": "39999.99"}, CONSISTENT),
        ({"procedure": WITHOUT, "montant": "40000"}, GROUND),
        ({"procedure": ADAPTED, "montant": None}, UNJUDGED),
    ],
)
def test_a_framework_agreement_is_worth_its_maximum(changes: dict[str, Any], expected: Verdict) -> None:
    assert verdict(nature="Accord-cadre", **changes) is expected
    assert verdict(nature="Marché", objet="Mobilier, marché à bons de commande", **changes) is expected


def test_the_finding_on_a_framework_agreement_cites_what_its_value_is_under_the_text_of_the_time() -> None:
    framework = {"procedure": ADAPTED, "nature": "Accord-cadre", "montant": "900000"}
    (found,) = audited(**framework).results
    assert [one.code for one in found.reasons] == ["above_adapted_limit", "framework_maximum"]
    assert found.reasons[-1].legal_basis == ("ccp-r2121-8",)
    assert found.hints == ()
    (before,) = audited(**framework, dateNotification="2018-06-01").results
    assert before.reasons[-1].legal_basis == ("decret-2016-360",)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (("150000", "150000", "150000"), CONSISTENT),  # the maximum of the whole, repeated
        (("100000", "113999.99"), CONSISTENT),  # added up they stay below
        (("100000", "114000"), UNJUDGED),  # below or not, as the maxima are those of lots or of the whole
        (("100000", "214000"), FACE),  # reached by one alone
        (("214000", "214000"), FACE),
    ],
)
def test_the_maxima_of_lots_are_judged_where_added_up_or_not_they_answer_alike(
    amounts: tuple[str, ...], expected: Verdict
) -> None:
    rows = [
        record(id=f"2021-{i}", objet=f"Mobilier des écoles, lot n° {i}", nature="Accord-cadre", montant=amount)
        for i, amount in enumerate(amounts, 1)
    ]
    (result,) = audit_rows(rows).results
    assert result.verdict is expected
    if expected is UNJUDGED:
        assert result.reasons[0].code == "framework"


@pytest.mark.parametrize(
    ("changes", "basis"),
    [
        ({"procedure": WITHOUT, "montant": "30000"}, ("decret-2016-360-30",)),
        ({"procedure": ADAPTED, "montant": "100000"}, ("decret-2016-360-27",)),
        ({"procedure": OPEN, "montant": "900000"}, ("decret-2016-360-25",)),
    ],
)
def test_from_2016_to_2019_the_decree_of_2016_is_cited(changes: dict[str, Any], basis: tuple[str, ...]) -> None:
    (result,) = audited(dateNotification="2017-06-01", **changes).results
    assert result.reasons[0].legal_basis == basis


def test_small_lots_before_the_code_rest_on_the_decree_of_2016() -> None:
    rows = [
        record(id=f"2018-{i}", objet=f"Mobilier des écoles {i}", dateNotification="2018-06-01", montant="70000")
        for i in range(4)
    ]
    for row in rows:
        row["objet"] = "Mobilier des écoles et des crèches"
        row["montant"] = str(60_000 + 1_000 * int(row["id"][-1]))
    (result,) = audit_rows(rows).results
    assert [(one.code, one.legal_basis) for one in result.reasons[:1]] == [
        ("small_lots_possible", ("decret-2016-360-22",))
    ]


@pytest.mark.parametrize(
    ("cpv", "title", "amount", "expected"),
    [
        ("90911000", "Nettoyage des crèches et du centre de formation", "214000", FACE),
        ("90911000", "Nettoyage des crèches et du centre de formation", "213999.99", CONSISTENT),
        ("71200000", "Maîtrise d'œuvre des travaux de la mairie", "214000", FACE),
        ("39130000", "Mobilier pour l'extension de la mairie", "214000", FACE),
        ("45210000", "Entretien et maintenance des écoles", "214000", CONSISTENT),
        # an object that names nothing but works contradicts the code of supplies: neither is believed
        ("39130000", "Travaux d'extension de la mairie", "214000", UNJUDGED),
        # a general code holds listed services too: the words are heard
        ("79000000", "Rondes de nuit, gardiennage", "900000", UNJUDGED),
        ("", "Rondes de nuit, gardiennage", "900000", UNJUDGED),
    ],
)
def test_a_word_of_the_title_does_not_overrule_a_cpv_code(cpv: str, title: str, amount: str, expected: Verdict) -> None:
    assert verdict(procedure=ADAPTED, codeCPV=cpv, objet=title, montant=amount) is expected


@pytest.mark.parametrize(
    ("cpv", "title"),
    [
        ("79000000", "Prestations de gardiennage et de nettoyage"),
        ("", "Prestations"),
    ],
)
def test_what_may_be_a_specific_service_is_never_flagged(cpv: str, title: str) -> None:
    assert verdict(procedure=ADAPTED, montant="900000", codeCPV=cpv, objet=title) is UNJUDGED


def test_the_same_amount_of_an_ordinary_service_is() -> None:
    assert verdict(procedure=ADAPTED, montant="900000", **SERVICES) is FACE


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("138999.99", CONSISTENT), ("139000", UNJUDGED), ("427999.99", UNJUDGED), ("428000", FACE)],
)
def test_a_buyer_that_may_be_a_network_operator_has_its_higher_limit(amount: str, expected: Verdict) -> None:
    """Its kind is then open: only what holds for the State, local buyers and network operators alike is said."""
    changes = {"procedure": ADAPTED, "codeCPV": "39130000", "objet": "Mobilier de la régie des eaux", "montant": amount}
    assert verdict(**changes) is expected


@pytest.mark.parametrize(("amount", "expected"), [("24999.99", CONSISTENT), ("100000", GROUND)])
def test_what_all_types_agree_on_needs_no_type(amount: str, expected: Verdict) -> None:
    changes = {"procedure": WITHOUT, "objet": "Travaux divers", "dateNotification": "2022-06-01"}
    assert verdict(montant=amount, **changes) is expected
    assert verdict(montant="50000", **changes) is UNJUDGED
    assert codes(montant="50000", **changes) == ["type_unknown"]


def test_without_publicity_names_other_grounds_and_never_a_breach() -> None:
    audit = audited(procedure=WITHOUT, montant="80000")
    (result,) = audit.results
    (others,) = (reason for reason in result.reasons if reason.code == "other_grounds")
    named = {name for name, known in default_table().procedures.items() if known.label in others.text.french}
    assert {"innovative_purchase", "exclusive_rights", "extreme_urgency", "no_tender_received"} <= named
    for lang in ("fr", "en"):
        text = audit.explain(lang).lower()
        assert not any(word in text for word in ("illégal", "illegal", "unlawful", "infraction", "fraud"))


@pytest.mark.parametrize(
    ("published", "amount", "notified", "expected"),
    [
        ("oui", "99999.99", "2023-06-01", CONSISTENT),
        ("oui", "100000", "2023-06-01", GROUND),
        ("non", "50000", "2023-06-01", GROUND),
        (None, "50000", "2023-06-01", GROUND),
        ("oui", "99999.99", "2026-11-01", CONSISTENT),
        ("oui", "120000", "2027-08-01", UNJUDGED),  # every launch from 2026-08-01 on: 100 000 or 140 000
        ("oui", "140000", "2027-08-01", GROUND),
    ],
)
def test_what_the_buyer_published_as_innovative(
    published: str | None, amount: str, notified: str, expected: Verdict
) -> None:
    changes = {"marcheInnovant": published, "montant": amount, "dateNotification": notified, "procedure": WITHOUT}
    assert verdict(techniques={"technique": ["Sans objet"]}, **changes) is expected


def test_the_contested_limit_is_named() -> None:
    assert codes(
        procedure=WITHOUT, montant="120000", dateNotification="2027-08-01", marcheInnovant=True, techniques="Sans objet"
    ) == ["innovative_contested"]


@pytest.mark.parametrize(
    ("procedure", "amount", "expected", "code"),
    [
        (NEGOTIATION, "100000", CONSISTENT, "free_below_formal"),
        (NEGOTIATION, "300000", UNJUDGED, "ground_not_published"),
        ("Dialogue compétitif", "300000", UNJUDGED, "ground_not_published"),
        ("Partenariat d'innovation", "300000", UNJUDGED, "ground_not_published"),
        ("", "300000", UNJUDGED, "procedure_unknown"),
        (ADAPTED, "0", UNJUDGED, "amount_unknown"),
    ],
)
def test_what_cannot_be_said_is_said_to_be_so(procedure: str, amount: str, expected: Verdict, code: str) -> None:
    assert verdict(procedure=procedure, montant=amount) is expected
    assert codes(procedure=procedure, montant=amount)[0] == code


@pytest.mark.parametrize("notified", ["2012-01-01", "2016-04-05", "2028-02-01", "2100-12-31", "1990-01-01"])
def test_beyond_what_the_table_knows_nothing_is_judged(notified: str) -> None:
    changes = {"montant": "300000", "dateNotification": notified, "techniques": "Sans objet"}
    assert verdict(procedure=ADAPTED, **changes) is UNJUDGED
    assert codes(procedure=ADAPTED, **changes) == ["law_unknown"]


def test_a_nature_that_is_not_published_softens_the_finding() -> None:
    changes = {"nature": "", "montant": "900000"}
    assert verdict(procedure=ADAPTED, **changes) is UNJUDGED
    assert verdict(procedure=WITHOUT, **changes) is GROUND
    assert codes(procedure=WITHOUT, **changes)[-1] == "nature_unknown"


def test_a_rule_held_from_memory_is_shown_as_such() -> None:
    assert "unverified_rule" in codes(procedure=ADAPTED, montant="300000", dateNotification="2018-06-01")
    assert "unverified_rule" not in codes(procedure=ADAPTED, montant="300000")


def every_day_until(notified: datetime.date) -> list[datetime.date]:
    first = (
        notified.replace(year=notified.year - 1)
        if (notified.month, notified.day) != (2, 29)
        else notified.replace(year=notified.year - 1, day=28)
    )
    return [first + datetime.timedelta(days=i) for i in range((notified - first).days + 1)]


def brute_force(amount: Decimal, kind: str, notified: datetime.date, procedure: str) -> Verdict:
    """Decide the case anew on every day of the twelve months."""
    seen = set()
    for day in every_day_until(notified):
        case = Case(launched_on=day, contract_type=kind, buyer_kind="commune", value=amount)
        seen.add(decide(case)["direct_award" if procedure == WITHOUT else "adapted_procedure"].status)
    if seen == {"open"}:
        return CONSISTENT
    if seen == {"closed"}:
        return GROUND if procedure == WITHOUT else FACE
    return UNJUDGED


TABLE = default_table()
CHANGES = [law.since for law in TABLE.segments() if law.since is not None]
AMOUNTS = sorted(
    {v.amount for t in TABLE.thresholds.values() for v in t.values if v.amount is not None and v.amount > 1_000}
)


@given(
    limit=st.sampled_from(AMOUNTS),
    cents=st.sampled_from([-1, 0, 1]),
    change=st.sampled_from(CHANGES),
    days=st.sampled_from([-1, 0, 1, 30, 364, 365, 366]),
    kind=st.sampled_from([("works", WORKS), ("supplies", {}), ("services", SERVICES)]),
    procedure=st.sampled_from([WITHOUT, ADAPTED]),
)
@settings(max_examples=examples(40), deadline=None)
def test_verdicts_are_those_of_deciding_anew_on_every_day(
    limit: Decimal,
    cents: int,
    change: datetime.date,
    days: int,
    kind: tuple[str, dict[str, str]],
    procedure: str,
) -> None:
    amount, notified = limit + Decimal(cents) / 100, change + datetime.timedelta(days=days)
    changes = {"procedure": procedure, "montant": str(amount), "dateNotification": notified.isoformat(), **kind[1]}
    found = verdict(techniques="Sans objet", **changes)
    assert found is brute_force(amount, kind[0], notified, procedure)


def test_only_the_publication_dated_widens_the_window() -> None:
    late = record(procedure=WITHOUT, dateNotification=None, datePublicationDonnees="2021-03-15")
    assert dict(read_record(late).origins)["launched_on"] == "data_publication_not_launch"  # type: ignore[union-attr]
    (result,) = audit_rows([late]).results
    assert result.verdict is UNJUDGED  # 15 months back: still 2019
    (result,) = audit_rows([record(procedure=WITHOUT)]).results
    assert result.verdict is CONSISTENT


def test_audits_in_several_threads_answer_as_one_alone() -> None:
    raws = [
        record(
            id=f"{n}",
            objet=f"Mobilier {n}",
            montant=500 * n,
            dateNotification=f"20{17 + n % 9}-0{1 + n % 9}-15",
            procedure=label,
        )
        for n in range(1, 120)
        for label in (ADAPTED, WITHOUT, NEGOTIATION)
    ]
    judge_of.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        together = [answered.result(120) for answered in [pool.submit(audit_rows, raws) for _ in range(8)]]
    judge_of.cache_clear()
    assert together == [audit_rows(raws)] * 8
