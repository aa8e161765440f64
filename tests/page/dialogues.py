"""Record dialogues: from a purchase of which little is known, what is asked next and what a person answers, until nothing is asked.

``python tests/page/dialogues.py`` writes them anew after a change of what is asked; the tests replay them.
"""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from qmi_rules.errors import DocumentError
from qmi_rules.law import FactKind, LawInForce, load_table
from qmi_rules.law.wording import fact_at
from qmi_rules.model import Purchase
from qmi_rules.procurement import decide
from qmi_rules.procurement.card import answer_of
from qmi_rules.procurement.dialogue.inquiry import answers
from qmi_rules.schema import structure

FILE = Path(__file__).with_name("dialogues.json")
TABLE = load_table(Path(__file__).parents[1] / "golden" / "law")
"""The frozen law: an amendment of the law changes no recorded dialogue."""
COUNT, MOST_STEPS = 1_000, 12
DAYS = ("2018-06-01", "2022-03-01", "2024-03-01", "2025-06-02", "2026-05-15", "2026-09-01", "2027-02-01", "2027-06-30")
VALUED: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"estimated_value": "15000"},
    {"estimated_value": "59999.99"},
    {"estimated_value": "85000"},
    {"estimated_value": "130000"},
    {"estimated_value": "250000"},
    {"estimated_value": "5404000"},
    {"need": {"firm": "20000", "framework": {}}},
    {"need": {"firm": "100000", "vat_rate": "0.20"}},
    {"lots": [{"id": "a", "estimated_value": "90000"}, {"id": "b", "estimated_value": "60000", "small_lot": True}]},
    {"members": [{"buyer": {"kind": "commune"}, "part": "30000"}, {"buyer": {"kind": "ept"}, "part": "60000"}]},
)


@cache
def asked(document: str, skipped: tuple[str, ...]) -> str | None:
    """What the library asks next of a purchase, given as JSON."""
    purchase = structure({"title": "…", **json.loads(document)}, Purchase)
    found = answer_of(decide(purchase, TABLE), skipped=skipped).next
    return None if found is None else found.fact


def dialogue(start: dict[str, Any], steps: list[list[Any]]) -> Iterator[str | None]:
    """What the library asks after each of the answers, and before the first."""
    document, skipped = start, ()
    yield asked(json.dumps(document), skipped)
    for path, value in steps:
        if value is None:
            skipped = (*skipped, path)
        else:
            document = filled(document, path.split("."), value)
        yield asked(json.dumps(document), skipped)


def filled(document: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    head, *rest = path
    return {**document, head: filled(document.get(head) or {}, rest, value) if rest else value}


def recorded(choose: random.Random, start: dict[str, Any]) -> tuple[list[list[Any]], str | None]:
    """One dialogue from a start, its answers by chance."""
    law = TABLE.in_force(Purchase(title="…", launched_on=start["launched_on"]).launched_on)
    steps: list[list[Any]] = []
    while (path := [*dialogue(start, steps)][-1]) is not None and len(steps) < MOST_STEPS:
        value = _answer(choose, law, path)
        steps.append([path, value if _fits(start, [*steps, [path, value]]) else None])
    return steps, path


def _fits(start: dict[str, Any], steps: list[list[Any]]) -> bool:
    """Whether an answer does not contradict what was said before: works are no specific service."""
    try:
        [*dialogue(start, steps)]
    except DocumentError:
        return False
    return True


def _start(choose: random.Random) -> dict[str, Any]:
    """What somebody may say at first: a day, and any of the rest."""
    start: dict[str, Any] = {"launched_on": choose.choice(DAYS), **choose.choice(VALUED)}
    for name, share in (("contract_type", 0.6), ("buyer_kind", 0.6)):
        if choose.random() < share:
            fact = TABLE.facts[name]
            start = filled(start, fact.where.split("."), choose.choice(fact.choices).id)
    truths = [
        fact
        for fact in TABLE.facts.values()
        # these two may contradict what is answered later
        if fact.kind is FactKind.TRUTH
        and fact.where == fact.id
        and not fact.lot
        and fact.id not in ("joint", "specific_service")
    ]
    for fact in choose.sample(truths, choose.choice((0, 0, 1, 1, 2))):
        start[fact.id] = choose.random() < 0.7
    if choose.random() < 0.2:
        start["cpv"] = choose.choice(
            [span[:8] for fact in TABLE.facts.values() if fact.asked for span in fact.asked.cpv[:4]]
        )
    return start


def _answer(choose: random.Random, law: LawInForce, path: str) -> Any:
    if choose.random() < 0.15:
        return None  # "je ne sais pas"
    fact = fact_at(law.table, path) or law.facts["estimated_value"]
    value = choose.choice(answers(law, fact))
    if fact.id == "estimated_value":
        return format(value, "f")
    return int(value) if fact.kind is FactKind.NUMBER else value


def write() -> None:
    """Record as many different dialogues as the tests want."""
    choose = random.Random(19)
    starts = [_start(choose) for _ in range(160)]
    found: dict[str, None] = {}
    while len(found) < COUNT:
        place = choose.randrange(len(starts))
        found[_line([place, *recorded(choose, starts[place])])] = None
    lists = {"starts": map(_line, starts), "dialogues": found}
    text = ", ".join(f'"{name}": [\n' + ",\n".join(lines) + "\n]" for name, lines in lists.items())
    FILE.write_text(f"{{{text}}}\n", "utf-8")


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read() -> list[tuple[dict[str, Any], list[list[Any]], str | None]]:
    """The recorded dialogues: what was known first, each question with its answer (None = not known), what was asked at last."""
    written = json.loads(FILE.read_text("utf-8"))
    return [(written["starts"][place], steps, last) for place, steps, last in written["dialogues"]]


if __name__ == "__main__":
    write()
