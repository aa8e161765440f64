"""What an answer rests on that is not sure: limits on which the sources disagree, values and rows that nobody confirmed."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import field, frozen

from qmi_rules.law.examination import Examination, examine
from qmi_rules.law.facts import COMPARISONS
from qmi_rules.law.findings import AmountFinding, Finding
from qmi_rules.law.in_force import LawInForce
from qmi_rules.law.sources import Source
from qmi_rules.law.truth import STATUS, Certainty, Status, Truth, conjunction, disjunction
from qmi_rules.pages import Language, message
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import to_tuple

_DAY = datetime.timedelta(days=1)
RESERVES: Final[Mapping[str, str]] = {
    f"value_{Certainty.UNVERIFIED}": message(
        "sous réserve : seuil de {amount} non vérifié sur le texte officiel ({source})"
    ),
    f"value_{Certainty.SINGLE_SOURCE}": message("sous réserve : seuil de {amount} connu d'une seule source ({source})"),
    f"row_{Certainty.UNVERIFIED}": message("sous réserve : règle non vérifiée sur le texte officiel ({source})"),
    f"row_{Certainty.SINGLE_SOURCE}": message("sous réserve : règle connue d'une seule source ({source})"),
}
"""The sentences about doubts, by name."""


@frozen(kw_only=True)
class Doubt:
    """A value or a row that an open procedure rests on and that is not confirmed.

    Attributes:
        about: Id of the threshold, or of the row.
        certainty: ``single_source`` or ``unverified``.
        amount: The value, in `unit`; None where the row itself is in doubt.
        unit: ``EUR HT``, ``share``, ``months``, or empty.
        source: The text that gives it, to be read.
    """

    about: str
    certainty: Certainty
    amount: Decimal | None = None
    unit: str = ""
    source: Source

    def sentence(self, say: Language) -> str:
        """The reservation in one language, with the text to read."""
        from qmi_rules.law.wording import quantity

        if self.amount is None:
            return say(RESERVES[f"row_{self.certainty}"], source=self.source.said(say))
        amount = quantity(say, self.amount, self.unit)
        return say(RESERVES[f"value_{self.certainty}"], amount=amount, source=self.source.said(say))


def doubted(say: Language, text: str, doubts: Iterable[Doubt]) -> str:
    """A clause with the reservations it is to be read with; as it is where there are none."""
    told = say.clauses(doubt.sentence(say) for doubt in doubts)
    return say("{line}, {doubts}", line=text, doubts=told) if told else text


def doubts_of(grounds: Iterable[Examination], law: LawInForce) -> tuple[Doubt, ...]:
    """What all grounds that hold leave in doubt; none where one of them is sure.

    A value that is not confirmed leaves no doubt where the confirmed one before it would give the same answer.
    """
    found = [tuple(_of_ground(ground, law)) for ground in grounds if ground.truth is Truth.YES]
    return min(found, key=len, default=())


def doubts_about(procedure: str, case: Any, law: LawInForce) -> tuple[Doubt, ...]:
    """The same for a procedure and a case."""
    return doubts_of((examine(rule, case, law) for rule in law.rules_of(procedure)), law)


def _of_ground(ground: Examination, law: LawInForce) -> Iterator[Doubt]:
    row = ground.row
    if row.certainty is not Certainty.CONFIRMED:
        yield Doubt(about=row.id, certainty=row.certainty, source=law.table.sources[row.legal_basis])
    for finding in ground.findings:
        if isinstance(finding, AmountFinding) and finding.limit is not None and _in_doubt(finding, law):
            yield Doubt(
                about=finding.threshold,
                certainty=Certainty(str(finding.certainty)),
                amount=finding.limit,
                unit=finding.unit,
                source=law.table.sources[finding.legal_basis[0]],
            )


def _in_doubt(finding: AmountFinding, law: LawInForce) -> bool:
    if finding.certainty in (None, Certainty.CONFIRMED) or finding.since is None:
        return False
    before = law.table.in_force(finding.since - _DAY, law.known_on).limit(finding.threshold)
    sure = before.certainty is Certainty.CONFIRMED and len(before.amounts) == 1
    return not sure or not COMPARISONS[finding.edge](finding.value, before.amounts[0])


@frozen(kw_only=True)
class ReadingOfLimit:
    """One of the values that the sources give for a limit, and what it would answer.

    Attributes:
        amount: The value, in the unit of the limit.
        source: The text that gives it.
        status: The answer for the procedure if this reading is the right one: ``open``, ``closed``, or ``undetermined`` where
            something else is open too.
    """

    amount: Decimal
    source: Source
    status: Status


@frozen(kw_only=True)
class ContestedLimit:
    """A limit on which the sources of law disagree, and that decides.

    Attributes:
        threshold: Id of the limit.
        label: Its French name.
        unit: ``EUR HT``, ``share`` or ``months``.
        readings: The values that the sources give, the lowest first.
    """

    threshold: str
    label: Wording
    unit: str
    readings: tuple[ReadingOfLimit, ...] = field(converter=to_tuple)

    @property
    def alone(self) -> bool:
        """Nothing else is open: whichever reading is right, there is an answer."""
        return all(reading.status != STATUS[Truth.UNDETERMINED] for reading in self.readings)

    def choice(self, say: Language) -> str:
        """The readings as alternatives, each with the text to read."""
        from qmi_rules.law.wording import quantity

        return say.any_of(
            [
                say("{amount} ({source})", amount=quantity(say, r.amount, self.unit), source=r.source.said(say))
                for r in self.readings
            ]
        )


def contested_rows(grounds: Iterable[Examination], law: LawInForce) -> tuple[Doubt, ...]:
    """The rows that would open a procedure without competition and that nobody confirmed: they open nothing by themselves."""
    return tuple(
        Doubt(about=ground.row.id, certainty=ground.row.certainty, source=law.table.sources[ground.row.legal_basis])
        for ground in grounds
        if ground.contested and not ground.trusted and ground.row.id in ground.contested
    )


def contested_limits(grounds: Iterable[Examination], law: LawInForce) -> tuple[ContestedLimit, ...]:
    """The contested limits that keep a procedure undetermined, each with what its readings would answer."""
    waiting = [ground for ground in grounds if ground.truth is Truth.UNDETERMINED]
    contested = {
        finding.threshold: finding
        for ground in waiting
        for finding in ground.findings
        if isinstance(finding, AmountFinding) and finding.contested
    }
    return tuple(
        ContestedLimit(
            threshold=threshold,
            label=finding.label,
            unit=finding.unit,
            readings=[
                ReadingOfLimit(
                    amount=amount,
                    source=law.table.sources[basis],
                    status=STATUS[
                        disjunction(
                            [conjunction([_read(f, threshold, amount) for f in ground.findings]) for ground in waiting]
                        )
                    ],
                )
                for amount, basis in zip(finding.readings, finding.legal_basis, strict=True)
            ],
        )
        for threshold, finding in contested.items()
    )


def _read(finding: Finding, threshold: str, amount: Decimal) -> Truth:
    """What a finding says if one reading of a limit is the right one."""
    if isinstance(finding, AmountFinding) and finding.threshold == threshold and finding.value is not None:
        return Truth.YES if COMPARISONS[finding.edge](finding.value, amount) else Truth.NO
    return finding.truth
