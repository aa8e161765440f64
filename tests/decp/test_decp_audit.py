"""The audit as a whole: its document, its files, its hints, its memory on disk, its languages."""

import csv
import io
import json
import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from invented_contracts import ADAPTED, OPEN, WITHOUT, record

from qmi_rules.decp import (
    Audit,
    Verdict,
    audit,
    audit_files,
    audit_rows,
    read_records,
    to_csv,
    to_html,
    write_json,
)
from qmi_rules.decp import grouping as decp_grouping
from qmi_rules.decp import results as decp_results
from qmi_rules.decp.reasons import ReasonCode, reason, sentences
from qmi_rules.law import default_table
from qmi_rules.pages import Quantity, Term, language
from qmi_rules.schema import json_schema

SOME = [
    record(id="A", procedure=WITHOUT, montant=39_500),
    record(id="B", objet="Mobilier de la médiathèque", montant=300_000),
    record(id="C", objet="Mobilier du théâtre", procedure=OPEN),
    record(id="D", objet="=cmd|'/c calc'!A1", acheteur={"id": "@SUM(1)"}, procedure=""),
    record(id="E", dateNotification=None, datePublicationDonnees=None),
]


def test_the_document_has_the_keys_of_the_contract() -> None:
    document = json.loads(audit_rows(SOME).to_json())
    assert (document["records"], document["contracts"], document["refused"]) == (5, 4, 1)
    assert document["verdicts"] == {
        "consistent": 2,
        "needs_another_ground": 0,
        "inconsistent_on_its_face": 1,
        "cannot_be_judged": 1,
    }
    first = document["results"][0]
    assert set(first) >= {"id", "buyer", "procedure", "amount", "verdict", "reasons", "hints", "origins"}
    assert (first["id"], first["buyer"], first["amount"]) == ("A", "21590163800019", "39500")
    assert first["origins"]["launched_on"] == "notification_not_launch"
    assert all(reason["text"] and reason["code"] for reason in first["reasons"])
    assert document["refusals"] == [{"source": "", "position": 5, "id": "E", "reason": "no_date", "detail": ""}]


