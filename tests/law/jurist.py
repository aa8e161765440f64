"""The cases that a jurist reads (tests/cases/*.toml), loaded, and put to a table."""

import tomllib
from datetime import date
from functools import cache, partial
from pathlib import Path

from qmi_rules.catalogues import typeset
from qmi_rules.law import examine
from qmi_rules.law.truth import Truth
from qmi_rules.model import Purchase, lot_cases, whole_case
from qmi_rules.pages import language
from qmi_rules.procurement import decide
from qmi_rules.procurement.duties import duties_of
from qmi_rules.schema import structure

FOLDER = Path(__file__).parents[1] / "cases"
EXPECTATIONS = ("open", "closed", "undetermined", "basis", "missing", "contested", "presumed")
SOME_DUTIES = ("owed", "not_owed", "in_doubt", "caution", "no_caution")
OF_DUTIES = ("duties", "cautions", *SOME_DUTIES)
ROWS = ("rules", "duty_rows", "cautions")


@cache
def cases():
    """Every case, in the order of files and of each file."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["cases"]:
            case |= case.pop("answer", {})
            found.append(case | {"file": path.stem, "read": structure(_days(case["purchase"]), Purchase)})
    return tuple(found)


def _days(document):
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in document.items()}


def check(case, table):
    """Raise AssertionError unless a table answers the case as it says."""
    decision = decide(case["read"], table)
    _check(case, {o.procedure: o for o in (*decision.options, *decision.arrangements)}, case["id"])
    lots = {lot.id: lot for lot in decision.lots}
    check_duties(case, table)
    for name, expected in case.get("lots", {}).items():
        _check(expected, {o.procedure: o for o in lots[name].options}, f"{case['id']} / {name}")


def _check(expected, options, where):
    for status in ("open", "closed", "undetermined"):
        for procedure in expected.get(status, []):
            assert options[procedure].status == status, (where, procedure, options[procedure].status)
    for procedure, ids in expected.get("basis", {}).items():
        assert [source.id for source in options[procedure].legal_basis] == ids, (where, procedure)
    for key in ("missing", "contested", "presumed"):
        for procedure, names in expected.get(key, {}).items():
            assert list(getattr(options[procedure], key)) == names, (where, procedure, key)


def check_duties(case, table, only=()):
    """Raise AssertionError unless each procedure, if it is used, brings the duties and cautions that the case states.

    Of the purchase and of its lots: `duties` and `cautions` say all of them, `owed`, `not_owed` and `in_doubt` (it depends on what
    nobody said, or on a limit that is not known), `caution` and `no_caution` some.
    """
    law, put = table.in_force(case["read"].launched_on), whole_case(case["read"])
    lots = dict(zip([lot.id for lot in case["read"].lots], lot_cases(case["read"]), strict=True))
    for name, part in {"": case, **case.get("lots", {})}.items():
        for procedure in dict.fromkeys(procedure for key in OF_DUTIES for procedure in part.get(key, {})):
            if not only or procedure in only:
                _check_duties_of(part, procedure, lots.get(name, put), law, (case["id"], name, procedure))


def _check_duties_of(part, procedure, put, law, where):
    listed = duties_of(law.table.procedures[procedure], put, law)
    seen = {
        duty.id: " ".join([duty.legal_basis.id, *([f"{duty.days}"] if duty.days is not None else [])])
        for duty in listed
        if not duty.missing and not duty.unsettled
    }
    if (stated := part.get("duties", {}).get(procedure)) is not None:
        assert seen == stated, (*where, seen)
    for duty, basis in part.get("owed", {}).get(procedure, {}).items():
        assert seen.get(duty) == basis, (*where, duty, seen.get(duty))
    # a duty that may be owed is listed too, with what it depends on
    may_be = {duty.id for duty in listed} - set(seen)
    assert not {*seen, *may_be} & set(part.get("not_owed", {}).get(procedure, ())), where
    assert set(part.get("in_doubt", {}).get(procedure, ())) <= may_be, where
    cautions = shown(procedure, put, law)
    if (stated := part.get("cautions", {}).get(procedure)) is not None:
        assert cautions == stated, where
    assert set(part.get("caution", {}).get(procedure, ())) <= set(cautions), where
    assert not set(part.get("no_caution", {}).get(procedure, ())) & set(cautions), where


def shown(procedure, put, law):
    """Ids of the cautions that concern a procedure on a case."""
    rows = [row for row in law.cautions if not row.procedures or procedure in row.procedures]
    return [row.id for row in rows if examine(row, put, law).truth is Truth.YES]


@cache
def ledger():
    """What the tables must say of each row, value and source, written down a second time."""
    return tomllib.loads((Path(__file__).parent / "ledger.toml").read_text("utf-8"))


def check_ledger(table, section, only=None):
    """Raise AssertionError unless what a section of the ledger says of its entries stands in the table, word for word."""
    for name in only or ledger()[section]:
        assert _SAID[section](table, name) == ledger()[section][name], (section, name)


def _row(table, section, name):
    return dated(next(row for row in getattr(table, section) if row.id == name))


def dated(entry):
    end = entry.effective_until or "..."
    words = [entry.effective_from, end, entry.legal_basis, entry.published_on, entry.certainty]
    words += [f"ended {entry.end_published_on}"] if entry.end_published_on else []
    words += ["derogation"] if getattr(entry, "derogation", False) else []
    return " ".join(map(str, words))


def _values(table, name):
    return [
        " | ".join([dated(value), *(f"{reading.legal_basis} {reading.certainty}" for reading in value.readings)])
        for value in table.thresholds[name].values
    ]


def _reductions(table, name):
    (row,) = (row for row in table.duty_rows if row.id == name)
    return [f"{reduction.days} {reduction.legal_basis}" for reduction in row.reductions]


def _versions(table, name):
    return [
        f"{version.effective_from or '...'} {version.effective_until or '...'} {version.identifier or '-'} {version.certainty}"
        for version in table.sources[name].versions
    ]


def check_addresses(table, only=None):
    """Raise AssertionError unless the address of each source is that of the text which its id names, and its article the id's."""
    addresses = ledger()["addresses"]
    for source in (table.sources[name] for name in only or table.sources):
        of_text = [name for name in addresses if source.id.startswith(name)]
        assert source.url == (addresses[max(of_text, key=len)] if of_text else None), source.id
        article = (source.article or "").removeprefix("art. ").lower().replace(" ", "-")
        if article != "1er":  # a decree of which one article is cited is named by its number alone
            assert source.id.endswith(article), source.id


@cache
def asked():
    """For each fact that a person is asked about, the case of a yes and that of a no."""
    found = {}
    for case in cases():
        if "asked" in case:
            found.setdefault(case["asked"]["fact"], {})[case["asked"]["said"]] = case
    return found


def check_asked(table, only=None):
    """Raise AssertionError unless each question is worded as its two cases word it, and they differ by what is said and in what follows."""
    for name in only or asked():
        fact, both = table.facts[name], asked()[name]
        for said, case in both.items():
            for lang, say in (("fr", language("fr")), ("en", language("en"))):
                printed = partial(typeset, code=lang)
                assert say(fact.question) == printed(case["asked"][lang]), (name, lang)
                assert say(fact.affirmed if said else fact.denied) == printed(case["said_back"][lang]), (
                    name,
                    said,
                    lang,
                )
            given = getattr(case["read"].buyer if name == "local_authority" else case["read"], name)
            assert given is said, name
        yes, no = ({key: case.get(key) for key in (*EXPECTATIONS, *OF_DUTIES)} for case in both.values())
        assert yes != no, name


_SAID = {
    **{section: lambda table, name, section=section: _row(table, section, name) for section in ROWS},
    "values": _values,
    "reductions": _reductions,
    "versions": _versions,
}
