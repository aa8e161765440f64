"""Files of every shape and fault, as streams."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_contracts import record

from qmi_rules.decp import PublishedContract, Refusal, RefusalReason, read_records
from qmi_rules.decp import reading as decp_reading
from qmi_rules.decp.reading import Broken, Decoded, RawRecords, read_json
from qmi_rules.errors import DocumentError

Write = Callable[..., Path]
TWO = [record(id="A1"), record(id="B2", objet="Lot de chaises é")]


def ids(path: Path) -> list[str]:
    return [read.id if isinstance(read, PublishedContract) else read.reason.value for read in read_records([path])]


@pytest.mark.parametrize(
    "document",
    [
        {"marches": TWO},
        {"marches": {"marche": TWO, "contrat-concession": []}},
        {"licence": {"nom": "x", "liste": [1]}, "marches": {"marche": TWO}, "fin": 3},
        TWO,
        [{"fields": raw, "recordid": "x"} for raw in TWO],
        {"results": TWO, "total_count": 2},
        {"marches": [{"marche": raw} for raw in TWO]},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_of_every_shape(write: Write, document: Any, indent: int | None) -> None:
    assert ids(write(json.dumps(document, indent=indent))) == ["A1", "B2"]


def test_json_lines_and_a_single_record(write: Write) -> None:
    assert ids(write("\n".join(json.dumps(raw) for raw in TWO))) == ["A1", "B2"]
    assert ids(write(json.dumps(TWO[0]))) == ["A1"]
    assert ids(write(json.dumps({"marches": {"marche": TWO[0]}}))) == ["A1"]


def test_concessions_beside_contracts_are_refused(write: Write) -> None:
    text = json.dumps({"marches": {"marche": [TWO[0]], "contrat-concession": [{"id": "C", "autoriteConcedante": {}}]}})
    assert ids(write(text)) == ["A1", "concession"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(write: Write, encoding: str) -> None:
    path = write(json.dumps({"marches": TWO}, ensure_ascii=False), encoding=encoding)
    read = [r for r in read_records([path]) if isinstance(r, PublishedContract)]
    assert [r.title for r in read] == [raw["objet"] for raw in TWO]


@pytest.mark.parametrize("cut", range(20, 400, 37))
def test_a_file_that_is_cut_off_gives_what_came_before_and_a_refusal(write: Write, cut: int) -> None:
    text = json.dumps({"marches": TWO})
    read = list(read_records([write(text[:-cut])]))
    assert isinstance(read[-1], Refusal)
    assert read[-1].reason is RefusalReason.UNREADABLE
    assert len(read) <= 2


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[",
        '{"marches"',
        '{"marches":',
        '{"marches":[{]}',
        "[1 2]",
        '{"marches":[{}}',
        "]",
        "}",
        '{"a":1,}x',
        "[" * 100_000,
        '{"marches":' * 5_000,
    ],
)
def test_broken_json_is_refused(write: Write, text: str) -> None:
    read = list(read_records([write(text)]))
    assert read
    assert all(isinstance(r, Refusal) for r in read)


@given(chunk=st.integers(1, 60), indent=st.none() | st.integers(0, 3))
def test_where_the_text_is_cut_into_pieces_makes_no_difference(chunk: int, indent: int | None) -> None:
    class Drip:
        def __init__(self, text: str) -> None:
            self.text = text

        def read(self, size: int) -> str:
            piece, self.text = self.text[:chunk], self.text[chunk:]
            return piece

    text = json.dumps({"a": 12.5, "marches": {"marche": [*TWO, 17, 18]}, "b": -1}, indent=indent)
    found = list(read_json(Drip(text)))  # type: ignore[arg-type]
    assert [value for f in found if isinstance(f, RawRecords) for value in f.values][2:] == ["17", "18"]
    assert not any(isinstance(f, Broken) for f in found)
    assert len(found) == 4


def whole(text: str) -> Decoded:
    return Decoded(io.BytesIO(text.encode()))


ALIKE = st.lists(  # much of it looks like the end of one record and the beginning of the next
    st.fixed_dictionaries(
        {"id": st.sampled_from(["1", '},{"id"', '"},{"id":"', "\\", '\\"'])},
        optional={
            "titulaires": st.lists(st.fixed_dictionaries({"id": st.integers() | st.just("]}, {")}), max_size=3),
            "montant": st.floats(allow_nan=False, allow_infinity=False),
        },
    )
    | st.sampled_from(["", '},{"id"', None]),
    min_size=6,
    max_size=20,
)


@given(records=ALIKE, indent=st.none() | st.integers(0, 2), together=st.integers(20, 400), cut=st.integers(0, 200))
def test_records_taken_in_one_go_are_those_that_stand_there(
    records: list[Any], indent: int | None, together: int, cut: int
) -> None:
    text = json.dumps({"marches": records}, indent=indent)
    expected = json.loads(text, parse_int=str, parse_float=str)["marches"]
    with patch.object(decp_reading, "_TOGETHER", together):
        found = list(read_json(whole(text)))
        assert [value for f in found for value in f.values] == expected  # type: ignore[union-attr]
        # cut off anywhere, it is read as far as it goes
        *before, last = read_json(whole(text[: len(text) - 2 - cut])) if cut < len(text) - 13 else (Broken(""),)
    assert isinstance(last, Broken)
    read = [value for f in before for value in f.values]  # type: ignore[union-attr]
    assert read == expected[: len(read)]


def test_most_records_of_a_file_are_taken_in_one_go() -> None:
    found = list(read_json(whole(json.dumps({"marches": [record(id=str(n)) for n in range(100)]}))))
    assert sum(len(f.values) for f in found if isinstance(f, RawRecords)) == 100
    assert len(found) < 8


def test_an_endless_record_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decp_reading, "LONGEST_RECORD", 5_000)
    monkeypatch.setattr(decp_reading, "CHUNK", 1_000)
    assert ids(write('[{"id": "' + "x" * 20_000 + '"}]')) == ["unreadable"]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<marches>
  <marche><id>A1</id><acheteur><id>21590163800019</id></acheteur><nature>Marché</nature><objet>Mobilier</objet>
    <codeCPV>39130000</codeCPV><techniques><technique>Concours</technique><technique>Accord-cadre</technique></techniques>
    <procedure>Appel d'offres ouvert</procedure><dateNotification>2024-05-15</dateNotification><montant>575000</montant>
    <marcheInnovant>oui</marcheInnovant>
    <titulaires><titulaire><id>1</id></titulaire></titulaires></marche>
  <contrat-concession><id>C</id></contrat-concession>
</marches>"""


