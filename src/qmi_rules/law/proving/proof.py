"""The proof of a table: every check over every span of days, exceptions held against it, and a certificate others can verify."""

import datetime
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import evolve, field, frozen

from qmi_rules.law.proving.boxes import Interval, Scope, Space, Work, World, as_document, plain
from qmi_rules.law.proving.checks import (
    DutyCheck,
    Suspicion,
    dispensed_while_formal,
    fires,
    grounds_opening_above,
    necessary,
    unconfirmed_ways,
    uncovered_cases,
)
from qmi_rules.law.proving.local_rules import shut_by_silence
from qmi_rules.law.rows import Dated
from qmi_rules.law.sections import FlawKind
from qmi_rules.law.table import Table
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.sentences import Remark
from qmi_rules.pages.templates import page_of
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


@frozen(kw_only=True)
class Flaw:
    """Something wrong with a table, over a span of days.

    Attributes:
        kind: What is wrong.
        rows: Ids of the rows concerned, or of the series.
        legal_basis: The article of each row, or of the value in question.
        since: First day on which it shows; None = before the first change that the table knows.
        until: Last day; None = after the last change.
        witness: The smallest case that shows it, by fact.
        excused: Why the law is so, where the table declares it; empty for a true flaw.
    """

    kind: FlawKind
    rows: tuple[str, ...] = field(converter=to_tuple)
    legal_basis: tuple[str, ...] = field(converter=to_tuple)
    since: datetime.date | None
    until: datetime.date | None
    witness: Mapping[str, bool | Decimal | str] = field(converter=to_read_only)
    excused: Wording = ""


@frozen(kw_only=True)
class Proof(Explained):
    """What the proof of a table found.

    Attributes:
        edition: Name of the edition of the table.
        holds: No flaw was found.
        flaws: What is wrong.
        declared: What would be a flaw, were it not declared, with its reason.
        shut: National rows that local rules shut without naming them, each with a case; no flaw, and often a surprise.
        certificate: Space, counts, witnesses and hash: an independent program can verify it; its own format says how.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    edition: str
    holds: bool
    flaws: tuple[Flaw, ...] = field(converter=to_tuple)
    declared: tuple[Flaw, ...] = field(converter=to_tuple)
    certificate: Mapping[str, Any] = field(converter=to_read_only, repr=False)
    shut: tuple[Remark, ...] = field(default=(), converter=to_tuple)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the table."""
        return self.edition

    def certificate_json(self) -> str:
        """The certificate as a JSON text."""
        return json.dumps(self.certificate, ensure_ascii=False, indent=1)

    def page(self, say: Language) -> Page:
        """The proof in one language."""
        return page_of("proof", say, it=self)


def prove(table: Table) -> Proof:
    """Prove a table: nothing is sampled, every case of every day is in one of the boxes compared.

    Raises:
        DocumentError: `table` is no table.
    """
    require("table", table, Table)
    # the facts, units and grids are the table's: one space serves the laws of all spans, and its store of answers with them
    first = next(table.segments())
    work = Work()
    whole, lots = Space(first, lots=False, work=work), Space(first, lots=True, work=work)
    # whole purchases and lots are proved apart: a lot has facts of its own, and the product of both would be nobody's case
    spans = [(Scope(law, lots=False, space=whole), Scope(law, lots=True, space=lots)) for law in table.segments()]
    found: dict[tuple[FlawKind, tuple[str, ...]], Flaw] = {}
    articles = {row.id: table.sources[row.legal_basis].citation for row in table.rows()}
    for scopes in spans:
        law = scopes[0].law
        for suspicion in _suspicions(scopes):
            # one flaw a row and kind, over all days: the witness is that of the first span, the last day that of the latest
            key = (suspicion.kind, suspicion.rows)
            before = found.get(key)
            found[key] = Flaw(
                kind=suspicion.kind,
                rows=suspicion.rows,
                legal_basis=tuple(articles[row] for row in suspicion.rows),
                since=law.since if before is None else before.since,
                until=law.until,
                witness=suspicion.witness if before is None else before.witness,
            )
    flaws, excused = [], []
    # held against the declarations only now, with its whole period: an exception may excuse some days and not others
    for flaw in (*_of_entries(table), *found.values()):
        excuses = (
            declared.reason
            for declared in table.declared
            if declared.kind is flaw.kind
            and set(flaw.rows) <= set(declared.rows)
            # the whole flaw within the period declared, and no row besides: an exception that is too narrow excuses nothing
            and (declared.since is None or (flaw.since is not None and declared.since <= flaw.since))
            and (declared.until is None or (flaw.until is not None and flaw.until <= declared.until))
        )
        reason = next(excuses, "") or _outdone(table, flaw)
        if reason:
            excused.append(evolve(flaw, excused=reason))
        else:
            flaws.append(flaw)
    return Proof(
        edition=table.edition,
        holds=not flaws,
        flaws=flaws,
        declared=excused,
        shut=shut_by_silence(table),
        certificate=certificate_of(table, spans),
    )


