"""The communes of France: what a code, a name, a postcode finds; what the maker writes is what is read."""

import io
import json
import runpy
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.errors import DocumentError
from qmi_rules.model import Buyer, PlaceKind, commune_of, communes_edition, find_commune, find_communes
from qmi_rules.model.territory import Gazetteer, _found, _gazetteer, usual_siren
from work import calls

ROOT = Path(__file__).parents[2]
CODES = st.sampled_from(_gazetteer().lines).map(lambda line: line[:5])


def codes(query: str) -> list[str]:
    return [found.insee_code for found in find_communes(query)]


def test_a_code_gives_all_that_is_known_of_a_commune():
    toulouse = find_commune("31555")
    assert (toulouse.name, toulouse.department_name, toulouse.region_name) == ("Toulouse", "Haute-Garonne", "Occitanie")
    assert toulouse.population > 500_000
    assert "31000" in toulouse.postal_codes
    assert (toulouse.epci.siren, toulouse.epci.name) == ("243100518", "Toulouse Métropole")
    assert (toulouse.in_metropolis, toulouse.in_ile_de_france) == (False, False)
    assert (find_commune("77288").in_metropolis, find_commune("77288").in_ile_de_france) == (False, True)
    assert (find_commune("93055").in_metropolis, find_commune("93055").ept_name) == (True, "Est Ensemble")


def test_they_are_all_there_and_each_belongs_somewhere():
    places = [find_commune(line[:5]) for line in _gazetteer().lines]
    communes = {place.insee_code: place for place in places if place.kind is PlaceKind.COMMUNE}
    assert communes_edition() == "2026"
    assert 34_800 < len(communes) < 35_100
    assert all(commune_of(place.insee_code).insee_code in communes for place in places)
    assert len({place.department for place in places}) == 109
    assert len({place.epci.siren for place in places if place.epci}) == 1255
    assert sum(place.population or 0 for place in communes.values()) > 66_000_000
    assert [place for place in communes.values() if not place.postal_codes and place.department != "984"] == []


def test_arrondissements_delegated_communes_and_merged_ones_are_found():
    assert [find_commune(f"751{i:02}").part_of for i in range(1, 21)] == ["75056"] * 20
    assert commune_of("75101") == find_commune("75056") == commune_of("75056")
    assert find_commune("75120").epci == find_commune("75056").epci
    delegated = find_commune("74011")
    assert (delegated.name, delegated.kind, commune_of("74011").name) == ("Annecy-le-Vieux", "delegated", "Annecy")
    # Escaufourt is in the Aisne by its code, and part of a commune of the Nord
    assert find_commune("02285").department == "59"
    # one code for the commune of today and for the delegated commune in its midst: the commune of today
    assert find_commune("01015").name == "Arboys en Bugey"
    assert find_commune("01126").insee_code == "01033"
    # 01270 is a code that a merger ended, and a postcode today: it is more likely meant as that
    assert find_commune("01270") is None


@pytest.mark.parametrize("code", ["", None, "00000", "31999", "3155", "315550", "\x00" * 5, "zzzzz", "31000"])
def test_what_is_no_code_finds_nothing(code):
    assert find_commune(code) is None


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Toulouse", "31555"), ("toulouse", "31555"), ("  TOULOUSE ", "31555"), ("31000", "31555"), ("31555", "31555"),
        ("31000 Toulouse", "31555"), ("St Denis 93", "93066"), ("saint-denis (974)", "97411"), ("Sainte-Foy 40", "40258"),
        ("ste foy 40", "40258"), ("haÿ les roses", "94038"), ("lhay les roses", "94038"), ("L’Haÿ-les-Roses", "94038"),
        ("paris", "75056"), ("Paris 15", "75115"), ("lyon 3e", "69383"), ("roche sur yon", "85191"), ("roche yon", "85191"),
        ("Chalon s/ Saône", "71076"), ("ile d'yeu", "85113"), ("ajaccio 2a", "2A004"), ("2a004", "2A004"), ("oeuilly 51", "51410"),
        ("Annecy le Vieux", "74011"), ("NOISY LE GRAND", "93051"), ("le mans", "72181"), ("mans", "72181"),
    ],
)  # fmt: skip
def test_typing_a_name_or_a_postcode_finds_the_commune(query, first):
    assert codes(query)[0] == first


def test_a_postcode_of_several_communes_gives_all_of_them_the_larger_first():
    found = find_communes("01300")
    assert len(found) > 10
    assert found[0].name == "Belley"
    assert all("01300" in place.postal_codes for place in found)
    assert len(find_communes("saint", most=7)) == 7


@pytest.mark.parametrize("query", ["", " ", "-", "xyzzy", "北京", "\n", "99999", "toulouse 75", "'" * 10_000])
def test_what_names_no_commune_finds_nothing(query):
    assert find_communes(query) == ()


def test_a_query_is_a_text():
    with pytest.raises(DocumentError, match="query"):
        find_communes(31000)


