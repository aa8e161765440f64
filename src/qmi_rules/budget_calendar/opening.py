"""Whether the law opens the planned procedure to the purchase, on the day it is launched."""

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from qmi_rules.budget_calendar.limits import bought_by, cite
from qmi_rules.budget_calendar.sentences import Remark, Sentence, Term, Value, remark
from qmi_rules.contexts import Purchase, lot_cases, whole_case
from qmi_rules.contexts.commune import Commune
from qmi_rules.findings import STATUS, Truth
from qmi_rules.law import LawInForce, Table, examine
from qmi_rules.text import message

_STATES = {Truth.YES: message("ouverte"), Truth.NO: message("fermée"), Truth.UNDETERMINED: message("à établir")}


@frozen(kw_only=True)
class Opening:
    """How a procedure stands for a purchase under one law.

    Attributes:
        truth: Yes where it is open for the whole purchase or for each of its lots, no where it is closed for both.
        bases: Articles of its grounds.
        contested: What the sources of the law disagree on, or do not say, in French.
        missing: What nobody filled, in French.
        lots: Ids of the lots it is open for, where it is open for some only.
    """

    truth: Truth
    bases: tuple[str, ...]
    contested: tuple[str, ...]
    missing: tuple[str, ...]
    lots: tuple[str, ...]

    @property
    def sentence(self) -> Sentence:
        """How it stands, with its articles and what it waits for."""
        values: dict[str, Value] = {
            "bases": tuple(Term(basis) for basis in self.bases),
            "contested": tuple(Term(label) for label in self.contested),
            "missing": tuple(Term(label) for label in self.missing),
            "lots": self.lots,
        }
        match self:
            case Opening(truth=Truth.YES):
                text = message("Procédure ouverte pour cet achat ({bases}).")
            case Opening(truth=Truth.NO):
                text = message("Procédure fermée pour cet achat ({bases}).")
            case Opening(lots=lots) if lots:
                text = message("Procédure ouverte pour une partie des lots seulement : {lots} ({bases}).")
            case Opening(contested=contested, missing=missing) if contested and missing:
                text = message("Procédure à établir ({bases} ; contesté : {contested} ; à préciser : {missing}).")
            case Opening(contested=contested) if contested:
                text = message("Procédure à établir ({bases} ; contesté : {contested}).")
            case Opening(missing=missing) if missing:
                text = message("Procédure à établir ({bases} ; à préciser : {missing}).")
            case _:
                text = message("Procédure à établir ({bases}) : les tables ne connaissent pas le droit de ce jour.")
        return Sentence(text, values)


def opening(purchase: Purchase, commune: Commune, procedure: str, law: LawInForce) -> Opening:
    """How a procedure stands for the whole; where that does not open it and there are lots, lot by lot."""
    bought = bought_by(purchase, commune)
    whole = whole_case(bought)
    found = {"": (whole, law.statuses(whole)[procedure])}
    if bought.lots and found[""][1] is not Truth.YES:
        found = {
            lot.id: (case, law.statuses(case)[procedure])
            for lot, case in zip(bought.lots, lot_cases(bought), strict=True)
        }
    truths = {truth for _, truth in found.values()}
    truth = truths.pop() if len(truths) == 1 else Truth.UNDETERMINED
    examined = [
        examine(rule, case, law)
        for case, one in found.values()
        for rule in law.relevant_rules(procedure, case)
        if one is truth
    ]
    labels = {definition.where: definition.label for definition in law.facts.values()}
    sources, thresholds = law.table.sources, law.table.thresholds
    grounds = law.rules_of(procedure) or tuple(rule for rule in law.table.rules if rule.procedure == procedure)
    return Opening(
        truth=truth,
        bases=_each(cite(sources[rule.legal_basis]) for rule in grounds),
        contested=_each(thresholds[name].label for one in examined for name in (*one.contested, *one.unknown)),
        missing=_each(labels.get(path, path) for one in examined for path in one.missing),
        lots=tuple(lot for lot, (_, one) in found.items() if one is Truth.YES) if truth is Truth.UNDETERMINED else (),
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def planned_status(
    purchase: Purchase, commune: Commune, procedure: str, table: Table, planned: date, known_on: date | None
) -> tuple[str, Remark | None]:
    """The status on the declared day of the launch, and what to say where it is not plainly open.

    The declared day decides which law applies. Where the plan launches on another day, on which the procedure stands
    otherwise, that is said too.
    """
    declared = opening(purchase, commune, procedure, table.in_force(purchase.launched_on, known_on))
    then = opening(purchase.evolve(launched_on=planned), commune, procedure, table.in_force(planned, known_on))
    if then.truth is not declared.truth:
        said = remark(
            "procedure_status",
            message("{declared} Lancée le {planned}, comme le prévoit ce plan, elle serait {state}."),
            declared=declared.sentence,
            planned=planned,
            state=Term(_STATES[then.truth]),
        )
    elif declared.truth is Truth.YES:
        said = None
    else:
        said = Remark(id="procedure_status", text=declared.sentence.french, sentence=declared.sentence)
    return STATUS[declared.truth], said


def open_procedures(purchase: Purchase, commune: Commune, table: Table, known_on: date | None) -> str:
    """The procedures to choose from, those open for the purchase first, the lightest at the head: words for a fault."""
    law = table.in_force(purchase.launched_on, known_on)
    truths = law.statuses(whole_case(bought_by(purchase, commune)))
    procedures = [entry for entry in table.procedures.values() if not entry.arrangement]
    procedures.sort(key=lambda entry: entry.rank or 1_000)
    opened = [entry.id for entry in procedures if truths[entry.id] is Truth.YES]
    others = [entry.id for entry in procedures if truths[entry.id] is not Truth.YES]
    lightest = f"open for this purchase, the lightest first: {', '.join(opened)}; " if opened else ""
    return f"{lightest}{'the others' if opened else 'one of'}: {', '.join(others)}"