_DAY = datetime.timedelta(days=1)
_MISTYPED = 10
"""A value this many times the one before it, or its share of it, has a zero too many or too few: no amendment went so far."""


def _of_entries(table: Table) -> Iterator[Flaw]:
    """What is wrong with values and rows taken alone: days without a value, a text in force before it was published, amounts."""
    for threshold in table.thresholds.values():
        # named by the value that ended before the hole: the text that ended it is where to look for what follows
        for since, until in threshold.holes():
            ended = max((v for v in threshold.values if v.effective_from < since), key=lambda v: v.effective_from)
            yield _of_entry(FlawKind.HOLE, threshold.id, table, ended, since, until)
        for before, value in zip((None, *threshold.values), threshold.values, strict=False):
            amounts = [value.amount, *(reading.amount for reading in value.readings)]
            if any(amount is not None and not _plausible(amount, threshold.unit) for amount in amounts) or (
                before is not None
                and before.amount
                and value.amount
                and not 1 / Decimal(_MISTYPED) < value.amount / before.amount < _MISTYPED
            ):
                yield _of_entry(FlawKind.IMPLAUSIBLE, threshold.id, table, value)
    named = ((name.id, value) for name in table.thresholds.values() for value in name.values)
    for name, entry in (*named, *((row.id, row) for row in table.rows())):
        # no error of typing, necessarily: a text may reach back. Until it was published, though, nobody could follow it, and the
        # days from its first one to the eve of its publication are told
        if entry.published_on > entry.effective_from:
            last = entry.published_on - _DAY
            yield _of_entry(FlawKind.PUBLISHED_LATE, name, table, entry, entry.effective_from, last)


