"""Why an answer differs between two laws: the rows and limits that tell them apart on a case, each with the text that did it."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.findings import Truth
from qmi_rules.law.examination import examine
from qmi_rules.law.rows import Rule
from qmi_rules.law.sources import Source
from qmi_rules.text import Language, message

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

SENTENCES = {
    "begins": message("la règle « {what} » entre en vigueur"),
    "ends": message("la règle « {what} » n'est plus en vigueur"),
    "tightened": message("une règle locale s'ajoute : « {what} »"),
    "limit": message("« {what} » passe de {before} à {after}"),
    "known": message("la table ne connaît la procédure qu'à partir de ce jour"),
}


@frozen(kw_only=True)
class Cause:
    """One thing that changed between two laws and bears on the answer.

    Attributes:
        code: ``begins`` or ``ends`` (a row), ``tightened`` (a row to which a local table added conditions), ``limit`` (a
            threshold) or ``known`` (the table's knowledge).
        id: Id of the row, threshold or procedure.
        label: Its French name.
        before: The limit before: a figure, several readings, or empty where it is not known.
        after: The limit after.
        source: The text that changed it; None for ``known``.
        published_on: The day that text was published.
    """

    code: str
    id: str
    label: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    source: Source | None = None
    published_on: datetime.date | None = None

    def sentence(self, say: Language) -> str:
        """The cause in one language, with its article."""
        text = say(
            SENTENCES[self.code],
            what=say(self.label),
            before=_amounts(say, self.before),
            after=_amounts(say, self.after),
        )
        return f"{text} ({self.source.said(say)})" if self.source is not None else text


def _amounts(say: Language, amounts: tuple[str, ...]) -> str:
    if not amounts:
        return say("« non connu »")
    return say.any_of([say.number(Decimal(amount)) for amount in amounts])


def causes(before: "LawInForce", after: "LawInForce", procedure: str, case: Any) -> tuple[Cause, ...]:
    """What tells two laws apart for one procedure on one case; only what changes how a row judges the case."""
    return tuple(dict.fromkeys(_causes(before, after, procedure, case)))


def _causes(before: "LawInForce", after: "LawInForce", procedure: str, case: Any) -> Iterator[Cause]:
    definition = {**before.table.procedures, **after.table.procedures}[procedure]
    declared = [law.table.procedures.get(procedure) for law in (before, after)]
    if any(one is not None and not law.knows(one) for law, one in zip((before, after), declared, strict=True)):
        yield Cause(code="known", id=procedure, label=definition.label)
        return
    old = {rule.id: rule for rule in before.rules_of(procedure)}
    new = {rule.id: rule for rule in after.rules_of(procedure)}
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name), new.get(name)
        if becomes is not None and becomes.local_conditions and was is None:
            national = next((rule for key, rule in old.items() if name.startswith(f"{key}..")), None)
            if national and examine(national, case, before).truth is not examine(becomes, case, after).truth:
                yield _tightened(becomes, after)
        elif was is not None and any(
            rule.local_conditions and rule.id.startswith(f"{name}..") for rule in new.values()
        ):
            continue
        elif was is not None and becomes is not None:
            yield from _limits(before, after, was, becomes, case)
        elif becomes is not None and examine(becomes, case, after).truth is not Truth.NO:
            yield _of_row("begins", becomes, after)
        elif was is not None and examine(was, case, before).truth is not Truth.NO:
            yield _of_row("ends", was, before)


def _of_row(code: str, rule: Rule, law: "LawInForce") -> Cause:
    return Cause(
        code=code,
        id=rule.id,
        label=rule.ground or rule.id,
        source=law.table.sources[rule.legal_basis],
        published_on=rule.published_on,
    )


def _tightened(rule: Rule, law: "LawInForce") -> Cause:
    return Cause(
        code="tightened",
        id=rule.id,
        label=rule.local_ground or rule.ground or rule.id,
        source=law.table.sources.get(rule.local_basis),
        published_on=rule.published_on,
    )


def _limits(before: "LawInForce", after: "LawInForce", old: Rule, new: Rule, case: Any) -> Iterator[Cause]:
    if examine(old, case, before).truth is examine(new, case, after).truth:
        return
    for condition in new.when:
        if not condition.threshold:
            continue
        was, becomes = before.limit(condition.threshold), after.limit(condition.threshold)
        if was.amounts == becomes.amounts:
            continue
        entry = becomes.value or was.value
        basis = becomes.basis[-1] if becomes.basis else entry.legal_basis if entry else ""
        yield Cause(
            code="limit",
            id=condition.threshold,
            label=becomes.threshold.label,
            before=tuple(str(amount) for amount in was.amounts),
            after=tuple(str(amount) for amount in becomes.amounts),
            source=after.table.sources.get(basis),
            published_on=entry.published_on if entry else None,
        )
