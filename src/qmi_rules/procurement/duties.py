"""What an option obliges the buyer to, what of it must be written down and kept, and the pitfalls worth showing."""

from datetime import date
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.law import (
    Candidate,
    DutyRow,
    Examination,
    LawInForce,
    Pitfall,
    Procedure,
    Reduction,
    Source,
    binding_by_duty,
    truth_of,
)
from qmi_rules.law.truth import Certainty, Truth
from qmi_rules.law.wording import certainty_mark, fact_at, linked
from qmi_rules.pages import Explained, Language, Link, Page, Paragraph
from qmi_rules.procurement.options import Option
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.stored import complete


@frozen(kw_only=True)
class DutyOwed(Explained):
    """One thing to do.

    Attributes:
        id: Name of the duty in the vocabulary.
        label: What to do, in French.
        detail: What exactly, in French; may be empty.
        legal_basis: The text.
        days: Length of a time limit, days.
        reductions: Other lengths and when they apply.
        written: It leaves something that must be written down and kept.
        missing: Paths of facts that are not filled: whether the duty is owed depends on them.
        unsettled: Ids of thresholds that are not known, or contested, on the day: whether the duty is owed depends on them.
        row: Id of the row of the table; of two rows that say the same, the duty is one.
        local: Name of the local table it comes from; empty for the national law.
        certainty: How sure the row is.
        missing_labels: The French names of the facts that are not filled.
        unsettled_labels: The French names of the thresholds that are not known, or contested.
    """

    _layout: ClassVar[Layout] = Layout(
        keys="duty label detail legal_basis:texts missing days reductions written unsettled local certainty:doubt",
        optional=("days", "reductions", "written", "unsettled", "local", "certainty"),
        part=True,
        own_page=True,
        register="duties",
        entry=(
            "duty",
            "label",
            "detail",
            "legal_basis",
            "missing",
            "days",
            "written",
            "unsettled",
            "local",
            "certainty",
        ),
    )
    id: str
    label: Wording
    detail: Wording
    legal_basis: Source
    days: int | None = None
    reductions: tuple[Reduction, ...] = ()
    written: bool
    missing: tuple[str, ...]
    unsettled: tuple[str, ...] = ()
    row: str = field(eq=False)
    local: str
    certainty: Certainty
    missing_labels: tuple[str, ...] = ()
    unsettled_labels: tuple[str, ...] = ()

    @property
    def duty(self) -> str:
        """Name of the duty in the vocabulary."""
        return self.id

    @property
    def doubt(self) -> Certainty | None:
        """How sure the row is, where it is not confirmed."""
        return None if self.certainty == Certainty.CONFIRMED else self.certainty

    @property
    def texts(self) -> tuple[Source, ...]:
        """The text, as every list of texts in a document."""
        return (self.legal_basis,)

    @property
    def register_id(self) -> str:
        """Its id in a result: that of the row, which is the same in every result."""
        return self.row

    @property
    def table_edition(self) -> str | None:
        """A duty by itself does not know."""
        return None

    def _read_back(self) -> None:
        """What a document does not hold, from what it does."""
        basis, certainty = self.texts[0], self.doubt or Certainty.CONFIRMED
        complete(self, id=self.duty, row=self.duty, legal_basis=basis, certainty=certainty)
        complete(self, missing_labels=self.missing, unsettled_labels=self.unsettled)

    def page(self, say: Language) -> Page:
        """The duty in one line, with its article."""
        return Page(say.code, [Paragraph(duty_line(say, self))])


