"""The compiled table as one document that no language of programming owns: the law by spans of days, its words, the sentences of an answer.

What an evaluator elsewhere needs and nothing else: the rows with their days, every limit with its readings on every day, facts with
their questions, duties, texts in each language. `kit --rows` writes it, the question page carries it.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from qmi_rules.catalogues import printed
from qmi_rules.law import Condition, FactDefinition, LawInForce, Table
from qmi_rules.law.doubts import RESERVES
from qmi_rules.law.rows import Procedure, Row, Rule
from qmi_rules.law.sections import Bearing, Choice, DutyRow
from qmi_rules.law.sources import SHORT_NAMES, ArticleVersion, Source
from qmi_rules.law.thresholds import Threshold
from qmi_rules.law.truth import Certainty
from qmi_rules.law.wording import CERTAINTIES, FRAMEWORK, SENTENCES, STATUSES
from qmi_rules.model.need import BASIS
from qmi_rules.pages import language, languages
from qmi_rules.pages.sentences import QUANTITIES
from qmi_rules.procurement.card.card import CARD
from qmi_rules.procurement.card.making import MOST_DUTIES, MOST_TRIED, SIGNATURE, duty_order
from qmi_rules.procurement.card.seen import NAMED_LOTS
from qmi_rules.procurement.dialogue.opening import opening_document
from qmi_rules.procurement.dialogue.questions import WHEN
from qmi_rules.procurement.whatif.alterations import STEPS
from qmi_rules.procurement.whatif.search import SENTENCES as WHAT_IF
from qmi_rules.procurement.whatif.search import WINDOW
from qmi_rules.version import VERSION

FORMAT: Final = "qmi-rules/rows/1"


def rows_json(table: Table) -> str:
    """The document as compact JSON, one line."""
    return json.dumps(rows(table), ensure_ascii=False, separators=(",", ":")) + "\n"


def rows(table: Table) -> dict[str, Any]:
    """The document: keys that say nothing (an empty list, a fact that is not presumed) are left out."""
    laws = tuple(table.segments())
    duty_rows = [row for row in table.duty_rows if row.duty in table.duties]
    return {
        "format": FORMAT,
        "edition": table.edition,
        "table_hash": table.hash,
        "package_version": VERSION,
        "reviewed_on": _day(table.reviewed_on),
        "languages": [*languages()],
        "days": [_first_day(law) for law in laws if law.since],
        "opening": opening_document(),
        "questions": [{"path": "launched_on", "kind": "date", "question": _text(WHEN)}],
        "facts": [_fact(fact) for fact in table.facts.values()],
        "procedures": [_procedure(procedure) for procedure in table.procedures.values()],
        "thresholds": {one.id: _threshold(one, laws) for one in table.thresholds.values()},
        "readings": {_first_day(law): worlds for law in laws if len(worlds := _readings(law)) > 1 or worlds[0]},
        "rules": [_rule(rule, table) for rule in table.rules],
        "outside": [
            {"fact": one.fact, "in": [*one.in_], "id": one.id, "text": _text(one.text), "basis": one.legal_basis}
            for one in table.outside
        ],
        "bearings": {one.fact: _bearing(one) for one in table.bearings},
        "duties": {
            duty.id: _filled(
                label=_text(duty.label), short=_text(duty.short) if duty.short else None, deadline=duty.deadline
            )
            for duty in table.duties.values()
        },
        "duty_rows": [_duty_row(row) for row in duty_rows],
        "valuation": BASIS,
        "ladders": [[*ladder.duties] for ladder in table.ladders],
        "sources": {source.id: _source(source) for source in _cited(table, laws)},
        "card": {
            "order": [*duty_order(table)],
            "signature": SIGNATURE,
            "most_duties": MOST_DUTIES,
            "most_tried": MOST_TRIED,
            "named_lots": NAMED_LOTS,
            "framework": FRAMEWORK,
        },
        "what_if": {"steps": {unit: _number(step) for unit, step in STEPS.items()}, "most_days": WINDOW.days},
        "patterns": _patterns(),
        "short_names": {text: _text(short) for text, short in SHORT_NAMES.items()},
        "formats": {code: language(code).formats() for code in languages()},
    }


def _filled(**values: Any) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in values.items() if value not in (None, "", False, [], {}, ())}


def _text(text: str) -> dict[str, str]:
    """A French text in every language; one that is the same in all of them too, so that no reader has to guess."""
    return {code: language(code)(text) for code in languages()} if text else {}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(value: Decimal) -> str:
    return format(value, "f")


def _first_day(law: LawInForce) -> str:
    return _day(law.since) or ""


# --- the law


def _procedure(procedure: Procedure) -> dict[str, Any]:
    found = _filled(
        id=procedure.id,
        label=_text(procedure.label),
        description=_text(procedure.description),
        dispensed=procedure.dispensed,
        formal=procedure.formal,
        arrangement=procedure.arrangement,
        known_from=_day(procedure.known_from),
    )
    return found if procedure.rank is None else {**found, "rank": procedure.rank}


def _threshold(threshold: Threshold, laws: tuple[LawInForce, ...]) -> dict[str, Any]:
    """Every value that the limit has, from the first day on which it is so; no amounts = it is not known."""
    values: list[dict[str, Any]] = []
    for law in laws:
        limit = law.limit(threshold.id)
        value = _filled(
            amounts=[_number(amount) for amount in limit.amounts],
            basis=[*limit.basis],
            since=_day(limit.since),
            certainty=limit.certainty,
        )
        if not values or {**values[-1], "from": None} != {**value, "from": None}:
            values.append({"from": _first_day(law), **value})
    if values[0] == {"from": ""}:
        values.pop(0)
    return {"label": _text(threshold.label), "unit": threshold.unit, "values": values}


def _readings(law: LawInForce) -> list[dict[str, int]]:
    """The ways to read contested limits that settle every other: for each limit the place of its reading; 0, the lowest, is left out."""
    worlds = law.worlds(strict=law.rules)
    worlds += [world for world in law.worlds(loose=law.rules) if world not in worlds]
    return [
        {
            name: place
            for name, amount in world.items()
            if amount is not None and (place := law.limit(name).amounts.index(amount))
        }
        for world in worlds
    ]


def _dated(row: Row) -> dict[str, Any]:
    return {
        "from": _day(row.effective_from),
        **_filled(until=_day(row.effective_until), local=row.local),
        "when": [_condition(condition) for condition in row.when],
    }


def _rule(rule: Rule, table: Table) -> dict[str, Any]:
    return {
        "id": rule.id,
        "procedure": rule.procedure,
        "basis": rule.legal_basis,
        **_dated(rule),
        **_filled(
            certainty=None if rule.certainty is Certainty.CONFIRMED else rule.certainty,
            untrusted=not table.trusts(rule),
            unknown=_text(rule.unknown),
            local_basis=rule.local_basis,
            local_conditions=rule.local_conditions,
        ),
    }


def _bearing(bearing: Bearing) -> dict[str, Any]:
    """What a buyer may do about a fact; with the reason where advice that goes through it is to be read with one."""
    if bearing.choice is not Choice.ESTIMATED:
        return {"choice": str(bearing.choice)}
    return _filled(choice=str(bearing.choice), reason=_text(bearing.reason), basis=bearing.legal_basis)


def _duty_row(row: DutyRow) -> dict[str, Any]:
    found = {"duty": row.duty, "basis": row.legal_basis, **_dated(row), **_filled(procedures=[*row.procedures])}
    return found if row.days is None else {**found, "days": row.days}


def _condition(condition: Condition) -> dict[str, Any]:
    found: dict[str, Any] = {"fact": condition.fact}
    if condition.is_ is not None:
        found["is"] = condition.is_
    elif condition.in_:
        found["in"] = [*condition.in_]
    else:
        found[condition.edge] = condition.threshold
    return found


# --- its words


def _fact(fact: FactDefinition) -> dict[str, Any]:
    asked = fact.asked
    return {
        "id": fact.id,
        "kind": str(fact.kind),
        "ask": str(fact.ask),
        "path": fact.where,
        **_filled(
            label=_text(fact.label),
            question=_text(fact.question),
            affirmed=_text(fact.affirmed),
            denied=_text(fact.denied),
            choices=[
                _filled(id=word.id, label=_text(word.label), cpv=[_range(span) for span in word.cpv])
                for word in fact.choices
            ],
            presumed=fact.presumed,
            presumed_choice=fact.presumed_choice,
            asked=asked and _filled(cpv=[_range(s) for s in asked.cpv], words=[*asked.words], with_=[*asked.with_]),
            lot=fact.lot,
        ),
    }


def _range(span: str) -> list[str]:
    return span.split("-")


def _cited(table: Table, laws: tuple[LawInForce, ...]) -> Iterator[Source]:
    """The sources that an answer may cite."""
    cited = {rule.legal_basis for rule in table.rules} | {rule.local_basis for rule in table.rules}
    cited |= {row.legal_basis for row in table.duty_rows}
    cited |= {basis for law in laws for name in table.thresholds for basis in law.limit(name).basis}
    cited |= set(BASIS.values()) | {one.legal_basis for one in table.outside}
    cited |= {one.legal_basis for one in table.bearings if one.choice is Choice.ESTIMATED and one.legal_basis}
    yield from (source for source in table.sources.values() if source.id in cited)


def _source(source: Source) -> dict[str, Any]:
    return _filled(
        text=source.text if source.text in SHORT_NAMES else None,
        name=_text(source.text),
        article=printed(source.article) if source.article else None,  # as sentences cite it
        url=source.url,
        versions=[_version(version) for version in source.versions],
    )


def _version(version: ArticleVersion) -> dict[str, Any]:
    return _filled(from_=_day(version.effective_from), until=_day(version.effective_until), url=version.url)


# --- the sentences and formats of an answer


def _patterns() -> dict[str, dict[str, str]]:
    """Every sentence by its name: those of the card as they are, the others behind the name of what they are about."""
    found = {name: _text(text) for name, text in CARD.items()}
    for name in (name.removesuffix("_one") for name in CARD if name.endswith("_one")):
        forms = {code: language(code).forms(CARD[f"{name}_one"], CARD[f"{name}_several"]) for code in languages()}
        for place, form in enumerate(("one", "several")):
            found[f"{name}_{form}"] = {code: both[place] for code, both in forms.items()}
    for prefix, texts in (
        ("finding", SENTENCES),
        ("doubt", RESERVES),
        ("status", STATUSES),
        ("certainty", CERTAINTIES),
        ("unit", QUANTITIES),
        ("change", WHAT_IF),
    ):
        found |= {f"{prefix}_{name}": _text(text) for name, text in texts.items()}
    return found
