"""May a running contract be changed without a new procedure: the six grounds, their ceilings, what is used of them and what is left."""

import datetime
from collections.abc import Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from functools import cache, partial
from types import SimpleNamespace
from typing import Any, ClassVar, Final

from attrs import evolve, field, frozen

from qmi_rules.law import LawInForce, Pitfall, Source, Table, TableFile, default_table, examine
from qmi_rules.law.doubts import contested_limits, doubts_of
from qmi_rules.law.examination import Examination
from qmi_rules.law.findings import AmountFinding, Finding
from qmi_rules.law.loading import assemble
from qmi_rules.law.truth import STATUS, Status, Truth, disjunction
from qmi_rules.law.wording import STATUSES, fact_at, finding_sentence, linked, question
from qmi_rules.model.contract import Change, Contract, ModificationGround, ModifiedContract
from qmi_rules.pages import (
    Explained,
    Language,
    Line,
    Page,
    Said,
    Sayable,
    Strong,
    Term,
    message,
)
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement.card.card import Because, Card, NextFact, Reservation
from qmi_rules.procurement.card.making import asking, first_duties, telling_fact
from qmi_rules.procurement.card.seen import after_review, clauses, contested, doubtful, law_unknown
from qmi_rules.procurement.duties import DutyOwed, duties_of, duty_line
from qmi_rules.schema import Wording, load_toml, package_data, read, unstructure
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

CENT: Final = Decimal("0.01")


