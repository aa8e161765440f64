"""Drafts to sign: what the dossier says stands in them, what it does not say is blank and named, and nothing is invented."""

import json
import pickle
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from qmi_rules.briefing import Briefing, Draft, DraftKind, brief, draft_of_note
from qmi_rules.briefing import drafts as module
from qmi_rules.briefing.drafts import _LISTS, DraftCondition, PassageKind, model, places
from qmi_rules.briefing.office import to_docx
from qmi_rules.doors.cli import main
from qmi_rules.errors import DocumentError
from qmi_rules.law import Certainty, default_table
from qmi_rules.model import Purchase
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.schema import from_json, structure
from qmi_rules.scoring import justification_note
from small_funding import small_schemes

EXAMPLES = Path(__file__).parents[2] / "examples"
DOSSIER = EXAMPLES / "dossier-pelican-cycles.json"
ACTS = (DraftKind.DELIBERATION, DraftKind.DECISION)
PURCHASE = {
    "title": "Capteurs d'air",
    "launched_on": "2027-02-01",
    "contract_type": "services",
    "estimated_value": "85000",
    "innovative": True,
    "buyer": {"kind": "commune", "insee_code": "92048"},
}


def _brief(**parts: object) -> Briefing:
    return brief(structure({"purchase": PURCHASE, **parts}, Dossier))


def _commune(limit: str | None) -> dict[str, object]:
    return {"budget_vote": "spring", **({} if limit is None else {"delegation_limit": limit})}


def _plain(draft: Draft, lang: str = "fr") -> str:
    return " ".join(draft.explain(lang).split())


@pytest.fixture(scope="module")
def pelican() -> Briefing:
    return brief(from_json(DOSSIER.read_bytes(), Dossier), schemes=small_schemes())


# --- what a deliberation must hold


@pytest.mark.parametrize(
    "words",
    [
        "Vu les articles L. 2121-29, L. 2122-21-1, L. 2131-1 et L. 2131-2 du code général des collectivités territoriales ;",
        "Vu les articles R. 2121-1, R. 2121-3, R. 2121-4 et R. 2122-9-1 du code de la commande publique ;",
        "Objet de l’achat : Deux vélos-cargos",
        "Nature du marché : fournitures. Quantités et caractéristiques : ……………. Durée : 6 mois.",
        "options : 9 500 € HT",
        "Le besoin est estimé dans son ensemble à 68 000 € HT (estimation du ……………)",
        "Il n’a pas été découpé pour rester sous un seuil (article R. 2121-4 du code de la commande publique).",
        "la valeur estimée du besoin : 68 000 € HT, sous le seuil de",
        "Titulaire : ……………. Montant du marché : …………… € HT, soit …………… € TTC.",
        "Article 2 – d’autoriser le maire ou son représentant",
        "signer les avenants, dans cette limite : ……………",
        "budget 2027, section d’investissement, chapitre ou ligne ……………",
        "L’offre répond au besoin : ……………",
        "La commune ne s’adresse pas toujours à la même entreprise : ……………",
        "Membres intéressés, qui n’ont pris part ni au débat ni au vote (article L. 2131-11",
        "Pour : ……………. Contre : ……………. Abstentions : …………….",
        "transmettre la présente délibération au représentant de l’État et de la publier (articles L. 2131-1 et L. 2131-2",
        "Innover dans la Ville : 30 750 €",
        "Fait et délibéré à Meudon, le 10 février 2027.",
    ],
)
def test_a_deliberation_holds_what_one_must_hold(pelican: Briefing, words: str):
    assert words in _plain(pelican.draft("deliberation")).replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_proposal_comes_first(pelican: Briefing):
    text = _plain(pelican.draft("deliberation"))
    assert (
        text.index("Il est proposé au conseil municipal") < text.index("À compléter") < text.index("Exposé des motifs")
    )


@pytest.mark.parametrize(
    "words",
    [
        "Vu les articles L. 2122-22 (4°), L. 2122-23, L. 2131-1 et L. 2131-2 du code général des collectivités territoriales ;",
        "Vu la délibération du conseil municipal ……………, qui délègue au maire les marchés jusqu’à 90 000 € HT",
        "Article 1er – Le marché « Deux vélos-cargos",
        "à la prochaine réunion obligatoire du conseil municipal, le …………… (article L. 2122-23",
        "transmise au représentant de l’État et publiée",
    ],
)
def test_a_decision_cites_the_delegation_and_is_reported(pelican: Briefing, words: str):
    assert words in _plain(pelican.draft("decision")).replace("\N{NARROW NO-BREAK SPACE}", " ")


