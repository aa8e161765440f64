"""A commune's own rules: what they add, from when, how answers name them, and the proof that refuses whatever loosens."""

import json
import pickle
import subprocess
import sys
import tomllib
import warnings
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from law.around import documents
from properties import examples
from qmi_rules.errors import LocalRuleWarning, LooseningError, TableError, UnknownReferenceError
from qmi_rules.law import default_table, load_table
from qmi_rules.law.proving import boxes
from qmi_rules.law.proving.local_rules import MOST_LOCAL_RULES, shut_by_silence
from qmi_rules.model import Buyer, Lot, Purchase
from qmi_rules.procurement import decide
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.schema import structure

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "regles-locales.toml"
NAME = "Ville d’Exemple, guide interne de l’achat 2026"
SPRING = date(2026, 5, 15)
NATIONAL = default_table()
LOCAL = load_table(EXAMPLE).over(NATIONAL)
RANK = {"closed": 0, "undetermined": 1, "open": 2}


def purchase(value, on=SPRING, kind="commune", contract_type="services", **facts):
    return Purchase(
        title="Capteurs",
        estimated_value=value,
        contract_type=contract_type,
        launched_on=on,
        buyer=Buyer(kind=kind),
        **facts,
    )


def option(procedure, *said, table=LOCAL, known_on=None, **facts):
    return decide(purchase(*said, **facts), table, known_on)[procedure]


def duties(procedure, *said, **facts):
    return {duty.id for duty in option(procedure, *said, **facts).duties}


class TestTheExample:
    @pytest.mark.parametrize(
        ("duty", "procedure", "at", "facts"),
        [
            ("three_quotes", "direct_award", 15_000, {}),
            ("internal_committee", "innovative_purchase", 50_000, {"innovative": True}),
            ("internal_committee", "adapted_procedure", 50_000, {}),
        ],
    )
    def test_a_local_duty_begins_at_its_amount(self, duty, procedure, at, facts):
        assert duty not in duties(procedure, at - Decimal("0.01"), **facts)
        assert duty in duties(procedure, at, **facts)

    def test_a_duty_of_every_procedure_goes_with_every_procedure(self):
        decision = decide(purchase(30_000, innovative=True), LOCAL)
        for o in decision.options:
            assert ("internal_approval" in {duty.id for duty in o.duties}) is (o.status != "closed")
        assert "internal_approval" not in {duty.id for duty in decision["central_purchasing_body"].duties}

    def test_the_local_limit_closes_what_the_law_leaves_open(self):
        assert option("direct_award", "39999.99").status == "open"
        assert option("direct_award", 40_000).status == "closed"
        assert option("direct_award", 40_000, table=NATIONAL).status == "open"
        assert option("direct_award", 40_000, contract_type="works").status == "closed"

    @pytest.mark.parametrize(("on", "status"), [(date(2026, 1, 31), "open"), (date(2026, 2, 1), "closed")])
    def test_has_its_own_dates(self, on, status):
        assert option("direct_award", 40_000, on=on, contract_type="works").status == status
        assert ("three_quotes" in duties("direct_award", 20_000, on=on)) is (status == "closed")

    def test_who_does_not_know_it_yet_goes_by_the_law(self):
        for known_on, status in ((date(2026, 1, 19), "open"), (date(2026, 1, 20), "closed"), (None, "closed")):
            assert option("direct_award", 40_000, contract_type="works", known_on=known_on).status == status

    def test_small_lots_are_tightened_too(self):
        lots = (
            Lot(id="1", estimated_value=41_000, small_lot=True),
            Lot(id="2", estimated_value=300_000, small_lot=False),
        )
        said = Purchase(title="x", launched_on=SPRING, contract_type="services", lots=lots)
        assert decide(said).lots[0]["direct_award"].status == "open"
        assert decide(said, LOCAL).lots[0]["direct_award"].status == "closed", "the whole need is above 40 000"

    def test_other_procedures_and_the_written_list_stay_those_of_the_law(self):
        for o in decide(purchase(45_000, innovative=True)).options:
            if o.procedure != "direct_award":
                assert option(o.procedure, 45_000, innovative=True).status == o.status
        written = {duty.id for duty in decide(purchase(30_000), LOCAL).written("direct_award").duties}
        assert written == {
            "guard_rails",
            "written_contract",
            "three_quotes",
            "internal_approval",
        }

    @settings(max_examples=examples(120), deadline=None)
    @given(documents())
    def test_never_opens_anything(self, document):
        said = structure(json.loads(json.dumps(document)), Purchase)
        local, national = decide(said, LOCAL), decide(said)
        pairs = [*zip(local.options, national.options, strict=True)]
        for one, other in zip(local.lots, national.lots, strict=True):
            pairs += zip(one.options, other.options, strict=True)
        for tightened, free in pairs:
            assert RANK[tightened.status] <= RANK[free.status]
            assert {duty.id for duty in tightened.duties} >= {
                duty.id for duty in free.duties
            } or tightened.status == "closed"


