"""What is evidence and what is not: damaged objects, articles named in an object, small buyers, the order of rows."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_contracts import ADAPTED, NEGOTIATION, OPEN, WITHOUT, record

from qmi_rules.decp import Audit, PublishedContract, Verdict, audit, audit_rows, read_records

WORKS = {"codeCPV": "45000000", "montant": 300_000, "dateNotification": "2019-03-01"}


def verdict(**changes: Any) -> Verdict:
    (result,) = audit_rows([record(**changes)]).results
    return result.verdict


@pytest.mark.parametrize(
    ("title", "changes"),
    [
        ("Étude de réhabilitation du théâtre", {"codeCPV": "39130000", "montant": 300_000}),
        ("Réseau d'énergie de la médiathèque", {"montant": 300_000}),
        ("Séjour des aînés", {"codeCPV": "90911000", "montant": 300_000}),
        ("Marché subséquent n° 3 de mobilier", {"montant": 300_000}),
        (
            "Réfection de l'école",
            {"procedure": WITHOUT, "codeCPV": "39130000", "montant": 60_000, "dateNotification": "2023-12-20"},
        ),
    ],
)
def test_letters_that_were_lost_turn_no_verdict_into_a_finding(title: str, changes: dict[str, Any]) -> None:
    whole, damaged = (
        verdict(objet=text, **changes) for text in (title, title.replace("é", "\ufffd").replace("É", "\ufffd"))
    )
    assert damaged in (whole, Verdict.CANNOT_BE_JUDGED)
    assert damaged is not Verdict.INCONSISTENT


def test_a_damaged_object_says_so_in_the_origins() -> None:
    (result,) = audit_rows([record(objet="M\ufffddiath\ufffdque", montant=300_000)]).results
    assert result.verdict is Verdict.CANNOT_BE_JUDGED
    assert result.origins["contract_type"] == "cpv_division_but_damaged_words"
    assert result.origins["buyer_kind"] == "siren_but_damaged_words"


def test_what_all_types_and_buyers_agree_on_needs_no_object() -> None:
    assert verdict(objet="M\ufffddiath\ufffdque", montant=30_000) is Verdict.CONSISTENT
    assert verdict(objet="M\ufffddiath\ufffdque", montant=300_000, procedure=OPEN) is Verdict.CONSISTENT


@pytest.mark.parametrize(
    "named",
    [
        "en application de l'article 30-I-1° du décret n° 2016-360",
        "(art 30)",
        "art. 30 I 3°",
        "Article 35-II-8 du code des marchés publics",
        "article R. 2122-3 du code de la commande publique",
        "R2122-3",
        "(L. 2122-1)",
    ],
)
def test_an_article_named_in_the_object_is_the_ground(named: str) -> None:
    (result,) = audit_rows([record(objet=f"Mobilier {named}", procedure=WITHOUT, montant=90_000)]).results
    assert result.verdict is Verdict.CANNOT_BE_JUDGED
    assert [reason.code for reason in result.reasons] == ["article_named"]
    assert verdict(objet=f"Mobilier {named}", procedure=WITHOUT, montant=30_000) is Verdict.CONSISTENT


@pytest.mark.parametrize("named", ["article 28 du décret 2016-360", "art. 30 du CMP", "R2123-1 3°"])
def test_an_article_on_specific_services_in_the_object_counts(named: str) -> None:
    (result,) = audit_rows(
        [record(objet=f"Mission, {named}", codeCPV="90911000", procedure=ADAPTED, montant=900_000)]
    ).results
    assert [reason.code for reason in result.reasons] == ["specific_service_possible"]


def test_an_article_of_another_law_is_no_ground() -> None:
    assert (
        verdict(objet="Transports, article 80 de la loi", procedure=WITHOUT, montant=90_000)
        is Verdict.NEEDS_ANOTHER_GROUND
    )


@pytest.mark.parametrize("buyer", ["Syndicat inventé", "13002526500013", "39000000000011"])
@pytest.mark.parametrize(("procedure", "amount"), [(WITHOUT, 39_999), (ADAPTED, 138_999), (NEGOTIATION, 138_999)])
def test_a_buyer_below_every_limit_it_could_have_is_judged(buyer: str, procedure: str, amount: int) -> None:
    assert verdict(acheteur={"id": buyer}, procedure=procedure, montant=amount) is Verdict.CONSISTENT


def found(path: Path) -> PublishedContract:
    (read,) = read_records([path])
    assert isinstance(read, PublishedContract)
    return read


def test_windows_1252_is_seen_after_a_long_beginning_of_ascii(write: Callable[..., Path]) -> None:
    ascii_only = {"objet": "Mobilier", "nature": "ACCORD-CADRE", "procedure": "Appel d offres ouvert"}
    records = [record(id=f"A{i}", acheteur={"id": "21590163800019"}, **ascii_only) for i in range(20_000)]
    path = write(json.dumps([*records, record(id="B", objet="Réfection œuvre")], ensure_ascii=False), encoding="cp1252")
    assert path.stat().st_size > 3 << 20
    *_, last = read_records([path])
    assert isinstance(last, PublishedContract)
    assert last.title == "Réfection œuvre"


def test_a_broken_byte_among_utf_8_is_damage_and_not_another_encoding(write: Callable[..., Path]) -> None:
    text = json.dumps(
        [record(objet="École élémentaire, théâtre et médiathèque à rénover")], ensure_ascii=False
    ).encode()
    assert (
        found(write(text.replace("à".encode(), b"\xc3"))).title
        == "École élémentaire, théâtre et médiathèque \ufffd rénover"
    )


def test_the_columns_of_the_table_of_2024_are_read(write: Callable[..., Path]) -> None:
    path = write(
        "id_marche;id_acheteur;nom_acheteur;nature_marche;objet_marche;code_cpv;procedure_marche;duree_mois;date_notification;montant_marche\n"
        "2024-1;21590163800019;Croix;Marché;Mobilier;39130000-2;Procédure adaptée;12;2024-05-15;52000\n"
    )
    read = found(path)
    assert (read.id, read.buyer, read.buyer_name, str(read.amount)) == ("2024-1", "21590163800019", "Croix", "52000.00")
    assert (read.title, read.cpv, str(read.procedure), str(read.notified_on)) == (
        "Mobilier",
        "39130000",
        "adapted_procedure",
        "2024-05-15",
    )
    row = {
        "montant_marche": 52_000,
        "id_acheteur": "21590163800019",
        "procedure": ADAPTED,
        "date_notification": "2024-05-15",
    }
    (result,) = audit_rows([row]).results
    assert (result.buyer, result.amount) == ("21590163800019", 52_000)


def answers(found: Audit) -> list[tuple[Any, ...]]:
    return sorted(
        (r.id, r.verdict, r.amount or 0, [reason.code for reason in (*r.reasons, *r.hints)]) for r in found.results
    )


def test_verdicts_do_not_depend_on_the_order_of_rows(real: Path) -> None:
    chance = random.Random(22)
    for file in (real / "format2019" / "data.gouv.fr_pes.json", real / "format2019" / "data.gouv.fr_aife.json"):
        rows = json.loads(file.read_text("utf-8"))["marches"]
        first = answers(audit_rows(rows, source=file.name))
        for _ in range(3):
            chance.shuffle(rows)
            assert answers(audit_rows(rows, source=file.name)) == first


def test_rows_of_one_day_have_one_order() -> None:
    rows = [
        record(
            id="1", objet="Chaises et tables des écoles", montant=amount, codeCPV=cpv, acheteur={"id": "21590163800019"}
        )
        for amount in (120_000, 100_000, None)
        for cpv in ("39130000", "45000000", "")
    ]
    first = answers(audit_rows(rows))
    for seed in range(20):
        random.Random(seed).shuffle(rows)
        assert answers(audit_rows(rows)) == first


def test_the_damaged_records_of_a_real_publisher_accuse_nobody(real: Path) -> None:
    file = real / "format2019" / "data.gouv.fr_aife.json"
    damaged = {r.id for r in read_records([file]) if isinstance(r, PublishedContract) and "\ufffd" in r.title}
    assert len(damaged) > 300
    accused = [r for r in audit([file]).results if r.id in damaged and r.verdict is Verdict.INCONSISTENT]
    assert accused == []
