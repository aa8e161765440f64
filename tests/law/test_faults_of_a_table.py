"""A table that is not sound does not load: the error names the file, the path and what to do."""

import pytest

from qmi_rules.errors import OverlappingPeriodsError, TableError, UnknownReferenceError
from qmi_rules.law import default_table, load_table

EDITION = 'edition = "essai"\n'
SOURCES = EDITION + '[[sources]]\nid = "law"\ntext = "Loi"\n'
VALUE = """  [[thresholds.values]]
  amount = 40_000
  effective_from = 2020-01-01
  published_on = 2019-12-14
  legal_basis = "law"
  source = "lu"
  certainty = "confirmed"
"""
THRESHOLDS = '[[thresholds]]\nid = "limit"\nlabel = "Seuil"\n' + VALUE
RULES = """[[procedures]]
id = "direct"
label = "Gré à gré"
[[rules]]
id = "row"
procedure = "direct"
ground = "besoin sous le seuil"
legal_basis = "law"
source = "lu"
published_on = 2019-12-14
effective_from = 2020-01-01
certainty = "confirmed"
when = [{ fact = "estimated_value", below = "limit" }]
"""
SECOND = VALUE.replace("2020-01-01", "2021-01-01")
MONTHS = '[[thresholds]]\nid = "months"\nlabel = "Durée"\nunit = "months"\n' + VALUE.replace("40_000", "2")
TWO_UNITS = RULES.replace(
    '{ fact = "estimated_value", below = "limit" }',
    '{ fact = "estimated_value", below = "limit" }, { fact = "estimated_value", from = "months" }',
)
FAULTS = {
    "no basis": ("thresholds", THRESHOLDS.replace('  legal_basis = "law"\n', ""), TableError, "required"),
    "no source": ("rules", RULES.replace('source = "lu"\n', ""), TableError, "required"),
    "no publication": ("rules", RULES.replace("published_on = 2019-12-14\n", ""), TableError, "required"),
    "no certainty": ("rules", RULES.replace('certainty = "confirmed"\n', ""), TableError, "required"),
    "no dates": ("thresholds", THRESHOLDS.replace("  effective_from = 2020-01-01\n", ""), TableError, "required"),
    "no such day": ("thresholds", THRESHOLDS.replace("2020-01-01", "2020-02-30"), TableError, "not TOML"),
    "a year of 218": ("rules", RULES.replace("2020-01-01", "0218-01-01"), TableError, "expected a date from"),
    "unknown text": ("rules", RULES.replace('"law"', '"lav"'), UnknownReferenceError, "declare it or use one of: law"),
    "unknown threshold": ("rules", RULES.replace('"limit"', '"limits"'), UnknownReferenceError, "use one of: limit"),
    "unknown fact": ("rules", RULES.replace("estimated_value", "estimate"), UnknownReferenceError, "expected one of"),
    "unknown reading": (
        "thresholds",
        THRESHOLDS.replace("amount = 40_000", 'same_as = "other"'),
        UnknownReferenceError,
        "use one of: limit",
    ),
    "overlap": (
        "thresholds",
        THRESHOLDS.replace("published_on", "effective_until = 2021-06-30\n  published_on") + SECOND,
        OverlappingPeriodsError,
        "end that one earlier or begin this one later",
    ),
    "same day": ("thresholds", THRESHOLDS + VALUE, OverlappingPeriodsError, "expected a day after 2020-01-01"),
    "a unit that is none": (
        "thresholds",
        THRESHOLDS.replace('label = "Seuil"', 'label = "Seuil"\nunit = "EUR TTC"'),
        TableError,
        "expected one of EUR HT, share, months, multiple",
    ),
    "two units": ("rules", MONTHS + TWO_UNITS, UnknownReferenceError, "expected a threshold in EUR HT"),
}


def folder(at, **changed):
    for name, content in {"sources": SOURCES, "thresholds": THRESHOLDS, "rules": RULES, **changed}.items():
        (at / f"{name}.toml").write_text(content, "utf-8")
    return at


