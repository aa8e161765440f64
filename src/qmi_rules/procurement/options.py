"""One procedure (or arrangement) for one case: whether it is open, on which rows and findings, with what duties and cautions."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from attrs import evolve

from qmi_rules.contexts import BuyerKind, Case, ContractType, Purchase
from qmi_rules.errors import UnknownNameError
from qmi_rules.findings import STATUS, ChoiceFinding, Finding, PeriodFinding, Truth, disjunction
from qmi_rules.law import Examination, LawInForce, Procedure, Rule, Source, examine
from qmi_rules.text import Explained

if TYPE_CHECKING:
    from qmi_rules.law.doubts import Doubt
    from qmi_rules.procurement.duties import DutyOwed
    from qmi_rules.text import Language, Page


class Submission:
    """A case put to the law: what the options of one answer have in common."""

    __slots__ = ("case", "law", "packed", "path", "undeclared_lots", "value_path")

    def __init__(
        self,
        law: LawInForce,
        case: "Case | Purchase",
        packed: int,
        path: str = "",
        undeclared_lots: tuple[str, ...] = (),
    ) -> None:
        self.law = law
        self.case = case
        self.path = path
        self.packed = packed
        self.undeclared_lots = undeclared_lots
        self.value_path = "estimated_value"


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


def grounds_of(submission: Submission, procedure: Procedure, truth: Truth) -> tuple[Examination, ...]:
    """The rows that concern a case, examined; those that settle the status where it is settled."""
    law, case = submission.law, submission.case
    supposed = is_supposed(case, truth)
    seen = _Supposed(case) if supposed else case  # every kind and type agree: one of them shows why
    examined = [examine(rule, seen, law, submission.path) for rule in law.relevant_rules(procedure.id, seen)]
    if supposed:
        examined = [_without_supposed(e, case) for e in examined]
    # a row about lots says nothing of the whole, unless there is nothing else to show
    examined = [e for e in examined if e.applies] or examined
    if truth is Truth.NO:
        return tuple(examined)
    # one ground that holds opens the procedure: those that do not hold would only distract
    chosen = [e for e in examined if e.truth is truth]
    return tuple(chosen or examined)


def is_supposed(case: Case | Purchase, truth: Truth) -> bool:
    """The kind of buyer or type of contract is not filled, and the answer is the same for all."""
    return truth is not Truth.UNDETERMINED and (case.buyer_kind is None or case.contract_type is None)


def closed_locally(ground: Examination) -> bool:
    """Whether a row fails only on conditions that a local table added, or is a local one altogether."""
    assert isinstance(ground.row, Rule)
    # a local table adds its conditions at the end of the national row
    national = ground.findings[: len(ground.findings) - ground.row.local_conditions]
    return not ground.row.local_basis or all(finding.truth is not Truth.NO for finding in national)


def _without_supposed(examination: Examination, case: Case | Purchase) -> Examination:
    """Leave out what was only supposed: the answer does not depend on it, and nobody said it."""
    supposed = {"buyer.kind": case.buyer_kind is None, "contract_type": case.contract_type is None}
    findings = tuple(f for f in examination.findings if not (isinstance(f, ChoiceFinding) and supposed.get(f.fact)))
    return evolve(examination, findings=findings)


class _Supposed:
    """A case seen as if the first kind and type of the lists had been filled."""

    __slots__ = ("_case",)

    def __init__(self, case: Case | Purchase) -> None:
        self._case = case

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._case, name)
        if value is None and name == "buyer_kind":
            return BuyerKind.COMMUNE
        if value is None and name == "contract_type":
            return ContractType.WORKS
        return value


class Option(Explained):
    """One procedure, or one arrangement, for the purchase or for a lot. Frozen; everything but the status is made when read.

    Attributes:
        procedure: Id of the procedure.
        status: ``open``, ``closed`` or ``undetermined``.
    """

    __slots__ = ("_cautions", "_duties", "_findings", "_grounds", "_legal_basis", "_procedure", "_submission", "_truth")

    DOCUMENT: ClassVar[str] = (
        "procedure label status missing contested unknown presumed legal_basis findings duties cautions local"
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
    def label(self) -> str:
        """Legal name, in French."""
        return self._procedure.label

    @property
    def status(self) -> str:
        """``open``, ``closed`` or ``undetermined``."""
        return STATUS[self._truth]

    @property
    def truth(self) -> Truth:
        """The status as a truth value."""
        return self._truth

    @property
    @once
    def grounds(self) -> tuple[Examination, ...]:
        """The rows that concern this case, examined; those that settle the status where it is settled."""
        return grounds_of(self._submission, self._procedure, self._truth)

    @property
    def supposed(self) -> bool:
        """The kind of buyer or type of contract is not filled, and the answer is the same for all."""
        return is_supposed(self._submission.case, self._truth)

    @property
    @once
    def findings(self) -> tuple[Finding, ...]:
        """What was seen: each fact against what a row expects, with limits, dates and sources."""
        law, procedure = self._submission.law, self._procedure
        if not law.knows(procedure):
            truth, since = Truth.UNDETERMINED, procedure.known_from
        elif not self.grounds:
            truth, since = (
                Truth.NO,
                min((r.effective_from for r in law.table.rules if r.procedure == procedure.id), default=None),
            )
        else:
            return tuple(finding for ground in self.grounds for finding in ground.findings)
        period = PeriodFinding(
            row=procedure.id, on=self._submission.case.launched_on, since=since, until=None, truth=truth
        )
        return (period,)

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that are not filled and would settle the status."""
        if self._truth is not Truth.UNDETERMINED:
            return ()
        paths: list[str] = []
        for path in self._of("missing"):  # the share of the small lots is known once each lot says whether it is one
            match path.rsplit("].", 1)[-1]:
                case "small_lots_share":
                    paths += self._submission.undeclared_lots
                case "estimated_value":
                    paths.append(self._submission.value_path)
                case _:
                    paths.append(path)
        return tuple(dict.fromkeys(paths))

    @property
    def contested(self) -> tuple[str, ...]:
        """Ids of the thresholds on which the sources of law disagree, and that decide here."""
        return self._of("contested") if self._truth is Truth.UNDETERMINED else ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the thresholds whose value the table does not know on that day, and that decide here."""
        return self._of("unknown") if self._truth is Truth.UNDETERMINED else ()

    @property
    def presumed(self) -> tuple[str, ...]:
        """Names of the facts that were not filled and presumed false."""
        return self._of("presumed")

    @property
    def doubts(self) -> "tuple[Doubt, ...]":
        """What an open option rests on that is not confirmed; none where a ground is sure."""
        from qmi_rules.law.doubts import doubts_of

        return doubts_of(self.grounds, self._submission.law) if self._truth is Truth.YES else ()

    def _of(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry for ground in self.grounds for entry in getattr(ground, name)))

    @property
    @once
    def legal_basis(self) -> tuple[Source, ...]:
        """The texts of the grounds, those of local conditions after the national ones."""
        table = self._submission.law.table
        rows: list[Rule] = [g.row for g in self.grounds]  # type: ignore[misc]
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
    def cautions(self) -> tuple[str, ...]:
        """Pitfalls worth showing, in French; none where the option is closed."""
        if self._truth is Truth.NO:
            return ()
        from qmi_rules.procurement.duties import cautions_of

        return cautions_of(self._procedure, self._submission.case, self._submission.law)

    @property
    def local(self) -> tuple[str, ...]:
        """Names of the local tables that decide here: whose conditions hold, are open, or close what the law would leave open."""
        return tuple(
            dict.fromkeys(
                ground.row.local
                for ground in self.grounds
                if ground.row.local and (self._truth is not Truth.NO or closed_locally(ground))
            )
        )

    def page(self, say: "Language") -> "Page":
        """The explanation of this option alone, in one language."""
        from qmi_rules.procurement.option_view import option_blocks
        from qmi_rules.text import Page

        return Page(say.code, option_blocks(say, self, getattr(self.case, "evidence", ())))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Option):
            return NotImplemented
        return (self._procedure, self._truth, self.findings) == (other._procedure, other._truth, other.findings)

    def __hash__(self) -> int:
        return hash((self._procedure.id, self._truth))

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


def competition_of(options: "Iterable[Option]") -> str:
    """``not_required`` if a procedure without publicity and competition is open, ``required`` if none is, else ``undetermined``."""
    # "required" is safe only if every way without competition is closed, not merely undetermined
    dispensed = disjunction([option.truth for option in options if option.definition.dispensed])
    return {Truth.YES: "not_required", Truth.NO: "required", Truth.UNDETERMINED: "undetermined"}[dispensed]


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
