"""What holds of every project."""

import pickle
from decimal import Decimal

from funding_projects import amounts, investment, projects
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.funding import Applicant, Eligibility, FondsDeConcours, find_funding
from qmi_rules.model.project import Project
from qmi_rules.schema import from_json, to_json

few = settings(max_examples=examples(40), deadline=None)


@few
@given(projects(), st.sampled_from(FondsDeConcours))
def test_plans_keep_to_the_limits(project, reading):
    funding = find_funding(project, fonds_de_concours=reading)
    for plan in (funding.plan, *funding.alternatives, *(r.plan for r in funding.readings)):
        assert plan.admissible
        assert plan.own_share >= plan.own_share_minimum >= 0
        assert plan.grants_total == sum((g.amount for g in plan.grants), Decimal(0))
        assert plan.grants_total + plan.private_funding + plan.own_share == project.cost
        assert all(0 < grant.amount <= grant.wished for grant in plan.grants)
        assert plan.grants_total <= funding.plan.grants_total or reading is FondsDeConcours.BINDING
    assert funding.wished.admissible or funding.conflicts


@few
@given(projects())
def test_only_what_is_eligible_brings_money(project):
    funding = find_funding(project)
    for scheme in funding.schemes:
        if scheme.status is not Eligibility.ELIGIBLE:
            assert scheme.amount is None
            assert scheme.advance is None
            assert not scheme.counted
        if scheme.amount is not None and scheme.ceiling is not None:
            assert scheme.amount <= scheme.ceiling
        if scheme.amount is not None and scheme.actor is Applicant.COMMUNE:
            assert scheme.amount <= project.cost
    company = {s.scheme for s in funding.schemes if s.actor is Applicant.COMPANY}
    assert not company & {grant.scheme for grant in funding.plan.grants}


FACTS = ("expense", "innovative", "private_funding", "theme")


@few
@given(projects(), st.sampled_from(FACTS))
def test_a_fact_taken_away_never_grants(project, fact):
    known, unknown = find_funding(project), find_funding(project.evolve(**{fact: None}))
    for before, after in zip(known.schemes, unknown.schemes, strict=True):
        if after.status is Eligibility.ELIGIBLE:
            assert before.status is Eligibility.ELIGIBLE
    if fact != "private_funding":
        assert unknown.plan.grants_total <= known.plan.grants_total


@few
@given(amounts, amounts)
def test_more_cost_never_means_less_aid(one, other):
    low, high = sorted((one, other))
    less, more = find_funding(investment(low)), find_funding(investment(high))
    assert less["innover_dans_la_ville"].amount <= more["innover_dans_la_ville"].amount
    assert less.plan.grants_total <= more.plan.grants_total


@few
@given(projects(), st.randoms(use_true_random=False))
def test_the_order_of_wishes_and_grants_is_irrelevant(project, random):
    requested, given_grants = list(project.requested), list(project.other_public_grants)
    random.shuffle(requested)
    random.shuffle(given_grants)
    other = project.evolve(requested=tuple(requested), other_public_grants=tuple(given_grants))
    one, two = find_funding(project), find_funding(other)
    assert (one.plan, one.alternatives, one.readings) == (two.plan, two.alternatives, two.readings)
    assert set(one.conflicts) == set(two.conflicts)


@few
@given(projects())
def test_every_answer_travels_and_explains_itself(project):
    assert from_json(to_json(project), Project) == project
    funding = find_funding(project)
    assert pickle.loads(pickle.dumps(funding)) == funding
    assert funding.to_json()
    for lang in ("fr", "en"):
        assert funding.explain(lang)
    assert funding._repr_html_().startswith("<svg") or funding.waiting
