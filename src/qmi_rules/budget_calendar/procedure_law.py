"""What the law says of the planned procedure: the duties that take time, whether it is open, and which limits change."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from attrs import frozen

from qmi_rules.budget_calendar.facts import Citation, cite
from qmi_rules.errors import Phrase
from qmi_rules.law import (
    Certainty,
    DutyRow,
    Examination,
    LawInForce,
    Reduction,
    Row,
    Source,
    Table,
    binding_by_duty,
    examine,
)
from qmi_rules.law.truth import STATUS, Status, Truth
from qmi_rules.law.wording import STATUSES
from qmi_rules.model import Buyer, BuyerKind, Purchase, lot_cases, whole_case
from qmi_rules.model.commune import Commune
from qmi_rules.pages import message
from qmi_rules.pages.sentences import Remark, Said, Term, Value, remark

T = TypeVar("T")

DUTIES = (
    "time_limit_candidatures",
    "time_limit_tenders",
    "standstill",
    "prefect_transmission",
    "tender_committee",
    "award_notice",
    "essential_data",
)


@frozen(kw_only=True)
class DutyInCalendar:
    """One duty of the law table that takes time in a plan.

    Attributes:
        duty: Id of the duty.
        label: What it asks, in French.
        owed: Yes, or undetermined where a fact is missing.
        days: Length, days; None where the duty has none.
        source: The text that sets it.
        certainty: How sure the table is of it.
        missing: Paths of the facts that would settle it.
        unsettled: What would settle it, in French: facts, and limits that are contested or not known.
        reductions: Shorter lengths that the law allows on conditions the table does not test, longest first.
    """

    duty: str
    label: str
    owed: Truth
    days: int | None
    source: Source
    certainty: Certainty
    missing: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    reductions: tuple[Reduction, ...] = ()

    @property
    def citation(self) -> Citation:
        """The text that sets it, as the calendar cites it."""
        return cite(self.source)

    @property
    def floor(self) -> int:
        """The shortest length that the law knows, days; a case in which there is no such time limit aside."""
        return min([self.days or 0, *(reduction.days for reduction in self.reductions if reduction.days)])

    def allows(self, days: int) -> bool:
        """Whether a length is possible, on whatever conditions."""
        return days >= self.floor or days in {reduction.days for reduction in self.reductions}


def duties_in_calendar(
    purchase: Purchase, commune: Commune, procedure: str, law: LawInForce
) -> dict[str, DutyInCalendar]:
    """The duties of one procedure that weigh on the calendar, by duty id; those that are not owed are left out."""
    binding = binding_by_duty(law.table.procedures[procedure], whole_case(bought_by(purchase, commune)), law)
    return {duty: _owed(*binding[duty][-1], law) for duty in DUTIES if duty in binding}


def bought_by(purchase: Purchase, commune: Commune) -> Purchase:
    """The purchase, bought by the commune of the calendar where it does not say who buys."""
    buyer = purchase.buyer
    if buyer is not None and buyer.kind is not None:
        return purchase
    return purchase.evolve(
        buyer=Buyer(kind=BuyerKind.COMMUNE, insee_code=commune.insee_code, population=commune.population)
    )


def _owed(row: DutyRow, examined: Examination, law: LawInForce) -> DutyInCalendar:
    """The row that binds, as the decision takes it; where it is open whether a stricter one does, the stricter one."""
    labels = {definition.where: definition.label for definition in law.facts.values()}
    return DutyInCalendar(
        duty=row.duty,
        label=law.table.duties[row.duty].label,
        owed=examined.truth,
        days=row.days,
        source=law.table.sources[row.legal_basis],
        certainty=row.certainty,
        missing=examined.missing,
        unsettled=(
            *(labels.get(path, path) for path in examined.missing),
            *(law.table.label(name) for name in (*examined.contested, *examined.unknown)),
        ),
        reductions=tuple(
            sorted(
                (reduction for reduction in row.reductions if row.days is not None and reduction.days < row.days),
                key=lambda reduction: -reduction.days,
            )
        ),
    )


@frozen(kw_only=True)
class Opening:
    """How a procedure stands for a purchase under one law.

    Attributes:
        truth: Yes where it is open for the whole purchase or for each of its lots, no where it is closed for both.
        bases: The texts of its grounds.
        contested: What the sources of the law disagree on, or do not say, in French.
        missing: What nobody filled, in French.
        lots: Ids of the lots it is open for, where it is open for some only.
    """

    truth: Truth
    bases: Citation
    contested: tuple[str, ...]
    missing: tuple[str, ...]
    lots: tuple[str, ...]

    @property
    def sentence(self) -> Said:
        """How it stands, with its articles and what it waits for."""
        values: dict[str, Value] = {
            "bases": self.bases,
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
                text = message("Procédure ouverte pour une partie des lots seulement : {lots} ({bases}).")
            case Opening(contested=contested, missing=missing) if contested and missing:
                text = message("Procédure à établir ({bases} ; contesté : {contested} ; à préciser : {missing}).")
            case Opening(contested=contested) if contested:
                text = message("Procédure à établir ({bases} ; contesté : {contested}).")
            case Opening(missing=missing) if missing:
                text = message("Procédure à établir ({bases} ; à préciser : {missing}).")
            case _:
                text = message("Procédure à établir ({bases}) : la base juridique ne contient pas le droit de ce jour.")
        return Said(text, values)


def opening(purchase: Purchase, commune: Commune, procedure: str, law: LawInForce) -> Opening:
    """How a procedure stands for the whole; where that does not open it and there are lots, lot by lot."""
    bought = bought_by(purchase, commune)
    whole = whole_case(bought)
    found = {"": (whole, law.statuses(whole)[procedure])}
    # a lot has facts of its own and may be small: it is asked where the whole is closed or in doubt
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
    sources = law.table.sources
    grounds = law.rules_of(procedure) or tuple(rule for rule in law.table.rules if rule.procedure == procedure)
    return Opening(
        truth=truth,
        bases=cite(*_each(sources[rule.legal_basis] for rule in grounds)),
        contested=_each(law.table.label(name) for one in examined for name in (*one.contested, *one.unknown)),
        missing=_each(labels.get(path, path) for one in examined for path in one.missing),
        lots=tuple(lot for lot, (_, one) in found.items() if one is Truth.YES) if truth is Truth.UNDETERMINED else (),
    )


def _each(entries: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(entries))


def planned_status(
    purchase: Purchase, commune: Commune, procedure: str, table: Table, planned: date, known_on: date | None
) -> tuple[Status, Remark | None]:
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
            state=Term(STATUSES[STATUS[then.truth]]),
        )
    elif declared.truth is Truth.YES:
        said = None
    else:
        said = Remark(id="procedure_status", text=declared.sentence.french, sentence=declared.sentence)
    return STATUS[declared.truth], said


def open_procedures(purchase: Purchase, commune: Commune, table: Table, known_on: date | None) -> Phrase:
    """The procedures to choose from, those open for the purchase first, the lightest at the head: words for a fault."""
    law = table.in_force(purchase.launched_on, known_on)
    truths = law.statuses(whole_case(bought_by(purchase, commune)))
    procedures = [entry for entry in table.procedures.values() if not entry.arrangement]
    procedures.sort(key=lambda entry: entry.order)
    opened = [entry.id for entry in procedures if truths[entry.id] is Truth.YES]
    others = [entry.id for entry in procedures if truths[entry.id] is not Truth.YES]
    if not opened:
        return Phrase("one of: {others}", {"others": others})
    words = "open for this purchase, the lightest first: {opened}; the others: {others}"
    return Phrase(words, {"opened": opened, "others": others})


@frozen(kw_only=True)
class LawChange:
    """A day on which the table changes, with what changes.

    Attributes:
        on: First day of the new law.
        label: What changes, in French.
        before: The value until then, EUR HT; None = not one value.
        after: The value from then on; None = not known yet, or contested.
        readings: The readings of the new value, where it is contested.
        source: The text of the new value.
        certainty: How sure the table is of it.
    """

    on: date
    label: str
    before: Decimal | None
    after: Decimal | None
    readings: tuple[Decimal, ...]
    source: Source | None
    certainty: Certainty | None


def law_changes(
    table: Table, procedure: str, contract_type: str | None, since: date, until: date, known_on: date | None = None
) -> tuple[LawChange, ...]:
    """The changes of threshold that bear on a purchase, in order of time, as known by `known_on`.

    Args:
        table: The law.
        procedure: Its procedure: changes for it, for its duties and for a lighter one are told.
        contract_type: Its type; None = not known, then changes for every type are told.
        since: The changes take effect after this day,
        until: and up to this one.
        known_on: Only the law published by this day.
    """
    tested = _tested(table, procedure)
    changes = []
    for name, threshold in table.thresholds.items():
        if name not in tested or not threshold.unit.startswith("EUR") or not _concerns(name, contract_type):
            continue
        for day in _change_days(table, name, since, until):
            before = table.in_force(day - timedelta(days=1), known_on).limit(name)
            after = table.in_force(day, known_on).limit(name)
            if before.amounts == after.amounts or not before.amounts:
                continue
            changes.append(
                LawChange(
                    on=day,
                    label=threshold.label,
                    before=before.amounts[0] if len(before.amounts) == 1 else None,
                    after=after.amounts[0] if len(after.amounts) == 1 else None,
                    readings=after.amounts if after.contested else (),
                    source=table.sources[after.basis[-1]] if after.basis else None,
                    certainty=after.certainty,
                )
            )
    return tuple(sorted(changes, key=lambda change: (change.on, change.label)))


def _tested(table: Table, procedure: str) -> frozenset[str]:
    """The thresholds that the grounds of a procedure, of lighter ones, and its duties compare with."""
    rank = table.procedures[procedure].rank
    near = {procedure} | {
        name
        for name, entry in table.procedures.items()
        if rank is not None and entry.rank is not None and entry.rank < rank
    }
    rows: list[Row] = [rule for rule in table.rules if rule.procedure in near]
    rows += [row for row in table.duty_rows if not row.procedures or procedure in row.procedures]
    return frozenset(condition.threshold for row in rows for condition in row.when if condition.threshold)


def _change_days(table: Table, id: str, since: date, until: date) -> list[date]:
    values = table.thresholds[id].values
    references = {value.same_as for value in values if value.same_as} | {
        reading.same_as for value in values for reading in value.readings if reading.same_as
    }
    series = [values, *(table.thresholds[name].values for name in references)]
    starts = {value.effective_from for entries in series for value in entries}
    ends = {
        value.effective_until + timedelta(days=1)
        for entries in series
        for value in entries
        if value.effective_until is not None
    }
    return sorted(day for day in starts | ends if since < day <= until)


def _concerns(id: str, contract_type: str | None) -> bool:
    """Whether a series bears on a commune's contract of that type."""
    if ".central" in id or ".utility" in id:  # series of the State and of utilities: a commune follows neither
        return False
    if contract_type is None:
        return True
    if "works" in id.split("."):
        return contract_type == "works"
    if "supplies_services" in id.split("."):
        return contract_type != "works"
    return True