# --- blanks


def test_what_the_dossier_does_not_say_is_blank_and_named_and_what_it_says_is_not(pelican: Briefing):
    draft = pelican.draft("deliberation")
    assert {"extent", "estimated_on", "contractor", "budget_line"} <= set(draft.to_complete)
    assert not {"buyer", "value", "duration", "section", "procedure"} & set(draft.to_complete)
    assert "le nom du titulaire" in _plain(draft)
    bare = _brief().draft("deliberation")
    assert {"duration", "section"} <= set(bare.to_complete)
    assert "Durée : ……………." in _plain(bare)


@pytest.mark.parametrize("kind", ACTS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_place_is_left_unfilled_and_nothing_is_called_none(kind: DraftKind, lang: str):
    for facts in ({}, {"commune": _commune("0")}, {"commune": _commune("90000")}):
        text = _plain(_brief(**facts).draft(kind), lang)
        assert not re.search(r"[{}]|None|\bnull\b", text)


def test_an_article_cited_from_memory_is_to_be_read_before_one_signs(pelican: Briefing):
    draft = pelican.draft("deliberation")
    assert draft.to_verify == ("L.\N{NO-BREAK SPACE}2121-29 du code général des collectivités territoriales",)
    assert "À relire sur le texte officiel avant de signer : article L. 2121-29" in _plain(draft)


# --- who signs, and whether the way is open


@pytest.mark.parametrize(
    ("limit", "said", "not_said"),
    [
        ("85000", "jusqu’à 85 000 € HT", "dépasse la délégation"),
        ("84999.99", "dépasse la délégation donnée au maire (84 999,99 € HT)", "entre dans"),
        ("0", "n’a pas donné délégation au maire", "dépasse"),
        (None, "sont à vérifier avant de signer (article L. 2122-22 (4°)", "dépasse"),
    ],
)
def test_a_decision_says_whether_the_delegation_reaches(limit: str | None, said: str, not_said: str):
    text = _plain(_brief(commune=_commune(limit)).draft("decision")).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert said in text
    assert not_said not in text


def test_a_deliberation_says_where_a_decision_of_the_mayor_would_do():
    within, beyond = (_brief(commune=_commune(limit)).draft("deliberation") for limit in ("85000", "84999"))
    assert "une décision du maire peut suffire" in _plain(within)
    assert "une décision du maire peut suffire" not in _plain(beyond)


def test_a_way_that_is_not_open_is_never_said_to_be():
    unsettled = {**PURCHASE, "innovative": None}
    schedule = {"procedure": "innovative_purchase", "wanted_on": "2027-09-01"}
    text = _plain(brief(structure({"purchase": unsettled, "schedule": schedule}, Dossier)).draft("deliberation"))
    assert "Rien n’établit encore que cette procédure est ouverte à ce marché." in text
    assert "À établir d’abord : - le caractère innovant" in text
    assert "Le marché peut être passé" not in text
    closed = {**PURCHASE, "innovative": False}
    text = _plain(brief(structure({"purchase": closed, "schedule": schedule}, Dossier)).draft("deliberation"))
    assert "D’après les faits du dossier, cette procédure n’est pas ouverte à ce marché." in text
    assert "Le marché peut être passé" not in text


def test_without_an_amount_no_procedure_is_chosen():
    unknown = brief(structure({"purchase": {**PURCHASE, "estimated_value": None, "innovative": None}}, Dossier))
    draft = unknown.draft("deliberation")
    assert {"value", "procedure"} <= set(draft.to_complete)
    assert "Mode de passation : ……………" in _plain(draft)
    assert "la valeur estimée du besoin" in _plain(draft).split("À établir d’abord")[1].split("!")[0]


def test_a_formal_procedure_leaves_the_choice_to_the_tender_committee():
    formal = {"procedure": "open_procedure", "wanted_on": "2027-12-01"}
    large = {**PURCHASE, "estimated_value": "300000", "innovative": False}
    for kind in ACTS:
        acts = brief(structure({"purchase": large, "schedule": formal}, Dossier)).draft(kind)
        assert "commission d’appel d’offres, réunie le …………… (article L. 1414-2" in _plain(acts)
        assert "commission d’appel d’offres" not in _plain(_brief().draft(kind))


def test_buyers_who_buy_together_approve_their_agreement_first():
    joint = brief(Dossier(purchase=from_json((EXAMPLES / "groupement.json").read_bytes(), Purchase)))
    assert "d’approuver la convention du groupement de commandes (article L. 2113-7" in _plain(
        joint.draft("deliberation")
    )
    assert "le conseil de chacun approuve d’abord la convention" in _plain(joint.draft("decision"))


def test_another_buyer_is_told_to_adapt_the_draft():
    other = brief(structure({"purchase": {**PURCHASE, "buyer": {"kind": "epci"}}}, Dossier))
    assert "adaptez-le à l’organe délibérant" in _plain(other.draft("decision"))
    assert "adaptez-le" not in _plain(_brief().draft("decision"))


def test_what_the_calendar_finds_in_the_way_is_said_before_one_signs():
    commune = {"budget_vote": "spring", "budget_voted_on": "2027-04-07", "delegation_limit": "90000"}
    schedule = {"procedure": "innovative_purchase", "wanted_on": "2027-03-15", "expense": "investment"}
    found = _brief(commune=commune, schedule=schedule)
    assert any(conflict.severity != "information" for conflict in found.calendar.conflicts)
    assert "Le calendrier signale :" in _plain(found.draft("decision"))


# --- as a town hall writes it


@pytest.mark.parametrize("kind", DraftKind)
def test_french_is_typed_as_a_town_hall_does_and_the_software_is_named_once_at_the_end(
    pelican: Briefing, kind: DraftKind
):
    text = pelican.draft(kind).explain("fr")
    assert not re.search(r"'|\b[LRD]\d{4}-\d|\d{4}-\d\d-\d\d| [:;?!»]|« ", text.replace("qmi_rules", ""))
    assert text.count("qmi_rules") == 1
    assert "bibliothèque" not in text
    assert "qmi_rules" in text.splitlines()[-1] + text.splitlines()[-2]


def test_no_article_or_amount_of_law_stands_in_the_code():
    code = Path(module.__file__).read_text(encoding="utf-8")
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r'"""[\s\S]*?"""', "", code))
    assert [text for text in strings if re.search(r"[LRD]\.? ?\d{4}|\d{4,}", text)] == []


