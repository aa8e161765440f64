"""A small file of a commune stops no machine: work per row, not over the product of all readings; what is more is refused with its number."""

from datetime import date, timedelta

import pytest

from qmi_rules.errors import TableError
from qmi_rules.law import default_table, load_table
from qmi_rules.law.in_force import MOST_READINGS
from qmi_rules.law.proving import boxes
from qmi_rules.law.proving.local_rules import MOST_LOCAL_DAYS, MOST_LOCAL_DUTIES, MOST_LOCAL_ENTRIES, MOST_LOCAL_RULES
from qmi_rules.model import Buyer, Purchase
from qmi_rules.procurement import decide

# what such rules shut is not the question here
pytestmark = pytest.mark.filterwarnings("ignore::qmi_rules.errors.LocalRuleWarning")

HEAD = 'edition = "Meudon"\nover = "national"\n[[sources]]\nid = "deliberation"\ntext = "délibération"\n'
DATED = 'legal_basis = "deliberation"\nsource = "x"\npublished_on = 2026-03-01\neffective_from = 2026-04-01\ncertainty = "confirmed"\n'
IN_MAY = Purchase(
    title="x",
    launched_on=date(2026, 5, 1),
    estimated_value=15_000,
    contract_type="services",
    buyer=Buyer(kind="commune"),
)


def contested(i):
    readings = f'readings = [{{ amount = {10_000 + i}, legal_basis = "deliberation" }}, {{ amount = {20_000 + i}, legal_basis = "deliberation" }}]\n'
    return f'[[thresholds]]\nid = "local.t{i}"\nlabel = "Seuil local {i}"\n[[thresholds.values]]\n{DATED}{readings}'


def rule(i, *limits):
    tests = ", ".join(f'{{ fact = "estimated_value", below = "local.t{n}" }}' for n in limits)
    return f'[[rules]]\nid = "local-{i}"\nprocedure = "direct_award"\nground = "x"\n{DATED}when = [{tests}]\n'


def duty_row(i, limit):
    return f'[[duty_rows]]\nid = "devis-{i}"\nduty = "devis"\nprocedures = ["direct_award"]\n{DATED}when = [{{ fact = "estimated_value", from = "local.t{limit}" }}]\n'


DUTY = '[[duties]]\nid = "devis"\nlabel = "Demander des devis"\n'


def laid(tmp_path, *parts):
    file = tmp_path / "local.toml"
    file.write_text(HEAD + "".join(parts), "utf-8")
    return load_table(file).over(default_table())


@pytest.mark.slow
def test_many_contested_limits_each_in_a_row_of_its_own_are_no_matter(tmp_path):
    """2 to the power of 22 ways to read them all: they never meet."""
    table = laid(tmp_path, *(contested(i) + rule(i, i) for i in range(22)))
    law = table.in_force(date(2026, 5, 1))
    assert len(law.worlds(strict=law.rules)) == len(law.worlds(loose=law.rules)) == 1
    assert [
        decide(IN_MAY.evolve(estimated_value=v), table)["direct_award"].status for v in (9_999, 15_000, 20_021)
    ] == [
        "open",
        "undetermined",
        "closed",
    ]
    assert table.check().holds


@pytest.mark.slow
def test_many_contested_limits_of_duties_are_no_matter(tmp_path):
    table = laid(tmp_path, DUTY, *(contested(i) + duty_row(i, i) for i in range(22)))
    assert table.check().holds


@pytest.mark.slow
def test_a_row_in_which_many_contested_limits_meet_is_refused_with_the_number(tmp_path):
    with pytest.raises(
        TableError, match=f"expected at most {MOST_READINGS} ways .* got {2**13} on 2026-04-01: local.t0, "
    ):
        laid(tmp_path, *map(contested, range(13)), rule(0, *range(13)))
    assert laid(tmp_path, *map(contested, range(4)), rule(0, *range(4))).check().holds


def test_more_rows_than_the_proof_can_bear_are_refused_with_their_number(tmp_path):
    with pytest.raises(
        TableError,
        match=f"rules: expected at most {MOST_LOCAL_RULES} rows in a local table, got {MOST_LOCAL_RULES + 1}",
    ):
        laid(tmp_path, contested(0), *(rule(i, 0) for i in range(MOST_LOCAL_RULES + 1)))
    with pytest.raises(TableError, match=f"duty_rows: expected at most {MOST_LOCAL_DUTIES} rows in a local table"):
        laid(tmp_path, DUTY, contested(0), *(duty_row(i, 0) for i in range(MOST_LOCAL_DUTIES + 1)))


def test_rows_that_cut_one_another_into_too_many_cases_are_refused_with_the_number(tmp_path, monkeypatch):
    monkeypatch.setattr(boxes.Work.__init__, "__defaults__", (20_000,))
    with pytest.raises(TableError, match="proved in at most 20000 steps"):
        laid(tmp_path, contested(0), rule(0, 0)).check()


def test_more_entries_and_days_than_a_commune_needs_are_refused_with_their_number(tmp_path):
    with pytest.raises(TableError, match=f"thresholds: expected at most {MOST_LOCAL_ENTRIES} entries .* got 101"):
        laid(tmp_path, *(contested(i) for i in range(MOST_LOCAL_ENTRIES + 1)))
    days = [date(2026, 4, 1) + timedelta(days=i) for i in range(MOST_LOCAL_DAYS + 1)]
    values = [f"[[thresholds.values]]\n{DATED.replace('2026-04-01', f'{day}')}amount = 1\n" for day in days]
    with pytest.raises(TableError, match=f"expected at most {MOST_LOCAL_DAYS} days .* got {len(days)}"):
        laid(tmp_path, '[[thresholds]]\nid = "local.t"\nlabel = "x"\n', *values)