class TestNaming:
    def test_an_option_names_the_local_table_that_decides(self):
        assert option("direct_award", 39_000).local == (NAME,)
        assert option("direct_award", 45_000).local == (NAME,)
        assert option("direct_award", 500_000).local == (), "the law closes it without help"
        assert option("open_procedure", 45_000).local == ()
        assert option("direct_award", 45_000, table=NATIONAL).local == ()

    def test_the_document_names_it_and_cites_its_act(self):
        document = option("direct_award", 45_000).to_dict()
        assert document["local"] == [NAME]
        assert document["legal_basis"] == ["ccp-r2122-8", "deliberation-2026-014"]
        document = json.loads(decide(purchase(30_000), LOCAL).to_json())
        found = next(o for o in document["options"] if o["procedure"] == "direct_award")
        owed = [document["duties"][name] for name in found["duties"]]
        local = {duty["duty"]: duty for duty in owed if duty.get("local")}
        assert set(local) == {"three_quotes", "internal_approval"}
        assert [document["sources"][name]["article"] for name in local["three_quotes"]["legal_basis"]] == ["art. 3"]
        assert NAME in document["table_edition"]

    @pytest.mark.parametrize(("code", "mark"), [("fr", "[règle locale : "), ("en", "[local rule: ")])
    @pytest.mark.parametrize("value", [30_000, 45_000])
    def test_the_page_says_which_rule_is_local(self, code, mark, value):
        page = " ".join(decide(purchase(value), LOCAL).explain(code).split())
        assert mark + NAME + "]" in page
        assert "délibération 2026-014" in page
        assert mark not in " ".join(decide(purchase(value)).explain(code).split())

    def test_the_ground_is_translated_although_a_local_one_follows(self):
        assert "Need below the exemption threshold; sous le seuil que la commune s’est donné" in " ".join(
            decide(purchase(30_000), LOCAL).explain("en").split()
        )

    @pytest.mark.parametrize(("code", "mark"), [("fr", "[règle locale : "), ("en", "[local rule: ")])
    def test_the_law_of_the_day_says_which_rows_are_local(self, code, mark):
        page = " ".join(LawOfTheDay(LOCAL.in_force(SPRING), SPRING).explain(code).split())
        # two types of direct award, each for the whole and for small lots, with each of two local rows; three duties
        assert page.count(mark + NAME + "]") == 4 * 2 + 3
        assert mark not in " ".join(LawOfTheDay(NATIONAL.in_force(SPRING), SPRING).explain(code).split())

    def test_the_command_line_takes_the_file(self, tmp_path):
        file = tmp_path / "purchase.json"
        file.write_text(
            json.dumps(
                {"title": "x", "launched_on": "2026-05-15", "contract_type": "services", "estimated_value": "45000"}
            )
        )
        run = [
            sys.executable,
            "-c",
            "from qmi_rules.doors.cli import main; main()",
            "decide",
            str(file),
            "--json",
        ]
        answers = [
            json.loads(subprocess.run([*run, *more], capture_output=True, check=True, timeout=600).stdout)["options"][0]
            for more in ([], ["--table", str(EXAMPLE)])
        ]
        assert [answer["status"] for answer in answers] == ["open", "closed"]
        assert answers[1]["local"] == [NAME]


