"""The plan of a commune: the cases of the issue, each bound a cent on each side."""

from datetime import date
from decimal import Decimal

import pytest
from funding_projects import OUTSIDE, found, investment

from qmi_rules.errors import DocumentError
from qmi_rules.funding import Eligibility, FondsDeConcours, Why
from qmi_rules.model.project import Beneficiary, Grant, Project

IDLV, FIM = "innover_dans_la_ville", "metropolitan_investment_fund"
CENT = Decimal("0.01")


def grants(plan):
    return {grant.name: grant.amount for grant in plan.grants}


def codes(funding):
    return [conflict.code for conflict in funding.conflicts]


def test_half_of_an_investment_is_paid_and_the_commune_keeps_the_rest():
    funding = found(investment())
    assert funding[IDLV].status is Eligibility.ELIGIBLE
    assert (funding[IDLV].amount, funding[IDLV].rate, funding[IDLV].ceiling) == (60_000, Decimal("0.5"), 200_000)
    assert grants(funding.plan) == {IDLV: 60_000}
    assert (funding.plan.own_share, funding.plan.own_share_minimum) == (60_000, 24_000)
    assert not funding.conflicts
    assert not funding.alternatives


def test_other_public_money_adds_at_most_what_leaves_the_commune_a_fifth():
    allowed = found(investment(120_000, 36_000))
    assert not allowed.conflicts
    assert allowed.plan.grants_total == 96_000
    assert allowed.plan.own_share == allowed.plan.own_share_minimum == 24_000
    above = found(investment(120_000, Decimal("36000.01")))
    assert codes(above) == ["own_share_too_small"]
    assert (above.conflicts[0].amount, above.conflicts[0].allowed) == (Decimal("96000.01"), 96_000)
    assert above.conflicts[0].legal_basis[0].id == "cgct-l1111-10"
    assert above.plan.admissible
    assert not above.wished.admissible
    assert above.plan.grants_total == 96_000


def test_the_cut_may_fall_on_the_scheme_or_on_the_other_grant_and_one_file_may_do():
    funding = found(investment(120_000, 50_000))
    assert grants(funding.plan) == {IDLV: 46_000, "Autre 0": 50_000}
    assert [(plan.why, grants(plan)) for plan in funding.alternatives] == [
        (Why.CUTS_OTHER_GRANTS, {IDLV: 60_000, "Autre 0": 36_000}),
        (Why.FEWER_FILES, {IDLV: 60_000}),
    ]


def test_a_plan_with_the_cut_elsewhere_is_shown_only_where_it_brings_as_much():
    strict = found(investment(120_000, 50_000), fonds_de_concours=FondsDeConcours.BINDING)
    assert grants(strict.plan) == {IDLV: 35_000, "Autre 0": 50_000}
    assert [plan.why for plan in strict.alternatives] == [Why.FEWER_FILES]


@pytest.mark.parametrize(
    ("cost", "amount"),
    [
        ("399999.99", "199999.99"),
        ("400000", "200000"),
        ("400000.01", "200000"),
        ("1000000", "200000"),
        ("0.01", "0"),
        ("0.03", "0.01"),
        ("0", "0"),
    ],
)
def test_half_is_rounded_down_to_the_cent_and_stops_at_the_ceiling(cost, amount):
    assert found(investment(Decimal(cost)))[IDLV].amount == Decimal(amount)


def test_the_minimum_own_share_is_rounded_up_to_the_cent():
    assert found(investment(Decimal("0.01"))).plan.own_share_minimum == CENT
    assert found(investment(Decimal("100.02"))).plan.own_share_minimum == Decimal("20.01")


def test_private_money_is_outside_the_base_of_the_own_share():
    funding = found(investment(120_000, 60_000, private_funding=20_000))
    assert funding.plan.own_share_minimum == 20_000
    assert funding.plan.grants_total == 80_000
    assert funding.plan.own_share == 20_000
    assert funding.conflicts[0].allowed == 80_000


def test_an_operating_expense_has_no_minimum_share_but_aid_never_exceeds_the_cost():
    funding = found(investment(120_000, 60_000, expense="operating"))
    assert funding[IDLV].status is Eligibility.ELIGIBLE
    assert (funding.plan.own_share_minimum, funding.plan.own_share) == (0, 0)
    assert not funding.conflicts
    above = found(investment(120_000, Decimal("60000.01"), expense="operating"))
    assert codes(above) == ["aid_exceeds_cost"]
    assert above.plan.grants_total == 120_000


