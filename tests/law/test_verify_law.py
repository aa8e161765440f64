"""The table held against saved texts: every shape, every way to write a figure, nothing missed, nothing invented, no exception."""

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from saved_law import SHAPES, WAYS, a_value, dated_versions, due, markdown, save

from properties import examples
from qmi_rules.doors.cli import main
from qmi_rules.errors import DocumentError
from qmi_rules.law import carried_figures, load_table, verify_law
from qmi_rules.law.maintenance.figures import FigureKind
from qmi_rules.law.maintenance.saved_texts import read_articles

FROZEN = Path(__file__).parents[1] / "golden/law"  # no decree changes what these tests about the machinery expect
TABLE = load_table(FROZEN)
CARRIED = carried_figures(TABLE)


def r2122_8(day: date):
    source = TABLE.sources["ccp-r2122-8"]
    return source, source.version_on(day)


# --- what each source carries


def test_what_a_source_carries_is_derived_from_the_rows_that_cite_it():
    amounts = {(figure.value, figure.since) for figure in CARRIED["ccp-r2122-8"] if figure.kind is FigureKind.EUROS}
    assert (Decimal(60_000), date(2026, 4, 1)) in amounts
    assert {figure.value for figure in CARRIED["ccp-r2182-1"]} >= {11, 16}
    assert {figure.kind for figures in CARRIED.values() for figure in figures} >= {
        "euros",
        "days",
        "months",
        "share",
        "date",
    }
    assert set(CARRIED) <= set(TABLE.sources)


# --- hundreds of articles, in all shapes


@pytest.mark.parametrize("how", WAYS)
def test_a_folder_of_right_texts_agrees_in_every_shape(tmp_path, how):
    written = 0
    for i, (source, version) in enumerate(dated_versions()):
        figures = due(CARRIED.get(source.id, ()), version)
        for shape in SHAPES if i % 3 == 0 else [list(SHAPES)[i % 3]]:
            save(tmp_path, source, version, figures, shape, how)
            written += 1
    found = verify_law(TABLE, tmp_path)
    assert written > 200
    assert (found.files, found.unread) == (written, ())
    wrong = [(check.where, check.missing, check.newer) for check in found.versions if check.differs]
    assert wrong == []
    assert not found.differs
    assert found.proposals == ""
    assert {name for name in CARRIED if name not in found.absent} >= {
        "ccp-r2122-8",
        "ccp-r2182-1",
        "cgct-l2131-2",
    } & set(CARRIED)
    assert sum(len(check.found) for check in found.versions) > 60


@pytest.mark.parametrize("shape", SHAPES)
def test_a_changed_amount_is_missed_and_a_value_proposed(tmp_path, shape):
    source, version = r2122_8(date(2026, 5, 1))
    figures = [figure for figure in due(CARRIED[source.id], version) if figure.value != 60_000]
    save(tmp_path, source, version, [*figures, a_value(70_000)], shape, "\u202f")
    found = verify_law(TABLE, tmp_path)
    (check,) = found.versions
    assert {figure.value for figure in check.missing} == {60_000}
    assert [text for text in check.unknown if "70" in text] != []
    assert found.differs
    # the series of the small lots and of the exemption hold the same amount: one proposal for each that lost its figure
    assert len(tomllib.loads(found.proposals)["thresholds"]["values"]) == len(
        {figure.series for figure in check.missing}
    )
    proposed = tomllib.loads(found.proposals)["thresholds"]["values"][0]
    assert proposed["amount"] == 70_000
    assert proposed["legal_basis"] == "ccp-r2122-8"
    assert proposed["effective_from"] == date(2026, 4, 1)


