"""The answer to "how may I buy it?": one option a procedure, for the whole and for each lot; what is missing, lightest, to beware of."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

from qmi_rules import model
from qmi_rules.law import LawInForce, Table, default_table
from qmi_rules.law.truth import Status, Truth
from qmi_rules.model import Purchase, ValuedPart
from qmi_rules.pages import Explained
from qmi_rules.procurement.options import (
    Competition,
    Option,
    Submission,
    competition_of,
    find_option,
    lightest_of,
    once,
    options_of,
)
from qmi_rules.schema import read, written_json
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.version import VERSION

if TYPE_CHECKING:
    from qmi_rules.law import ProcedureId, Source
    from qmi_rules.model import Case
    from qmi_rules.pages import Language, Page
    from qmi_rules.procurement.card import Answer
    from qmi_rules.procurement.duties import WrittenList
    from qmi_rules.procurement.warnings import Caveat


_LONGEST_WITHOUT_LOTS: Final = 25_400
"""The longest answer about a purchase without lots, in bytes of JSON: with its head at most 25 kB, but for what its buyer wrote."""


class LotDecision(Explained):
    """The answer for one lot: the whole's procedures, and those that the small-lot rules add. Frozen.

    Attributes:
        id: The lot's id.
        options: One option for each procedure.
    """

    __slots__ = ("_id", "_options", "_submission")

    _layout: ClassVar[Layout] = Layout(keys="id options", part=True)

    def __init__(self, id: str, submission: Submission) -> None:
        self._id = id
        self._submission = submission
        self._options = options_of(submission, arrangements=False)

    @property
    def id(self) -> str:
        """The lot's id."""
        return self._id

    @property
    def table_edition(self) -> str | None:
        """Name of the edition of the law."""
        return self._submission.law.table.edition

    @property
    def options(self) -> tuple[Option, ...]:
        """One option for each procedure, in the order of the table."""
        return self._options

    @property
    def small_lot(self) -> bool | None:
        """Whether the buyer means to use the small-lot rule for it; None = not said."""
        return self._submission.case.small_lot

    def __getitem__(self, procedure: "ProcedureId") -> Option:
        return find_option(self.options, procedure)

    def option(self, procedure: str) -> Option:
        """The option of a procedure of whatever table; ``[]`` takes the national ids, so that type checkers know them.

        Raises:
            UnknownNameError: There is no such procedure; it is a `KeyError` too.
        """
        return find_option(self.options, procedure)

    def written(self, procedure: str) -> "WrittenList":
        """What the buyer must write down and keep for this lot if this procedure is used.

        Raises:
            UnknownNameError: There is no such procedure; it is a `KeyError` too.
        """
        from qmi_rules.procurement.duties import WrittenList

        return WrittenList(title=self.id, option=self.option(procedure))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LotDecision) and (self.id, self.options) == (other.id, other.options)

    def page(self, say: "Language") -> "Page":
        """The answer for this lot alone, in one language."""
        from qmi_rules.procurement.view import lot_page

        return lot_page(self, say)


