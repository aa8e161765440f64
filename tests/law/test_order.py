"""One order of procedures for all rooms: the fewest formalities first, a rank of 0 before every other, no rank after all of them."""

import re
import shutil
from datetime import date

from attrs import evolve

from qmi_rules.briefing import brief
from qmi_rules.budget_calendar.procedure_law import open_procedures
from qmi_rules.law import default_table, load_table
from qmi_rules.model import Buyer, Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Dossier
from qmi_rules.procurement import decide
from qmi_rules.schema import package_data

TABLE = default_table()
PURCHASE = Purchase(
    title="x",
    contract_type="services",
    buyer=Buyer(kind="commune"),
    launched_on=date(2026, 5, 15),
    estimated_value=50_000,
)
COMMUNE = Commune(insee_code="92048", budget_vote="spring")


def ranked(**ranks):
    """The table with other ranks."""
    changed = {name: evolve(TABLE.procedures[name], rank=rank) for name, rank in ranks.items()}
    return TABLE.replace(procedures=TABLE.procedures | changed)


def test_rank_0_is_the_lightest():
    assert decide(PURCHASE, TABLE).lightest == "direct_award"
    assert decide(PURCHASE, ranked(adapted_procedure=0)).lightest == "adapted_procedure"


def test_a_procedure_without_a_rank_is_never_the_lightest_and_comes_last():
    table = ranked(direct_award=None, adapted_procedure=0)
    assert decide(PURCHASE, table).lightest == "adapted_procedure"
    order = sorted(table.procedures.values(), key=lambda procedure: procedure.order)
    assert order[0].id == "adapted_procedure"
    assert all(procedure.rank is None for procedure in order[-1:])


def test_every_view_begins_with_rank_0():
    text = decide(PURCHASE, ranked(adapted_procedure=0)).explain("fr")
    assert text.index("Procédure adaptée") < text.index("Gré à gré")


def test_the_procedures_offered_for_a_plan_begin_with_rank_0():
    words = open_procedures(PURCHASE, COMMUNE, ranked(adapted_procedure=0), None)
    assert str(words).startswith("open for this purchase, the lightest first: adapted_procedure, ")


def test_a_briefing_names_rank_0_as_the_simplest():
    told = brief(Dossier(purchase=PURCHASE), ranked(adapted_procedure=0)).explain("en", "markdown")
    assert re.search(r"Adapted procedure.*the simplest", told)


def test_a_table_of_rank_0_loads(tmp_path):
    folder = tmp_path / "law"
    shutil.copytree(str(package_data("law")), folder)
    file = folder / "procedures.toml"
    first, *others = re.split(r"(?m)^(?=\[\[procedures\]\])", file.read_text("utf-8"))
    others = [
        re.sub(r"(?m)^rank = .*$", "rank = 0", text) if 'id = "adapted_procedure"' in text else text for text in others
    ]
    file.write_text("".join([first, *others]), "utf-8")
    table = load_table(folder)
    assert table.procedures["adapted_procedure"].rank == 0
    assert decide(PURCHASE, table).lightest == "adapted_procedure"