HEAD = """
edition = "Essai"
over = "national"
[[sources]]
id = "deliberation"
text = "de la délibération"
article = "art. 1"
"""
DATED = """
legal_basis = "deliberation"
source = "registre"
published_on = 2026-01-20
certainty = "confirmed"
"""


def threshold(amount, since="2026-04-01"):
    return f"""
[[thresholds]]
id = "local.limit"
label = "Seuil local"
[[thresholds.values]]
amount = "{amount}"
effective_from = {since}
{DATED}
"""


def rule(procedure, when, since="2026-04-01", more="", id="local-rule"):
    return f"""
[[rules]]
id = "{id}"
procedure = "{procedure}"
effective_from = {since}
when = [{when}]
{DATED}
{more}
"""


def duty_row(duty, days, procedures='["open_procedure"]', when="", more=""):
    return f"""
[[duty_rows]]
id = "local-days"
duty = "{duty}"
days = {days}
procedures = {procedures}
effective_from = 2026-04-01
when = [{when}]
{DATED}
{more}
"""


SUPPLIES = '{ fact = "contract_type", in = ["supplies", "services"] }'
BELOW = '{ fact = "estimated_value", below = "local.limit" }'
INNOVATIVE = '{ fact = "innovative", is = true }'
URGENT = '{ fact = "justified_urgency", is = true }'


def written(tmp_path, *parts):
    file = tmp_path / "local.toml"
    file.write_text(HEAD + "".join(parts), encoding="utf-8")
    tomllib.loads(file.read_text(encoding="utf-8"))
    return file


def lay(tmp_path, *parts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LocalRuleWarning)  # what is shut by silence has its own tests
        return load_table(written(tmp_path, *parts)).over(NATIONAL)


def refusal(tmp_path, *parts):
    with pytest.raises(LooseningError) as caught:
        lay(tmp_path, *parts)
    (problem,) = caught.value.problems
    assert caught.value.where == "Essai"
    return problem


WORKS = '{ fact = "contract_type", in = ["works"] }'
SERVICES = '{ fact = "contract_type", in = ["services"] }'
SPECIFIC = '{ fact = "specific_service", is = true }'
SMALL_LOT = (
    '{ fact = "small_lot", is = true }, { fact = "lot_value", below = "local.limit" }, '
    '{ fact = "small_lots_share", at_most = "small_lots.share" }'
)
ART = '{ fact = "exclusive_supplier", is = true }, { fact = "unique_artistic_work", is = true }'
ONLY_SUPPLIES = '{ fact = "contract_type", in = ["supplies"] }'


