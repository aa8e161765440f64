"""The law written down by hand from the notes on procurement law (sections 1 to 4 and 8), without reading the tables."""

from datetime import date, timedelta
from decimal import Decimal

DAY, CENT = timedelta(days=1), Decimal("0.01")
UNKNOWN = ()


def d(text):
    return date.fromisoformat(text)


# For each series: first day, amounts (several where the sources disagree), the text; then the day after the last one known.
SERIES = {
    "direct_award.supplies_services": [
        ("2011-12-12", [0, 15_000], "cmp-28"),  # one source: nobody is freed by it
        ("2015-10-01", [25_000], "decret-2015-1163"),
        ("2020-01-01", [40_000], "ccp-r2122-8"),
        ("2026-04-01", [60_000], "ccp-r2122-8"),
    ],
    "direct_award.works": [
        ("2011-12-12", [0, 15_000], "cmp-28"),  # one source: nobody is freed by it
        ("2015-10-01", [25_000], "decret-2015-1163"),
        ("2020-01-01", [40_000], "ccp-r2122-8"),
        ("2020-07-24", [70_000], "decret-2020-893-1"),
        ("2020-12-09", [100_000], "loi-2020-1525-142"),
        ("2023-01-01", [100_000], "decret-2022-1683-6"),
        ("2025-01-01", [100_000], "decret-2024-1217"),
        ("2026-01-01", [100_000], "ccp-r2122-8"),
        (
            "2027-01-01",
            [100_000, 140_000],
            "ccp-r2122-8 loi-2026-403-13",
        ),  # nobody read the law: the last confirmed value too
        ("2028-01-01", UNKNOWN, ""),
    ],
    "direct_award.works.code": [("2020-01-01", [40_000], "ccp-r2122-8"), ("2026-01-01", UNKNOWN, "")],
    "design_contest.local": [
        ("2019-04-01", [221_000], "ccp-r2172-2"),
        ("2020-01-01", [214_000], "ccp-r2172-2"),
        ("2022-01-01", [215_000], "ccp-r2172-2"),
        ("2024-01-01", [221_000], "ccp-r2172-2"),
        ("2026-01-01", [216_000], "ccp-r2172-2"),
        ("2026-02-22", [300_000], "ccp-r2172-2"),
    ],
    "design_contest.central": [
        ("2019-04-01", [144_000], "ccp-r2172-2"),
        ("2020-01-01", [139_000], "ccp-r2172-2"),
        ("2022-01-01", [140_000], "ccp-r2172-2"),
        ("2024-01-01", [143_000], "ccp-r2172-2"),
        ("2026-01-01", [140_000], "ccp-r2172-2"),
        ("2028-01-01", UNKNOWN, ""),
    ],
    "direct_award.utility": [("2011-12-12", [0, 20_000], "cmp-146"), ("2015-10-01", UNKNOWN, "")],
    "direct_award.foodstuffs": [("2020-07-24", [100_000], "decret-2020-893-2"), ("2020-12-11", UNKNOWN, "")],
    "direct_award.defence": [("2021-08-26", [100_000], "ccp-r2322-14")],
    "direct_award.works.text_read": [("2026-01-01", [100_000], "ccp-r2122-8")],
    "innovative_purchase": [
        ("2018-12-25", [0, 100_000], "decret-2018-1225"),
        ("2018-12-27", [100_000], "decret-2018-1225"),
        ("2021-12-16", [100_000], "ccp-r2122-9-1"),
        ("2026-07-01", [100_000, 140_000], "ccp-r2122-9-1 loi-2026-403"),
        ("2028-01-01", UNKNOWN, ""),
    ],
    "innovative_purchase.text_read": [("2021-12-16", [100_000], "ccp-r2122-9-1")],
    "innovative_purchase.lot.supplies_services": [("2021-12-16", [80_000], "ccp-r2122-9-1")],
    "innovative_purchase.lot.works": [
        ("2021-12-16", [100_000], "ccp-r2122-9-1"),
        ("2026-07-01", [100_000, 140_000], "ccp-r2122-9-1 loi-2026-403"),
        ("2028-01-01", UNKNOWN, ""),
    ],
    "innovative_purchase.defence": [("2025-01-01", [300_000], "ccp-r2322-16")],
    "books": [("2019-04-01", [90_000], "ccp-r2122-9")],
    "small_lots.share": [("2019-04-01", ["0.20"], "ccp-r2123-1")],
    "small_lots.adapted.supplies_services": [("2019-04-01", [80_000], "ccp-r2123-1")],
    "small_lots.adapted.works": [("2019-04-01", [1_000_000], "ccp-r2123-1")],
    "specific_services.ojeu": [("2016-04-01", [750_000], "directive-2014-24-4")],
    "specific_services.ojeu.utility": [("2016-04-01", [1_000_000], "directive-2014-25-15")],
    "publicity.boamp_or_journal": [("2019-04-01", [90_000], "ccp-r2131-12")],
    "documents_on_buyer_profile": [
        ("2019-04-01", [25_000], "ccp-r2132-2"),
        ("2020-01-01", [40_000], "ccp-r2132-2"),
        ("2026-04-01", [60_000], "ccp-r2132-2"),
    ],
    "written_contract": [("2015-10-01", [25_000], "ccp-r2112-1")],
    "essential_data": [("2019-04-01", [25_000], "ccp-r2196-1"), ("2020-01-01", [40_000], "ccp-r2196-1")],
    "essential_data.yearly_list": [("2020-01-01", [25_000], "ccp-r2196-1")],
    "advance.amount": [("2019-04-01", [50_000], "ccp-r2191-3")],
    "advance.months": [("2019-04-01", [2], "ccp-r2191-3")],
    "turnover_required": [("2019-04-01", [2], "ccp-r2142-7"), ("2026-01-01", ["1.5"], "ccp-r2142-7")],
    "framework.years": [("2023-10-25", [48], "ccp-l2125-1")],
    "jei_reserved_lots.share": [("2026-05-28", ["0.15"], "ccp-l2113-17")],
    "prefect_transmission": [
        ("2020-01-01", [214_000], "cgct-d2131-5-1"),
        ("2022-01-01", [215_000], "cgct-d2131-5-1"),
        ("2024-01-01", [221_000], "cgct-d2131-5-1"),
        ("2026-01-01", [216_000], "cgct-d2131-5-1"),
        ("2028-01-01", UNKNOWN, ""),
    ],
}
_EU = {  # central, sub-central, utilities, works
    "2014-01-01": (134_000, 207_000, 414_000, 5_186_000, "seuils-ue-2013"),
    "2016-01-01": (135_000, 209_000, 418_000, 5_225_000, "seuils-ue-2015"),
    "2018-01-01": (144_000, 221_000, 443_000, 5_548_000, "seuils-ue-2017"),
    "2020-01-01": (139_000, 214_000, 428_000, 5_350_000, "seuils-ue-2019"),
    "2022-01-01": (140_000, 215_000, 431_000, 5_382_000, "seuils-ue-2021"),
    "2024-01-01": (143_000, 221_000, 443_000, 5_538_000, "seuils-ue-2023"),
    "2026-01-01": (140_000, 216_000, 432_000, 5_404_000, "ccp-annexe-2"),
}
for _i, _name in enumerate(
    ("eu.central.supplies_services", "eu.sub_central.supplies_services", "eu.utility.supplies_services", "eu.works")
):
    SERIES[_name] = [(day, [row[_i]], row[4]) for day, row in _EU.items()] + [("2028-01-01", UNKNOWN, "")]

