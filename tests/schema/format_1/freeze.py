"""Writes the documents of format 1 that must be read for ever: one of each kind, with the table of the day; only kinds that have none yet.

`python tests/schema/format_1/freeze.py` adds what is missing. A document that stands here is never written anew: that later
versions read it, and write it again as it was, is what it is for.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "pages"))
sys.path.insert(0, str(HERE.parents[1] / "golden"))


def kinds() -> "dict[str, Any]":
    """One result of each kind, by the name of its documents; a decision with lots and one by a commune's own table too."""
    from attrs import evolve
    from results import EXAMPLES, RESULTS, amendments

    from qmi_rules import decide, load_table, next_question, read
    from qmi_rules.decp import audit
    from qmi_rules.law import default_table
    from qmi_rules.model import Purchase
    from qmi_rules.model.contract import ModifiedContract
    from qmi_rules.procurement.modification import may_modify
    from qmi_rules.schema.fields import document_name

    found: dict[str, Any] = {}
    for made in RESULTS.values():
        for result in made():
            found.setdefault(document_name(type(result)), result)
    local = load_table(EXAMPLES / "regles-locales.toml").over(default_table())
    asked = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": 30_000, "contract_type": "services"}
    found["decision"] = decide(read(EXAMPLES / "pelican-cycles.json", Purchase))
    found["decision-lots"] = decide(read(EXAMPLES / "lots.json", Purchase))
    found["decision-local"] = decide(asked, local)
    found["option"] = found["decision-local"]["direct_award"]
    found["question"] = next_question({"title": "Capteurs", "launched_on": "2024-05-15"})
    found["audit"] = audit(HERE.parents[1] / "decp" / "published.json")
    change = read(EXAMPLES / "avenant-nettoyage.json", ModifiedContract)
    found["modification"] = may_modify(change.contract, change.change)
    found["amendment"] = next(amendments())
    # the certificate of a table is large, and of a format of its own
    proof = found["proof"]
    found["proof"] = evolve(proof, certificate={key: proof.certificate[key] for key in ("counts", "table_hash")})
    return found


if __name__ == "__main__":
    for name, result in kinds().items():
        file = HERE / f"{name}.json"
        if not file.exists():
            document = result.to_dict("en" if name == "decision-lots" else "fr")
            file.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