@given(CODES)
def test_every_commune_is_found_by_its_name_and_department(code):
    place = find_commune(code)
    assert place in find_communes(f"{place.name} {place.department}", most=1000) or place.part_of
    assert place in find_communes(place.name.upper().replace("-", " "), most=100_000)


@given(st.text())
def test_any_text_may_be_typed(query):
    for place in find_communes(query):
        assert find_commune(place.insee_code) is not None


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("31000", "31555 Toulouse"),
        ("93500", "93055 Pantin"),
        ("59000", "59350 Lille"),
        ("75116", None),
    ],
)
def test_a_postcode_given_as_code_is_recognised_and_the_communes_named(code, named):
    if named is None:  # an arrondissement has this code: it is no fault
        assert Buyer(insee_code=code).commune.name == "Paris"
        return
    with pytest.raises(DocumentError) as caught:
        Buyer(insee_code=code)
    (problem,) = caught.value.problems
    assert f"it is the postcode of {named}" in problem.message


def test_of_many_communes_of_a_postcode_the_largest_are_named():
    with pytest.raises(DocumentError, match=r"postcode of 51507 Sainte-Menehould(, .*){4} and \d+ more"):
        Buyer(insee_code="51800")


def test_a_look_up_does_not_go_through_the_list():
    find_commune("31555")
    for line in _gazetteer().lines[::400]:
        assert calls(lambda line=line: _found.__wrapped__(line[:5])) < 100  # of 37 590 lines


SAMPLE = {
    "package.json": {"name": "@etalab/decoupage-administratif", "version": "0.0.1"},
    "data/regions.json": [{"code": "11", "nom": "Île-de-France"}, {"code": "84", "nom": "Auvergne-Rhône-Alpes"}],
    "data/departements.json": [
        {"code": "93", "nom": "Seine-Saint-Denis", "region": "11"},
        {"code": "01", "nom": "Ain", "region": "84"},
    ],
    "data/epci.json": [
        {"code": "200054781", "nom": "Métropole", "type": "METRO", "membres": [{"code": "93055"}]},
        {"code": "200040350", "nom": "CC Bugey Sud", "type": "CC", "membres": [{"code": "01015"}]},
    ],
    "data/ept.json": [{"code": "200057875", "nom": "Est Ensemble", "type": "EPT", "membres": [{"code": "93055"}]}],
    "data/communes.json": [
        {"code": "93055", "nom": "Pantin", "type": "commune-actuelle", "siren": "219300555", "codesPostaux": ["93500"], "population": 60_000},
        {"code": "01015", "nom": "Arboys en Bugey", "type": "commune-actuelle", "siren": "200053668", "population": 710,
         "codesPostaux": ["01300", "01301"], "anciensCodes": ["01015", "01340", "01999"]},
        {"code": "01015", "nom": "Arbignieu", "type": "commune-deleguee", "chefLieu": "01015"},
        {"code": "01340", "nom": "Saint-Bois", "type": "commune-deleguee", "chefLieu": "01015"},
    ],
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> bytes:
    """The file that the maker writes of a small package."""
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        for name, content in SAMPLE.items():
            entry, raw = tarfile.TarInfo(f"package/{name}"), json.dumps(content).encode()
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
    main = runpy.run_path(str(ROOT / "scripts" / "make_communes.py"))["main"]
    for name in ("communes.tsv.gz", "again.gz"):
        main(str(tmp_path / "package.tgz"), "2031", str(tmp_path / name))
    assert (tmp_path / "communes.tsv.gz").read_bytes() == (tmp_path / "again.gz").read_bytes()
    return (tmp_path / "communes.tsv.gz").read_bytes()


def test_what_the_maker_writes_is_what_is_read(made):
    gazetteer = Gazetteer(made)
    assert gazetteer.edition == ("2031", "@etalab/decoupage-administratif", "0.0.1")
    pantin, arboys, arbignieu, bois = (
        gazetteer.place(line) for line in sorted(gazetteer.lines, key=lambda line: (line[0] != "9", line))
    )
    assert (pantin.name, pantin.population, pantin.siren, pantin.ept) == ("Pantin", 60_000, "219300555", "T8")
    assert (pantin.region_name, pantin.department_name) == ("Île-de-France", "Seine-Saint-Denis")
    assert (arboys.siren, arboys.postal_codes, arboys.epci.name) == ("200053668", ("01300", "01301"), "CC Bugey Sud")
    assert (arbignieu.name, arbignieu.kind, arbignieu.part_of, arbignieu.siren) == (
        "Arbignieu",
        "delegated",
        "01015",
        None,
    )
    assert (bois.epci, bois.population) == (arboys.epci, None)
    assert gazetteer.line("01015") == gazetteer.lines[0]
    assert (gazetteer.successor("01999"), gazetteer.successor("01340")) == ("01015", None)


def test_the_usual_siren_of_a_commune_ends_in_its_check_digit():
    assert [usual_siren(code) for code in ("93055", "31555", "2A004")] == ["219300555", "213105554", "212000046"]