LOCAL = ("commune", "ept", "epci", "metropolis", "department", "region", "other_local")

# Who is freed of what, below which amount, from which day to which: procedure, contract types, kinds, facts, limit, days.
LIMITS = [
    (
        "direct_award",
        ("works", "supplies", "services"),
        (*LOCAL, "state", "utility"),
        {},
        25_000,
        "2015-10-01",
        "2019-12-31",
    ),
    ("direct_award", ("supplies", "services"), (*LOCAL, "state", "utility"), {}, 40_000, "2020-01-01", "2026-03-31"),
    ("direct_award", ("supplies", "services"), (*LOCAL, "state", "utility"), {}, 60_000, "2026-04-01", "2027-12-31"),
    ("direct_award", ("works",), (*LOCAL, "state", "utility"), {}, 40_000, "2020-01-01", "2020-07-23"),
    ("direct_award", ("works",), (*LOCAL, "state", "utility"), {}, 70_000, "2020-07-24", "2020-12-08"),
    ("direct_award", ("works",), (*LOCAL, "state", "utility"), {}, 100_000, "2020-12-09", "2026-12-31"),
    (
        "innovative_purchase",
        ("works", "supplies", "services"),
        (*LOCAL, "state", "utility"),
        {"innovative": True},
        100_000,
        "2018-12-27",
        "2026-06-30",
    ),
    (
        "innovative_purchase",
        ("works", "supplies", "services"),
        ("commune",),
        {"innovative": False, "supplier_is_jei": True},
        100_000,
        "2023-12-31",
        "2025-05-02",
    ),
    ("books", ("supplies",), (*LOCAL, "state", "utility"), {"books": True}, 90_000, "2019-04-01", "2027-12-31"),
    *(
        ("adapted_procedure", types, kinds, {}, row[i], day, until)
        for (day, row), until in zip(
            [("2016-04-01", _EU["2016-01-01"]), *list(_EU.items())[2:]],
            ["2017-12-31", "2019-12-31", "2021-12-31", "2023-12-31", "2025-12-31", "2027-12-31"],
            strict=True,
        )
        for i, types, kinds in (
            (0, ("supplies", "services"), ("state",)),
            (1, ("supplies", "services"), LOCAL),
            (2, ("supplies", "services"), ("utility",)),
            (3, ("works",), (*LOCAL, "state", "utility")),
        )
    ),
]

