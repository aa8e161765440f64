"""The ten procedures of the fixture in openfisca-core, for the benchmarks beside it; nothing of qmi_rules is imported here."""

from collections.abc import Callable
from typing import Any

import numpy as np

FACTS = ("innovative", "prototype", "research_and_development", "buyer_owns_results", "complex", "joint")
KINDS = ("works", "supplies", "services")
BUYERS = ("commune", "ept", "state")


class OpenFiscaFixture:
    """The fixture in openfisca-core: dated parameters, one variable a procedure."""

    def __init__(self) -> None:
        from openfisca_core.entities import build_entity
        from openfisca_core.indexed_enums import Enum
        from openfisca_core.parameters import ParameterNode
        from openfisca_core.periods import DateUnit
        from openfisca_core.simulations import SimulationBuilder
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable

        entity = build_entity(key="purchase", plural="purchases", label="A purchase", is_person=True)
        kinds, buyers = (
            Enum(name, {word: word for word in words}) for name, words in (("Kinds", KINDS), ("Buyers", BUYERS))
        )
        works, supplies, state = kinds["works"], kinds["supplies"], buyers["state"]
        self.builder, self.system = SimulationBuilder, TaxBenefitSystem([entity])

        def dated(*amounts: tuple[str, int]) -> dict[str, Any]:
            return {"values": {since: {"value": amount} for since, amount in amounts}}

        start, year, spring = "2000-01-01", "2026-01-01", "2026-04-01"
        self.system.parameters = ParameterNode(
            "",
            data={
                "direct": {"works": dated((start, 100_000)), "other": dated((start, 40_000), (spring, 60_000))},
                "innovative": dated((start, 100_000)),
                "eu": {
                    "works": dated((start, 5_538_000), (year, 5_404_000)),
                    "local": dated((start, 221_000), (year, 216_000)),
                    "state": dated((start, 143_000), (year, 140_000)),
                },
                "lot": {"works": dated((start, 1_000_000)), "other": dated((start, 80_000))},
            },
        )

        def add(name: str, kind: object, formula: Callable[..., object] | None = None, **more: object) -> None:
            body = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH, "label": name, **more}
            if formula is not None:
                formula.__name__ = "formula"
                body["formula"] = formula
            self.system.add_variable(type(name, (Variable,), body))

        def eu(purchase: Any, period: Any, parameters: Any) -> Any:
            p = parameters(period).eu
            local = np.where(purchase("buyer_kind", period) == state, p.state, p.local)
            return np.where(purchase("contract_type", period) == works, p.works, local)

        def direct(purchase: Any, period: Any, parameters: Any) -> Any:
            p = parameters(period).direct
            limit = np.where(purchase("contract_type", period) == works, p.works, p.other)
            return purchase("estimated_value", period) < limit

        def small_lot(purchase: Any, period: Any, parameters: Any) -> Any:
            p, lot = parameters(period).lot, purchase("lot_value", period)
            limit = np.where(purchase("contract_type", period) == works, p.works, p.other)
            return (lot >= 0) & (lot < limit) & (purchase("small_lots_share", period) <= 200)

        for name, default in (("estimated_value", 0), ("lot_value", -1), ("small_lots_share", -1)):
            add(name, int, default_value=default)
        add("contract_type", Enum, possible_values=kinds, default_value=works)
        add("buyer_kind", Enum, possible_values=buyers, default_value=buyers["commune"])
        for fact in FACTS:
            add(fact, bool)
        add("eu_limit", int, eu)
        formulas: dict[str, Callable[..., object]] = {
            "direct": direct,
            "innovative": lambda f, m, parameters: (
                f("innovative", m) & (f("estimated_value", m) < parameters(m).innovative)
            ),
            "adapted": lambda f, m: f("estimated_value", m) < f("eu_limit", m),
            "formal": lambda f, m: f("estimated_value", m) >= f("eu_limit", m),
            "prototype": lambda f, m: f("prototype", m) & (f("contract_type", m) == supplies),
            "partnership": lambda f, m: f("research_and_development", m) & f("buyer_owns_results", m),
            "dialogue": lambda f, m: f("innovative", m) | f("complex", m),
            "negotiation": lambda f, m: f("innovative", m) | f("complex", m),
            "jointly": lambda f, m: f("joint", m) & (f("buyer_kind", m) != state),
            "small_lot": small_lot,
        }
        self.procedures = tuple(formulas)
        for name, formula in formulas.items():
            add(f"open_{name}", bool, formula)