def test_the_sound_table_loads(tmp_path):
    assert load_table(folder(tmp_path)).rules


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_the_path_and_what_to_do(tmp_path, fault):
    name, content, error, words = FAULTS[fault]
    with pytest.raises(error) as caught:
        load_table(folder(tmp_path, **{name: content}))
    assert str(caught.value).startswith(str(tmp_path / f"{name}.toml")), caught.value
    assert words in str(caught.value)


def test_a_row_id_twice_is_a_fault_of_the_table_and_no_unknown_reference(tmp_path):
    with pytest.raises(TableError, match="row row: this id stands twice") as caught:
        load_table(folder(tmp_path, rules=RULES + RULES[RULES.index("[[rules]]") :]))
    assert type(caught.value) is TableError


def test_a_table_without_edition_is_refused_unless_it_is_local(tmp_path):
    with pytest.raises(TableError, match="edition: expected the name of the edition"):
        load_table(folder(tmp_path, sources=SOURCES.replace(EDITION, "")))
    (tmp_path / "local.toml").write_text('over = "national"\n', "utf-8")
    assert load_table(tmp_path / "local.toml").local


def test_in_a_file_of_its_own_too(tmp_path):
    file = tmp_path / "all.toml"
    file.write_text(SOURCES + THRESHOLDS + RULES.replace('"limit"', '"limits"'), "utf-8")
    with pytest.raises(UnknownReferenceError, match=r"all\.toml: row row\.when\[0\]\.below: unknown threshold"):
        load_table(file)


GROUPS = """[[groups]]
id = "some"
members = ["direct"]
[[groups]]
id = "all"
members = ["@some"]
"""
CAUTION = RULES.split("[[rules]]")[1].replace("ground", "text").replace('procedure = "direct"', "procedures = {names}")
CAUTION = "[[cautions]]" + CAUTION.replace('"row"', '"beware"')


def cautioned(at, names, groups=GROUPS):
    return folder(at, rules=RULES + groups, cautions=CAUTION.replace("{names}", names))


def test_a_row_may_name_procedures_by_their_group(tmp_path):
    by_group = load_table(cautioned(tmp_path, '["@all"]'))
    assert by_group.cautions[0].procedures == ("direct",)
    assert by_group == load_table(cautioned(tmp_path, '["direct"]', groups=""))


@pytest.mark.parametrize(
    ("names", "groups", "error", "words"),
    [
        ('["direct", "@none"]', GROUPS, UnknownReferenceError, "unknown group 'none'; declare it or use one of: all, some"),
        ('["@none"]', "", UnknownReferenceError, "use one of: none is declared"),
        ('["@all"]', GROUPS.replace('"direct"', '"@all"'), UnknownReferenceError, "the group 'all' holds itself"),
        ('["@all"]', GROUPS.replace('"direct"', '"direkt"'), UnknownReferenceError, "unknown procedure 'direkt'"),
        ('["@"]', GROUPS, TableError, "or '@' and the id of a group"),
    ],
)  # fmt: skip
def test_a_group_that_leads_nowhere_is_refused_where_it_is_named(tmp_path, names, groups, error, words):
    with pytest.raises(error, match=r"row beware\.procedures|cautions\[0\]\.procedures") as caught:
        load_table(cautioned(tmp_path, names, groups))
    assert str(caught.value).startswith(f"{tmp_path / 'cautions.toml'}: ")
    assert words in str(caught.value)


def test_a_group_stands_once(tmp_path):
    with pytest.raises(TableError, match=r"rules\.toml: groups\[1\]\.id: 'all' stands twice"):
        load_table(cautioned(tmp_path, '["@all"]', GROUPS.replace("some", "all", 1)))


def test_a_local_table_names_the_groups_of_the_package_and_adds_its_own(tmp_path):
    file = tmp_path / "local.toml"
    own = '[[groups]]\nid = "ours"\nmembers = ["direct_award", "@formal"]\n'
    file.write_text(
        'over = "national"\n' + SOURCES.removeprefix(EDITION) + own + CAUTION.replace("{names}", '["@ours"]')
    )
    (caution,) = load_table(file).cautions
    assert caution.procedures[0] == "direct_award"
    assert set(caution.procedures[1:]) == {
        procedure.id for procedure in default_table().procedures.values() if procedure.formal
    } - {"design_contest"}
