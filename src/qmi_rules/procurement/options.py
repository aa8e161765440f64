"""One procedure (or arrangement) for one case: whether it is open, on which findings, with what duties and cautions."""

from typing import TYPE_CHECKING, Any

from qmi_rules.contexts import Case, Purchase
from qmi_rules.documents import unstructure
from qmi_rules.errors import UnknownNameError
from qmi_rules.findings import STATUS, Finding, PeriodFinding, Truth
from qmi_rules.law import Examination, LawInForce, Procedure, Rule, Source
from qmi_rules.procurement.grounds import closed_locally, grounds_of, is_supposed
from qmi_rules.procurement.once import once
from qmi_rules.procurement.question import Question
from qmi_rules.text import Explained

if TYPE_CHECKING:
    from qmi_rules.procurement.doubts import Doubt
    from qmi_rules.procurement.duties import DutyOwed
    from qmi_rules.text import Language, Page


class Option(Explained):
    """One procedure, or one arrangement, for the purchase or for a lot. Frozen; everything but the status is made when read.

    Attributes:
        procedure: Id of the procedure.
        status: ``open``, ``closed`` or ``undetermined``.
    """

    __slots__ = ("_cautions", "_duties", "_findings", "_grounds", "_legal_basis", "_procedure", "_question", "_truth")

    @classmethod
    def document_class(cls) -> type:
        """The class that describes its JSON document."""
        from qmi_rules.procurement.documents import OptionDocument

        return OptionDocument

    def __init__(self, question: Question, procedure: Procedure, truth: Truth) -> None:
        self._question = question
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
    def law(self) -> LawInForce:
        """The law it was decided under."""
        return self._question.law

    @property
    def case(self) -> "Case | Purchase":
        """The purchase, or the lot, as the case that was put to the table."""
        return self._question.case

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
        return grounds_of(self._question, self._procedure, self._truth)

    @property
    def supposed(self) -> bool:
        """The kind of buyer or type of contract is not filled, and the answer is the same for all."""
        return is_supposed(self._question.case, self._truth)

    @property
    @once
    def findings(self) -> tuple[Finding, ...]:
        """What was seen: each fact against what a row expects, with limits, dates and sources."""
        law, procedure = self._question.law, self._procedure
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
            row=procedure.id, on=self._question.case.launched_on, since=since, until=None, truth=truth
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
                    paths += self._question.undeclared_lots
                case "estimated_value":
                    paths.append(self._question.value_path)
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
        from qmi_rules.procurement.doubts import doubts_of

        return doubts_of(self.grounds, self._question.law) if self._truth is Truth.YES else ()

    def _of(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry for ground in self.grounds for entry in getattr(ground, name)))

    @property
    @once
    def legal_basis(self) -> tuple[Source, ...]:
        """The texts of the grounds, those of local conditions after the national ones."""
        table = self._question.law.table
        rows: list[Rule] = [g.row for g in self.grounds]  # type: ignore[misc]
        rows = rows or [r for r in table.rules if r.procedure == self._procedure.id]
        keys = [*(row.legal_basis for row in rows), *(row.local_basis for row in rows if row.local_basis)]
        return tuple(table.sources[key] for key in dict.fromkeys(keys))

    @property
    @once
    def duties(self) -> "tuple[DutyOwed, ...]":
        """What the option obliges the buyer to; none where it is closed."""
        if self._truth is Truth.NO:
            return ()
        from qmi_rules.procurement.duties import duties_of

        return duties_of(self._procedure, self._question.case, self._question.law)

    @property
    @once
    def cautions(self) -> tuple[str, ...]:
        """Pitfalls worth showing, in French; none where the option is closed."""
        if self._truth is Truth.NO:
            return ()
        from qmi_rules.procurement.duties import cautions_of

        return cautions_of(self._procedure, self._question.case, self._question.law)

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
        from qmi_rules.procurement.option_view import option_page

        return option_page(self, say)

    def as_document(self) -> dict[str, Any]:
        """The option as plain data, as the contract has it."""
        return {
            "procedure": self.procedure,
            "label": self.label,
            "status": self.status,
            "missing": list(self.missing),
            "contested": list(self.contested),
            "unknown": list(self.unknown),
            "presumed": list(self.presumed),
            "legal_basis": [{"id": s.id, "text": s.text, "article": s.article, "url": s.url} for s in self.legal_basis],
            "findings": [unstructure(finding) for finding in self.findings],
            "duties": [duty.as_document() for duty in self.duties],
            "cautions": list(self.cautions),
            "local": list(self.local),
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Option):
            return NotImplemented
        return (self._procedure, self._truth, self.findings) == (other._procedure, other._truth, other.findings)

    def __hash__(self) -> int:
        return hash((self._procedure.id, self._truth))

    def __repr__(self) -> str:
        return f"<{self.procedure}: {self.status}>"


def options_of(question: Question, *, arrangements: bool) -> tuple[Option, ...]:
    """One option for each procedure, or for each arrangement, in the order of the table."""
    packed = question.packed
    return tuple(
        [
            Option(question, procedure, _YES if packed & opens else _UNDETERMINED if packed & may else _NO)
            for procedure, opens, may in question.law.table.bits(arrangements)
        ]
    )


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