def test_a_version_newer_than_the_table_is_told_and_proposed(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    figures = due(CARRIED[source.id], version)
    file = save(tmp_path, source, version, figures, "json", " ")
    data = json.loads(file.read_text("utf-8"))
    data["article"]["articleVersions"].append({"id": "LEGIARTI000099999999", "dateDebut": 1_830_290_400_000})
    file.write_text(json.dumps(data), "utf-8")
    found = verify_law(TABLE, tmp_path)
    assert found.versions[0].newer == (date(2028, 1, 1),)
    assert found.versions[0].missing == ()
    assert found.differs
    assert "effective_from = 2028-01-01" in found.proposals


def test_each_version_is_held_against_the_law_of_its_time(tmp_path):
    for day in (date(2021, 1, 1), date(2026, 2, 1), date(2026, 5, 1)):
        source, version = r2122_8(day)
        save(tmp_path, source, version, due(CARRIED[source.id], version), "xml", " ")
    found = verify_law(TABLE, tmp_path)
    assert [check.since for check in found.versions] == [date(2020, 1, 1), date(2026, 1, 1), date(2026, 4, 1)]
    assert not found.differs
    dispensed = [
        {figure.value for figure in check.found if figure.series == "direct_award.supplies_services"}
        for check in found.versions
    ]
    assert dispensed == [{40_000}, {40_000}, {60_000}]


def test_a_text_without_a_date_is_held_against_what_the_table_has_last(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    lines = markdown(source, version, []).splitlines()[:1]
    now, before = (due(CARRIED[source.id], source.version_on(day)) for day in (date(2026, 5, 1), date(2021, 1, 1)))
    for name, figures in (("now", now), ("before", before)):
        (tmp_path / name).mkdir()
        text = "\n".join([*lines, *(f"{int(figure.value)} euros" for figure in figures)])
        (tmp_path / name / "R. 2122-8.txt").write_text(text, "utf-8")
    assert not verify_law(TABLE, tmp_path / "now").differs
    assert verify_law(TABLE, tmp_path / "before").differs


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("R2122-8.txt", "soixante mille euros, cent mille euros"), ("ccp-r2122-8.md", "60 000 € et 100 000 €"), ("x.md", "# Article R. 2122-8\n60.000 euros 100.000 euros"),
        ("x.txt", "R*2122-8\n60000 euros, 100000 EUR"), ("Article R. 2122-8 - Légifrance.txt", "60 000 euros, 100 000 euros"), ("article_r_2122-8.txt", "60 k€, 0,1 million d'euros"),
        ("x.html", "<html><body><h1>Article R2122-8</h1><p>60&nbsp;000&nbsp;euros 100&#8239;000 euros</p></body></html>"),
        ("code.md", "# Code de la commande publique\n\n## Article R2122-7\n\nautre\n\n## Article R2122-8\n\n60 000 euros, 100 000 euros\n\n## Article R2122-9\n\nfin"),
        ("a.json", '{"num": "R2122-8", "texte": "60 000 euros, 100 000 euros"}'), ("l.jsonl", '{"num":"R2122-8","texte":"60 000 euros 100 000 euros"}\n{"num":"L1","texte":"x"}\n'),
        ("tree.json", '{"type":"code","data":{"title":"Code de la commande publique"},"children":[{"type":"article","data":{"num":"R2122-8","etat":"VIGUEUR","texteHtml":"<p>60 000 euros 100 000 euros</p>"}}]}'),
        ("latin.txt", "Article R2122-8 : 60 000 euros, supérieure à 100 000 euros"),
    ],
)  # fmt: skip
def test_the_shapes_that_people_have(tmp_path, name, text):
    (tmp_path / name).write_bytes(text.encode("cp1252" if name.startswith("latin") else "utf-8"))
    found = verify_law(TABLE, tmp_path)
    (check,) = (check for check in found.versions if check.source == "ccp-r2122-8")
    assert check.found
    assert check.missing == (), (check, text)


def test_an_article_of_another_code_with_the_same_number_is_another(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    save(tmp_path, source, version, due(CARRIED[source.id], version), "json", " ")
    other = {"article": {"num": "R2122-8", "texte": "rien", "textTitles": [{"titre": "Code de la défense"}]}}
    (tmp_path / "other.json").write_text(json.dumps(other), "utf-8")
    found = verify_law(TABLE, tmp_path)
    assert [check.where for check in found.versions if check.source == "ccp-r2122-8"] == [
        "json/ccp-r2122-8-2026-04-01.json"
    ]


# --- what cannot be read


@pytest.mark.parametrize("folder", ["nothing-there", "a\0b", ""])
def test_a_folder_that_is_none_is_refused(tmp_path, folder):
    with pytest.raises(DocumentError, match="folder"):
        verify_law(TABLE, tmp_path / folder if folder and "\0" not in folder else folder or str(tmp_path))


def test_a_folder_without_an_article_of_the_table_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("Rien ici.")
    with pytest.raises(DocumentError, match="none of 1 files"):
        verify_law(TABLE, tmp_path)


def test_what_is_no_text_is_named_and_the_rest_is_read(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    save(tmp_path, source, version, due(CARRIED[source.id], version), "json", " ")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (tmp_path / "broken.json").write_text('{"article": ')
    (tmp_path / "broken.xml").write_text("<ARTICLE><META>")
    (tmp_path / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><ARTICLE>&b;</ARTICLE>')
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000)
    found = verify_law(TABLE, tmp_path)
    assert set(found.unread) == {"image.png", "broken.json", "broken.xml", "bomb.xml", "deep.json"}
    assert not found.differs


def read(folder: Path, name: str, raw: bytes):
    file = folder / name
    file.write_bytes(raw)
    return read_articles(file, name)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["num", "texte", "texteHtml", "article", "dateDebut", "dateFin", "articleVersions", "textTitles", "titre", "id", "children"]),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    raw=st.binary(max_size=400), name=st.sampled_from(["a.json", "R2122-8.txt", "a.xml", "art 6.md", "annexe-2.html"])
)
def test_any_bytes_are_read_or_left_aside(tmp_path, raw, name):
    read(tmp_path, name, raw)


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=JSONS)
def test_any_json_is_read(tmp_path, data):
    for article in read(tmp_path, "a.json", json.dumps(data).encode()) or ():
        assert isinstance(article.text, str)


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 900), more=st.text(max_size=10), shape=st.sampled_from(list(SHAPES)))
def test_a_text_cut_anywhere_is_read_or_left_aside(tmp_path, cut, more, shape):
    source, version = r2122_8(date(2026, 5, 1))
    whole = save(tmp_path, source, version, due(CARRIED[source.id], version), shape, " ").read_text("utf-8")
    read(tmp_path, f"a.{shape}", (whole[:cut] + more + whole[cut:]).encode("utf-8", "surrogatepass"))
    read(tmp_path, f"b.{shape}", whole[:cut].encode())


