"""The company's side: its size, what Innov'up takes, the grounds of State aid, and money kept apart by kind."""

from datetime import date
from decimal import Decimal

import pytest
from funding_projects import firm, found, investment

from qmi_rules.errors import DocumentError
from qmi_rules.funding import Eligibility
from qmi_rules.model.project import Supplier

TET = "innovup_tet"


def company(**figures):
    return found(investment(supplier=firm(**figures), theme="mobility")).company


@pytest.mark.parametrize(
    ("staff", "turnover", "balance", "size"),
    [
        (9, 2_000_000, 9_000_000, "micro"),
        (9, 9_000_000, 2_000_000, "micro"),
        (9, "2000000.01", "2000000.01", "sme"),
        (10, 1, 1, "sme"),
        (249, 50_000_000, 99_000_000, "sme"),
        (249, 99_000_000, 43_000_000, "sme"),
        (249, "50000000.01", "43000000.01", "eti"),
        (250, 1, 1, "eti"),
        (251, 1, 1, "eti"),
        (4_999, 1_500_000_000, 3_000_000_000, "eti"),
        (4_999, 3_000_000_000, 2_000_000_000, "eti"),
        (4_999, "1500000000.01", "2000000000.01", "large"),
        (5_000, 1, 1, "large"),
    ],
)
def test_size_follows_staff_and_one_of_turnover_and_balance_sheet(staff, turnover, balance, size):
    side = company(staff=staff, turnover=turnover, balance_sheet=balance)
    assert side.size == size
    assert side.possible_sizes == (size,)
    assert not side.missing


def test_size_is_open_while_a_figure_that_settles_it_is_missing():
    assert company(staff=5, turnover=1).size == "micro"
    partly = company(staff=5, turnover=10_000_000)
    assert partly.size is None
    assert partly.possible_sizes == ("micro", "sme")
    assert partly.missing == ("supplier.balance_sheet",)
    assert company(staff=5_000).size == "large"
    assert company().possible_sizes == ("micro", "sme", "eti", "large")


def test_a_firm_of_251_is_mid_sized_and_may_ask_for_innovup_but_not_for_the_tax_credit_of_smes():
    funding = found(investment(supplier=firm(staff=251, turnover=10_000_000), theme="mobility"))
    assert funding[TET].status is Eligibility.ELIGIBLE
    assert funding[TET].actor == "company"
    assert (funding[TET].ceiling, funding[TET].advance_ceiling) == (500_000, 500_000)
    assert funding[TET].amount is None  # its rate is not public
    assert funding["cii"].status is funding["innovup_development"].status is Eligibility.NOT_ELIGIBLE
    smaller = found(investment(supplier=firm(staff=249, turnover=10_000_000), theme="mobility"))
    assert smaller["cii"].status is Eligibility.ELIGIBLE


def test_a_large_firm_is_too_large_and_a_firm_elsewhere_must_settle():
    large = found(investment(supplier=firm(staff=5_000, turnover=1), theme="mobility"))
    assert large[TET].status is Eligibility.NOT_ELIGIBLE
    away = Supplier(in_ile_de_france=False, staff=20, turnover=1)
    elsewhere = found(investment(supplier=away, theme="mobility"))[TET]
    assert elsewhere.status is Eligibility.NOT_ELIGIBLE
    assert elsewhere.presumed == ("supplier.settling_in_ile_de_france",)
    settling = Supplier(in_ile_de_france=False, settling_in_ile_de_france=True, staff=20, turnover=1)
    assert found(investment(supplier=settling, theme="mobility"))[TET].status is Eligibility.ELIGIBLE


@pytest.mark.parametrize(
    ("theme", "status"),
    [
        ("mobility_and_logistics", Eligibility.ELIGIBLE),
        ("Mobilité et logistique", Eligibility.ELIGIBLE),
        ("ÉNERGIES PROPRES", Eligibility.ELIGIBLE),
        ("transition écologique", Eligibility.ELIGIBLE),
        ("un autre", Eligibility.UNDETERMINED),
        (None, Eligibility.UNDETERMINED),
    ],
)
def test_a_theme_outside_the_cut_list_is_neither_taken_nor_excluded(theme, status):
    funding = found(investment(supplier=firm(staff=20, turnover=1), theme=theme))
    assert funding[TET].status is status
    assert funding[TET].missing == (() if status is Eligibility.ELIGIBLE else ("theme",))


