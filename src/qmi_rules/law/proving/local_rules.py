"""A commune's own rules laid over the national table: they may only tighten, and it is proved on the boxes.

A local rule of a procedure does not replace the law: while it is in force the procedure is open only where a national row
*and* a local row hold. A local row that would hold where no national row does, is a misunderstanding of the law: the file is
refused, with the row and a case that shows it.

What local rules shut without speaking of it is told, not refused: a national row whose cases no local row of its procedure names. A rule
about supplies shuts works too, of which its author may not have thought. What a local row is about, is what tells the rows of its
procedure apart: their words, yes/no facts and amounts, and the type of contract. A fact that none of them asks for is a condition
more, and an amount that the national row itself limits is tightened: both are what local rules are for.
"""

import datetime
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields

from qmi_rules.errors import LocalRuleWarning, LooseningError, Phrase, Problem, TableError, fault
from qmi_rules.law.proving.boxes import MOST_STEPS, Box, Interval, Scope, Space, Work, World, intersect
from qmi_rules.law.rows import Row, Rule
from qmi_rules.law.sections import DutyRow
from qmi_rules.law.wording import SENTENCES
from qmi_rules.model import Case
from qmi_rules.pages import message
from qmi_rules.pages.sentences import Clauses, Quantity, Remark, Said, Term, Value, remark
from qmi_rules.schema.faults import shown

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce
    from qmi_rules.law.table import Table


MOST_LOCAL_RULES = 30
"""Rules that a local table may add: each is held against every national row of its procedure, and the proof grows with the square."""
MOST_LOCAL_DUTIES = 200
"""Rows of duties, and cautions, that a local table may add."""
MOST_LOCAL_ENTRIES = 100
"""Sources, thresholds and duties, each, that a local table may declare."""
MOST_LOCAL_NAMES = 20
"""Procedures and facts, each, that a local table may declare: every row may speak of each."""
MOST_LOCAL_DAYS = 60
"""Days on which something of a local table may begin or end: the law of each span between two is proved."""
_ALWAYS_TOLD = frozenset({"contract_type", "buyer_kind", "estimated_value"})
_DAY = datetime.timedelta(days=1)
_LONGEST_ID = 80
_CASE = frozenset(attribute.name for attribute in fields(Case))


_LENGTHENS = Phrase("lengthen"), Phrase("shorten a deadline")
"""What a local row may not do to a deadline, and what it may."""
_SHORTENS = Phrase("shorten"), Phrase("lengthen a time limit")
"""The same of a minimum."""


def lay_over(local: "Table", base: "Table") -> "Table":
    """The base table tightened by a local one.

    Raises:
        TableError: The local table declares an id of the base anew, or says what only the law can say.
        UnknownReferenceError: A local row names something that neither table declares.
        LooseningError: A local row would open what the base closes, or shorten what it requires.

    Warns:
        LocalRuleWarning: Local rows shut national ones that they do not name.
    """
    name = local.edition or "local"
    if problems := [*_twice(local, base), *_not_local(local), *_too_many(local, base)]:
        raise TableError(problems, name)
    rules = tuple(evolve(rule, local=name) for rule in local.rules)
    duty_rows = tuple(evolve(row, local=name) for row in local.duty_rows)
    cautions = tuple(evolve(row, local=name) for row in local.cautions)
    joined: dict[str, Any] = {
        section: getattr(base, section) | getattr(local, section)
        for section in ("sources", "thresholds", "procedures", "duties", "facts")
    }
    joined |= {"duty_rows": (*base.duty_rows, *duty_rows), "cautions": (*base.cautions, *cautions)}
    # proved on the rows as they were written, side by side, and not on the joined ones: those could not loosen by construction,
    # and a misunderstanding of the law would pass as a rule that never holds
    side_by_side = base.replace(**joined, rules=(*base.rules, *rules))
    own = frozenset(row.id for row in (*rules, *duty_rows))
    if problems := list(loosened(side_by_side, own)):
        raise LooseningError(problems, name)
    laid: list[Rule] = []
    for rule in base.rules:
        added = [own for own in rules if own.procedure == rule.procedure]
        laid += _tightened(rule, added, len(laid)) if added else [rule]
    # a procedure of the commune's own has no national row to be joined to; the proof held it against all of its kind
    laid += [rule for rule in rules if rule.procedure not in base.procedures]
    table = base.replace(**joined, edition=f"{base.edition} + {name}", rules=tuple(laid))
    if shut := tuple(shut_by_silence(table)):
        # shown where the table was laid over the other: above this function and `Table.over`
        warnings.warn(LocalRuleWarning(shut, name), stacklevel=3)
    return table