def duty_line(say: Language, duty: DutyOwed) -> list[Link | str]:
    """A duty as an item of a list: what, how long, under which article, on what it depends."""
    text = say(duty.label)
    if duty.days is not None:
        text = say.count(duty.days, "{duty} : {count} jour", "{duty} : {count} jours", duty=text)
    if duty.detail:
        text = say("{duty} — {detail}", duty=text, detail=say(duty.detail).rstrip("."))
    if duty.reductions:
        others = say.clauses(
            say.count(r.days, "{count} jour {when}", "{count} jours {when}", when=say(r.label))
            if r.days
            else say("aucun délai : {when}", when=say(r.label))
            for r in duty.reductions
        )
        text = say("{duty} (autres durées : {others})", duty=text, others=others)
    if duty.missing:
        text = say(
            "{duty} — selon {facts}, à préciser",
            duty=text,
            facts=say.all_of([say(label) for label in duty.missing_labels]),
        )
    if duty.unsettled:
        text = say(
            "{duty} — selon une limite à vérifier ce jour-là : {limits}",
            duty=text,
            limits=say.all_of([say(label) for label in duty.unsettled_labels]),
        )
    if duty.local:
        text = say("{duty} [règle locale : {name}]", duty=text, name=duty.local)
    if duty.certainty == Certainty.UNVERIFIED:
        text += certainty_mark(say, duty.certainty)
    return [text + " · ", linked(say, duty.legal_basis)]


def duties_of(procedure: Procedure, case: Any, law: LawInForce) -> tuple[DutyOwed, ...]:
    """The duties that come with a procedure on a case, one entry a duty, in the order of the table.

    Of a time limit the shortest row that holds binds, and a local row that asks for more binds instead of the national one.
    """
    chosen = [entry for binding in binding_by_duty(procedure, case, law).values() for entry in binding]
    outdone = _outdone(chosen, law)
    return tuple(_owed(row, examined, law, case.launched_on) for row, examined in chosen if row.duty not in outdone)


def _outdone(chosen: list[Candidate], law: LawInForce) -> set[str]:
    """Duties that a heavier one of the same ladder makes needless: national rows exclude each other, a local row may add one."""
    # only a duty that is certain makes a lighter one needless
    owed = {row.duty for row, examined in chosen if examined.truth is Truth.YES}
    return {
        duty
        for ladder in law.table.ladders
        for position, duty in enumerate(ladder.duties)
        if owed & set(ladder.duties[position + 1 :])
    }


def _owed(row: DutyRow, examined: Examination, law: LawInForce, day: date) -> DutyOwed:
    duty = law.table.duties[row.duty]
    unsettled = (*examined.contested, *examined.unknown)
    return DutyOwed(
        id=duty.id,
        label=duty.label,
        detail=row.detail,
        legal_basis=law.table.cited(row.legal_basis, day),
        days=row.days,
        reductions=row.reductions,
        written=duty.written,
        missing=examined.missing,
        unsettled=unsettled,
        row=row.id,
        local=row.local,
        certainty=row.certainty,
        missing_labels=tuple(
            fact.label if (fact := fact_at(law.table, path, row.id)) else path for path in examined.missing
        ),
        unsettled_labels=tuple(dict.fromkeys(law.table.thresholds[name].label for name in unsettled)),
    )


def cautions_of(procedure: Procedure, case: Any, law: LawInForce) -> tuple[Pitfall, ...]:
    """The cautions that concern an option on a case."""
    return tuple(
        Pitfall(id=row.id, text=row.text)
        for row in law.cautions
        if (not row.procedures or procedure.id in row.procedures) and truth_of(row, case, law) is Truth.YES
    )


@frozen(kw_only=True)
class WrittenList(Explained):
    """The duties of an option that leave something written.

    Attributes:
        title: What is bought.
        option: The procedure.
    """

    _layout: ClassVar[Layout] = Layout(keys="title procedure label owed:duties", own_page=True)
    title: str
    option: Option

    @property
    def procedure(self) -> str:
        """Id of the procedure."""
        return self.option.procedure

    @property
    def label(self) -> Wording:
        """Its legal name, in French."""
        return self.option.label

    @property
    def table_edition(self) -> str | None:
        """Name of the edition of the law."""
        return self.option.table_edition

    def _source_named(self, name: str) -> Source | None:
        """A text that it cites by id."""
        return self.option._source_named(name)

    @property
    def duties(self) -> tuple[DutyOwed, ...]:
        """The duties that leave something that must be written down and kept."""
        return tuple(duty for duty in self.option.duties if duty.written)

    def page(self, say: Language) -> Page:
        """The list to tick, print and put in the file."""
        from qmi_rules.pages.templates import page_of

        return page_of("written_list", say, voices=(duty_line,), it=self)