def test_xml(write: Write) -> None:
    contract, concession = read_records([write(XML)])
    assert isinstance(contract, PublishedContract)
    assert (contract.nature.value, contract.innovative, str(contract.amount)) == ("framework", True, "575000.00")
    assert isinstance(concession, Refusal)


@pytest.mark.parametrize("namespace", ["", ' xmlns="urn:x"'])
def test_xml_with_a_namespace(write: Write, namespace: str) -> None:
    assert ids(write(XML.replace("<marches>", f"<marches{namespace}>")))[0] == "A1"


@pytest.mark.parametrize(
    "text",
    [
        "<marches><marche>",
        "<a></b>",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><marches><marche>&c;</marche></marches>",
        "<marches>" + "<a>" * 50_000,
        "<marches><marche>" + "<a>" * 20_000 + "</a>" * 20_000 + "</marche></marches>",
    ],
)
def test_broken_xml_is_refused(write: Write, text: str) -> None:
    read = list(read_records([write(text)]))
    assert read
    assert all(isinstance(r, Refusal) for r in read)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables(write: Write, separator: str) -> None:
    header = ["uid", "id", "type", "codeCPV", "acheteur_id", "acheteur_nom", "montant", "dateNotification", "procedure"]
    row = ["u1", "A1", "Travaux", "45210000", "21590163800019", "Commune", "79000", "2024-11-12", "Procédure adaptée"]
    path = write("\r\n".join(separator.join(line) for line in (header, row, [], row[:3])) + "\r\n")
    contract, short = read_records([path])
    assert isinstance(contract, PublishedContract)
    assert (contract.uid, contract.contract_type) == ("u1", "works")
    assert dict(contract.origins)["contract_type"] == "type_column"
    assert isinstance(short, Refusal)


def test_a_table_without_the_columns_of_contracts_is_refused(write: Write) -> None:
    assert ids(write("a,b,c\n1,2,3\n")) == ["unreadable"]
    assert ids(write("")) == ["unreadable"]


def test_an_enormous_cell_costs_its_row_only(write: Write) -> None:
    header = "uid,id,acheteur_id,montant,dateNotification,procedure,objet\n"
    good = "u1,A1,21590163800019,79000,2024-11-12,Procédure adaptée,x\n"
    path = write(header + f'u0,A0,21590163800019,1,2024-11-12,P,"{"x" * 200_000}"\n' + good)
    assert ids(path)[-1] == "A1"


@pytest.mark.parametrize("head", [b"PAR1\0\0", b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_packed_files_are_refused_with_advice(write: Write, head: bytes) -> None:
    (refusal,) = read_records([write(head + b"\0" * 50)])
    assert isinstance(refusal, Refusal)
    assert "unpack" in refusal.detail


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    assert all(isinstance(read, (PublishedContract, Refusal)) for read in read_records([path]))


def test_a_file_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nowhere\.json"):
        list(read_records([tmp_path / "nowhere.json"]))
    with pytest.raises(DocumentError):
        list(read_records([tmp_path]))
