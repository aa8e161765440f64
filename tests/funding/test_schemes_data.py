"""The schemes as data: closed ones are shown closed, unsure ones unsure, and a commune adds its own by a file."""

from datetime import date
from pathlib import Path

import pytest
from funding_projects import firm, investment

from qmi_rules.errors import OverlappingPeriodsError, TableError, UnknownReferenceError
from qmi_rules.funding import Applicant, Availability, Eligibility, default_schemes, find_funding, load_schemes
from qmi_rules.law import Certainty
from qmi_rules.model.project import Beneficiary
from qmi_rules.pages import Grid, Paragraph, language
from small_funding import FOLDER

DOC = Path(__file__).parents[2] / "docs" / "howto" / "find-funding.md"
OWN = DOC.read_text("utf-8").split("```toml\n")[1].split("```")[0]


@pytest.fixture
def own(tmp_path):
    def write(text=OWN):
        path = tmp_path / "own.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_the_ledger_every_lever_of_the_sources_has_an_entry_for_its_actor_and_two_are_counted_unasked():
    schemes = default_schemes().schemes
    commune = {name for name, scheme in schemes.items() if scheme.actor is Applicant.COMMUNE}
    assert {"innover_dans_la_ville", "metropolitan_investment_fund", "fonds_vert", "dsil", "detr", "dpv"} <= commune
    assert {"innovup_tet", "innovup_development", "leader_pia", "cir", "cii"} <= set(schemes) - commune
    assert len(schemes) == 24
    assert [s.id for s in schemes.values() if not s.on_request] == ["innover_dans_la_ville", "innovup_tet"]


def test_the_ceiling_of_a_single_source_is_shown_so():
    funding = find_funding(investment())["innover_dans_la_ville"]
    assert funding.certainty is Certainty.CONFIRMED
    assert funding.amount_certainty is Certainty.SINGLE_SOURCE
    assert any("une seule source" in caution.text for caution in funding.cautions)


def test_the_ceiling_is_not_taken_for_the_years_before_it_was_known():
    funding = find_funding(investment(starts_on=date(2023, 12, 31)))["innover_dans_la_ville"]
    assert funding.status is Eligibility.ELIGIBLE
    assert funding.amount is funding.rate is funding.ceiling is None
    assert find_funding(investment(starts_on=date(2024, 1, 1)))["innover_dans_la_ville"].amount == 60_000


@pytest.mark.parametrize(
    ("scheme", "last"),
    [
        ("smart_sustainable_territories", date(2022, 12, 31)),
        ("sustainable_city_demonstrators", date(2023, 12, 31)),
        ("metropolitan_innovation_fund", date(2021, 12, 31)),
    ],
)
def test_closed_schemes_are_shown_closed_from_the_day_after_their_last(scheme, last):
    open_day = find_funding(investment(starts_on=last))[scheme]
    assert (open_day.availability, open_day.status) == (Availability.OPEN, Eligibility.ELIGIBLE)
    closed = find_funding(investment(starts_on=date(last.year + 1, 1, 1)))[scheme]
    assert (closed.availability, closed.status) == (Availability.CLOSED, Eligibility.NOT_ELIGIBLE)
    assert closed.findings[0].until == last
    assert "no longer in force after" in " ".join(find_funding(investment()).explain("en").split())


def test_the_tax_credit_of_smes_ends_on_its_day():
    project = investment(supplier=firm(staff=20, turnover=1), starts_on=date(2027, 12, 31))
    assert find_funding(project)["cii"].status is Eligibility.ELIGIBLE
    after = find_funding(project.evolve(starts_on=date(2028, 1, 1)))["cii"]
    assert (after.availability, after.status) == (Availability.CLOSED, Eligibility.NOT_ELIGIBLE)
    before = find_funding(project.evolve(starts_on=date(2024, 12, 31)))["cii"]
    assert (before.availability, before.status) == (Availability.UNKNOWN, Eligibility.UNDETERMINED)


def test_beyond_what_the_table_knows_the_answer_is_not_known():
    sure = find_funding(investment(starts_on=date(2025, 12, 31)))["dsil"]
    assert (sure.status, sure.amount) == (Eligibility.ELIGIBLE, None)
    later = find_funding(investment(starts_on=date(2026, 1, 1)))["dsil"]
    assert (later.availability, later.status) == (Availability.UNKNOWN, Eligibility.UNDETERMINED)
    for name in ("ademe", "smart_region", "territorial_investment_fund"):
        assert find_funding(investment())[name].status is Eligibility.UNDETERMINED
    assert (
        find_funding(investment(expense="operating", starts_on=date(2026, 1, 1)))["dsil"].status
        is Eligibility.NOT_ELIGIBLE
    )