# Why a formal procedure is free although the contract may entrust the design of a building.
FREE = ("", "-not_services", "-existing_building", "-below_contest-local", "-below_contest-central", "-utility")

# For each ground: procedure, first day, last day, text.
GROUNDS = {
    "direct_award-supplies_services-2011": ("direct_award", "2011-12-12", "2015-09-30", "cmp-28"),
    "direct_award-works-2011": ("direct_award", "2011-12-12", "2015-09-30", "cmp-28"),
    "direct_award-utility-2011": ("direct_award", "2011-12-12", "2015-09-30", "cmp-146"),
    "direct_award-supplies_services-2015": ("direct_award", "2015-10-01", "2016-03-31", "decret-2015-1163"),
    "direct_award-supplies_services-2016": ("direct_award", "2016-04-01", "2019-03-31", "decret-2016-360-30"),
    "direct_award-supplies_services": ("direct_award", "2019-04-01", None, "ccp-r2122-8"),
    "direct_award-works-2015": ("direct_award", "2015-10-01", "2016-03-31", "decret-2015-1163"),
    "direct_award-works-2016": ("direct_award", "2016-04-01", "2019-03-31", "decret-2016-360-30"),
    **{
        f"direct_award-{kind}works{part}": ("direct_award", since, until, "ccp-r2122-8")
        for kind in ("", "small_lot-")
        for part, since, until in (
            ("-2019", "2019-04-01", "2020-07-23"),
            ("-code", "2020-07-24", "2025-12-31"),
            ("", "2026-01-01", None),
        )
    },
    **{
        f"direct_award-{kind}works-{year}": ("direct_award", since, until, basis)
        for kind in ("", "small_lot-")
        for year, since, until, basis in (
            ("2020", "2020-07-24", "2020-12-08", "decret-2020-893-1"),
            ("2020-asap", "2020-12-09", "2022-12-31", "loi-2020-1525-142"),
            ("2023", "2023-01-01", "2024-12-31", "decret-2022-1683-6"),
            ("2025", "2025-01-01", "2025-12-31", "decret-2024-1217"),
        )
    },
    "direct_award-small_lot-supplies_services": ("direct_award", "2019-04-01", None, "ccp-r2122-8"),
    "innovative_purchase-experiment": ("innovative_purchase", "2018-12-25", "2021-12-15", "decret-2018-1225"),
    "innovative_purchase-need": ("innovative_purchase", "2021-12-16", None, "ccp-r2122-9-1"),
    "innovative_purchase-lot-supplies_services": ("innovative_purchase", "2021-12-16", None, "ccp-r2122-9-1"),
    "innovative_purchase-lot-works": ("innovative_purchase", "2021-12-16", None, "ccp-r2122-9-1"),
    "innovative_purchase-jei-need": ("innovative_purchase", "2023-12-31", "2025-05-02", "loi-2023-1322-44"),
    "innovative_purchase-jei-lot-supplies_services": (
        "innovative_purchase",
        "2023-12-31",
        "2025-05-02",
        "loi-2023-1322-44",
    ),
    "innovative_purchase-jei-lot-works": ("innovative_purchase", "2023-12-31", "2025-05-02", "loi-2023-1322-44"),
    "books-need": ("books", "2019-04-01", None, "ccp-r2122-9"),
    "rd_services_exclusion-ownership": ("rd_services_exclusion", "2019-04-01", None, "ccp-l2512-5"),
    "rd_services_exclusion-funding": ("rd_services_exclusion", "2019-04-01", None, "ccp-l2512-5"),
    "experimental_prototype": ("experimental_prototype", "2019-04-01", None, "ccp-r2122-10"),
    "experimental_prototype-utility": ("experimental_prototype", "2019-04-01", None, "ccp-r2122-11"),
    "additional_deliveries": ("additional_deliveries", "2019-04-01", None, "ccp-r2122-4"),
    "similar_contract": ("similar_contract", "2019-04-01", None, "ccp-r2122-7"),
    "after_design_contest": ("after_design_contest", "2019-04-01", None, "ccp-r2122-6"),
    "design_contest": ("design_contest", "2019-04-01", None, "ccp-l2172-1"),
    **{
        f"excluded_contract-{case}": ("excluded_contract", "2019-04-01", None, basis)
        for case, basis in (
            ("in_house", "ccp-l2511-1"),
            ("joint_in_house", "ccp-l2511-3"),
            ("public_cooperation", "ccp-l2511-6"),
            ("exclusive_right", "ccp-l2512-4"),
            ("land", "ccp-l2512-5"),
            ("legal_representation", "ccp-l2512-5"),
            ("loan", "ccp-l2512-5"),
            ("employment", "directive-2014-24-10"),
            ("other", "ccp-l2500-1"),
        )
    },
    "reserved_contract-disabled": ("reserved_contract", "2019-04-01", None, "ccp-l2113-12"),
    "exclusive_rights-art": ("exclusive_rights", "2019-04-01", None, "ccp-r2122-3"),
    "exclusive_rights-technical_or_rights": ("exclusive_rights", "2019-04-01", None, "ccp-r2122-3"),
    "no_tender_received": ("no_tender_received", "2019-04-01", None, "ccp-r2122-2"),
    "extreme_urgency": ("extreme_urgency", "2019-04-01", None, "ccp-r2122-1"),
    "adapted_procedure-central-2016": ("adapted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-27"),
    "adapted_procedure-sub_central-2016": ("adapted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-27"),
    "adapted_procedure-utility-2016": ("adapted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-27"),
    "adapted_procedure-works-2016": ("adapted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-27"),
    "adapted_procedure-specific_service-2016": ("adapted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-28"),
    "adapted_procedure-small_lot-2016": ("adapted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-22"),
    "direct_award-small_lot-2016": ("direct_award", "2016-04-01", "2019-03-31", "decret-2016-360-30"),
    "adapted_procedure-central": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "adapted_procedure-sub_central": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "adapted_procedure-utility": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "adapted_procedure-works": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "adapted_procedure-small_lot-supplies_services": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "adapted_procedure-small_lot-works": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "adapted_procedure-specific_service": ("adapted_procedure", "2019-04-01", None, "ccp-r2123-1"),
    "open_procedure-2016": ("open_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-25"),
    **{f"open_procedure{case}": ("open_procedure", "2019-04-01", None, "ccp-r2124-2") for case in FREE},
    "restricted_procedure-2016": ("restricted_procedure", "2016-04-01", "2019-03-31", "decret-2016-360-25"),
    **{f"restricted_procedure{case}": ("restricted_procedure", "2019-04-01", None, "ccp-r2124-2") for case in FREE},
    **{
        f"competitive_procedure_with_negotiation-{case}": (
            "competitive_procedure_with_negotiation",
            "2019-04-01",
            None,
            "ccp-r2124-3",
        )
        for case in (
            "adaptation",
            "innovative",
            "design",
            "design-not_services",
            "complex",
            "imprecise",
            "failed_tender",
        )
    },
    "competitive_procedure_with_negotiation-utility": (
        "competitive_procedure_with_negotiation",
        "2019-04-01",
        None,
        "ccp-r2124-4",
    ),
    **{
        f"competitive_dialogue-{case}": ("competitive_dialogue", "2019-04-01", None, "ccp-r2124-5")
        for case in (
            "adaptation",
            "innovative",
            "design",
            "design-not_services",
            "complex",
            "imprecise",
            "failed_tender",
        )
    },
    "competitive_dialogue-utility": ("competitive_dialogue", "2019-04-01", None, "ccp-r2124-6"),
    **{
        f"{procedure}-design_services{case}": (procedure, "2019-04-01", None, basis)
        for procedure, basis in (
            ("competitive_procedure_with_negotiation", "ccp-r2124-3"),
            ("competitive_dialogue", "ccp-r2124-5"),
        )
        for case in FREE[1:5]
    },
    "innovation_partnership": ("innovation_partnership", "2019-04-01", None, "ccp-l2172-3"),
    "joint_procurement": ("joint_procurement", "2019-04-01", None, "ccp-l2113-6"),
    "central_purchasing_body": ("central_purchasing_body", "2019-04-01", None, "ccp-l2113-2"),
    "jei_reserved_lots": ("jei_reserved_lots", "2026-05-28", None, "ccp-l2113-17"),
}


