"""One procedure (or arrangement) for one case: whether it is open, on which rows and findings, with what duties and cautions."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from qmi_rules import law as the_law
from qmi_rules.errors import UnknownNameError
from qmi_rules.law import LawInForce, Procedure, Rule
from qmi_rules.law.truth import STATUS, Status, Truth, disjunction
from qmi_rules.pages import Explained
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import Layout

if TYPE_CHECKING:
    from qmi_rules.law import Examination
    from qmi_rules.law.doubts import Doubt
    from qmi_rules.law.findings import Finding
    from qmi_rules.model import Case, Purchase
    from qmi_rules.pages import Language, Page
    from qmi_rules.procurement.card import Reservation
    from qmi_rules.procurement.duties import DutyOwed
    from qmi_rules.procurement.grounds import Ground, UnknownLaw


class Competition(StrEnum):
    """Whether publicity and competition are required."""

    NOT_REQUIRED = "not_required"
    REQUIRED = "required"
    UNDETERMINED = "undetermined"


T = TypeVar("T")
# None is a value that may be kept, so it cannot mean "not read yet"
UNREAD: Final[Any] = object()


def once(compute: Callable[[Any], T]) -> Callable[[Any], T]:
    """The body of a property whose value is kept in the slot of the same name with a leading underscore.

    Unlike `functools.cached_property` it needs no ``__dict__``, so that nothing can be put in the place of an answer.
    """
    slot = "_" + compute.__name__

    @wraps(compute)
    def read(self: Any) -> T:
        value: Any = getattr(self, slot, UNREAD)
        if value is UNREAD:
            value = compute(self)
            setattr(self, slot, value)
        return value  # type: ignore[no-any-return]

    return read


class Submission:
    """A case put to the law: what the options of one answer have in common."""

    __slots__ = ("_advised", "_truths", "case", "law", "packed", "path", "undeclared_lots", "value_path", "whole")

    def __init__(
        self,
        law: LawInForce,
        case: "Case | Purchase",
        packed: int,
        path: str = "",
        undeclared_lots: tuple[str, ...] = (),
        whole: "Submission | None" = None,
    ) -> None:
        self.law = law
        self.case = case
        self.path = path
        self.packed = packed
        self.undeclared_lots = undeclared_lots
        self.value_path = "estimated_value"
        self.whole = whole

    @property
    @once
    def advised(self) -> tuple[str, ...]:
        """Ids of the lightest open procedure, and of the lightest that rests on confirmed law only; none while it depends on the amount."""
        opened = [option for option in options_of(self, arrangements=False) if option.truth is Truth.YES]
        chosen = (lightest_of(opened), lightest_of(option for option in opened if not option.doubts))
        by_amount = self.case.value is None and Truth.YES not in self._dispensed
        return () if by_amount else tuple(o.procedure for o in chosen if o is not None)

    @property
    @once
    def truths(self) -> dict[str, Truth]:
        """The answer for each procedure."""
        return {option.procedure: option.truth for option in options_of(self, arrangements=False)}

    @property
    def _dispensed(self) -> set[Truth]:
        procedures = self.law.table.procedures
        return {truth for name, truth in self.truths.items() if procedures[name].dispensed}


def is_supposed(case: "Case | Purchase", truth: Truth) -> bool:
    """The kind of buyer or type of contract is not filled, and the answer is the same for all."""
    return truth is not Truth.UNDETERMINED and (case.buyer_kind is None or case.contract_type is None)


class Option(Explained):
    """One procedure, or one arrangement, for the purchase or for a lot. Frozen; everything but the status is made when read.

    Attributes:
        procedure: Id of the procedure.
        status: ``open``, ``closed`` or ``undetermined``.
    """

    __slots__ = ("_cautions", "_duties", "_examined", "_grounds", "_legal_basis", "_procedure", "_submission", "_truth")

    _layout: ClassVar[Layout] = Layout(
        keys="procedure label status missing:_told_missing contested unknown presumed reservations legal_basis:_told_basis "
        "grounds:_told_grounds duties:_told_duties cautions:_told_cautions in_full local",
        optional=(
            "missing",
            "contested",
            "unknown",
            "presumed",
            "reservations",
            "legal_basis",
            "grounds",
            "duties",
            "cautions",
            "in_full",
            "local",
        ),
        part=True,
        hashed="procedure",
    )

    def __init__(self, submission: Submission, procedure: Procedure, truth: Truth) -> None:
        self._submission = submission
        self._procedure = procedure
        self._truth = truth

    @property
    def procedure(self) -> str:
        """Id of the procedure."""
        return self._procedure.id

    @property
    def definition(self) -> Procedure:
        """What the table says of the procedure."""
        return self._procedure

    @property
    def order(self) -> float:
        """Where it stands among the options, the fewest formalities first."""
        return self._procedure.order

    @property
    def law(self) -> LawInForce:
        """The law it was decided under."""
        return self._submission.law

    @property
    def case(self) -> "Case | Purchase":
        """The purchase, or the lot, as the case that was put to the table."""
        return self._submission.case

    @property
    def table_edition(self) -> str | None:
        """Name of the edition of the law."""
        return self._submission.law.table.edition

    @property
    def label(self) -> Wording:
        """Legal name, in French."""
        return self._procedure.label

    @property
    def status(self) -> Status:
        """``open``, ``closed`` or ``undetermined``."""
        return STATUS[self._truth]

    def _source_named(self, name: str) -> "the_law.Source | None":
        """A text that it cites by id."""
        return self.law.table.cited(name, self.case.launched_on) if name in self.law.table.sources else None

    @property
    def truth(self) -> Truth:
        """The status as a truth value."""
        return self._truth

    @property
    @once
    def examined(self) -> "tuple[Examination, ...]":
        """The rows that concern this case, examined; those that settle the status where it is settled."""
        from qmi_rules.procurement.grounds import grounds_of

        return grounds_of(self._submission, self._procedure, self._truth)

    @property
    def supposed(self) -> bool:
        """The kind of buyer or type of contract is not filled, and the answer is the same for all."""
        return is_supposed(self._submission.case, self._truth)

    @property
    @once
    def grounds(self) -> "tuple[Ground, ...]":
        """What was seen, row by row; where no row was in force on the day, the span for which the table knows the procedure."""
        from qmi_rules.procurement.grounds import grounds_seen

        return grounds_seen(self)

    @property
    def findings(self) -> "tuple[Finding, ...]":
        """What was seen: each fact against what a row expects, with limits, dates and sources."""
        return tuple(finding for ground in self.grounds for finding in ground.findings)

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that are not filled and would settle the status."""
        return self._missing(self._submission.undeclared_lots)

    def _missing(self, undeclared: tuple[str, ...]) -> tuple[str, ...]:
        if self._truth is not Truth.UNDETERMINED or self._submission.law.table.outside_of(self._submission.case):
            return ()
        paths: list[str] = []
        for path in self._of("missing"):  # the share of the small lots is known once each lot says whether it is one
            match path.rsplit("].", 1)[-1]:
                case "small_lots_share":
                    paths += undeclared
                case "estimated_value":
                    paths.append(self._submission.value_path)
                case _:
                    paths.append(path)
        return tuple(dict.fromkeys(paths))

    @property
    def contested(self) -> tuple[str, ...]:
        """Ids of the thresholds on which the sources of law disagree, and that decide here."""
        if self._truth is not Truth.UNDETERMINED or self._submission.law.table.outside_of(self._submission.case):
            return ()
        return self._of("contested")

    @property
    def unknown(self) -> "tuple[UnknownLaw, ...]":
        """What the table does not know, and that decides here: a threshold, a row, an act outside it, the procedure itself."""
        from qmi_rules.law.wording import unknown_text
        from qmi_rules.procurement.grounds import UnknownLaw

        return tuple(UnknownLaw(code=name, text=unknown_text(self.law.table, name)) for name in self.unknown_ids)

    @property
    def unknown_ids(self) -> tuple[str, ...]:
        """The ids of the same."""
        if self._truth is not Truth.UNDETERMINED:
            return ()
        law = self._submission.law
        if (outside := law.table.outside_of(self._submission.case)) is not None:
            return (outside.id,)
        if not law.knows(self._procedure):
            return (self._procedure.id,)
        return self._of("unknown")

    @property
    def reservations(self) -> "tuple[Reservation, ...]":
        """What an open option rests on that is not confirmed; none where a ground is sure."""
        from qmi_rules.procurement.card import reservations_of

        return reservations_of(self)

    @property
    def presumed(self) -> tuple[str, ...]:
        """Names of the facts that were not filled and presumed false."""
        return self._of("presumed")

    @property
    def doubts(self) -> "tuple[Doubt, ...]":
        """What an open option rests on that is not confirmed; none where a ground is sure."""
        from qmi_rules.law.doubts import doubts_of

        return doubts_of(self.examined, self._submission.law) if self._truth is Truth.YES else ()

    def _of(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry for ground in self.examined for entry in getattr(ground, name)))

    @property
    @once
    def legal_basis(self) -> "tuple[the_law.Source, ...]":
        """The texts of the grounds, those of local conditions after the national ones."""
        table = self._submission.law.table
        rows: list[Rule] = [g.row for g in self.examined]  # type: ignore[misc]
        # closed as no row was in force: the texts that open it on other days are cited
        rows = rows or [r for r in table.rules if r.procedure == self._procedure.id]
        keys = [*(row.legal_basis for row in rows), *(row.local_basis for row in rows if row.local_basis)]
        day = self._submission.case.launched_on
        return tuple(table.cited(key, day) for key in dict.fromkeys(keys))

    @property
    @once
    def duties(self) -> "tuple[DutyOwed, ...]":
        """What the option obliges the buyer to; none where it is closed."""
        if self._truth is Truth.NO:
            return ()
        from qmi_rules.procurement.duties import duties_of

        return duties_of(self._procedure, self._submission.case, self._submission.law)

    @property
    @once
    def cautions(self) -> "tuple[the_law.Pitfall, ...]":
        """Pitfalls worth showing; none where the option is closed."""
        if self._truth is Truth.NO:
            return ()
        from qmi_rules.procurement.duties import cautions_of

        return cautions_of(self._procedure, self._submission.case, self._submission.law)

    @property
    def local(self) -> tuple[str, ...]:
        """Names of the local tables that decide here: whose conditions hold, are open, or close what the law would leave open."""
        from qmi_rules.procurement.grounds import closed_locally

        return tuple(
            dict.fromkeys(
                ground.row.local
                for ground in self.examined
                if ground.row.local and (self._truth is not Truth.NO or closed_locally(ground))
            )
        )

    def _read_back(self) -> None:
        """The status as a truth value again."""
        self._truth = next(truth for truth, status in STATUS.items() if status == self.status)

    # --- how it travels: a document has room for what decides, and for all of what is advised

    @property
    def _told_missing(self) -> tuple[str, ...]:
        """Paths of the facts that are not filled and would settle the status; of a lot its own, the list of the decision has them all."""
        undeclared = self._submission.undeclared_lots
        own = f"{self._submission.path}small_lot"
        return self._missing((own,) if own in undeclared else ()) or self._missing(undeclared[:1])

    @property
    def in_full(self) -> bool:
        """Whether the document lists all findings, duties and cautions of it: that of the option alone does; that of a decision does so
        for what it advises (the lightest procedure, the lightest that rests on confirmed law), of the others it says what decides."""
        from qmi_rules.schema.writing import writing

        return writing().root is self or self.procedure in self._submission.advised or self.is_declared

    @property
    def is_declared(self) -> bool:
        """It is an arrangement that the purchase says it uses."""
        if not self._procedure.arrangement or self._truth is not Truth.YES:
            return False
        from qmi_rules.law.findings import FactFinding

        return any(finding.value for finding in self.findings if isinstance(finding, FactFinding))

    @property
    def _needs_no_reason(self) -> bool:
        """It is closed as nobody says that the purchase is such a case, or the answer for a lot is that for the whole purchase."""
        whole = self._submission.whole
        return not self.in_full and (
            (self._truth is Truth.NO and bool(self.presumed))
            or (whole is not None and whole.truths[self.procedure] is self._truth)
        )

    @property
    def _told_grounds(self) -> "tuple[Ground, ...]":
        """What was seen, row by row; of an option that is not listed in full what decides, each fact once."""
        if self.in_full:
            return self.grounds
        if self._needs_no_reason:
            return ()
        from qmi_rules.procurement.grounds import deciding_grounds

        return deciding_grounds(self)

    @property
    def _told_basis(self) -> "tuple[the_law.Source, ...]":
        """The texts of the text in force on the day that say so; of a lot those alone that say otherwise than for the whole."""
        if self._needs_no_reason:
            return ()
        if self.in_full or not self.examined:
            return self.legal_basis
        named = {ground.row for ground in self._told_grounds} or {self.examined[0].row.id}
        rows: list[Rule] = [one.row for one in self.examined if one.row.id in named]  # type: ignore[misc]
        cited = {key for row in rows for key in (row.legal_basis, row.local_basis)}
        return tuple(source for source in self.legal_basis if source.id in cited)

    @property
    def _told_duties(self) -> "tuple[DutyOwed, ...]":
        """What it obliges the buyer to, where it is listed in full."""
        return self.duties if self.in_full else ()

    @property
    def _told_cautions(self) -> "tuple[the_law.Pitfall, ...]":
        """Pitfalls worth showing, where it is listed in full."""
        return self.cautions if self.in_full else ()

    @property
    def _left_out(self) -> tuple[str, ...]:
        """Keys that are absent where there is nothing to say; of a lot, which has as many options as the whole, all but three."""
        if self._submission.whole is not None:
            return self._layout.optional
        never: tuple[str, ...] = ("presumed", "reservations", "in_full", "local")
        if not self.in_full and self._truth is not Truth.NO:
            never = (*never, "duties", "cautions")  # not listed here is not the same as none
        return never if self._truth is Truth.UNDETERMINED else ("contested", "unknown", *never)

    def page(self, say: "Language") -> "Page":
        """The explanation of this option alone, in one language."""
        from qmi_rules.pages import Page
        from qmi_rules.procurement.view import option_blocks

        return Page(say.code, option_blocks(say, self, getattr(self.case, "evidence", ())))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Option):
            return NotImplemented
        return (self._procedure, self._truth, self.findings) == (other._procedure, other._truth, other.findings)

    def __hash__(self) -> int:
        return hash(self._procedure.id)

    def __repr__(self) -> str:
        return f"<{self.procedure}: {self.status}>"