# --- the models


@pytest.mark.parametrize("kind", ACTS)
def test_a_model_names_only_places_lists_and_articles_that_exist(kind: DraftKind):
    known = {place.id for place in places().places}
    sources = {*default_table().sources, *(source.id for source in places().sources)}
    for passage in model(kind).passages:
        assert set(re.findall(r"{(\w+)}", passage.text)) <= known, passage.text
        assert passage.listed is None or passage.listed in _LISTS
        assert set(passage.cites) <= sources
        assert bool(passage.cites) == (passage.certainty is not None) == (passage.source is not None)
        assert bool(passage.text) != (passage.kind is PassageKind.VISAS)
        assert set(passage.verify) <= set(passage.cites)
        assert bool(passage.verify) == (passage.certainty is Certainty.UNVERIFIED)


def test_every_place_condition_and_list_is_used():
    passages = [passage for kind in ACTS for passage in model(kind).passages]
    used = {name for passage in passages for name in re.findall(r"{(\w+)}", passage.text)}
    assert used == {place.id for place in places().places}
    assert {condition for passage in passages for condition in passage.when} == set(DraftCondition)
    assert {passage.listed for passage in passages} - {None} == set(_LISTS)


# --- as a result


@pytest.mark.parametrize("kind", DraftKind)
def test_a_draft_compares_pickles_and_travels(pelican: Briefing, kind: DraftKind):
    draft = pelican.draft(kind)
    assert draft == pelican.draft(str(kind))
    assert pickle.loads(pickle.dumps(draft)) == draft
    document = json.loads(draft.to_json())
    assert document["kind"] == kind
    assert document["text"] == draft.explain("fr", "markdown")


def test_an_unknown_kind_is_refused_with_those_there_are(pelican: Briefing):
    with pytest.raises(DocumentError, match="deliberation, decision, justification"):
        pelican.draft("tea")
    with pytest.raises(DocumentError):
        draft_of_note(3)


# --- for a word processor