class TestWhatIsShutWithoutBeingNamed:
    ABOUT_SUPPLIES = (threshold("40000.00"), rule("direct_award", f"{SUPPLIES}, {BELOW}"))

    def test_a_rule_about_supplies_that_shuts_works_is_loaded_with_a_warning(self, tmp_path):
        local = load_table(written(tmp_path, *self.ABOUT_SUPPLIES))
        with pytest.warns(LocalRuleWarning) as caught:
            table = local.over(NATIONAL)
        assert caught[0].filename == __file__, "it is shown where the table was laid over the other"
        warning = caught[0].message
        assert {one.id for one in warning.shut} == {
            "direct_award-works",
            "direct_award-small_lot-works",
            "direct_award-small_lot-supplies_services",  # the small lot of supplies of a contract of works
        }
        french, english = (" ".join(warning.say(code).split()) for code in ("fr", "en"))
        assert "Essai: les règles locales ferment" in french
        assert (
            "le 1er avril 2026 : le type de marché : travaux ; la valeur estimée du besoin : 99 999,99 € HT" in french
        )
        assert "on 1 April 2026: the type of contract: works; the estimated value of the need: €99,999.99" in english
        assert str(warning) == warning.say("en")
        assert pickle.loads(pickle.dumps(warning)).say("fr") == warning.say("fr")
        for value in ("35000", "99999.99"):
            assert option("direct_award", value, contract_type="works", table=table).status == "closed"
            assert option("direct_award", value, contract_type="works", table=NATIONAL).status == "open"

    @pytest.mark.parametrize(
        ("procedure", "rows", "shut"),
        [
            # what tells the rows of a procedure apart is what a local row speaks of
            ("direct_award", [BELOW], ["small_lot-supplies_services", "small_lot-works"]),
            ("direct_award", [BELOW, SMALL_LOT], []),
            ("direct_award", [f"{SUPPLIES}, {BELOW}", f"{WORKS}, {BELOW}", SMALL_LOT], []),
            ("direct_award", [f"{ONLY_SUPPLIES}, {BELOW}", f"{WORKS}, {BELOW}", SMALL_LOT], ["supplies_services"]),
            ("exclusive_rights", [ART], ["technical_or_rights"]),
            # an amount tightens the rows that are limited by it: an adapted procedure of specific services is by none
            (
                "adapted_procedure",
                [BELOW],
                ["specific_service", "small_lot-supplies_services", "small_lot-works"],
            ),
            ("adapted_procedure", [BELOW, SMALL_LOT, f"{SERVICES}, {SPECIFIC}"], []),
            # where no row of the procedure asks, it is a condition more, and that is what local rules are for
            ("extreme_urgency", [f'{{ fact = "extreme_urgency", is = true }}, {BELOW}'], []),
            ("direct_award", [f"{INNOVATIVE}, {BELOW}", SMALL_LOT], []),
        ],
    )
    def test_what_no_local_row_speaks_of_is_listed_and_nothing_else(self, tmp_path, procedure, rows, shut):
        local = [rule(procedure, when, id=f"local-{i}") for i, when in enumerate(rows)]
        table = lay(tmp_path, threshold("40000.00"), *local)
        assert [one.id for one in shut_by_silence(table)] == [f"{procedure}-{row}" for row in shut]

    def test_the_case_is_one_that_the_law_opens_and_the_file_shuts(self, tmp_path):
        table = lay(tmp_path, threshold("40000.00"), rule("direct_award", BELOW))
        told = {one.id: one.told("en")["text"] for one in shut_by_silence(table)}["direct_award-small_lot-works"]
        assert "need: €499,999.95 excl. VAT; the estimated value of the lot: €99,999.99" in told
        small = Lot(id="small", estimated_value="99999.99", contract_type="works", small_lot=True)
        rest = Lot(id="rest", estimated_value="399999.96", contract_type="supplies")
        contract = Purchase(title="x", lots=(small, rest), launched_on=date(2026, 4, 1), buyer=Buyer(kind="commune"))
        statuses = [decide(contract, law).lots[0]["direct_award"].status for law in (NATIONAL, table)]
        assert statuses == ["open", "closed"]

    def test_as_many_rows_as_there_may_be_are_looked_through_in_few_cuts(self, tmp_path, monkeypatch):
        kinds = [choice.id for choice in NATIONAL.facts["buyer_kind"].choices]
        each = [(kind, kind_of) for kind in kinds for kind_of in (ONLY_SUPPLIES, SERVICES, WORKS)]
        local = [
            rule("adapted_procedure", f'{{ fact = "buyer_kind", in = ["{kind}"] }}, {of}, {BELOW}', id=f"local-{i}")
            for i, (kind, of) in enumerate([*each, *each][:MOST_LOCAL_RULES])
        ]
        table = lay(tmp_path, threshold("40000.00"), *local)
        cuts, cut = [], boxes.subtract
        monkeypatch.setattr(boxes, "subtract", lambda *given: cuts.append(1) or cut(*given))
        assert len(list(shut_by_silence(table))) == 3  # specific services and small lots
        held_together = MOST_LOCAL_RULES * sum(row.procedure == "adapted_procedure" for row in NATIONAL.rules)
        spans = sum(law.day >= date(2026, 4, 1) for law in table.segments())
        assert 0 < len(cuts) < held_together * spans  # measured: 2 155 of 2 730

    def test_the_example_gives_none(self):
        assert LOCAL.edition.endswith(NAME)
        assert tuple(shut_by_silence(LOCAL)) == ()
        assert tuple(shut_by_silence(NATIONAL)) == ()

    @pytest.mark.parametrize(
        ("code", "words"),
        [("fr", "Fermé par des règles locales"), ("en", "Shut by local rules")],
    )
    def test_check_prints_it_and_ends_as_before(self, tmp_path, code, words):
        file = written(tmp_path, *self.ABOUT_SUPPLIES)
        run = [sys.executable, "-c", "from qmi_rules.doors.cli import main; main()", "check", "--lang", code]
        done = subprocess.run([*run, "--table", str(file)], capture_output=True, timeout=600)
        page = " ".join(done.stdout.decode().split())
        assert (done.returncode, done.stderr) == (0, b"")
        assert words in page
        assert "direct_award-works" in page