class Permission(StrEnum):
    """Whether a change may be made without a new procedure."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not_allowed"
    UNDETERMINED = "undetermined"


_PERMISSIONS: Final = {
    Permission.ALLOWED: message("Ce changement est ouvert sans nouvelle procédure : {ground}."),
    Permission.NOT_ALLOWED: message("Aucun des fondements ne porte ce changement : il faut une nouvelle procédure."),
    Permission.UNDETERMINED: message("On ne peut pas encore dire si ce changement est ouvert sans nouvelle procédure."),
}


@frozen(kw_only=True)
class GroundAnswer:
    """One ground for one change.

    Attributes:
        ground: Its id.
        label: Its French name.
        status: ``open``, ``closed`` or ``undetermined``.
        ceiling: The amount that it bounds, EUR HT, reached or not as the text says; None = it has none, or it is not known.
        used: What counts against the ceiling, this change included, EUR HT; None where there is no ceiling.
        left: What may still be added, to the cent, EUR HT; below zero where the ceiling is passed.
        missing: Paths of the facts that are not filled and would settle it.
        legal_basis: The texts.
        findings: What was seen.
        duties: What it obliges to; none where it is closed.
        cautions: What to beware of.
    """

    ground: str
    label: Wording
    status: Status
    ceiling: Decimal | None = None
    used: Decimal | None = None
    left: Decimal | None = None
    missing: tuple[str, ...] = field(default=(), converter=to_tuple)
    legal_basis: tuple[Source, ...] = field(default=(), converter=to_tuple)
    findings: tuple[Finding, ...] = field(default=(), converter=to_tuple)
    duties: tuple[DutyOwed, ...] = field(default=(), converter=to_tuple)
    cautions: tuple[Pitfall, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class ModificationAnswer(Card):
    """The card of a modification.

    Attributes:
        permission: ``allowed``, ``not_allowed`` or ``undetermined``.
        lightest: Id of the lightest open ground; None where none is open.
        because: Why the lightest ground is open; where none is, why each ground that is closed is so.
        left: What may still be added on the lightest ground, to the cent, EUR HT; None where it has no ceiling.
        reservations: Why it is not to be relied on without a look at a text; none = it is settled.
        do: Ids of the first things to do, in order.
        next: What to ask next; None as soon as no fact can change the answer.
    """

    _layout: ClassVar[Layout] = Layout(keys="permission lightest because left reservations do next text", part=True)

    permission: Permission
    lightest: str | None
    because: tuple[Because, ...] = field(converter=to_tuple)
    left: Decimal | None
    reservations: tuple[Reservation, ...] = field(converter=to_tuple)
    do: tuple[str, ...] = field(converter=to_tuple)
    next: NextFact | None
    _ground: GroundAnswer | None = field(alias="ground", eq=False, repr=False)
    _table: Table = field(alias="table", eq=False, repr=False)

    def lines(self, say: Language) -> list[Line]:
        """The lines of the card; each of them may hold links."""
        ground = self._ground
        lines: list[Line] = [
            [Strong(say(_PERMISSIONS[self.permission], ground=say(ground.label) if ground is not None else ""))],
            *self._reasons(say),
        ]
        if ground is not None and ground.left is not None and ground.ceiling is not None and ground.used is not None:
            lines.append(room(say, ground.ceiling, ground.used, ground.left))
        return [*lines, *self._to_verify(say), *self._to_do(say), *self._to_ask(say)]


@frozen(kw_only=True)
class Modification(Explained):
    """Whether a running contract may be changed so.

    Attributes:
        answer: The card.
        contract: The contract.
        change: The change.
        grounds: The six grounds, the lightest first.
        lightest: Id of the lightest open ground; None where none is open.
        permission: Whether one is open.
        table_edition: Name of the edition of the rules of modification.
    """

    answer: ModificationAnswer
    contract: Contract
    change: Change
    grounds: tuple[GroundAnswer, ...] = field(converter=to_tuple)
    lightest: str | None
    permission: Permission
    table_edition: str
    _table: Table = field(alias="table", eq=False, repr=False)

    def __getitem__(self, ground: str) -> GroundAnswer:
        return next(answer for answer in self.grounds if answer.ground == ground)

    def _source_named(self, name: str) -> Source | None:
        """A text that it cites by id."""
        return self._table.sources.get(name)

    def page(self, say: Language) -> Page:
        """The answer, then each ground."""
        undetermined = (
            one for one in self.grounds if self.lightest is None and one.status == STATUS[Truth.UNDETERMINED]
        )
        return page_of(
            "modification",
            say,
            voices=(duty_line, linked),
            it=self,
            statuses=STATUSES,
            asked=dict.fromkeys(path for one in undetermined for path in one.missing),
            question=partial(question, say, self._table),
            because=lambda one: say.clauses(finding_sentence(say, self._table, found) for found in _telling(one)),
        )

    def _told_page(self, say: Language) -> Page:
        """The page of a modification that was read back."""
        from qmi_rules.procurement.told_view import told_modification

        return told_modification(self, self.to_dict(), say)


def room(say: Language, ceiling: Decimal, used: Decimal, left: Decimal) -> str:
    """The ceiling of a ground, what is used of it and what is left, in one sentence."""
    amounts = {"ceiling": ceiling, "used": used, "left": left}
    told = {name: say.euros(amount) for name, amount in amounts.items()}
    return say("Plafond : {ceiling} ; utilisé avec ce changement : {used} ; il reste {left}.", **told)


def _telling(answer: GroundAnswer) -> list[Finding]:
    """The findings that say why: those that close a ground, keep it open to doubt, or carry it."""
    wanted = {"open": Truth.YES, "closed": Truth.NO, "undetermined": Truth.UNDETERMINED}[answer.status]
    return [finding for finding in answer.findings if finding.truth is wanted and finding.kind != "choice"]


@cache
def modification_table() -> Table:
    """The rules of modification of the package, with the sources and thresholds of the law of purchases."""
    return modification_rules(default_table())


def modification_rules(law: Table) -> Table:
    """The rules of modification over a table of the law, whose thresholds, sources and facts they cite."""
    folder = package_data("modification")
    own = [(file.name, load_toml(file, TableFile)) for file in folder.iterdir() if file.name.endswith(".toml")]
    cited = TableFile(sources=tuple(law.sources.values()), thresholds=tuple(law.thresholds.values()))
    return assemble([*own, ("law", cited)])


def may_modify(
    contract: Contract | Mapping[str, Any],
    change: Change | Mapping[str, Any],
    table: Table | None = None,
    known_on: datetime.date | None = None,
) -> Modification:
    """Whether a running contract may be changed without a new procedure, on which ground, and how much is left.

    The contract stays under the law of the day on which its consultation was launched; the ceilings are shares of its initial
    amount. The clock is never read.

    Args:
        contract: The running contract, or a dict of the keys of its document.
        change: The change that is meant, or its dict; a fact that is not filled is not known, never "no".
        table: The law of purchases; None = the national table of the package.
        known_on: Take only the law that was published by this day; None = everything the table holds.

    Raises:
        DocumentError: An argument is not what was expected, or the change is before the contract.

    Example:
        >>> import datetime
        >>> from qmi_rules import Buyer, Change, Contract
        >>> contract = Contract(
        ...     contract_type="services", launched_on=datetime.date(2025, 3, 1), initial_amount=100_000, buyer=Buyer(kind="commune")
        ... )
        >>> answer = may_modify(contract, Change(amount=5_000, on=datetime.date(2026, 5, 1)))
        >>> str(answer.permission), answer.lightest
        ('allowed', 'small_amount')
    """
    if isinstance(contract, Mapping) or isinstance(change, Mapping):
        given = read({"contract": _document(contract), "change": _document(change)}, ModifiedContract)
        return may_modify(given.contract, given.change, table, known_on)
    require("contract", contract, Contract)
    require("change", change, Change)
    ModifiedContract(contract=contract, change=change)  # says so where the two contradict each other
    rules = modification_table() if table is None else modification_rules(table)
    law = rules.in_force(contract.launched_on, known_on)
    case = _case(contract, change)
    seen = _Seen(law, case)
    grounds = [weighed.answer for weighed in seen.grounds]
    card = _card(seen)
    return Modification(
        answer=card,
        contract=contract,
        change=change,
        grounds=grounds,
        lightest=card.lightest,
        permission=card.permission,
        table_edition=rules.edition,
        table=rules,
    )


def _document(part: Any) -> Any:
    """A part as its document has it, so that the faults of both are told at once."""
    return unstructure(part) if isinstance(part, Contract | Change) else part


def _case(contract: Contract, change: Change) -> SimpleNamespace:
    """The facts of a change: amounts of one ground add up, those of different grounds do not."""
    small = sum(
        (c.amount for c in contract.earlier_changes if c.ground is ModificationGround.SMALL_AMOUNT), change.amount
    )
    every = sum((c.amount for c in contract.earlier_changes), change.amount)
    said = {name: getattr(change, name) for name in _SAID}
    return SimpleNamespace(
        **said,
        contract_type=contract.contract_type,
        buyer_kind=contract.buyer.kind if contract.buyer else None,
        local_authority=contract.buyer.of_local_authority if contract.buyer else None,
        launched_on=contract.launched_on,
        formal=contract.formal,
        initial_amount=contract.initial_amount,
        change=change.amount,
        small=small,
        small_changes=small,
        change_share=change.amount / contract.initial_amount,
        small_changes_share=small / contract.initial_amount,
        all_changes_share=every / contract.initial_amount,
    )


_SAID: Final = (
    "clause_foresees",
    "needed",
    "other_contractor_impossible",
    "unforeseeable",
    "substitution",
    "substantial",
)


@frozen(kw_only=True)
class _Weighed:
    """A ground weighed: its answer, what it was made of, and whether the law of the day is known in full."""

    answer: GroundAnswer
    examined: tuple[Examination, ...] = field(converter=to_tuple)
    unknown: bool


def _weighed(ground: str, case: SimpleNamespace, law: LawInForce) -> _Weighed:
    definition = law.table.procedures[ground]
    examined = [examine(rule, case, law) for rule in law.relevant_rules(ground, case)]
    truth = disjunction([one.truth for one in examined])
    if not (known := law.knows(definition)):
        truth, examined = Truth.UNDETERMINED, []
    kept = [one for one in examined if one.truth is truth] or examined
    ceiling, used, left = _room(kept, case)
    owed = () if truth is Truth.NO else duties_of(definition, case, law)
    cautions = [row for row in law.cautions if ground in row.procedures and examine(row, case, law).truth is Truth.YES]
    answer = GroundAnswer(
        ground=ground,
        label=definition.label,
        status=STATUS[truth],
        ceiling=ceiling,
        used=used,
        left=left,
        missing=tuple(dict.fromkeys(path for one in kept for path in one.missing)),
        legal_basis=[law.table.sources[key] for key in dict.fromkeys(one.row.legal_basis for one in kept)],
        findings=[finding for one in kept for finding in one.findings],
        duties=owed,
        cautions=[] if truth is Truth.NO else [Pitfall(id=row.id, text=row.text) for row in cautions],
    )
    return _Weighed(answer=answer, examined=kept, unknown=not known or any(one.unknown for one in kept))


class _Seen:
    """What the grounds say of one case."""

    def __init__(self, law: LawInForce, case: SimpleNamespace) -> None:
        self.law, self.case = law, case
        ordered = sorted(law.table.procedures.values(), key=lambda ground: ground.order)
        self.grounds = [_weighed(ground.id, case, law) for ground in ordered]
        self.lightest = next((one for one in self.grounds if one.answer.status == STATUS[Truth.YES]), None)

    @property
    def waiting(self) -> list[_Weighed]:
        """The grounds that are not settled and would be lighter."""
        lighter = self.grounds if self.lightest is None else self.grounds[: self.grounds.index(self.lightest)]
        return [one for one in lighter if one.answer.status == STATUS[Truth.UNDETERMINED]]

    @property
    def permission(self) -> Permission:
        """Whether a ground is open."""
        if self.lightest is not None:
            return Permission.ALLOWED
        return Permission.UNDETERMINED if self.waiting else Permission.NOT_ALLOWED

    @property
    def undetermined(self) -> bool:
        """Nobody can say yet whether a ground is open."""
        return self.permission is Permission.UNDETERMINED

    @property
    def reservations(self) -> Iterator[Reservation]:
        """What is not sure of it, but for the day."""
        for one in self.waiting:
            yield from map(contested, contested_limits(one.examined, self.law))
        if self.lightest is not None:
            yield from map(doubtful, doubts_of(self.lightest.examined, self.law))
        yield from law_unknown(one.answer.label for one in self.waiting if one.unknown)

    @property
    def told(self) -> tuple[Any, ...]:
        """What a fact may change: the permission, the lightest ground, the reservations."""
        lightest = None if self.lightest is None else self.lightest.answer.ground
        return self.permission, lightest, frozenset((one.code, one.about) for one in self.reservations)


def _card(seen: _Seen) -> ModificationAnswer:
    table, launched_on = seen.law.table, seen.case.launched_on
    lightest = None if seen.lightest is None else seen.lightest.answer
    return ModificationAnswer(
        permission=seen.permission,
        lightest=None if lightest is None else lightest.ground,
        because=_reasons(seen),
        left=None if lightest is None else lightest.left,
        reservations=[*seen.reservations, *after_review(table, launched_on)],
        do=() if lightest is None else first_duties(lightest.duties, table),
        next=_next(seen),
        ground=lightest,
        table=table,
    )


def _reasons(seen: _Seen) -> Iterator[Because]:
    """What carries the lightest ground; where none is open, what closes each that is closed."""
    table = seen.law.table
    # a ground may be closed by having no row at all: nothing is to be told of it
    closed = [one for one in seen.grounds if one.answer.status == STATUS[Truth.NO] and one.examined]
    for one in closed if seen.lightest is None else [seen.lightest]:
        # rows of one ground are alternatives: the first that says something of this change is told whole
        telling = _telling(one.answer)
        row = next((r.row for r in one.examined if any(f.row == r.row.id for f in telling)), one.examined[0].row)
        told: Sayable = clauses(table, [finding for finding in telling if finding.row == row.id])
        if seen.lightest is None:
            told = Said(message("{ground} — {why}"), {"ground": Term(one.answer.label), "why": told})
        yield Because(sentence=told, source=table.cited(row.legal_basis, seen.case.launched_on))


def _next(seen: _Seen) -> NextFact | None:
    """The fact whose answers leave least open, if any can change the card."""
    table = seen.law.table
    paths = dict.fromkeys(path for one in seen.waiting for path in one.answer.missing)
    asked = [fact for path in paths if (fact := fact_at(table, path)) is not None]
    found = telling_fact(
        seen.law, asked, seen.told, lambda changes: _Seen(seen.law, SimpleNamespace(**{**vars(seen.case), **changes}))
    )
    if found is None:
        return None
    fact, futures = found
    ways = (future.lightest.answer.label for future in futures if future.lightest is not None)
    otherwise = Said(message("La réponse peut changer le fondement."))
    told = asking(table, fact.where, ways, otherwise)
    # what the rules of purchases ask of a purchase, the document of a change says of its contract
    return told if fact.where.startswith(_OF_THE_DOCUMENT) else evolve(told, fact=f"contract.{fact.where}")


_OF_THE_DOCUMENT: Final = ("contract.", "change.")


def _room(examined: list[Examination], case: SimpleNamespace) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The lowest ceiling in euros of the rows that count, what is used of it, and what may still be added to the cent."""
    found: list[tuple[Decimal, Decimal, Decimal]] = []
    for one in examined:
        for finding in one.findings:
            if not isinstance(finding, AmountFinding) or finding.limit is None:
                continue
            if finding.unit == "share":
                ceiling = finding.limit * case.initial_amount
                used = getattr(case, "small" if "small" in finding.threshold else "change")
            else:
                ceiling, used = finding.limit, case.small
            most = ceiling.quantize(CENT, ROUND_FLOOR)
            if finding.edge == "below" and most == ceiling:  # the ceiling itself is not open
                most -= CENT
            found.append((most - used, ceiling, used))
    if not found:
        return None, None, None
    left, ceiling, used = min(found)
    return ceiling, used, left