def test_an_expense_of_unknown_kind_keeps_to_the_minimum_share_and_says_so():
    funding = found(investment(120_000, 50_000, expense=None))
    assert funding.plan.own_share == 24_000
    assert "expense" in funding.missing
    assert funding.conflicts[0].missing == ("expense",)
    assert any("prudence" in caution.text for caution in funding.cautions)


def test_a_lead_competence_raises_the_minimum_to_three_tenths():
    funding = found(investment(120_000, 50_000, lead_competence=True))
    assert funding.plan.own_share == funding.plan.own_share_minimum == 36_000
    assert {c.limit for c in funding.conflicts} == {"own_share", "own_share_lead"}
    presumed = found(investment(120_000, 50_000))
    assert any("30" in caution.text for caution in presumed.cautions)


def test_the_minimum_share_began_on_a_day():
    before = found(investment(120_000, 120_000, starts_on=date(2011, 12, 31)))
    after = found(investment(120_000, 120_000, starts_on=date(2012, 1, 1)))
    assert (before.plan.own_share_minimum, after.plan.own_share_minimum) == (0, 24_000)


def test_a_commune_outside_the_metropolis_gets_nothing_from_it():
    funding = found(investment(beneficiary=Beneficiary(kind="commune", insee_code=OUTSIDE)))
    assert funding[IDLV].status is funding[FIM].status is Eligibility.NOT_ELIGIBLE
    assert funding[IDLV].amount is None
    assert funding.plan.own_share == 120_000


def test_a_territory_of_the_metropolis_needs_no_code_and_a_department_is_no_beneficiary():
    assert found(investment(beneficiary=Beneficiary(kind="ept")))[IDLV].amount == 60_000
    department = found(investment(beneficiary=Beneficiary(kind="department", insee_code="93051")))
    assert department[IDLV].status is Eligibility.NOT_ELIGIBLE


def test_a_purchase_that_is_not_innovative_gets_nothing_and_an_unknown_one_is_asked_about():
    assert found(investment(innovative=False, digital=False))[IDLV].status is Eligibility.NOT_ELIGIBLE
    unknown = found(investment(innovative=None))
    assert unknown[IDLV].status is Eligibility.UNDETERMINED
    assert unknown[IDLV].missing == ("innovative", "digital")
    assert unknown[IDLV].amount is None
    assert not unknown.plan.grants
    assert unknown.missing[0] == "innovative"


def test_the_two_readings_of_the_open_question_stand_side_by_side():
    funding = found(investment(120_000, 36_000))
    assert funding.reading(FondsDeConcours.NOT_BINDING) == funding.plan
    strict = funding.reading(FondsDeConcours.BINDING)
    assert grants(strict) == {IDLV: 42_000, "Autre 0": 36_000}
    assert strict.own_share == 42_000
    switched = found(investment(120_000, 36_000), fonds_de_concours=FondsDeConcours.BINDING)
    assert switched.plan == strict
    assert codes(switched) == ["fonds_de_concours_too_large"]
    assert switched.conflicts[0].allowed == 42_000
    alone = found(investment(), fonds_de_concours=FondsDeConcours.BINDING)
    assert grants(alone.plan) == {IDLV: 60_000}
    assert not alone.conflicts


def test_the_metropolitan_investment_fund_stands_alone_and_is_counted_on_request_only():
    both = found(investment(1_000_000, requested=(IDLV, FIM)))
    assert codes(both) == ["exclusive_schemes"]
    assert set(both.conflicts[0].schemes) == {IDLV, FIM}
    assert grants(both.plan) == {FIM: 500_000}
    assert [(plan.why, grants(plan)) for plan in both.alternatives] == [(Why.OTHER_CHOICE, {IDLV: 200_000})]
    unasked = found(investment(1_000_000))
    assert unasked[FIM].amount == 500_000
    assert grants(unasked.plan) == {IDLV: 200_000}
    equal = found(investment(120_000, requested=(FIM, IDLV)))
    assert grants(equal.plan) == {IDLV: 60_000}


@pytest.mark.parametrize(
    ("cost", "amount"), [("1999999.99", "999999.99"), ("2000000", "1000000"), ("2000000.01", "1000000")]
)
def test_the_metropolitan_investment_fund_stops_at_its_ceiling(cost, amount):
    assert found(investment(Decimal(cost)))[FIM].amount == Decimal(amount)