def check_series(table, only=None):
    """Raise AssertionError unless each series has its amounts and text on each first and last day."""
    for name in only or SERIES:
        steps = SERIES[name]
        first = d(steps[0][0])
        assert table.in_force(first - DAY).limit(name).amounts == (), (name, first - DAY)
        for i, (since, amounts, basis) in enumerate(steps):
            last = d(steps[i + 1][0]) - DAY if i + 1 < len(steps) else d("2035-01-01")
            for day in (d(since), last):
                limit = table.in_force(day).limit(name)
                assert limit.amounts == tuple(Decimal(str(amount)) for amount in amounts), (name, day)
                if amounts:
                    assert " ".join(dict.fromkeys(limit.basis)) == basis, (name, day, limit.basis)


def check_grounds(table, only=None):
    """Raise AssertionError unless each ground is in force from its first day to its last, for its procedure and text."""
    rules = {rule.id: rule for rule in table.rules}
    for name in only or GROUNDS:
        procedure, since, until, basis = GROUNDS[name]
        rule = rules[name]
        assert (rule.procedure, rule.legal_basis) == (procedure, basis), name
        assert rule.holds_on(d(since)), name
        assert not rule.holds_on(d(since) - DAY), name
        assert rule.holds_on(d(until or "2035-01-01")), name
        assert until is None or not rule.holds_on(d(until) + DAY), name


def triples():
    """Every limit of the list with a cent and a day on each side: case, day, expected status."""
    for procedure, types, kinds, facts, limit, since, until in LIMITS:
        for contract in types:
            for kind in kinds:
                for day in dict.fromkeys((d(since), d(until))):
                    for amount, expected in (
                        (limit - CENT, "open"),
                        (Decimal(limit), "closed"),
                        (limit + CENT, "closed"),
                    ):
                        yield procedure, {"contract_type": contract, **facts}, kind, amount, day, expected