def _too_many(local: "Table", base: "Table") -> Iterator[Problem]:
    for section, got, most in (
        ("rules", len(local.rules), MOST_LOCAL_RULES),
        ("duty_rows", len(local.duty_rows) + len(local.cautions), MOST_LOCAL_DUTIES),
    ):
        if got > most:
            yield fault(
                "out_of_range", section, "expected at most {most} rows in a local table, got {got}", most=most, got=got
            )
    for section, most in (
        *((name, MOST_LOCAL_ENTRIES) for name in ("sources", "thresholds", "duties")),
        *((name, MOST_LOCAL_NAMES) for name in ("procedures", "facts")),
    ):
        entries = getattr(local, section)
        if (got := sum(1 for name in entries if entries[name] != getattr(base, section).get(name))) > most:
            words = "expected at most {most} entries of this kind in a local table, got {got}"
            yield fault("out_of_range", section, words, most=most, got=got)
    # every day cuts the time once more, and the law of each span is proved: many days cost as many rows do
    entries = [*local.dated()]
    days = {entry.effective_from for entry in entries} | {entry.effective_until for entry in entries} - {None}
    if len(days) > MOST_LOCAL_DAYS:
        words = "expected at most {most} days on which something of a local table begins or ends, got {got}"
        yield fault("out_of_range", "", words, most=MOST_LOCAL_DAYS, got=len(days))


def _twice(local: "Table", base: "Table") -> Iterator[Problem]:
    for section in ("sources", "thresholds", "procedures", "duties"):
        for key in getattr(local, section):
            if key in getattr(base, section):
                words = "stands in the national table already; a local table adds, it does not redefine"
                yield fault("contradiction", f"{section}.{key}", words)
    ids = {row.id for row in base.rows()}
    for row in local.rows():
        if row.id in ids:
            words = "this id stands in the national table already; give the local row its own"
            yield fault("contradiction", f"row {row.id}", words)


def _not_local(local: "Table") -> Iterator[Problem]:
    for section in ("ladders", "declared", "bearings", "outside"):
        if getattr(local, section):
            words = "only the national table says this; a local table adds rules, duties and cautions"
            yield fault("contradiction", section, words)
    for fact in local.facts.values():
        # nobody could fill it, so that a row that tests it would be undetermined for ever
        if fact.slot not in _CASE and fact.path != "cpv":
            words = "a purchase has no {slot}: a local rule tests the facts of the vocabulary"
            yield fault("contradiction", f"facts.{fact.id}", words, slot=shown(fact.slot))


def _tightened(rule: Rule, own: list[Rule], position: int) -> Iterator[Rule]:
    """A national row with each local one while that is in force, and alone for the rest of the time."""
    for i, local in enumerate(own):
        since = max(rule.effective_from, local.effective_from)
        # the joined row stands while both do; a local rule of other days leaves the national one alone
        until = _earlier(rule.effective_until, local.effective_until)
        if until is None or since <= until:
            name = f"{rule.id}..{local.id}"
            yield evolve(
                rule,
                id=name if len(name) <= _LONGEST_ID else f"{name[: _LONGEST_ID - 12]}..{position}-{i}",
                when=(*rule.when, *local.when),
                effective_from=since,
                effective_until=until,
                # nobody could follow both before the later one was published
                published_on=max(rule.published_on, local.published_on),
                local=" + ".join(name for name in (rule.local, local.local) if name),
                local_basis=local.legal_basis,
                local_ground=local.ground,
                local_conditions=rule.local_conditions + len(local.when),
            )
    for i, (since, until) in enumerate(_free(rule, own)):
        # this part of the national row ends because a local one begins, which one could know from its publication on
        ended_by = [local.published_on for local in own if until is not None and local.effective_from == until + _DAY]
        yield evolve(
            rule,
            id=rule.id if i == 0 else f"{rule.id[: _LONGEST_ID - 9]}..part{i}",
            effective_from=since,
            effective_until=until,
            # who does not know the local rule yet, goes by the national one
            end_published_on=min(ended_by) if ended_by and rule.effective_until is None else rule.end_published_on,
        )