def _of_entry(
    kind: FlawKind,
    name: str,
    table: Table,
    entry: Dated,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Flaw:
    return Flaw(
        kind=kind,
        rows=(name,),
        legal_basis=(table.sources[entry.legal_basis].citation,),
        since=since or entry.effective_from,
        until=until if since else entry.effective_until,
        witness={},
    )


def _plausible(amount: Decimal, unit: str) -> bool:
    """Whether a legal text could hold the amount: whole euros and months, a share between nothing and all."""
    match unit:
        case "share":
            return 0 < amount <= 1
        case "multiple":
            return amount > 0
        case _:
            return amount == amount.to_integral_value()


OUTDONE = message("Une règle locale plus stricte rend cette ligne nationale inutile ici.")


def _outdone(table: Table, flaw: Flaw) -> str:
    """Why a national row may be idle in a table that local rules were laid over: they tightened what it speaks of."""
    rows = {row.id: row for row in table.rows()}
    # a flaw of a local row itself is its author's, and stays one
    own = {name for name, row in rows.items() if row.local and not getattr(row, "local_conditions", 0)}
    laid_over = any(row.local or getattr(row, "local_conditions", 0) for row in rows.values())
    idle = flaw.kind in (FlawKind.SUBSUMED, FlawKind.NEVER_FIRES)
    return OUTDONE if laid_over and idle and not own & set(flaw.rows) else ""


def _suspicions(scopes: tuple[Scope, Scope]) -> Iterator[Suspicion]:
    """Everything suspicious in one span of days."""
    law = scopes[0].law
    table = law.table
    # of what the table does not know yet nothing is missing: it answers undetermined there
    known = [p for p in table.procedures.values() if law.knows(p)]
    needed: set[str] = set()
    for scope in scopes:
        yield from dispensed_while_formal(scope)
        for procedure in known:
            needed |= necessary(scope, procedure.id).keys()
            if not procedure.formal:
                yield from grounds_opening_above(scope, procedure.id)
            if procedure.dispensed:
                yield from unconfirmed_ways(scope, procedure.id)
        # gaps are looked for once all procedures are known: before, an unknown one may be what fills the gap
        if len(known) == len(table.procedures):
            # if the strictest readings leave no gap, none does
            for world in law.worlds(strict=law.rules):
                if left := uncovered_cases(scope, world)[1]:
                    yield Suspicion(FlawKind.GAP, (), scope.space, left)
    for rule in law.rules:
        # idle is said only of a row that can be judged: known procedure, limits with an amount, and trusted, as a row in doubt
        # opens nothing and would always seem idle
        settled = (
            law.knows(table.procedures[rule.procedure])
            and all(law.limit(c.threshold).amounts for c in rule.when if c.threshold)
            and table.trusts(rule)
        )
        if settled and rule.id not in needed:
            # a row that holds somewhere and is needed nowhere adds nothing; one that holds nowhere never fires
            scope, where = next(((s, boxes) for s in scopes if (boxes := fires(s, rule))), (scopes[0], []))
            yield Suspicion(FlawKind.SUBSUMED if where else FlawKind.NEVER_FIRES, (rule.id,), scope.space, where)
    yield from _of_duties(scopes, [p.id for p in known])


def _of_duties(scopes: tuple[Scope, Scope], procedures: list[str]) -> Iterator[Suspicion]:
    law = scopes[0].law
    facts = law.table.facts
    # without a duty row that looks at a lot, the second scope would double the work to repeat what the first one found
    of_lots = any(facts[c.fact].lot for row in law.duty_rows for c in row.when)
    ladders = {duty: ladder for ladder in law.table.ladders for duty in ladder.duties}
    # the duties of one ladder are checked together, as only one of them may be owed; any other duty stands alone
    groups = dict.fromkeys(ladders[duty].duties if duty in ladders else (duty,) for duty in law.table.duties)
    owed: set[str] = set()
    needed: set[str] = set()
    for scope in scopes if of_lots else scopes[:1]:
        for procedure in procedures:
            concerned = {row.duty for row in scope.duty_rows(procedure)}
            for duties in groups:
                if concerned.isdisjoint(duties):
                    continue
                check = DutyCheck(scope, procedure, duties, ladders.get(duties[0]))
                yield from check.suspicions()
                # over all procedures and scopes, before anything is said: a row of sixteen procedures is needed if one of them needs it
                for name, (fired, alone) in check.idle().items():
                    owed |= {name} if fired else set()
                    needed |= {name} if alone else set()
    for row in law.duty_rows:
        if (not row.procedures or set(row.procedures) & set(procedures)) and row.id not in needed:
            kind = FlawKind.SUBSUMED if row.id in owed else FlawKind.NEVER_FIRES
            yield Suspicion(kind, (row.id,), scopes[0].space)


FORMAT = "qmi-rules-proof/1"


def certificate_of(table: Table, spans: list[tuple[Scope, Scope]]) -> dict[str, Any]:
    """The certificate of a table, as JSON data.

    ``spans`` lists, for each span of days, kind of case and settling reading of the contested limits, how many cases there are, on how
    many each procedure is open, and boxes that do not overlap, each with the row that opens a procedure on all of it (or
    ``not_known`` before the table knows the procedures). ``rows`` holds for each rule a case on which it alone opens its procedure.
    """
    entries: list[dict[str, Any]] = []
    witnesses: dict[str, dict[str, Any]] = {}
    for scopes in spans:
        for scope in scopes:
            law = scope.law
            for world in readings_of(law):
                entries.append(_entry(scope, world))
            for procedure in table.procedures.values():
                if law.knows(procedure):
                    # only the limits of its own procedure: the others do not bear on the case, and a verifier need not wonder why they stand
                    used = {c.threshold for rule in law.rules_of(procedure.id) for c in rule.when}
                    for row, (reading, case) in necessary(scope, procedure.id).items():
                        witnesses.setdefault(
                            row,
                            {
                                "row": row,
                                "on": law.day.isoformat(),
                                "scope": scope.name,
                                "limits": _limits({name: reading[name] for name in reading if name in used}),
                                "case": plain(case),
                            },
                        )
    # the space is that of every span; the last one is as good as any
    last = spans[-1]
    return {
        "format": FORMAT,
        "edition": table.edition,
        "table_hash": table.hash,
        "space": {scope.name: _space(scope) for scope in last},
        "counts": {
            "spans": len(spans),
            "rows": sum(1 for _ in table.rows()),
            "cases": str(sum(scope.space.size({}) for scope in last)),
        },
        "spans": entries,
        "rows": list(witnesses.values()),
    }


def readings_of(law: "LawInForce") -> list[dict[str, Decimal | None]]:
    """The readings that settle all others: the strictest, and the loosest, of every limit that rules compare with."""
    # duties have limits too, which open nothing: their readings would multiply the entries
    used = dict.fromkeys(c.threshold for rule in law.rules for c in rule.when if c.threshold)
    # every other reading opens no less than the strictest of these and no more than the loosest
    every = [*law.worlds(strict=law.rules), *law.worlds(loose=law.rules)]
    found = [{threshold: world[threshold] for threshold in used} for world in every]
    return [world for i, world in enumerate(found) if world not in found[:i]]


def _space(scope: Scope) -> dict[str, Any]:
    return {
        fact: {"from": str(part.low), "below": str(part.high), "step": str(scope.space.steps[fact])}
        if isinstance(part, Interval)
        else sorted(part, key=str)
        for fact, part in scope.space.parts.items()
    }


def _entry(scope: Scope, world: World) -> dict[str, Any]:
    law = scope.law
    pieces, left = uncovered_cases(scope, world)
    known = all(law.knows(procedure) for procedure in law.table.procedures.values())
    covered = [{"box": as_document(box), "by": row, "cases": str(scope.space.size(box))} for box, row in pieces]
    # what is left before all procedures are known is covered by saying so: an entry must account for every case
    if not known:
        covered += [{"box": as_document(box), "by": "not_known", "cases": str(scope.space.size(box))} for box in left]
    return {
        "since": law.since and law.since.isoformat(),
        "until": law.until and law.until.isoformat(),
        "scope": scope.name,
        "limits": _limits(world),
        "cases": str(scope.space.size({})),
        "open": {
            procedure: str(sum(scope.space.size(box) for box in scope.space.disjoint(scope.region(procedure, world))))
            for procedure in law.table.procedures
        },
        "covered": covered,
    }


def _limits(world: World) -> dict[str, str | None]:
    return {threshold: None if amount is None else str(amount) for threshold, amount in world.items()}