# --- the command


def test_the_command_ends_with_0_1_and_2(tmp_path, capsys):
    source, version = r2122_8(date(2026, 5, 1))
    figures = due(CARRIED[source.id], version)
    save(tmp_path / "right", source, version, figures, "md", "words")
    save(tmp_path / "wrong", source, version, figures[:1], "md", "words")

    def status(*arguments):
        try:
            return main(["verify-law", *arguments, "--table", str(FROZEN)]) or 0
        except SystemExit as end:
            return end.code or 0

    assert status(str(tmp_path / "right")) == 0
    assert "chiffres trouvés" in capsys.readouterr().out
    assert status(str(tmp_path / "wrong"), "--lang", "en") == 1
    assert "figures that the text lacks" in capsys.readouterr().out
    assert status(str(tmp_path / "wrong"), "--json") == 1
    assert json.loads(capsys.readouterr().out)["versions"][0]["missing"]
    assert status(str(tmp_path / "none")) == 2
    captured = capsys.readouterr()
    assert (captured.out, "folder" in captured.err) == ("", True)


def test_a_whole_dump_is_read_file_by_file(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    save(tmp_path, source, version, due(CARRIED[source.id], version), "xml", " ")
    for i in range(2_000):
        (tmp_path / f"LEGIARTI{i:012}.xml").write_text(
            f"<ARTICLE><META><META_SPEC><META_ARTICLE><NUM>L{i}-1</NUM></META_ARTICLE></META_SPEC></META>"
            "<BLOC_TEXTUEL><CONTENU>Texte.</CONTENU></BLOC_TEXTUEL></ARTICLE>"
        )
    found = verify_law(TABLE, tmp_path)
    assert (found.files, len(found.versions), found.differs) == (2_001, 1, False)


def test_a_length_may_be_said_as_what_is_added():
    figures = [figure for figure in CARRIED["ccp-r2151-2"] if figure.value == 35]
    assert {figure.added for figure in figures} == {5}


def test_five_days_more_are_the_thirty_five(tmp_path):
    (tmp_path / "R2151-2.txt").write_text("Article R2151-2\nles délais sont prolongés de cinq jours", "utf-8")
    assert not verify_law(TABLE, tmp_path).differs
    (tmp_path / "R2151-2.txt").write_text("Article R2151-2\nles délais sont prolongés de six jours", "utf-8")
    assert verify_law(TABLE, tmp_path).differs


def test_the_end_that_a_later_text_set_is_not_looked_for():
    table = TABLE.thresholds["direct_award.works"]
    cut = [value for value in table.values if value.end_published_on is not None]
    dates = {figure.value for figures in CARRIED.values() for figure in figures if figure.kind is FigureKind.DATE}
    assert cut
    assert not {value.effective_until for value in cut} & dates
    assert date(2024, 12, 31) in dates


def test_an_older_version_than_the_table_knows_lacks_nothing(tmp_path):
    (tmp_path / "L2131-2 2009-01-01.txt").write_text(
        "Code général des collectivités territoriales\nArticle L2131-2\nSont transmis les actes.", "utf-8"
    )
    found = verify_law(TABLE, tmp_path)
    assert [check.missing for check in found.versions] == [()]
    assert not found.differs


def test_a_section_named_after_another_code_keeps_the_article_in_its_own(tmp_path):
    article = {"num": "R2122-8", "content": "60 000 euros 100 000 euros", "dateDebut": "2026-04-01"}
    section = {"title": "Section 1 : Marchés que le code de la défense vise", "articles": [article]}
    (tmp_path / "code.json").write_text(
        json.dumps({"title": "Code de la commande publique", "sections": [section]}), "utf-8"
    )
    (check,) = verify_law(TABLE, tmp_path).versions
    assert (check.source, check.missing, check.newer) == ("ccp-r2122-8", (), ())


def test_a_version_whose_day_is_not_yet_known_is_not_newer(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    file = save(tmp_path, source, version, due(CARRIED[source.id], version), "xml", " ")
    text = file.read_text("utf-8").replace(
        "</VERSIONS>", "<VERSION etat='VIGUEUR_DIFF'><LIEN_ART debut='2222-02-22'/></VERSION></VERSIONS>"
    )
    file.write_text(text, "utf-8")
    assert verify_law(TABLE, tmp_path).versions[0].newer == ()


def test_of_a_text_without_a_day_no_day_is_proposed(tmp_path):
    (tmp_path / "R2122-8.txt").write_text("Article R2122-8\nsoixante-dix mille euros, cent mille euros", "utf-8")
    proposed = verify_law(TABLE, tmp_path).proposals
    assert "# effective_from = ?" in proposed
    (value,) = tomllib.loads(proposed)["thresholds"]["values"]
    assert (value["amount"], "effective_from" in value) == (70_000, False)


# --- where a text is placed

BODY = "L'avis au présent code est publié soit dans le Bulletin officiel des annonces des marchés publics, soit dans un journal, pour un besoin d'au moins 90 000 euros hors taxes (Code général des collectivités territoriales, article L. 1414-2)."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("R2131-12.md", f"# Article R2131-12\n\nCode de la commande publique\n\n{BODY}"),
        ("R2131-12.md", f"---\ncode: Code de la commande publique\n---\n# Article R2131-12\n\n{BODY}"),
        ("code-de-la-commande-publique/R2131-12.txt", BODY),
        ("texte.md", f"# Code de la commande publique\n\n## Article R2131-12\n\n{BODY}"),
        ("texte.md", f"Article R2131-12 du code de la commande publique\n\n{BODY}"),
        ("ccp-r2131-12.md", BODY),
    ],
)
def test_the_name_of_a_code_comes_from_a_heading_a_front_matter_or_the_file_never_from_a_sentence(tmp_path, name, text):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    found = verify_law(TABLE, tmp_path)
    assert [check.source for check in found.versions] == ["ccp-r2131-12"]
    assert found.unplaced == ()