def options_of(submission: Submission, *, arrangements: bool) -> tuple[Option, ...]:
    """One option for each procedure, or for each arrangement, in the order of the table."""
    # bits, not names: every reader of a decision passes here
    packed = submission.packed
    return tuple(
        [
            Option(submission, procedure, _YES if packed & opens else _UNDETERMINED if packed & may else _NO)
            for procedure, opens, may in submission.law.table.bits(arrangements)
        ]
    )


def competition_of(options: "Iterable[Option]") -> Competition:
    """``not_required`` if a procedure without publicity and competition is open, ``required`` if none is, else ``undetermined``."""
    # "required" is safe only if every way without competition is closed, not merely undetermined
    dispensed = disjunction([option.truth for option in options if option.definition.dispensed])
    found: dict[Truth, Competition] = {
        Truth.YES: Competition.NOT_REQUIRED,
        Truth.NO: Competition.REQUIRED,
        Truth.UNDETERMINED: Competition.UNDETERMINED,
    }
    return found[dispensed]


def lightest_of(options: "Iterable[Option]") -> "Option | None":
    """The open procedure with the fewest formalities, by the rank in the table; None where none is open."""
    # one to which the table gives no rank is never advised as the lightest
    ranked = [option for option in options if option.truth is Truth.YES and option.definition.rank is not None]
    return min(ranked, key=lambda option: option.order, default=None)


_YES, _NO, _UNDETERMINED = Truth.YES, Truth.NO, Truth.UNDETERMINED


def find_option(options: tuple[Option, ...], procedure: str) -> Option:
    """The option of a procedure.

    Raises:
        UnknownNameError: There is none; the message lists those there are. It is a `KeyError` too.
    """
    for option in options:
        if option.procedure == procedure:
            return option
    raise UnknownNameError("procedure", procedure, [option.procedure for option in options])