class TestTightening:
    """Each pair stands on the two sides of what the law allows."""

    def test_a_cent_more_than_the_law_is_refused_with_the_smallest_case(self, tmp_path):
        lay(tmp_path, threshold("60000.00"), rule("direct_award", f"{SUPPLIES}, {BELOW}"))
        problem = refusal(tmp_path, threshold("60000.01"), rule("direct_award", f"{SUPPLIES}, {BELOW}"))
        assert problem.path == "row local-rule"
        for words in ("direct_award", "2026-04-01", "contract_type = supplies", "estimated_value = 60000"):
            assert words in problem.message

    def test_a_day_before_the_law_allows_it_is_refused(self, tmp_path):
        lay(tmp_path, threshold("60000.00", "2026-04-01"), rule("direct_award", f"{SUPPLIES}, {BELOW}", "2026-04-01"))
        problem = refusal(
            tmp_path, threshold("60000.00", "2026-03-31"), rule("direct_award", f"{SUPPLIES}, {BELOW}", "2026-03-31")
        )
        assert "estimated_value = 40000" in problem.message
        assert "2026-01-01" in problem.message or "2026-03-31" in problem.message

    def test_a_later_end_than_that_of_the_law_is_refused(self, tmp_path):
        """What a young innovative company offers was deemed innovative until 2025-05-02."""
        when = f'{{ fact = "supplier_is_jei", is = true }}, {BELOW}'
        limit = threshold("50000", "2024-01-01")
        lay(tmp_path, limit, rule("innovative_purchase", when, "2024-01-01", "effective_until = 2025-05-02"))
        problem = refusal(
            tmp_path, limit, rule("innovative_purchase", when, "2024-01-01", "effective_until = 2025-05-03")
        )
        assert "2025-05-03" in problem.message
        assert "supplier_is_jei = True" in problem.message

    def test_a_condition_dropped_is_refused(self, tmp_path):
        lay(tmp_path, threshold("50000"), rule("innovative_purchase", f"{INNOVATIVE}, {BELOW}"))
        problem = refusal(tmp_path, threshold("50000"), rule("innovative_purchase", BELOW))
        assert "innovative_purchase" in problem.message
        refusal(tmp_path, threshold("50000"), rule("innovative_purchase", INNOVATIVE))

    def test_more_types_or_buyers_than_the_law_are_refused(self, tmp_path):
        works = '{ fact = "contract_type", in = ["works", "supplies"] }'
        problem = refusal(tmp_path, threshold("100000"), rule("direct_award", f"{works}, {BELOW}"))
        assert "contract_type = supplies, " in problem.message
        assert "estimated_value = 60000" in problem.message

    def test_a_row_about_lots_is_held_against_the_rows_about_lots(self, tmp_path):
        lot = (
            '{ fact = "small_lot", is = true }, { fact = "lot_type", in = ["supplies", "services"] }, '
            '{ fact = "lot_value", below = "local.limit" }, { fact = "small_lots_share", at_most = "small_lots.share" }'
        )
        lay(tmp_path, threshold("80000"), rule("innovative_purchase", f"{INNOVATIVE}, {lot}"))
        problem = refusal(tmp_path, threshold("80000.01"), rule("innovative_purchase", f"{INNOVATIVE}, {lot}"))
        assert "lot_value = 80000" in problem.message
        refusal(tmp_path, threshold("80000"), rule("innovative_purchase", f"{INNOVATIVE}, {lot[: lot.rindex(', {')]}"))

    def test_a_row_about_purchases_without_lots_is_held_against_the_law_too(self, tmp_path):
        alone = '{ fact = "allotted", is = false }'
        assert "allotted = False" in refusal(tmp_path, rule("direct_award", alone)).message

    def test_between_two_readings_only_the_sure_part_is_accepted(self, tmp_path):
        since = "2026-07-01"
        lay(tmp_path, threshold("100000", since), rule("innovative_purchase", f"{INNOVATIVE}, {BELOW}", since))
        problem = refusal(
            tmp_path, threshold("100000.01", since), rule("innovative_purchase", f"{INNOVATIVE}, {BELOW}", since)
        )
        assert "estimated_value = 100000" in problem.message

    def test_conditions_that_only_add_are_accepted_and_conjoin(self, tmp_path):
        table = lay(
            tmp_path, rule("direct_award", f'{SUPPLIES}, {{ fact = "joint", is = false }}, {BELOW}'), threshold("60000")
        )
        assert decide(purchase(10_000, joint=True), table)["direct_award"].status == "closed"
        assert decide(purchase(10_000, joint=False), table)["direct_award"].status == "open"
        unsaid = decide(purchase(10_000), table)["direct_award"]
        assert (unsaid.status, unsaid.missing) == ("undetermined", ("joint",))
        assert decide(purchase(10_000, contract_type="works", joint=False), table)["direct_award"].status == "closed"

    def test_two_local_rows_are_alternatives(self, tmp_path):
        low, high = (
            rule("direct_award", f"{SUPPLIES}, {BELOW}", id="a"),
            rule(
                "direct_award",
                '{ fact = "contract_type", in = ["works"] }, { fact = "estimated_value", below = "direct_award.works" }',
                id="b",
            ),
        )
        table = lay(tmp_path, threshold("10000"), low, high)
        assert decide(purchase(9_999), table)["direct_award"].status == "open"
        assert decide(purchase(10_000), table)["direct_award"].status == "closed"
        assert decide(purchase(99_999, contract_type="works"), table)["direct_award"].status == "open"

    def test_a_local_rule_that_ends_gives_the_law_back(self, tmp_path):
        table = lay(
            tmp_path,
            threshold("10000"),
            rule("direct_award", f"{SUPPLIES}, {BELOW}", more="effective_until = 2026-12-31"),
        )
        days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31), date(2027, 1, 1)]
        assert [decide(purchase(20_000, on=day), table)["direct_award"].status for day in days] == [
            "open",
            "closed",
            "closed",
            "open",
        ]

    def test_long_names_are_no_obstacle(self, tmp_path):
        table = lay(tmp_path, threshold("10000"), rule("direct_award", f"{SUPPLIES}, {BELOW}", id="r" * 80))
        assert decide(purchase(10_000), table)["direct_award"].status == "closed"

    def test_a_second_local_table_may_tighten_the_first(self, tmp_path):
        first = lay(tmp_path, threshold("30000"), rule("direct_award", f"{SUPPLIES}, {BELOW}"))
        file = tmp_path / "second.toml"
        file.write_text((HEAD + threshold("10000") + rule("direct_award", f"{SUPPLIES}, {BELOW}")).replace('"local', '"second').replace('"deliberation"', '"arrete"').replace("Essai", "Service"), encoding="utf-8")  # fmt: skip
        with pytest.warns(LocalRuleWarning, match="direct_award-works"):
            both = load_table(file).over(first)
        assert [decide(purchase(v), both)["direct_award"].status for v in ("9999.99", 10_000, 20_000)] == [
            "open",
            "closed",
            "closed",
        ]
        assert decide(purchase(5_000), both)["direct_award"].local == ("Essai + Service",)
        loose = tmp_path / "loose.toml"
        loose.write_text(file.read_text(encoding="utf-8").replace('"10000"', '"30000.01"'), encoding="utf-8")
        with pytest.raises(LooseningError, match="estimated_value = 30000"):
            load_table(loose).over(first)


