"""What the answers of an interview settle, in sentences: the procedures open, and why the others are not settled."""

import datetime
from typing import Any

from qmi_rules.findings import Truth
from qmi_rules.law import Table, default_table, examine
from qmi_rules.law.wording import fact_name
from qmi_rules.procurement.doubts import ContestedLimit, contested_limits
from qmi_rules.procurement.inquiry import Inquiry, inquiry
from qmi_rules.text import Language


def summary(
    document: dict[str, Any], say: Language, table: Table | None = None, known_on: datetime.date | None = None
) -> list[str]:
    """What the answers settle: the procedures open, and those still undetermined, each with what would settle it."""
    table = default_table() if table is None else table
    here = inquiry(document, table, known_on)
    found = here.statuses()
    opened = [say(table.procedures[procedure].label) for procedure, truth in found.items() if truth is Truth.YES]
    lines = [say("Procédures ouvertes : {names}", names=say.all_of(opened) or say("aucune"))]
    for procedure, truth in found.items():
        if truth is Truth.UNDETERMINED:
            reasons = say.clauses(_reasons(here, procedure, say)) or say(
                "les tables du droit ne le disent pas pour ce jour"
            )
            lines.append(
                say(
                    "Non déterminée : {procedure} — {reasons}",
                    procedure=say(table.procedures[procedure].label),
                    reasons=reasons,
                )
            )
    return lines


def _reasons(here: Inquiry, procedure: str, say: Language) -> list[str]:
    """Why a procedure is not settled: facts that nobody answered, limits on which the sources disagree, an amount or day only bounded."""
    facts: dict[str, None] = {}
    limits: dict[str, ContestedLimit] = {}
    answers = set()
    for law, case in here.cases():
        examined = [examine(rule, case, law) for rule in law.relevant_rules(procedure, case)]
        facts |= dict.fromkeys(path for one in examined for path in one.missing)
        limits |= {limit.threshold: limit for limit in contested_limits(examined, law)}
        answers.add(law.statuses(case)[procedure])
    law = here.laws[-1]
    reasons = [say("à établir : {fact}", fact=fact_name(say, law.table, path)) for path in facts]
    reasons += [
        say("les sources ne s'accordent pas : {label}, {choice}", label=say(limit.label), choice=limit.choice(say))
        for limit in limits.values()
    ]
    if len(answers) > 1:
        reasons += [say("selon le montant exact du besoin")] if len(here.amounts) > 1 else []
        reasons += [say("selon le jour de lancement")] if len(here.laws) > 1 else []
    return reasons