def test_a_clerk_finds_each_contract_again_by_file_place_and_day(tmp_path: Path) -> None:
    for name, day, ids in (("a.json", "2025-03-01", "AB"), ("b.json", "2025-04-02", "A")):  # two buyers number alike
        records = [
            record(
                id=letter, objet=f"Mobilier {name} {letter}", dateNotification=day, acheteur={"id": f"2175012340001{i}"}
            )
            for i, letter in enumerate(ids)
        ]
        (tmp_path / name).write_text(json.dumps({"marches": records}), "utf-8")
    files = [tmp_path / "b.json", tmp_path / "a.json"]
    out = io.StringIO()
    to_csv(audit(files), out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [(row["id"], row["source"], row["position"], row["notified_on"]) for row in rows] == [
        ("A", "b.json", "1", "2025-04-02"),
        ("A", "a.json", "1", "2025-03-01"),
        ("B", "a.json", "2", "2025-03-01"),
    ]
    assert audit(str(files[0])) == audit(files[:1])  # a lone file is one file, not its letters


def test_the_page_accounts_for_every_record() -> None:
    found = audit_rows([*SOME, SOME[0]])
    joined = found.records - found.refused - found.contracts
    assert joined == 1
    assert "6 records read: 1 refused, 1 joined to others (lots, repetitions), 4 contracts recognised." in " ".join(
        found.explain("en").split()
    )


def test_the_document_is_as_its_schema_says() -> None:
    document = json.loads(audit_rows(SOME).to_json())
    schema = json_schema(Audit)
    result = document["results"][0]
    for name, written in (("Result", result), ("Reason", result["reasons"][0]), ("Refusal", document["refusals"][0])):
        assert list(schema["$defs"][name]["properties"]) == list(written)
    assert list(schema["properties"]) == list(document)
    assert schema["$defs"]["Reason"]["properties"]["text"]["type"] == "string"


def test_one_record_is_read_in_the_singular() -> None:
    words = audit_rows(SOME[:1]).explain("fr").replace("\N{NO-BREAK SPACE}", " ")
    assert "1 enregistrement lu : 0 écarté, 0 réuni à d’autres (lots, répétitions), 1 marché reconnu." in words
    assert "1 record read: 0 refused" in " ".join(audit_rows(SOME[:1]).explain("en").split())


def test_an_audit_compares_by_value_and_pickles() -> None:
    one, two = audit_rows(SOME), audit_rows(SOME)
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != audit_rows(SOME[:-1])
    assert one.results[-1] == list(one.results)[-1]
    assert one.results[1:3] == tuple(one.results)[1:3]
    with pytest.raises(IndexError):
        one.results[4]


def test_the_order_is_that_of_reading_and_the_disk_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [
        record(
            id=f"M{n}",
            acheteur={"id": f"2159016{n % 7}800019"},
            objet=f"Mobilier de l'école numéro {n // 2}",
            montant=500 + n,
        )
        for n in range(200)
    ]
    held = list(audit_rows(raws).results)
    for where in (decp_grouping, decp_results):
        monkeypatch.setattr(where, "HELD", 9)
    for name, few in ("_SPAN", 16), ("_BLOCK", 7):
        monkeypatch.setattr(decp_results, name, few)
    monkeypatch.setattr(decp_grouping, "SHELVES", 3)  # each holds more than may be held: it is parted once more
    stored = audit_rows(raws)
    assert list(stored.results) == held == list(pickle.loads(pickle.dumps(stored)).results)
    assert stored.results[-1] == held[-1]
    numbers = [int(result.id[1:]) for result in stored.results]
    assert numbers == sorted(numbers)


def test_json_written_in_a_stream_is_that_of_the_document() -> None:
    found = audit_rows(SOME)
    stream = io.StringIO()
    write_json(found, stream)
    assert json.loads(stream.getvalue()) == json.loads(found.to_json())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_csv_has_one_line_a_contract_and_no_formula(lang: str) -> None:
    stream = io.StringIO(newline="")
    to_csv(audit_rows(SOME), stream, lang)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert [row["id"] for row in rows] == ["A", "B", "C", "D"]
    assert rows[1]["amount"] == "300000.00"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_html_is_complete_shows_a_picture_and_escapes_what_was_published() -> None:
    page = to_html(audit_rows([record(id="<script>alert(1)</script>", montant=300_000)]))
    assert page.startswith("<!DOCTYPE html>")
    assert "<svg" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")  # it loads nothing


def test_nothing_to_audit_is_an_answer() -> None:
    empty = audit_rows([])
    assert (empty.records, empty.contracts) == (0, 0)
    assert to_html(empty)
    assert empty.explain("fr")


def test_progress_tells_bytes_read_over_all_files(tmp_path: Path) -> None:
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path in paths:
        path.write_text(json.dumps({"marches": SOME}))
    told: list[tuple[int, int]] = []
    found = audit_files(paths, progress=lambda done, total: told.append((done, total)))
    total = sum(path.stat().st_size for path in paths)
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert found == audit(map(str, paths))
    assert (found.records, found.contracts) == (10, 4)


def hints(*records: dict[str, Any]) -> list[list[str]]:
    return [[hint.code for hint in result.hints] for result in audit_rows(records).results]


@pytest.mark.parametrize(
    ("procedure", "amount", "expected"),
    [
        (WITHOUT, "37999.99", []),
        (WITHOUT, "38000", ["just_under_limit"]),
        (WITHOUT, "39999.99", ["just_under_limit"]),
        (WITHOUT, "40000", ["just_over_limit"]),
        (WITHOUT, "43999.99", ["just_over_limit"]),
        (WITHOUT, "44000", []),
        (ADAPTED, "203299.99", []),
        (ADAPTED, "203300", ["just_under_limit"]),
        (ADAPTED, "214000", ["just_over_limit"]),
        (OPEN, "213000", []),
    ],
)
def test_amounts_close_to_a_limit_are_hints(procedure: str, amount: str, expected: list[str]) -> None:
    assert hints(record(procedure=procedure, montant=amount)) == [expected]


def chairs(number: int, day: str, amount: int = 25_000, **changes: Any) -> dict[str, Any]:
    titles = ("Chaises de la salle des fêtes", "Tables du réfectoire", "Armoires des archives")
    base = {
        "id": f"M{number}",
        "objet": titles[number],
        "montant": amount,
        "dateNotification": day,
        "procedure": WITHOUT,
    }
    return record(**base | changes)


def test_several_similar_contracts_within_a_year_are_a_hint_and_no_verdict() -> None:
    found = audit_rows([chairs(0, "2021-03-15"), chairs(1, "2021-09-15"), chairs(2, "2022-03-14")])
    assert [r.verdict for r in found.results] == [Verdict.CONSISTENT] * 3
    assert [[h.code for h in r.hints] for r in found.results] == [["similar_contracts"]] * 3
    (hint,) = found.results[0].hints
    assert (hint.text.values["count"], hint.text.values["total"], hint.limits) == (
        3,
        Decimal(75_000),
        (Decimal(40_000),),
    )


def test_a_year_slides_over_many_contracts() -> None:
    """Five contracts of 20 000 half a year apart: every window of a year holds two, which reach 40 000."""
    days = ["2021-03-15", "2021-09-15", "2022-03-16", "2022-09-16", "2024-01-01"]
    raws = [
        record(
            id=f"S{n}",
            objet=f"Mobilier scolaire, commande {n}",
            montant=20_000,
            dateNotification=day,
            procedure=WITHOUT,
        )
        for n, day in enumerate(days)
    ]
    found = audit_rows([raw | {"techniques": "Sans objet"} for raw in raws])
    assert [[hint.text.values["count"] for hint in result.hints] for result in found.results] == [
        [2],
        [2],
        [2],
        [2],
        [],
    ]


@pytest.mark.parametrize(
    "second",
    [
        chairs(1, "2022-03-15"),  # a year later
        chairs(1, "2021-09-15", amount=14_000),  # together below the limit
        chairs(1, "2021-09-15", codeCPV="30192700"),  # another category
        chairs(1, "2021-09-15", acheteur={"id": "21590009300018"}),
        chairs(1, "2021-09-15", procedure=OPEN),
        chairs(1, "2021-09-15", nature="Marché subséquent"),
    ],
)
def test_what_is_not_similar_is_no_hint(second: dict[str, Any]) -> None:
    assert hints(chairs(0, "2021-03-15"), second) == [[], []]


def test_every_reason_can_be_said_without_a_place_left_open() -> None:
    places = {"about": Term("Achat innovant"), "on": date(2026, 4, 1), "share": Quantity(Decimal("0.05"), "share")}
    assert {*sentences()} == {*get_args(ReasonCode)}
    for code in sentences():
        said = reason(
            code,
            default_table(),
            limits=[40_000],
            legal_basis=["ccp-r2122-8"],
            count=2,
            days=9,
            total=Decimal(1),
            **places,
        )
        for lang in ("fr", "en"):
            assert not {"{", "}"} & set(said.text.said(language(lang)))


# --- the real files beside the checkout


def test_every_real_file_is_read_to_its_end(real: Path) -> None:
    paths = [p for p in sorted(real.glob("*/*")) if p.suffix in (".json", ".xml", ".csv") and p.parent.name != "schema"]
    assert len(paths) == 11
    found = audit(paths)
    assert found.records == 3_237 + 836 + 1_641 + 108 + 2_665 + 24 + 20 + 9 + 2 + 4 + 2
    assert set(found.refused_by_reason) == {"concession", "no_date"}
    assert found.refused_by_reason["concession"] == 4 + 15 + 2
    assert found.contracts == sum(found.verdicts.values())
    for read in read_records(paths):
        if hasattr(read, "purchase"):
            assert read.purchase.title


def test_real_works_are_judged_by_the_stand_alone_texts_and_not_by_the_code_alone(real: Path) -> None:
    """Works without publicity below 100 000 in 2024: the code still said 40 000."""
    found = audit([real / "tabulaire" / "decp-info_travaux-4521_2024S2.csv"])
    without = [r for r in found.results if r.procedure == "without_publicity" and r.amount is not None]
    assert {r.verdict for r in without if r.amount and r.amount < 100_000} == {Verdict.CONSISTENT}
    assert {r.verdict for r in without if r.amount and r.amount >= 100_000} == {Verdict.NEEDS_ANOTHER_GROUND}
    assert any(40_000 <= (r.amount or 0) < 100_000 for r in without)


def test_open_procedures_are_never_flagged_in_real_files(real: Path) -> None:
    found = audit(sorted((real / "format2019").glob("*.json")))
    flagged = [r for r in found.results if r.verdict in (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)]
    assert {r.procedure for r in flagged} <= {"adapted_procedure", "without_publicity"}
    assert 0 < len(flagged) < len(found.results) // 20


def test_one_buyers_file(real: Path, write: Callable[..., Path]) -> None:
    found = audit([real / "format2019" / "marches-securises_commune-de-croix_2019-2021.json"])
    assert {result.buyer for result in found.results} == {"21590163800019"}
    (walls,) = (r for r in found.results if r.procedure == "without_publicity" and r.amount == 30_500)
    # launched between November 2020 and November 2021: below 40 000 throughout
    assert walls.verdict is Verdict.CONSISTENT