def test_state_grants_are_at_most_four_fifths_of_the_cost_together():
    state = (
        Grant(name="DSIL", amount=60_000, scheme="dsil"),
        Grant(name="Fonds vert", amount=36_000, scheme="fonds_vert"),
    )
    project = investment(120_000, expense="operating", innovative=False, starts_on=date(2025, 6, 1))
    # DSIL is for investment: a grant that the user names from it is refused here
    refused = found(project.evolve(other_public_grants=state))
    assert codes(refused) == ["scheme_not_eligible"]
    vert = found(project.evolve(other_public_grants=(Grant(name="FV", amount="96000.01", scheme="fonds_vert"),)))
    assert codes(vert) == ["joint_ceiling_exceeded"]
    assert vert.plan.grants_total == 96_000
    exact = found(project.evolve(other_public_grants=(Grant(name="FV", amount=96_000, scheme="fonds_vert"),)))
    assert not exact.conflicts


def test_a_grant_from_a_scheme_counts_unless_a_missing_fact_could_exclude_it():
    own = (Grant(name="DSIL", amount=30_000, scheme="dsil"),)
    counted = found(investment(innovative=False, other_public_grants=own))  # in 2026 the table alone does not know
    assert counted["dsil"].status is Eligibility.UNDETERMINED
    assert grants(counted.plan) == {"DSIL": 30_000}
    open_fact = found(investment(innovative=False, expense=None, other_public_grants=own))
    assert codes(open_fact) == ["scheme_undetermined"]
    assert not open_fact.plan.grants


def test_a_grant_that_names_its_scheme_replaces_what_the_table_computes():
    own = (Grant(name="Métropole", amount=40_000, scheme=IDLV),)
    funding = found(investment(other_public_grants=own))
    assert grants(funding.plan) == {"Métropole": 40_000}
    above = found(investment(other_public_grants=(Grant(name="Métropole", amount="60000.01", scheme=IDLV),)))
    assert codes(above) == ["ceiling_exceeded"]
    assert grants(above.plan) == {"Métropole": 60_000}


def test_what_is_requested_and_cannot_be_counted_is_a_conflict():
    funding = found(
        investment(requested=("dsil", "banque_des_territoires", "smart_sustainable_territories", "fonds_vert"))
    )
    assert {(c.schemes[0], c.code.value) for c in funding.conflicts} == {
        ("dsil", "scheme_undetermined"),
        ("banque_des_territoires", "amount_unknown"),
        ("smart_sustainable_territories", "scheme_not_eligible"),
        ("fonds_vert", "amount_unknown"),
    }
    assert not funding.plan.grants


def test_vat_is_shown_when_asked_and_its_recovery_is_no_promise():
    assert found(investment()).with_vat is None
    vat = found(investment(vat_rate=Decimal("0.2"))).with_vat
    assert (vat.cost, vat.own_share, vat.recovery) == (144_000, 84_000, Decimal("23621.76"))
    assert vat.recovery_certainty == "unverified"
    assert found(investment(vat_rate=Decimal("0.2"), expense="operating")).with_vat.recovery is None
    assert found(investment(vat_rate=Decimal("0.2"), expense=None)).with_vat.recovery is None


def test_dates_for_the_calendar_put_the_award_before_the_start():
    funding = found(investment(starts_on=date(2026, 12, 15)))
    assert [(m.id, m.on, m.who) for m in funding.milestones] == [
        ("subsidy_decision.innover_dans_la_ville", date(2026, 12, 14), "commune")
    ]
    assert not found(investment(starts_on=None)).milestones


def test_without_a_start_the_day_of_the_last_review_counts_and_the_answer_says_so():
    funding = found(investment(starts_on=None))
    assert funding.on == date(2026, 11, 24)
    assert "starts_on" in funding.missing
    assert funding.plan == found(investment()).plan


def test_unknown_schemes_are_refused_with_their_paths():
    with pytest.raises(DocumentError) as caught:
        found(investment(requested=(IDLV, "nothing"), other_public_grants=(Grant(name="x", amount=1, scheme="no"),)))
    assert [problem.path for problem in caught.value.problems] == ["requested[1]", "other_public_grants[0].scheme"]
    with pytest.raises(DocumentError, match="gives grants to the commune"):
        found(investment(other_public_grants=(Grant(name="x", amount=1, scheme="innovup_tet"),)))


def test_a_project_of_which_only_the_cost_is_known_gets_nothing_and_many_questions():
    funding = found(Project(cost=120_000))
    assert not funding.plan.grants
    assert {"innovative", "beneficiary.kind", "beneficiary.insee_code"} <= set(funding.missing)
    assert all(scheme.amount is None for scheme in funding.schemes)