def test_the_fund_of_paris_was_for_trials_in_paris_in_2022():
    def status(code):
        buyer = Beneficiary(kind="commune", insee_code=code)
        return find_funding(investment(beneficiary=buyer, starts_on=date(2022, 6, 1)))["paris_innovation_fund"].status

    assert (status("75056"), status("93051")) == (Eligibility.ELIGIBLE, Eligibility.NOT_ELIGIBLE)
    assert status(None) is Eligibility.UNDETERMINED


def test_schemes_stand_in_the_order_of_their_ranks(own):
    first = load_schemes(own(OWN.replace('family = "ept"', 'family = "ept"\nrank = 0', 1)))
    assert next(iter(first.schemes)) == "green_fund"
    assert find_funding(investment(theme="mobility"), first).schemes[0].scheme == "green_fund"


def test_one_may_ask_what_could_be_known_on_a_day():
    early = find_funding(investment(), known_on=date(2020, 1, 1))["innover_dans_la_ville"]
    assert (early.availability, early.status) == (Availability.UNKNOWN, Eligibility.UNDETERMINED)


def test_the_fund_for_state_services_is_not_for_communes():
    fund = find_funding(investment(50_000, starts_on=date(2023, 6, 1)))["state_innovation_purchase_fund"]
    assert fund.status is Eligibility.NOT_ELIGIBLE


def test_a_file_of_ones_own_stands_beside_the_schemes_of_the_package(own):
    table = load_schemes(FOLDER, own(), alone=True)
    funding = find_funding(investment(theme="mobility"), table)
    assert funding["green_fund"].amount == 12_000
    assert {g.name: g.amount for g in funding.plan.grants} == {"green_fund": 12_000, "innover_dans_la_ville": 60_000}
    assert "Fonds vert de l’EPT" in funding.explain("en")
    assert "green_fund" not in default_schemes().schemes
    assert find_funding(investment(), table)["green_fund"].missing == ("theme",)


def test_a_folder_of_files_is_one_table(own):
    assert "green_fund" in load_schemes(own().parent).schemes
    empty = own().parent / "empty"
    empty.mkdir()
    with pytest.raises(TableError, match="no TOML file"):
        load_schemes(empty)