class TestNewProcedures:
    def procedure(self, dispensed):
        return f"""
[[procedures]]
id = "local_quotes"
label = "Achat sur devis"
rank = 5
dispensed = {dispensed}
"""

    def test_a_new_dispensed_procedure_lies_within_what_the_law_dispenses(self, tmp_path):
        parts = (threshold("10000"), self.procedure("true"))
        table = lay(tmp_path, *parts, rule("local_quotes", f"{SUPPLIES}, {BELOW}"))
        assert decide(purchase("9999.99"), table).lightest == "local_quotes"
        assert decide(purchase(10_000), table)["local_quotes"].status == "closed"
        problem = refusal(
            tmp_path, threshold("60000.01"), self.procedure("true"), rule("local_quotes", f"{SUPPLIES}, {BELOW}")
        )
        assert "local_quotes (Achat sur devis)" in problem.message
        assert "estimated_value = 60000" in problem.message

    def test_without_a_limit_it_is_refused(self, tmp_path):
        refusal(tmp_path, self.procedure("true"), rule("local_quotes", ""))

    def test_one_with_competition_may_be_open_to_every_purchase(self, tmp_path):
        table = lay(tmp_path, self.procedure("false"), rule("local_quotes", ""))
        assert decide(purchase(1_000_000), table)["local_quotes"].status == "open"