def test_a_purchase_that_is_not_innovative_helps_the_company_to_nothing():
    project = investment(innovative=False, supplier=firm(staff=20, turnover=1), theme="mobility")
    assert found(project)[TET].status is Eligibility.NOT_ELIGIBLE


def asking(on=date(2026, 12, 31), **asked):
    supplier = firm(staff=20, turnover=1_000_000, **asked)
    return found(investment(supplier=supplier, theme="mobility", starts_on=on))


def test_an_advance_is_no_grant_and_the_three_totals_stay_apart():
    totals = asking(grant_asked=200_000, advance_asked=300_000, advance_grant_equivalent=45_000).company.totals
    assert (totals.grants, totals.advances, totals.gross_grant_equivalent) == (200_000, 300_000, 245_000)
    assert asking(grant_asked=200_000, advance_asked=300_000).company.totals.gross_grant_equivalent is None
    nothing = asking().company.totals
    assert (nothing.grants, nothing.advances, nothing.gross_grant_equivalent) == (0, 0, 0)
    assert asking(grant_asked=200_000).commune.grants == 60_000


def test_what_is_asked_stops_at_the_ceilings_a_cent_on_each_side():
    exact = asking(grant_asked=500_000, advance_asked=500_000)
    assert not exact.conflicts
    above = asking(grant_asked="500000.01", advance_asked="500000.01")
    assert [c.code.value for c in above.conflicts] == ["ceiling_exceeded", "ceiling_exceeded"]
    assert (above[TET].amount, above[TET].advance) == (500_000, 500_000)
    assert [c.allowed for c in above.conflicts] == [500_000, 500_000]


def test_the_highest_known_rate_bounds_what_the_grant_can_be():
    funding = asking(project_cost=100_000, grant_asked=80_000)
    assert funding[TET].at_most == 70_000
    assert funding[TET].amount == 70_000


def test_once_the_block_exemption_has_ended_de_minimis_alone_does_not_carry_500_000():
    assert not asking(date(2026, 12, 31), grant_asked=500_000).conflicts
    after = asking(date(2027, 1, 1), grant_asked=500_000)
    assert [c.code.value for c in after.conflicts] == ["no_state_aid_basis"]
    assert after.conflicts[0].allowed == 300_000
    assert not asking(date(2027, 1, 1), grant_asked=300_000).conflicts
    assert asking(date(2027, 1, 1), grant_asked="300000.01").conflicts


def test_earlier_de_minimis_aid_and_the_equivalent_of_an_advance_count():
    received = asking(date(2027, 1, 1), grant_asked=200_000, de_minimis_received=100_000)
    assert not received.conflicts
    assert received.company.state_aid[0].room == 200_000
    above = asking(date(2027, 1, 1), grant_asked=200_000, de_minimis_received="100000.01")
    assert above.conflicts[0].allowed == Decimal("199999.99")
    with_advance = asking(
        date(2027, 1, 1), grant_asked=290_000, advance_asked=100_000, advance_grant_equivalent="10000.01"
    )
    assert with_advance.conflicts[0].amount == Decimal("300000.01")


def test_the_end_of_the_block_exemption_is_a_date_for_the_calendar():
    ids = {m.id: m.on for m in asking(date(2026, 12, 1)).milestones}
    assert ids["state_aid_ends.block_exemption"] == date(2026, 12, 31)
    assert "state_aid_ends.de_minimis" not in ids  # years away
    assert not asking(date(2029, 1, 1)).milestones  # nothing is known of the scheme for that day


def test_linked_firms_are_a_stated_caution_until_they_are_excluded():
    def words(linked):
        supplier = firm(staff=20, turnover=1, linked_firms=linked)
        return found(investment(supplier=supplier)).explain("en")

    caution = "The figures of linked or partner firms count as well"
    assert caution in words(None)
    assert caution in words(True)
    assert caution not in words(False)


def test_the_equivalent_of_an_advance_is_at_most_the_advance():
    with pytest.raises(DocumentError, match="advance_grant_equivalent: expected at most the advance"):
        firm(advance_asked=10, advance_grant_equivalent=11)