@pytest.mark.parametrize(
    ("before", "after", "kind", "message"),
    [
        ('id = "green_fund"\n', 'id = "dsil"\n', TableError, "stands twice"),
        ('rate = "green_fund.rate"', 'rate = "blue_fund.rate"', UnknownReferenceError, "schemes[green_fund].rate"),
        (
            'rate = "green_fund.rate"',
            'rate = "innovup_tet.grant"',
            UnknownReferenceError,
            "expected a threshold in share",
        ),
        (
            'rate = "green_fund.rate"',
            'ceiling = "green_fund.rate"',
            UnknownReferenceError,
            "expected a threshold in EUR",
        ),
        ('amount = "0.1"', 'amount = "1.1"', UnknownReferenceError, "a share from 0 to 1"),
        ('family = "ept"', 'familly = "ept"', TableError, "unknown key"),
        ('actor = "commune"', 'actor = "mayor"', TableError, "expected one of commune, company"),
        ("ecological_theme", "ecological_dream", UnknownReferenceError, "unknown fact"),
        (
            "[[schemes]]",
            '[[limits]]\nid = "l"\nlabel = "L"\nkind = "own_share"\n[[schemes]]',
            UnknownReferenceError,
            "limits[l].share: required",
        ),
        (
            "[[schemes]]",
            '[[limits]]\nid = "l"\nlabel = "L"\nkind = "joint_ceiling"\nshare = "green_fund.rate"\nfamilies = ["state"]\n[[schemes]]',
            UnknownReferenceError,
            "each family in one joint ceiling",
        ),
        (
            "[[schemes]]",
            '[[limits]]\nid = "l"\nlabel = "L"\nkind = "one_of"\nschemes = ["nothing"]\n[[schemes]]',
            UnknownReferenceError,
            "limits[l].schemes[0]",
        ),
        (
            'certainty = "confirmed"\n\n[[schemes]]',
            'certainty = "confirmed"\n[[thresholds.values]]\namount = "0.2"\neffective_from = 2026-04-01\n'
            'published_on = 2026-03-12\nlegal_basis = "council-2026-12"\nsource = "x"\ncertainty = "confirmed"\n\n[[schemes]]',
            OverlappingPeriodsError,
            "expected a day after",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_fault(own, before, after, kind, message):
    assert before in OWN
    with pytest.raises(kind) as caught:
        load_schemes(own(OWN.replace(before, after, 1)))
    assert message in str(caught.value)


def test_the_rules_of_adding_up_can_be_added_to(own):
    limits = """
[[limits]]
id = "ept_ceiling"
label = "Plafond"
kind = "joint_ceiling"
share = "green_fund.share"
families = ["ept"]

[[rules]]
id = "ept_ceiling-always"
procedure = "ept_ceiling"
legal_basis = "council-2026-12"
source = "x"
published_on = 2026-03-12
effective_from = 2026-04-01
certainty = "confirmed"

[[thresholds]]
id = "green_fund.share"
label = "Part"
unit = "share"
[[thresholds.values]]
amount = "0.05"
effective_from = 2026-04-01
published_on = 2026-03-12
legal_basis = "council-2026-12"
source = "x"
certainty = "confirmed"
"""
    funding = find_funding(investment(theme="mobility"), load_schemes(FOLDER, own(OWN + limits), alone=True))
    assert {g.name: g.amount for g in funding.plan.grants}["green_fund"] == 6_000
    assert [c.limit for c in funding.conflicts] == ["ept_ceiling"]


def test_a_refusal_names_what_every_row_refuses_and_whom_any_row_takes():
    """DSIL has a row for EPTs of its own: a commune that spends on running costs is not told that only EPTs may ask."""
    day = date(2025, 6, 1)
    (refused,) = find_funding(investment(expense="operating", starts_on=day))["dsil"].findings
    assert (refused.fact, refused.expected) == ("expense", ("investment",))
    elsewhere = investment(beneficiary=Beneficiary(kind="department"), starts_on=day)
    (buyer,) = find_funding(elsewhere)["dsil"].findings
    assert buyer.expected == ("commune", "epci", "metropolis", "ept")
    settled = find_funding(investment(supplier=firm(staff=249, turnover=50_000_001, balance_sheet=43_000_001)))["cii"]
    assert [finding.fact for finding in settled.findings] == ["supplier.turnover", "supplier.balance_sheet"]


@pytest.mark.parametrize(
    ("innovative", "digital", "status", "missing"),
    [
        (True, None, Eligibility.ELIGIBLE, ()),
        (False, True, Eligibility.ELIGIBLE, ()),
        (None, True, Eligibility.ELIGIBLE, ()),
        (False, False, Eligibility.NOT_ELIGIBLE, ()),
        (False, None, Eligibility.UNDETERMINED, ("digital",)),
        (None, None, Eligibility.UNDETERMINED, ("innovative", "digital")),
    ],
)
def test_innover_dans_la_ville_takes_innovative_and_digital_solutions(innovative, digital, status, missing):
    funding = find_funding(investment(innovative=innovative, digital=digital))["innover_dans_la_ville"]
    assert (funding.status, funding.missing) == (status, missing)
    if status is Eligibility.ELIGIBLE:  # that digital alone will do is said by one source
        assert funding.certainty is (Certainty.CONFIRMED if innovative else Certainty.SINGLE_SOURCE)


def test_live_schemes_stand_first_and_closed_ones_in_one_line():
    page = find_funding(investment(expense="operating")).page(language("fr"))
    table = next(block for block in page.blocks if isinstance(block, Grid) and block.header[0] == "Dispositif")
    answers = [str(row[1]).partition(" (")[0] for row in table.rows]
    assert answers == sorted(answers, key=["peut être demandé", "à déterminer", "ne convient pas"].index)
    (closed,) = [b for b in page.blocks if isinstance(b, Paragraph) and str(b.line).startswith("Clos ce jour-là")]
    assert "Territoires intelligents" in str(closed.line)
    assert not any("Territoires intelligents" in str(row[0]) for row in table.rows)


def test_a_missing_fact_is_to_be_specified_and_never_reads_as_a_verdict():
    page = find_funding(investment(beneficiary=Beneficiary(insee_code="93051"))).page(language("fr"))
    table = next(block for block in page.blocks if isinstance(block, Grid) and block.header[0] == "Dispositif")
    why = {str(row[0]): str(row[5]).replace("\N{NO-BREAK SPACE}", " ") for row in table.rows}
    assert why["Innover dans la Ville"] == "à préciser : la nature de la collectivité"
    assert not any("réservé" in words for words in why.values())