def _free(rule: Rule, own: list[Rule]) -> list[tuple[datetime.date, datetime.date | None]]:
    """The parts of a row's period in which no local row is in force."""
    free: list[tuple[datetime.date, datetime.date | None]] = [(rule.effective_from, rule.effective_until)]
    # each local row cuts what the others left: overlapping ones need no order, and no part is kept twice
    for local in own:
        cut: list[tuple[datetime.date, datetime.date | None]] = []
        for since, until in free:
            if local.effective_from > since:
                cut.append((since, _earlier(until, local.effective_from - _DAY)))
            if local.effective_until is not None and (until is None or local.effective_until < until):
                cut.append((max(since, local.effective_until + _DAY), until))
        free = [(since, until) for since, until in cut if until is None or since <= until]
    return free


def _earlier(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


# --- the proof: local rows against the national ones, box by box, day by day


def loosened(table: "Table", own: frozenset[str]) -> Iterator[Problem]:
    """What a local table would loosen, one problem a row, each with the smallest case that shows it.

    Args:
        table: National and local rows side by side.
        own: Ids of the local rows.
    """
    # one problem a row: the first day and reading that show it; a row that is wrong for years would fill the screen
    reported: set[str] = set()
    first = next(table.segments())
    # a local file is laid over while somebody waits, and by services for strangers: a quarter of what the proof of a law may take
    work = Work(MOST_STEPS // 4)
    spaces = {lots: Space(first, lots=lots, work=work) for lots in (False, True)}
    for law in table.segments():
        for lots, space in spaces.items():
            scope = Scope(law, lots=lots, space=space)
            for row in (*law.rules, *law.duty_rows):
                if row.id not in own or row.id in reported:
                    continue
                for world in law.worlds(_alike(row, law), strict=law.rules):
                    if (box := scope.possible(row, world)) is None:
                        continue
                    find = _opened if isinstance(row, Rule) else _shortened
                    if problem := find(table, row, own, box, scope, world):  # type: ignore[arg-type]
                        reported.add(row.id)
                        yield problem
                        break
    for duty_row in table.duty_rows:
        if duty_row.id in own and duty_row.id not in reported:
            yield from _short_reductions(table, duty_row, own)


def _alike(row: Row, law: "LawInForce") -> list[Row]:
    """A row with those whose limits it is held against in every way they may be read: of a time limit, the others of its duty."""
    timed = isinstance(row, DutyRow) and row.days is not None
    return [row, *(other for other in law.duty_rows if timed and _same_duty(other, row))]  # type: ignore[arg-type]


def _opened(table: "Table", row: Rule, own: frozenset[str], box: Box, scope: Scope, world: World) -> Problem | None:
    """A local rule that holds where no national rule of its procedure does."""
    # where a national row may hold: a commune may tighten a rule in doubt without knowing how the doubt ends
    covers = [
        cover
        for other in scope.law.rules
        if other.id not in own
        and _permits(table, other, row, own)
        and (cover := scope.possible(other, world)) is not None
    ]
    left = scope.space.uncovered(box, covers)
    if not left:
        return None
    return fault(
        "contradiction",
        f"row {row.id}",
        "would open {procedure} ({label}) where the national table closes it, for example on {day}: {case}; a local rule may only add conditions",
        procedure=row.procedure,
        label=table.procedures[row.procedure].label,
        day=scope.law.day,
        case=_case(row, scope, left[0]),
    )


def _permits(table: "Table", national: Rule, local: Rule, own: frozenset[str]) -> bool:
    """Whether a national row can stand for a local one: of the same procedure, or for a new dispensed one any dispensed row."""
    if local.procedure == national.procedure:
        return True
    # a new procedure with competition harms nobody wherever the law lets one buy; one without must lie within the dispensed ones
    mine, other = table.procedures[local.procedure], table.procedures[national.procedure]
    return not any(rule.procedure == mine.id and rule.id not in own for rule in table.rules) and (
        not mine.dispensed or other.dispensed
    )


def _shortened(
    table: "Table", row: DutyRow, own: frozenset[str], box: Box, scope: Scope, world: World
) -> Problem | None:
    """A local time limit that gives firms less time than the national one, or the buyer more, for one of its procedures."""
    if row.days is None:
        return None
    deadline = table.duties[row.duty].deadline
    national = [
        (other.days, other, other_box)
        for other in scope.law.duty_rows
        if other.id not in own
        and _same_duty(other, row)
        and other.days is not None
        and (other_box := scope.possible(other, world)) is not None
    ]
    # procedure by procedure: a national row of another one binds nobody here, however short it is
    for procedure in row.procedures or table.procedures:
        bound = [
            (days, there) for days, other, there in national if procedure in (other.procedures or table.procedures)
        ]
        # of a minimum the shortest row that holds binds: where one no longer than the local row holds, nothing is shortened
        enough = [] if deadline else [there for days, there in bound if days <= row.days]
        # the shortest first: it is the one that binds, and the one that a commune should read
        for days, there in sorted(bound, key=lambda entry: entry[0]):
            harder = days < row.days if deadline else days > row.days
            meeting = intersect(box, there) if harder else None
            if meeting is not None and (left := scope.space.uncovered(meeting, enough)):
                verb, only = _LENGTHENS if deadline else _SHORTENS
                return fault(
                    "contradiction",
                    f"row {row.id}",
                    "would {verb} {duty} to {days} days where the national table has {national}, for example on {day}: procedure = {procedure}, {case}; a local rule may only {only}",
                    verb=verb,
                    duty=row.duty,
                    days=row.days,
                    national=days,
                    day=scope.law.day,
                    procedure=procedure,
                    case=_case(row, scope, left[0]),
                    only=only,
                )
    return None


def _same_duty(national: DutyRow, local: DutyRow) -> bool:
    return national.duty == local.duty and (
        not national.procedures or not local.procedures or bool(set(national.procedures) & set(local.procedures))
    )


def _short_reductions(table: "Table", row: DutyRow, own: frozenset[str]) -> Iterator[Problem]:
    """A length shown beside a local time limit that is beyond any that the national table knows."""
    national = [
        days
        for other in table.duty_rows
        if other.id not in own and _same_duty(other, row) and other.days is not None
        for days in (other.days, *(reduction.days for reduction in other.reductions))
    ]
    # lengths beside a limit have no conditions to compare by box: held against the furthest that the law knows, no more
    shown = [reduction.days for reduction in row.reductions]
    if not national or not shown:
        return
    if table.duties[row.duty].deadline:
        loosest, edge, (verb, only) = max(shown), max(national), _LENGTHENS
        loosens = loosest > edge
    else:
        loosest, edge, (verb, only) = min(shown), min(national), _SHORTENS
        loosens = loosest < edge
    if loosens:
        yield fault(
            "contradiction",
            f"row {row.id}.reductions",
            "would {verb} {duty} to {loosest} days where the national table goes no further than {edge}; a local rule may only {only}",
            verb=verb,
            duty=row.duty,
            loosest=loosest,
            edge=edge,
            only=only,
        )


def _case(row: Row, scope: Scope, box: Box) -> str:
    witness: dict[str, Any] = scope.space.witness(box)
    told = {condition.fact for condition in row.when} | _ALWAYS_TOLD
    return ", ".join(f"{fact} = {value}" for fact, value in witness.items() if fact in told)


# --- what local rules shut without speaking of it


SHUT = message(
    "les règles locales ferment, sans en parler, « {procedure} » que le droit national ouvre ({row}), par exemple pour un achat lancé le {day} : {case}"
)
_SUBJECT = "contract_type"
"""What every row is about, whether it says so or not."""


def shut_by_silence(table: "Table") -> Iterator[Remark]:
    """The national rows that local ones shut without naming them, each once, with a case that shows it.

    Args:
        table: A table that local rules were laid over; any other has none.

    Returns:
        Remarks with the id of the national row.
    """
    if not any(rule.local_basis for rule in table.rules):
        return
    told: set[str] = set()
    for law in table.segments():
        # the joined rows of these days; national rows they were made of are no longer in the table by themselves
        laid = [rule for rule in law.rules if rule.local_basis]
        for lots in (False, True) if laid else ():
            scope = Scope(law, lots=lots)
            for procedure in dict.fromkeys(rule.procedure for rule in laid):
                yield from _of_procedure(scope, [rule for rule in laid if rule.procedure == procedure], told)


def _of_procedure(scope: Scope, laid: list[Rule], told: set[str]) -> Iterator[Remark]:
    law, space = scope.law, scope.space
    if not law.knows(law.table.procedures[laid[0].procedure]):
        return
    # both halves by themselves: what the national half opened, less what the local halves speak of, is shut
    national, local = zip(*map(_split, laid), strict=True)
    national_rows = {rule.id: rule for rule in national}
    subject = {condition.fact for rule in national_rows.values() for condition in rule.when} | {_SUBJECT}
    # one reading is enough for a remark; by the strictest one the fewest cases were open, and the fewest are said to be shut
    world = law.worlds(strict=laid)[0]
    added = {rule.when: rule for rule in local}.values()
    spoken = [box for rule in added if (box := space.box(rule, world)) is not None]
    for name, rule in national_rows.items():
        # a row in doubt opens nothing for sure: whether it is shut is not said
        if name in told or (box := scope.box(rule, world)) is None:
            continue
        # an amount that the national row limits is what a local rule is there to tighten: it is no subject
        asked = subject - {condition.fact for condition in rule.when if condition.edge}
        # many local rows differ only in what is left out here: alike they are one, and the cuts stay few
        named = {frozenset(about.items()): about for about in (_about(cover, asked) for cover in spoken)}
        if left := space.uncovered(box, named.values()):
            told.add(name)
            yield _silence(rule, law, space, left[0])


def _split(rule: Rule) -> tuple[Rule, Rule]:
    """The national and the local row that a tightened one is made of."""
    first = len(rule.when) - rule.local_conditions
    return evolve(rule, id=rule.id.split("..")[0], when=rule.when[:first]), evolve(rule, when=rule.when[first:])


def _about(box: Box, asked: set[str]) -> Box:
    """The cases that a local row speaks of, among those that are told apart."""
    return {fact: part for fact, part in box.items() if fact in asked}


def _silence(rule: Rule, law: "LawInForce", space: Space, box: Box) -> Remark:
    shown = {condition.fact for condition in rule.when} | {_SUBJECT} | box.keys()
    words: list[Value] = []
    for name, value in _fullest(space, box).items():
        fact = law.facts[name]
        if name not in shown:
            continue
        if isinstance(value, bool):
            words.append(Term(fact.affirmed if value else fact.denied))
            continue
        label = next((choice.label for choice in fact.choices if choice.id == value), "")
        used = (c.threshold for row in law.table.rows() for c in row.when if c.fact == name and c.threshold)
        unit = next((law.table.thresholds[threshold].unit for threshold in used), "EUR HT")
        told: Value = Term(label) if label else Quantity(value, unit)
        words.append(Said(SENTENCES["choice"], {"fact": Term(fact.label), "value": told}))
    return remark(
        rule.id,
        SHUT,
        procedure=Term(law.table.procedures[rule.procedure].label),
        row=rule.id,
        day=law.day,
        case=Clauses(tuple(words)),
    )


def _fullest(space: Space, box: Box) -> dict[str, Any]:
    """The most that a row opens at: that a purchase of nothing is shut surprises nobody; the least where nothing bounds it."""
    case = space.witness(box)
    for fact, step in space.steps.items():
        part, whole = box.get(fact, space.parts[fact]), space.parts[fact]
        assert isinstance(part, Interval)
        assert isinstance(whole, Interval)
        case[fact] = part.high - step if part.high < whole.high else part.low
    if space.lots and {"estimated_value", "lot_value"} <= case.keys():
        # the need that has room for such lots
        share = case.get("small_lots_share") or Decimal(1)
        case["estimated_value"] = max(case["estimated_value"], case["lot_value"] / share)
    return case
