"""Grouping before judging: the same record twice, rows of one contract, lots of one consultation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_contracts import ADAPTED, WITHOUT, record

from qmi_rules.decp import PublishedContract, Result, Verdict, audit_rows, group_records, read_record

ROW = {
    "uid": "u1",
    "id": "1",
    "type": "Travaux",
    "codeCPV": "45210000",
    "acheteur_id": "21590163800019",
    "acheteur_nom": "Commune inventée",
    "procedure": ADAPTED,
    "montant": "79000",
    "dateNotification": "2024-09-20",
}


def results(*records: dict[str, Any]) -> list[Result]:
    return list(audit_rows(records).results)


def codes(result: Result) -> list[str]:
    return [reason.code for reason in result.reasons]


def test_the_same_contract_on_two_portals_is_one() -> None:
    (result,) = results(record(id="A"), record(id="B", source="autre portail", dateNotification="2021-03-20"))
    assert (result.id, "records_merged" in codes(result)) == ("A", True)


def test_accents_case_and_punctuation_of_the_title_make_no_difference() -> None:
    assert (
        len(results(record(id="A", objet="Mobilier d’école, été"), record(id="B", objet="MOBILIER D'ECOLE - ETE"))) == 1
    )


@pytest.mark.parametrize(
    "change",
    [
        {"acheteur": {"id": "21590009300018"}},
        {"procedure": WITHOUT},
        {"objet": "Acquisition de véhicules pour les services"},
        {"dateNotification": "2021-09-15"},
    ],
)
def test_another_buyer_procedure_object_or_time_is_another_contract(change: dict[str, Any]) -> None:
    assert len(results(record(id="A"), record(id="B", **change))) == 2


def test_two_establishments_of_one_buyer_are_one_buyer() -> None:
    assert len(results(record(id="A"), record(id="B", acheteur={"id": "21590163800027"}))) == 1


def test_rows_of_holders_and_modifications_are_one_contract_with_its_first_amount() -> None:
    later = ROW | {"montant": "108091", "dateNotification": "2024-12-31", "titulaire_id": "2"}
    (result,) = results(later, ROW, ROW | {"titulaire_id": "3"})
    assert str(result.amount) == "79000"


def test_numbered_lots_are_added_up() -> None:
    lots = [
        record(id=f"7-{n}", objet=f"Équipement de la crèche municipale - lot {n} : divers", montant=amount)
        for n, amount in ((1, 60_000), (2, 50_000), (3, 20_000))
    ]
    (result,) = results(*lots)
    assert (str(result.amount), codes(result)[-1]) == ("130000", "lots_added")


def test_records_with_one_title_and_different_amounts_are_lots() -> None:
    (result,) = results(record(id="A", montant=60_000), record(id="B", montant=50_000))
    assert str(result.amount) == "110000"


def test_lots_notified_long_after_are_another_consultation() -> None:
    first = record(id="A", montant=60_000)
    assert len(results(first, record(id="B", montant=50_000, dateNotification="2021-05-14"))) == 1
    assert len(results(first, record(id="B", montant=50_000, dateNotification="2021-05-15"))) == 2


def test_the_maximum_of_a_framework_is_not_added_up() -> None:
    lots = [record(id=str(n), nature="Accord-cadre", montant=100_000 + n) for n in range(4)]
    (result,) = results(*lots)
    assert str(result.amount) == "100003"


def test_short_titles_and_numberless_ids_do_not_bring_contracts_together() -> None:
    assert (
        len(results(record(id="", objet="Tapis", montant=6_000), record(id="000", objet="Tapis", montant=7_000))) == 2
    )


@pytest.mark.parametrize(
    ("procedure", "amounts", "expected"),
    [
        # one lot alone is at the limit: the rule on small lots cannot explain it
        (ADAPTED, (220_000, 10_000), Verdict.INCONSISTENT),
        # a lot too large to be a small one, and numbered lots that reach the limit together
        (ADAPTED, (150_000, 70_000), Verdict.INCONSISTENT),
        # each could be a small lot of something larger
        (ADAPTED, (79_000, 79_000, 79_000), Verdict.CANNOT_BE_JUDGED),
        (WITHOUT, (30_000, 20_000), Verdict.CANNOT_BE_JUDGED),
        (WITHOUT, (45_000, 20_000), Verdict.NEEDS_ANOTHER_GROUND),
        (WITHOUT, (15_000, 20_000), Verdict.CONSISTENT),
    ],
)
def test_a_finding_on_lots_leaves_room_for_small_lots(
    procedure: str, amounts: tuple[int, ...], expected: Verdict
) -> None:
    lots = [
        record(id=f"7-{n}", objet=f"Mobilier de la mairie annexe, lot {n}", montant=amount + n, procedure=procedure)
        for n, amount in enumerate(amounts)
    ]
    (result,) = results(*lots)
    assert result.verdict is expected


def test_lots_that_are_not_numbered_are_never_enough_for_a_finding_on_their_sum() -> None:
    (result,) = results(record(id="A", montant=150_000), record(id="B", montant=70_000))
    assert (result.verdict, codes(result)[0]) == (Verdict.CANNOT_BE_JUDGED, "small_lots_possible")


def test_a_sum_beyond_what_is_an_amount_is_not_one() -> None:
    (result,) = results(record(id="A", montant="899999999998.00"), record(id="B", montant="899999999997.00"))
    assert result.amount is None


RECORDS = st.lists(
    st.builds(
        record,
        id=st.sampled_from(["A", "B", "", "7-1"]),
        objet=st.sampled_from(
            ["Mobilier de la mairie lot 1", "Mobilier de la mairie lot 2", "Mobilier de la mairie", "Tapis", ""]
        ),
        montant=st.sampled_from([500, 45_000, 300_000, None]),
        dateNotification=st.sampled_from(["2021-03-15", "2021-03-16", "2021-09-01", "2022-03-01"]),
        uid=st.sampled_from(["", "u1"]),
        nature=st.sampled_from(["Marché", "Accord-cadre"]),
    ),
    max_size=8,
)


@given(RECORDS)
def test_every_record_is_in_exactly_one_contract(raws: list[dict[str, Any]]) -> None:
    records = [read for raw in raws if isinstance(read := read_record(raw), PublishedContract)]
    groups = group_records(records)
    assert sum(group.records for group in groups) == len(records)
    assert all(group.lots for group in groups)


@given(RECORDS)
def test_publishing_everything_twice_changes_no_verdict(raws: list[dict[str, Any]]) -> None:
    raws = [raw for raw in raws if raw["id"] or raw["objet"] or raw["uid"]]  # else nothing says what is the same
    once, twice = audit_rows(raws), audit_rows([raw for raw in raws for _ in range(2)])
    assert once.verdicts == twice.verdicts
    assert [r.amount for r in once.results] == [r.amount for r in twice.results]
