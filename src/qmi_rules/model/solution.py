"""A solution as a user describes it: the answers to rubrics, each with its evidence, and the file kept for a purchase."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from attrs import Attribute, field, frozen

from qmi_rules.errors import DocumentError
from qmi_rules.model.buyer import CONTRACT_TYPE, ContractType, to_contract_type
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Document, structure
from qmi_rules.schema.scalars import (
    DAY,
    EUROS,
    URL,
    Check,
    as_part,
    as_parts,
    each,
    is_a,
    optional,
    text,
    to_day,
    to_optional_day,
    to_optional_decimal,
    to_tuple,
)

_LONGEST_WORD = 200


def _is_level(value: Any) -> bool:
    match value:
        case None | bool() | int():
            return True
        case str():
            return 0 < len(value) <= _LONGEST_WORD
        case tuple():
            return all(isinstance(item, str) and 0 < len(item) <= _LONGEST_WORD for item in value)
    return False


def _to_level(value: Any) -> Any:
    """A date object becomes its ISO text and a list a tuple, so that equal answers compare equal."""
    return value.isoformat() if type(value) is date else to_tuple(value)


@frozen(kw_only=True)
class CriterionAnswer(Document):
    """The answer to one criterion of a rubric, with what supports it; a document may give the level alone.

    Attributes:
        level: A level (whole number), ``"yes"`` or ``"no"`` (true and false count as these), an option's id, a list of
            such ids, or a date as ISO text; which of them fits is the rubric's to say. None or ``"unknown"`` = not known.
        evidence: What was seen, in words.
        source: Web address where it can be read.
        on: Day the evidence was established.
        document: Reference of the piece kept in the buyer's file.
        by: Who established it.
    """

    SHORT_FORM: ClassVar[str] = "level"

    level: Any = field(
        default=None,
        converter=_to_level,
        validator=Check(
            'a whole number, true, false, "yes", "no", "unknown", an option or a list of options, a date, or null',
            _is_level,
            {
                "type": ["null", "boolean", "integer", "string", "array"],
                "minLength": 1,
                "maxLength": _LONGEST_WORD,
                "items": {"type": "string", "minLength": 1, "maxLength": _LONGEST_WORD},
            },
        ),
    )
    evidence: str | None = field(default=None, validator=optional(text()))
    source: str | None = field(default=None, validator=optional(URL))
    on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    document: str | None = field(default=None, validator=optional(text(500)))
    by: str | None = field(default=None, validator=optional(text(500)))

    @property
    def known(self) -> bool:
        """False where nobody answered."""
        return self.level is not None and self.level != "unknown"

    @property
    def supported(self) -> bool:
        """True where something can be checked: words, an address or a piece."""
        return any(value is not None for value in (self.evidence, self.source, self.document))


Answers: TypeAlias = Mapping[str, CriterionAnswer]
"""Answers of one rubric, by criterion id."""

Solution: TypeAlias = Mapping[str, Answers]
"""Answers about one solution, by rubric id."""


def read_answers(values: Mapping[str, object]) -> dict[str, CriterionAnswer]:
    """Answers of one rubric from plain data: a level, an object or an `CriterionAnswer` for each criterion id.

    Raises:
        DocumentError: All faults at once, each with its path (``operational_ease.source``).
    """
    answers: dict[str, CriterionAnswer] = _read(values, Answers, "")
    return answers


def read_solution(values: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, CriterionAnswer]]:
    """Answers to several rubrics from plain data.

    Raises:
        DocumentError: All faults at once, each with its path (``replicability.operational_ease.source``).
    """
    solution: dict[str, dict[str, CriterionAnswer]] = _read(values, Solution, "")
    return solution


def to_solution(values: Mapping[str, Mapping[str, object]] | None) -> Solution | None:
    """attrs converter of a field named ``solution``: `read_solution`, read-only; what cannot be read passes on to `check_solution`."""
    try:
        return None if values is None else to_read_only(_read(values, Solution, ""))
    except DocumentError:
        return values  # type: ignore[return-value]


def check_solution(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    """attrs validator of a field named ``solution``.

    Raises:
        DocumentError: All faults at once, each with its path (``solution.replicability.operational_ease.source``).
    """
    if value is not None:
        _read(value, Solution, attribute.name)


def _read(values: Any, kind: Any, root: str) -> Any:
    try:
        return structure(_plain(values), kind)
    except DocumentError as error:
        raise DocumentError(
            problem.at(root + problem.path if root else problem.path.removeprefix(".")) for problem in error.problems
        ) from None


def _plain(values: Any) -> Any:
    return {key: _plain(value) for key, value in values.items()} if isinstance(values, Mapping) else values


@frozen(kw_only=True)
class Alternative(Document):
    """Another way to meet the need that the buyer looked at before choosing.

    Attributes:
        name: The solution, or "do nothing", "adapt what we have".
        supplier: Who offers it.
        looked_at_on: Day it was looked at.
        source: Web address where it is described.
        assessment: Why it was not kept, or how it compares.
    """

    name: str = field(validator=text(500))
    supplier: str | None = field(default=None, validator=optional(text(500)))
    looked_at_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    source: str | None = field(default=None, validator=optional(URL))
    assessment: str | None = field(default=None, validator=optional(text()))


def to_alternatives(values: Iterable[Alternative | Mapping[str, Any]]) -> tuple[Alternative, ...]:
    """attrs converter: an iterable of alternatives, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, Alternative)