class TestTimeLimits:
    def days(self, table, duty="time_limit_tenders", procedure="open_procedure", **facts):
        return next(d for d in decide(purchase(300_000, **facts), table)[procedure].duties if d.id == duty)

    def test_a_longer_one_is_taken_and_named(self, tmp_path):
        table = lay(tmp_path, duty_row("time_limit_tenders", 40))
        found = self.days(table)
        assert (found.days, found.local) == (40, "Essai")
        assert self.days(table, justified_urgency=True).days == 40
        assert self.days(table, procedure="restricted_procedure").days == 25

    def test_a_shorter_one_is_refused_with_a_case(self, tmp_path):
        lay(tmp_path, duty_row("time_limit_tenders", 30))
        problem = refusal(tmp_path, duty_row("time_limit_tenders", 29))
        assert problem.path == "row local-days"
        assert "29 days where the national table has 30" in problem.message
        assert "justified_urgency" not in problem.message

    def test_what_urgency_allows_may_be_lengthened_for_urgency_alone(self, tmp_path):
        table = lay(tmp_path, duty_row("time_limit_tenders", 20, when=URGENT))
        assert self.days(table, justified_urgency=True).days == 20
        assert self.days(table, justified_urgency=False).days == 30
        assert (
            "14 days where the national table has 15"
            in refusal(tmp_path, duty_row("time_limit_tenders", 14, when=URGENT)).message
        )

    def test_every_procedure_that_the_row_names_is_looked_at(self, tmp_path):
        both = '["restricted_procedure", "open_procedure"]'
        message = refusal(tmp_path, duty_row("time_limit_tenders", 25, both)).message
        assert "25 days where the national table has 30" in message
        assert "procedure = open_procedure" in message
        refusal(tmp_path, duty_row("time_limit_tenders", 25, "[]"))
        lay(tmp_path, duty_row("time_limit_tenders", 30, both))

    def test_a_shorter_reduction_is_refused(self, tmp_path):
        shown = 'reductions = [{ days = 14, label = "si le maire le veut", legal_basis = "deliberation" }]'
        problem = refusal(tmp_path, duty_row("time_limit_tenders", 40, more=shown))
        assert problem.path == "row local-days.reductions"

    def test_a_deadline_may_only_be_shortened(self, tmp_path):
        procedures = '["open_procedure"]'
        table = lay(tmp_path, duty_row("award_notice", 15, procedures))
        assert self.days(table, "award_notice").days == 15
        problem = refusal(tmp_path, duty_row("award_notice", 31, procedures))
        assert "lengthen award_notice to 31 days where the national table has 30" in problem.message

    def test_a_longer_way_out_of_a_deadline_is_refused(self, tmp_path):
        def shown(days):
            return f'reductions = [{{ days = {days}, label = "en été", legal_basis = "deliberation" }}]'

        lay(tmp_path, duty_row("award_notice", 15, more=shown(30)))
        assert "31 days" in refusal(tmp_path, duty_row("award_notice", 15, more=shown(31))).message

    def test_a_local_duty_that_hangs_on_a_fact_is_told_beside_the_national_one(self, tmp_path):
        table = lay(tmp_path, duty_row("time_limit_tenders", 40, when='{ fact = "complex", is = true }'))
        found = [d for d in decide(purchase(300_000), table)["open_procedure"].duties if d.id == "time_limit_tenders"]
        assert [(d.days, d.local, d.missing) for d in found] == [(30, "", ()), (40, "Essai", ("complex",))]