@pytest.mark.parametrize("kind", DraftKind)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_docx_opens_and_reads_back_what_the_draft_says(pelican: Briefing, kind: DraftKind, lang: str):
    draft = pelican.draft(kind)
    document = docx.Document(BytesIO(to_docx(draft, lang)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    read = " ".join(" ".join([*(p.text for p in document.paragraphs), *cells]).split())
    for line in draft.explain(lang, "markdown").splitlines():
        words = re.sub(r"\\(.)", r"\1", re.sub(r"\[(.*?)\]\(<.*?>\)", r"\1", line))
        for part in re.split(r" \| |\*\*", re.sub(r"^(> |- |#+ |\| |\d+\\?\. |\[ \] )|\|$", "", words)):
            if not re.fullmatch(r"[\s|-]*", part):
                assert " ".join(part.split()) in read, part
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.core_properties.comments == document.core_properties.author == ""
    assert document.paragraphs[0].style.name == "Heading 1"


def test_a_row_of_a_table_stays_on_its_page(pelican: Briefing):
    document = docx.Document(BytesIO(to_docx(pelican.draft("justification"))))
    rows = [row._tr for table in document.tables for row in table.rows[1:]]
    assert len(rows) > 5
    assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)


def test_links_of_a_docx_lead_somewhere_and_the_same_draft_gives_the_same_bytes(pelican: Briefing):
    draft = pelican.draft("justification")
    data = to_docx(draft)
    assert data == to_docx(draft)
    assert {part.date_time for part in ZipFile(BytesIO(data)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    document = docx.Document(BytesIO(data))
    links = [link.address for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert any(address.startswith("https://www.legifrance.gouv.fr") for address in links)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", DraftKind)
def test_libreoffice_reads_a_docx(pelican: Briefing, kind: DraftKind, tmp_path: Path):
    (tmp_path / "draft.docx").write_bytes(to_docx(pelican.draft(kind)))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "draft.docx")],
        check=True,
        capture_output=True,
        timeout=600,
    )
    read = " ".join((tmp_path / "draft.txt").read_text("utf-8-sig").split())
    for line in pelican.draft(kind).explain("fr").split("\n\n")[0].splitlines()[0:1]:
        assert line in read
    assert "qmi_rules" in read


# --- the command


@pytest.fixture
def run(capfdbinary):
    def run(*arguments):
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        captured = capfdbinary.readouterr()
        return int(leaving.value.code or 0), captured.out.decode(), captured.err.decode()

    return run


@pytest.mark.parametrize("kind", DraftKind)
def test_the_command_writes_markdown_where_nothing_else_is_asked(run, kind: DraftKind):
    draft = brief(from_json(DOSSIER.read_bytes(), Dossier)).draft(kind)
    status, shown, _ = run("draft", kind, DOSSIER)
    assert (status, shown) == (0, draft.explain("fr", "markdown"))
    status, shown, _ = run("draft", kind, DOSSIER, "--lang", "en")
    assert (status, shown) == (0, draft.explain("en", "markdown"))


def test_the_command_writes_the_files_that_are_named_and_nothing_on_standard_output(run, tmp_path: Path):
    status, shown, told = run("draft", "decision", DOSSIER, "--md", tmp_path / "d.md", "--docx", tmp_path / "d.docx")
    assert (status, shown) == (0, "")
    assert told.count("→") == 2
    assert "Projet de décision du maire" in (tmp_path / "d.md").read_text("utf-8")
    assert docx.Document(tmp_path / "d.docx").paragraphs[0].text == "Projet de décision du maire"


def test_the_command_takes_a_purchase_alone_and_an_evidence_file_for_the_justification(run):
    status, shown, _ = run("draft", "deliberation", EXAMPLES / "lots.json", "--json")
    assert status == 0
    assert "lot" in json.loads(shown)["text"]
    evidence = EXAMPLES / "solution-pelican-cycles.json"
    status, shown, _ = run("draft", "justification", evidence)
    file = from_json(evidence.read_bytes(), EvidenceFile)
    assert (status, shown) == (0, draft_of_note(justification_note(file)).explain("fr", "markdown"))


def test_a_faulty_dossier_leaves_standard_output_empty(run, tmp_path: Path):
    (tmp_path / "bad.json").write_text('{"purchase": {"title": "x"}}')
    status, shown, told = run("draft", "decision", tmp_path / "bad.json")
    assert (status, shown) == (2, "")
    assert "launched_on" in told