def test_what_was_read_and_cannot_be_placed_is_named_with_its_reason(tmp_path):
    source, version = r2122_8(date(2026, 5, 1))
    save(tmp_path, source, version, due(CARRIED[source.id], version), "md", " ")
    (tmp_path / "notes.md").write_text("Rien qui soit un article.", "utf-8")
    (tmp_path / "R2131-12.md").write_text(f"# Code de la route\n\n## Article R2131-12\n\n{BODY}", "utf-8")
    found = verify_law(TABLE, tmp_path)
    assert {(one.where, one.number, one.reason.value) for one in found.unplaced} == {
        ("notes.md", "", "no_number"),
        ("R2131-12.md", "R2131-12", "another_text"),
    }
    assert "notes.md" in found.explain("fr")
    assert "Code de la route" in found.explain("en")


def test_a_text_without_a_day_need_not_hold_a_value_that_had_ended_when_the_table_was_reviewed(tmp_path):
    former = TABLE.thresholds["direct_award.supplies_services"]
    value = evolve(former.value_on(date(2020, 1, 1)), amount=43_210, effective_until=date(2025, 12, 31))
    ended = evolve(former, id="direct_award.former", values=(value,))
    table = TABLE.replace(thresholds={**TABLE.thresholds, ended.id: ended})
    whole = "Article R2122-8 du code de la commande publique\n\nmoins de 60 000 euros hors taxes ; 100 000 euros pour les travaux"
    (tmp_path / "r2122-8.txt").write_text(whole, "utf-8")
    assert [figure.value for check in verify_law(table, tmp_path).versions for figure in check.missing] == []
    (tmp_path / "r2122-8.txt").write_text(whole.replace("60 000", "70 000"), "utf-8")
    assert {figure.value for figure in verify_law(table, tmp_path).versions[0].missing} == {60_000}


def test_a_text_that_has_ended_altogether_still_says_what_it_said(tmp_path):
    text = "Décret n° 2020-893 du 22 juillet 2020\n\nArticle 1\n\nLes travaux de moins de {amount} euros hors taxes"
    file = tmp_path / "decret-2020-893.txt"
    file.write_text(text.format(amount="70 000"), "utf-8")
    (check,) = (one for one in verify_law(TABLE, tmp_path).versions if one.source == "decret-2020-893-1")
    assert (check.found != (), check.missing) == (True, ())
    file.write_text(text.format(amount="80 000"), "utf-8")
    (check,) = (one for one in verify_law(TABLE, tmp_path).versions if one.source == "decret-2020-893-1")
    assert {figure.value for figure in check.missing} == {70_000}