class TestNotices:
    def test_a_heavier_local_notice_takes_the_place_of_a_free_one(self, tmp_path):
        row = f"""
[[duty_rows]]
id = "local-notice"
duty = "notice_boamp_or_journal"
procedures = ["adapted_procedure"]
effective_from = 2026-04-01
{DATED}
"""
        table = lay(tmp_path, row)
        found = {d.id: d.local for d in decide(purchase(70_000), table)["adapted_procedure"].duties}
        assert found["notice_boamp_or_journal"] == "Essai"
        assert "notice_free" not in found
        assert (
            decide(purchase(95_000), table)["adapted_procedure"].duties
            == decide(purchase(95_000))["adapted_procedure"].duties
        )


class TestRefusedFiles:
    def test_the_command_line_says_why_without_a_traceback(self, tmp_path):
        file = tmp_path / "local.toml"
        file.write_text(HEAD + threshold("60000.01") + rule("direct_award", f"{SUPPLIES}, {BELOW}"), encoding="utf-8")
        main = "from qmi_rules.doors.cli import main; main()"
        run = subprocess.run(
            [sys.executable, "-c", main, "decide", str(ROOT / "examples" / "lots.json"), "--table", str(file)],
            capture_output=True,
            check=False,
            timeout=600,
        )
        assert run.returncode == 2
        assert b"row local-rule" in run.stderr
        assert b"estimated_value = 60000" in run.stderr
        assert b"Traceback" not in run.stderr

    def test_a_local_table_alone_answers_nothing(self):
        with pytest.raises(TableError, match="over"):
            decide(purchase(1), load_table(EXAMPLE))

    @pytest.mark.parametrize(
        ("part", "path"),
        [
            (threshold(1).replace("local.limit", "direct_award.works"), "thresholds.direct_award.works"),
            ('[[duties]]\nid = "guard_rails"\nlabel = "rien"\n', "duties.guard_rails"),
            ('[[procedures]]\nid = "direct_award"\nlabel = "x"\n', "procedures.direct_award"),
            ('[[sources]]\nid = "ccp-r2122-8"\ntext = "x"\n', "sources.ccp-r2122-8"),
            ('[[ladders]]\nid = "x"\nlabel = "x"\nduties = ["guard_rails"]\n', "ladders"),
            ('[[bearings]]\nfact = "joint"\nchoice = "chosen"\nreason = "x"\n', "bearings"),
            ('[[facts]]\nid = "sunny"\nkind = "truth"\nlabel = "x"\n', "facts.sunny"),
        ],
    )
    def test_a_local_table_adds_and_does_not_redefine(self, tmp_path, part, path):
        with pytest.raises(TableError) as caught:
            lay(tmp_path, part)
        assert [problem.path for problem in caught.value.problems] == [path]

    def test_a_row_that_bears_the_name_of_a_national_one_is_refused(self, tmp_path):
        with pytest.raises(TableError, match="give the local row its own"):
            lay(tmp_path, threshold("1000"), rule("direct_award", f"{SUPPLIES}, {BELOW}", id="direct_award-works"))

    def test_a_word_that_no_table_declares_is_refused(self, tmp_path):
        with pytest.raises(UnknownReferenceError, match=r"local\.limit"):
            lay(tmp_path, rule("direct_award", BELOW))

    def test_a_fault_of_the_file_has_its_path(self, tmp_path):
        file = tmp_path / "local.toml"
        file.write_text(HEAD + rule("direct_award", '{ fact = "innovative" }'), encoding="utf-8")
        with pytest.raises(TableError) as caught:
            load_table(file)
        assert "rules[0].when[0]" in str(caught.value)


def test_answers_under_local_rules_compare_and_pickle():
    decision = decide(purchase(30_000), LOCAL)
    assert (
        pickle.loads(pickle.dumps(decision)) == decision == decide(purchase(30_000), load_table(EXAMPLE).over(NATIONAL))
    )
    assert decision != decide(purchase(30_000))


def test_the_law_itself_is_left_as_it_was():
    before = NATIONAL.hash
    load_table(EXAMPLE).over(NATIONAL)
    assert NATIONAL.hash == before == default_table().hash
    assert LOCAL.hash != before
