"""Everything in force on a day: thresholds, grounds of procedures, duties, each with article, dates and certainty."""

import datetime
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from qmi_rules.law import Condition, LawInForce, Row, Rule
from qmi_rules.law.wording import citation, linked, quantity
from qmi_rules.text import Explained, Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block

CERTAINTIES = {
    "confirmed": message("confirmé"),
    "single_source": message("une seule source"),
    "unverified": message("non vérifié sur le texte officiel"),
}
_COMPARISONS = {
    "below": message("{fact} sous {threshold}"),
    "from": message("{fact} à partir de {threshold}"),
    "at_most": message("{fact} d'au plus {threshold}"),
    "above": message("{fact} au-delà de {threshold}"),
}

_UNKNOWN = {
    "below": message("{fact} sous un seuil inconnu ce jour-là"),
    "from": message("{fact} à partir d'un seuil inconnu ce jour-là"),
    "at_most": message("{fact} dans la limite d'un seuil inconnu ce jour-là"),
    "above": message("{fact} au-delà d'un seuil inconnu ce jour-là"),
}


@frozen
class LawOfTheDay(Explained):
    """What the table says for one day, to be read or to travel as JSON.

    Attributes:
        law: The law in force.
        on: The day.
    """

    law: LawInForce
    on: datetime.date

    @classmethod
    def document_class(cls) -> type:
        """The class that describes its JSON document."""
        from qmi_rules.procurement.documents import LawOfTheDayDocument

        return LawOfTheDayDocument

    def as_document(self) -> dict[str, Any]:
        """Thresholds, rules and duties in force, as plain data."""
        law = self.law
        limits = [law.limit(key) for key in law.table.thresholds]
        return {
            "on": self.on.isoformat(),
            "since": _iso(law.since),
            "until": _iso(law.until),
            "known_on": _iso(law.known_on),
            "table_edition": law.table.edition,
            "table_hash": law.table.hash,
            "thresholds": [
                {
                    "id": limit.threshold.id,
                    "label": limit.threshold.label,
                    "unit": limit.threshold.unit,
                    "amounts": [str(amount) for amount in limit.amounts],
                    "contested": limit.contested,
                    "since": _iso(limit.since),
                    "until": _iso(limit.until),
                    "certainty": None if limit.certainty is None else str(limit.certainty),
                    "legal_basis": [_source(law, key) for key in limit.basis],
                    "note": limit.value.note if limit.value else None,
                }
                for limit in limits
            ],
            "rules": [{**_row(law, rule), "procedure": rule.procedure, "ground": rule.ground} for rule in law.rules],
            "duties": [
                {**_row(law, row), "duty": row.duty, "procedures": list(row.procedures), "days": row.days}
                for row in law.duty_rows
            ],
        }

    def page(self, say: Language) -> Page:
        """The same as a page."""
        return Page(say.code, tuple(self._blocks(say)))

    def _blocks(self, say: Language) -> Iterator[Block]:
        law = self.law
        yield Heading(say("Le droit en vigueur le {date}", date=say.date(self.on)), 1)
        span = [
            say("depuis le {date}", date=say.date(law.since)) if law.since else "",
            say("jusqu'au {date}", date=say.date(law.until)) if law.until else "",
        ]
        if any(span):
            yield Paragraph(say("Sans changement {span}.", span=" ".join(word for word in span if word)))
        known = [limit for key in law.table.thresholds if (limit := law.limit(key)).amounts]
        unknown = [law.table.thresholds[key] for key in law.table.thresholds if not law.limit(key).amounts]
        rows: list[list[Line]] = [
            [
                say(limit.threshold.label),
                say.any_of([quantity(say, amount, limit.threshold.unit) for amount in limit.amounts])
                or say("non connu"),
                say.date(limit.since) if limit.since else "",
                say.date(limit.until) if limit.until else "",
                say.any_of([citation(say, law.table.sources[key]) for key in limit.basis]),
                say("les sources divergent") if limit.contested else say(CERTAINTIES[str(limit.certainty)]),
            ]
            for limit in known
        ]
        yield Heading(say("Seuils"))
        yield Grid(tuple(say(head) for head in _HEADS), rows)
        if unknown:
            yield Paragraph(
                say(
                    "Sans valeur connue ce jour-là : {thresholds}.",
                    thresholds=say.all_of([say(t.label) for t in unknown]),
                ),
                "warning",
            )
        yield Heading(say("Procédures et leurs fondements"))
        for procedure in law.table.procedures.values():
            yield Heading(say(procedure.label), 3)
            if procedure.guide_description:
                yield Paragraph(say(procedure.guide_description))
            rules = law.rules_of(procedure.id)
            if not law.knows(procedure):
                yield Paragraph(say("Les tables du droit ne connaissent pas cette procédure ce jour-là."), "warning")
            elif not rules:
                yield Paragraph(say("Pas en vigueur ce jour-là."))
            else:
                yield Items([_line(law, say, rule, rule.ground) for rule in rules])
        if law.duty_rows:
            yield Heading(say("Obligations"))
            yield Items([_line(law, say, row, law.table.duties[row.duty].label) for row in law.duty_rows])


_HEADS = (
    message("Seuil"),
    message("Valeur"),
    message("Depuis"),
    message("Jusqu'au"),
    message("Article"),
    message("Certitude"),
)


def _line(law: LawInForce, say: Language, row: Row, what: str) -> Line:
    conditions = say.clauses(condition_text(law, say, condition) for condition in row.when) or say("aucune condition")
    mark = "" if row.certainty == "confirmed" else f" [{say(CERTAINTIES[str(row.certainty)])}]"
    if row.local:
        mark += say(" [règle locale : {name}]", name=row.local)
    added = [", ", linked(say, law.table.sources[row.local_basis])] if isinstance(row, Rule) and row.local_basis else []
    return [Strong(say(what)), f" — {conditions}{mark} · ", linked(say, law.table.sources[row.legal_basis]), *added]


def condition_text(law: LawInForce, say: Language, condition: Condition) -> str:
    """A condition of a row in words."""
    fact = law.facts[condition.fact]
    if condition.is_ is not None:
        return say(fact.affirmed if condition.is_ else fact.denied)
    if condition.in_:
        names = {choice.id: say(choice.label) for choice in fact.choices}
        return say("{fact} : {value}", fact=say(fact.label), value=say.any_of([names[word] for word in condition.in_]))
    limit = law.limit(condition.threshold)
    amounts = say.any_of([quantity(say, amount, limit.threshold.unit) for amount in limit.amounts])
    if not amounts:
        return say(_UNKNOWN[condition.edge], fact=say(fact.label))
    return say(_COMPARISONS[condition.edge], fact=say(fact.label), threshold=amounts)


def _row(law: LawInForce, row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "since": _iso(row.effective_from),
        "until": _iso(row.effective_until),
        "published_on": _iso(row.published_on),
        "certainty": str(row.certainty),
        "legal_basis": _source(law, row.legal_basis),
        "when": [_condition(condition) for condition in row.when],
        "local": row.local,
    }


def _condition(condition: Condition) -> dict[str, Any]:
    if condition.is_ is not None:
        return {"fact": condition.fact, "is": condition.is_}
    if condition.in_:
        return {"fact": condition.fact, "in": list(condition.in_)}
    return {"fact": condition.fact, condition.edge: condition.threshold}


def _source(law: LawInForce, key: str) -> dict[str, Any]:
    source = law.table.sources[key]
    return {"id": source.id, "text": source.text, "article": source.article, "url": source.url}


def _iso(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()