@frozen(kw_only=True)
class GuardRails(Document):
    """What the buyer did about the three duties of R2122-9-1, third paragraph; None = still to be written.

    Attributes:
        relevant_offer: Why the offer answers the need well.
        good_use_of_public_money: How the price was checked.
        no_systematic_supplier: Why this supplier is not chosen by habit where several could meet the need.
    """

    relevant_offer: str | None = field(default=None, validator=optional(text()))
    good_use_of_public_money: str | None = field(default=None, validator=optional(text()))
    no_systematic_supplier: str | None = field(default=None, validator=optional(text()))


def _to_guard_rails(value: GuardRails | Mapping[str, Any]) -> GuardRails:
    return as_part(value, GuardRails)


def _to_own_solution(values: Mapping[str, Mapping[str, object]]) -> Solution:
    return to_solution(values)  # type: ignore[return-value]  # it is None for none alone


@frozen(kw_only=True)
class EvidenceFile(Document):
    """What a buyer gathered on the innovative character of one purchase: the input of the justification note.

    Attributes:
        title: What is bought.
        launched_on: Day the consultation is launched: it decides which law applies.
        buyer: Name of the buyer.
        supplier: Name of the company.
        need: The need, in the buyer's words.
        contract_type: ``works``, ``supplies`` or ``services``.
        estimated_value: Estimated value of the whole need, EUR HT.
        conclusion: Why the buyer holds the solution to be new or appreciably improved; a person writes it, nothing is computed.
        solution: Answers to the rubrics, by rubric id.
        alternatives: What else was looked at.
        guard_rails: What was done about the three duties of the article.
        signatory: Name and office of the person who signs.
        place: Where the note is signed.
        written_on: Day the note is written.
    """

    COMMAND: ClassVar[str] = "note"

    title: str = field(validator=text())
    launched_on: date = field(converter=to_day, validator=DAY)
    buyer: str | None = field(default=None, validator=optional(text(500)))
    supplier: str | None = field(default=None, validator=optional(text(500)))
    need: str | None = field(default=None, validator=optional(text()))
    contract_type: ContractType | None = field(default=None, converter=to_contract_type, validator=CONTRACT_TYPE)
    estimated_value: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    conclusion: str | None = field(default=None, validator=optional(text()))
    solution: Mapping[str, Mapping[str, CriterionAnswer]] = field(
        factory=dict, converter=_to_own_solution, validator=check_solution
    )
    alternatives: tuple[Alternative, ...] = field(
        default=(), converter=to_alternatives, validator=each(is_a(Alternative))
    )
    guard_rails: GuardRails = field(factory=GuardRails, converter=_to_guard_rails, validator=is_a(GuardRails))
    signatory: str | None = field(default=None, validator=optional(text(500)))
    place: str | None = field(default=None, validator=optional(text(500)))
    written_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
