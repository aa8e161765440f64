"""Each article is cited in the version in force on the day of the launch, with its address where it is known."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from qmi_rules import Dossier, Purchase, brief, decide
from qmi_rules.errors import DocumentError
from qmi_rules.law import Certainty, Source, default_table
from qmi_rules.law.sources import ArticleVersion
from qmi_rules.law.wording import source_lines
from qmi_rules.pages import Link, language
from qmi_rules.schema import structure
from qmi_rules.schema.toml import read_toml

ROOT = Path(__file__).parents[2]
FR = language("fr")
CODE = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000037701019"
ARTICLE = "https://www.legifrance.gouv.fr/codes/article_lc/"
KNOWN = re.compile(r"/(LEGIARTI|JORFTEXT|JORFARTI)\d{12}$|CELEX:\d{5}[A-Z]{1,2}\d{4}")


def cited(source: str, *day: int) -> Source:
    return default_table().cited(source, date(*day))


@pytest.mark.parametrize(
    ("day", "url", "since"),
    [
        ((2019, 3, 31), CODE, None),
        ((2019, 4, 1), CODE, date(2019, 4, 1)),
        ((2025, 12, 31), CODE, date(2020, 1, 1)),
        ((2026, 1, 1), ARTICLE + "LEGIARTI000053221596", date(2026, 1, 1)),
        ((2026, 3, 31), ARTICLE + "LEGIARTI000053221596", date(2026, 1, 1)),
        ((2026, 4, 1), ARTICLE + "LEGIARTI000053222294", date(2026, 4, 1)),
    ],
)
def test_the_version_of_the_day_of_launch_is_linked(day, url, since):
    found = cited("ccp-r2122-8", *day)
    assert (found.url, found.version_from) == (url, since)
    assert (found.id, found.article, found.text) == ("ccp-r2122-8", "R2122-8", "du code de la commande publique")


def test_acts_of_the_union_lead_to_eur_lex_and_decrees_to_the_official_journal():
    assert cited("seuils-ue-2025", 2026, 5, 1).url.endswith("uri=CELEX:32025R2152")
    assert cited("directive-2014-24-4", 2026, 5, 1).url.endswith("uri=CELEX:32014L0024")
    assert cited("decret-2025-1386", 2026, 5, 1).url.endswith("/jorf/id/JORFTEXT000053202067")
    assert cited("decret-2016-360-30", 2017, 5, 1).url.endswith("/jorf/id/JORFTEXT000032295952")


def test_most_texts_of_the_table_have_dated_versions():
    sources = default_table().sources
    assert sum(bool(source.versions) for source in sources.values()) >= 131
    assert not sources["guide-daj-achat-innovant"].versions
    versions = [version for source in sources.values() for version in source.versions]
    assert len(versions) >= 164
    assert sum(version.identifier is not None for version in versions) >= 61
    assert sum((version.identifier or "").startswith("LEGIARTI") for version in versions) >= 53
    # what is known from memory only, or on which sources disagree, is never called settled
    assert sum(version.certainty is Certainty.UNVERIFIED for version in versions) >= 7


def test_a_decision_says_which_version_and_what_to_look_for():
    purchase = Purchase(title="x", contract_type="services", launched_on=date(2026, 5, 15), estimated_value=50_000)
    decision = decide(purchase)
    assert decision["direct_award"].legal_basis[0].url == ARTICLE + "LEGIARTI000053222294"
    said = " ".join(decision.explain("fr").split())
    assert "R. 2122-8 du code de la commande publique, version du 1er avril 2026 (lue le 6 octobre 2026)" in said
    assert (
        "R. 2122-9 du code de la commande publique, version du 1er avril 2019 (lue le 23 août 2026) — lien vers le texte entier"
        in said
    )
    assert "version of 1 April 2026" in " ".join(decision.explain("en").split())
    assert f'href="{ARTICLE}LEGIARTI000053222294"' in decision.explain("fr", "html")
    before = decide(purchase.evolve(launched_on=date(2026, 3, 15)))
    assert "R. 2122-8 du code de la commande publique, version du 1er janvier 2026" in " ".join(
        before.explain("fr").split()
    )


def test_each_link_of_the_example_dossier_leads_to_a_version_or_says_what_to_look_for():
    dossier = structure(read_json("dossier-pelican-cycles.json"), Dossier)
    page = brief(dossier).explain("fr", "html")
    links = re.findall(r'<a href="([^"]*(?:legifrance|eur-lex)[^"]*)"[^>]*>(.*?)</a>', page)
    assert len(links) > 50
    exact = [url for url, _ in links if KNOWN.search(url)]
    assert len(exact) > 30
    for url, words in links:
        assert KNOWN.search(url) or re.search(r"\b[LRD]\.\s\d{4}-\d|art\. \d|annexe \d|\(UE\)", words), (url, words)


def test_the_list_of_a_briefing_has_each_source_once_and_is_the_only_one():
    dossier = structure(read_json("dossier-pelican-cycles.json"), Dossier)
    text = brief(dossier).explain("fr").replace("\N{NO-BREAK SPACE}", " ")
    assert text.count("\nSources\n") == 1
    listed = [line for line in text.partition("\nSources\n")[2].splitlines() if line.startswith("  - ")]
    assert [line for line, times in Counter(listed).items() if times > 1] == []
    assert sum("R. 2122-8 du code" in line for line in listed) == 1
    assert any("L. 1612-1 " in line for line in listed)
    assert any("Innover dans la Ville" in line for line in listed)


def read_json(name):
    import json

    return json.loads((ROOT / "examples" / name).read_text("utf-8"))


def test_a_table_without_versions_cites_as_before():
    plain = Source(id="x", text="Arrêté municipal", article="3", url="https://example.org/a")
    assert plain.on(date(2026, 1, 1)) is plain
    (line,) = source_lines(FR, default_table(), [plain], date(2026, 1, 1))
    assert isinstance(line[0], Link)
    assert line[0].text.startswith("article 3 ")
    assert line[-1] == " — lien vers le texte entier"


VERSION = {"read_from": "x", "certainty": "confirmed"}


@pytest.mark.parametrize(
    "versions",
    [
        [{"effective_from": "2020-01-01"}, {"effective_from": "2021-01-01"}],
        [{"effective_from": "2020-01-01", "effective_until": "2021-01-01"}, {"effective_from": "2021-01-01"}],
        [{"effective_from": "2020-01-01", "effective_until": "2021-01-01"}, {}],
        [{"identifier": "LEGIARTI123"}],
        [{"identifier": "https://example.org"}],
        [{"effective_from": "soon"}],
    ],
)
def test_versions_that_overlap_or_have_no_identifier_are_refused(versions):
    with pytest.raises(DocumentError) as caught:
        structure({"id": "x", "text": "y", "versions": [{**VERSION, **one} for one in versions]}, Source)
    assert all(problem.path.startswith("versions[0]") for problem in caught.value.problems)


def test_the_days_of_the_versions_meet_without_gap():
    for source in default_table().sources.values():
        for before, after in zip(source.versions, source.versions[1:], strict=False):
            assert (after.effective_from - before.effective_until).days == 1, source.id


def test_the_address_of_an_identifier():
    def url(identifier):
        return ArticleVersion(identifier=identifier, read_from="x", certainty=Certainty.CONFIRMED).url

    assert url("LEGIARTI000053222294") == ARTICLE + "LEGIARTI000053222294"
    assert url("JORFARTI000044177150") == "https://www.legifrance.gouv.fr/jorf/article_jo/JORFARTI000044177150"
    assert url("02014L0024-20260101").endswith("CELEX:02014L0024-20260101")
    assert url(None) is None
    assert read_toml(ROOT / "src/qmi_rules/data/law/sources.toml")["sources"]