class Decision(Explained):
    """How one purchase may be bought on its date. Frozen, compares by value; findings are made when read.

    ``decision["innovative_purchase"]`` is the option of a procedure or an arrangement.
    """

    __slots__ = (
        "_answer",
        "_arrangements",
        "_law",
        "_lightest",
        "_lots",
        "_missing",
        "_options",
        "_packed",
        "_publicity_and_competition",
        "_purchase",
        "_submission",
        "_warnings",
    )

    _layout: ClassVar[Layout] = Layout(
        keys="answer purchase estimated_value valuation publicity_and_competition lightest "
        "options lots arrangements missing warnings known_on table_hash",
        hashed="purchase",
        largest=50_000_000,  # smaller is the answer about the most lots that a purchase may have
    )

    def __init__(self, purchase: "Purchase | Case", law: LawInForce, packed: int) -> None:
        self._purchase = purchase
        self._law = law
        self._packed = packed

    @property
    def purchase(self) -> "Purchase | model.Case":
        """What was asked."""
        return self._purchase

    @property
    def law(self) -> LawInForce:
        """The law it was decided under."""
        return self._law

    @property
    def submission(self) -> Submission:
        """The purchase as the case that was put to the table."""
        found: Submission | None = getattr(self, "_submission", None)  # written out: on the way of every reader
        if found is None:
            found = self._submission = Submission(
                self._law, self._purchase if self._purchase.simple else _whole(self._purchase), self._packed
            )
            if (
                isinstance(self._purchase, Purchase)
                and self._purchase.need is not None
                and any(part.amount is None for part in self.valuation)
            ):  # the value follows from the need, and only the maximum of a framework agreement can be missing in it
                found.value_path = "need.framework.maximum"
        return found

    @property
    def estimated_value(self) -> Decimal | None:
        """The value compared with the thresholds, EUR HT; None = not known."""
        return self._purchase.value

    @property
    def valuation(self) -> tuple[ValuedPart, ...]:
        """The parts of that value, each with its article."""
        return self._purchase.valuation if isinstance(self._purchase, Purchase) else ()

    @property
    def options(self) -> tuple[Option, ...]:
        """Every procedure exactly once, closed ones too, in the order of the table."""
        found: tuple[Option, ...] | None = getattr(self, "_options", None)  # written out: on the way of every reader
        if found is None:
            found = self._options = options_of(self.submission, arrangements=False)
        return found

    @property
    @once
    def arrangements(self) -> tuple[Option, ...]:
        """What may be combined with a procedure: joint procurement, a central purchasing body, reserved lots."""
        return options_of(self.submission, arrangements=True)

    def __getitem__(self, procedure: "ProcedureId") -> Option:
        return self.option(procedure)

    def option(self, procedure: str) -> Option:
        """The option of a procedure or an arrangement of whatever table; ``[]`` takes the national ids, so that type checkers know them.

        Raises:
            UnknownNameError: There is none; it is a `KeyError` too.
        """
        return find_option((*self.options, *self.arrangements), procedure)

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __contains__(self, procedure: object) -> bool:
        return any(procedure in (option, option.procedure) for option in (*self.options, *self.arrangements))

    def get(self, procedure: str) -> Option | None:
        """The option of a procedure or an arrangement; None where there is none."""
        found = (option for option in (*self.options, *self.arrangements) if option.procedure == procedure)
        return next(found, None)

    @property
    @once
    def lots(self) -> tuple[LotDecision, ...]:
        """One answer a lot, in the order of the purchase."""
        if not isinstance(self._purchase, Purchase):
            return ()
        from qmi_rules.law import lots_under

        cases, asked = lots_under(self._law, self._purchase)
        # the share of the small lots waits for every lot that does not say whether it is one
        undeclared = tuple(f"lots[{i}].small_lot" for i in asked)
        return tuple(
            LotDecision(
                lot.id,
                Submission(self._law, case, self._law.evaluate(case), f"lots[{i}].", undeclared, self.submission),
            )
            for i, (lot, case) in enumerate(zip(self._purchase.lots, cases, strict=True))
        )

    @property
    @once
    def answer(self) -> "Answer":
        """The card: what to do, because of what, how sure, who signs, what is left to settle."""
        from qmi_rules.procurement.card import answer_of

        return answer_of(self)

    @property
    @once
    def publicity_and_competition(self) -> Competition:
        """``not_required`` if a procedure without them is open, ``required`` if none is, else ``undetermined``."""
        return competition_of(self.options)

    @property
    @once
    def lightest(self) -> str | None:
        """Id of the open procedure with the fewest formalities, by the rank in the table; None where none is open."""
        lightest = lightest_of(self.options)
        return None if lightest is None else lightest.procedure

    def _source_named(self, name: str) -> "Source | None":
        """A text that it cites by id."""
        table = self._law.table
        return table.cited(name, self._purchase.launched_on) if name in table.sources else None

    def written(self, procedure: str) -> "WrittenList":
        """What the buyer must write down and keep if this procedure is used: a list that can be printed.

        Raises:
            UnknownNameError: There is no such procedure; it is a `KeyError` too.
        """
        from qmi_rules.procurement.duties import WrittenList

        title = self._purchase.title if isinstance(self._purchase, Purchase) else ""
        return WrittenList(title=title, option=self.option(procedure))

    @property
    @once
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that are not filled and would settle an option; the one that settles most first."""
        from qmi_rules.procurement.dialogue.inquiry import ranked_facts

        return ranked_facts(self)

    @property
    @once
    def warnings(self) -> "tuple[Caveat, ...]":
        """What to beware of: the edition of the law, its horizon, values to verify, a change of law close to the date."""
        from qmi_rules.procurement.warnings import caveats_of

        return caveats_of(self)

    @property
    def known_on(self) -> datetime.date | None:
        """Only the law that was published by this day was taken; None = everything."""
        return self._law.known_on

    @property
    def table_edition(self) -> str:
        """Name of the edition of the law."""
        return self._law.table.edition

    @property
    def table_hash(self) -> str:
        """Hash of the table: with `known_on` it lets the decision be run again later."""
        return self._law.table.hash

    @property
    def package_version(self) -> str:
        """Version of the library."""
        return VERSION

    def _fitted(self, document: dict[str, Any]) -> dict[str, Any]:
        """Its document within its length: of a purchase of which very much is told, why a way is closed is left to the document of that
        option alone, the procedures with the most formalities first; then why the others that are not advised are not closed; at last
        addresses of texts, those of a whole code first."""
        over = 0 if document["lots"] else len(written_json(document).encode()) - _LONGEST_WITHOUT_LOTS
        told = [one for one in (*document["options"], *document["arrangements"]) if "in_full" not in one]
        told.reverse()
        for option in sorted(told, key=lambda one: one["status"] != Status.CLOSED):
            if over > 0 and "grounds" in option:
                over -= len(written_json(option.pop("grounds")).encode())
        for option in told:  # a closed way obliges to nothing: that need not be said
            if over > 0 and option["status"] == Status.CLOSED:
                over -= sum(len(name) + 6 for name in ("duties", "cautions") if option.pop(name, None) is not None)
        sources = document["sources"].values()
        addresses = Counter(source["url"] for source in sources)
        # the address of a whole code, which several of its articles share, says no more than its name; after them those of one article
        for source in sorted(sources, key=lambda source: -addresses[source["url"]]):
            if over > 0 and source["url"] is not None:
                over -= len(source["url"]) - 2
                source["url"] = None
        return document

    def page(self, say: "Language") -> "Page":
        """The explanation in one language."""
        from qmi_rules.procurement.view import decision_page

        return decision_page(self, say)

    def _told_page(self, say: "Language") -> "Page":
        """The page of a decision that was read back."""
        from qmi_rules.procurement.told_view import told_decision

        return told_decision(self, self.to_dict(), say)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        return (self._purchase, self._packed, self._law) == (other._purchase, other._packed, other._law)

    def __hash__(self) -> int:
        # what was asked alone: a decision that was read back, and equals this one, knows no more; hashing a table costs too much
        return hash(self._purchase)

    def __reduce__(self) -> tuple[Any, ...]:
        # what was computed stays behind: it is made again when read
        return type(self), (self._purchase, self._law, self._packed)

    def __repr__(self) -> str:
        opened = ", ".join(option.procedure for option in self.options if option.truth is Truth.YES)
        return f"<Decision on {self._purchase.launched_on}: open {opened or 'none'}>"


def _whole(purchase: "Purchase | Case") -> "Purchase | Case":
    """The purchase as the case that is put to the table."""
    return model.whole_case(purchase)


def decide(
    purchase: "Purchase | Case | Mapping[str, Any]", table: Table | None = None, known_on: datetime.date | None = None
) -> Decision:
    """Decide how a purchase may be bought under the law of the day its consultation is launched.

    Args:
        purchase: What is bought, or a dict of the keys of its document; a fact that is not filled is not known, never "no".
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day; None = everything the table holds.

    Returns:
        One option for each procedure, with its findings; the clock is never read.

    Raises:
        DocumentError: An argument is not what was expected.

    >>> decision = decide({"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000})
    >>> print(decision["direct_award"].status)
    open
    """
    if table is None:
        table = default_table()
    try:  # arguments are looked at when something is wrong with them: a decision is a microsecond
        # as `in_force` begins, without the call
        law = table.of_days.get(purchase.launched_on) if known_on is None else None  # type: ignore[union-attr]
        if law is None:
            law = table.in_force(purchase.launched_on, known_on)  # type: ignore[union-attr]
        case = _whole(purchase) if purchase.marked and not purchase.simple else purchase  # type: ignore[union-attr, arg-type]
    except AttributeError:
        if isinstance(purchase, Mapping):
            return decide(read(purchase, Purchase), table, known_on)
        require("purchase", purchase, Purchase, model.Case)
        require("table", table, Table)
        raise
    return Decision(purchase, law, law.evaluate(case))  # type: ignore[arg-type]
