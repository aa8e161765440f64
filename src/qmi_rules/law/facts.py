"""The vocabulary of facts, and conditions on them: one fact each, against a truth, a closed list or a dated threshold."""

import operator
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Final

from attrs import field, frozen

from qmi_rules.documents.faults import shown
from qmi_rules.documents.scalars import IDENTIFIER, each, is_a, optional, text, to_tuple
from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.law.packaged import law_file
from qmi_rules.read_only import to_read_only


class FactKind(StrEnum):
    """What values a fact takes: yes/no, a word of a closed list, or a number."""

    TRUTH = "truth"
    CHOICE = "choice"
    NUMBER = "number"


class Asking(StrEnum):
    """When a person is asked about a fact that nobody filled.

    ``always``: of every purchase. ``when_it_helps``: where it may open a lighter way or lift a reservation. ``on_request``: a
    particular case, which the card of an answer presumes not to be there, and says so.
    """

    ALWAYS = "always"
    WHEN_IT_HELPS = "when_it_helps"
    ON_REQUEST = "on_request"


@frozen(kw_only=True)
class FactWord:
    """A word of a closed list and its French name."""

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))


@frozen(kw_only=True)
class FactDefinition:
    """A fact that conditions may test.

    Attributes:
        id: Its name in conditions.
        kind: What values it takes.
        ask: When a person is asked about it.
        label: Its name in a sentence, in French: "le caractère innovant".
        question: How to ask for it, in French.
        affirmed: The sentence that states it, in French; for a yes/no fact.
        denied: The sentence that states the contrary.
        path: Where a document fills it; the id unless given.
        attribute: The attribute of a case that holds it; the id unless given.
        choices: The words of a closed list, each with its French name.
        presumed: Not filled, it is taken as false, and the answer says so.
        lot: It is a fact of one lot: a row that tests it speaks of lots only.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    kind: FactKind
    ask: Asking = field(default=Asking.WHEN_IT_HELPS, validator=is_a(Asking))
    label: str = field(validator=text(300))
    question: str = field(default="", validator=is_a(str))
    affirmed: str = field(default="", validator=is_a(str))
    denied: str = field(default="", validator=is_a(str))
    path: str = field(default="", validator=is_a(str))
    attribute: str = field(default="", validator=is_a(str))
    choices: tuple[FactWord, ...] = field(default=(), converter=to_tuple)
    presumed: bool = field(default=False, validator=is_a(bool))
    lot: bool = field(default=False, validator=is_a(bool))

    @property
    def where(self) -> str:
        """Path of the fact in a document."""
        return self.path or self.id

    @property
    def slot(self) -> str:
        """Attribute of a case."""
        return self.attribute or self.id

    def of(self, case: Any) -> Any:
        """What a case says of it; None = not known."""
        return getattr(case, self.slot, None)


@frozen(kw_only=True)
class _FactFile:
    facts: tuple[FactDefinition, ...] = field(converter=to_tuple)


@cache
def fact_definitions() -> Mapping[str, FactDefinition]:
    """The vocabulary of the package: a closed list, the same for every table."""
    return to_read_only({fact.id: fact for fact in law_file("facts.toml", _FactFile).facts})


COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "below": operator.lt,
    "from": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
}
"""From the word of the table to the comparison of a number with a threshold."""


@frozen(kw_only=True)
class Condition:
    """One condition of a row. Exactly one of the fields after `fact` is given.

    Attributes:
        fact: Id of the fact tested.
        is_: The truth value expected.
        in_: The words of a closed list that are taken.
        below: Id of the threshold that the number must be below (<).
        from_: Id of the threshold that the number must reach (>=).
        at_most: Id of the threshold that the number must not exceed (<=).
        above: Id of the threshold that the number must exceed (>).
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    fact: str = field(validator=IDENTIFIER)
    is_: bool | None = field(default=None, validator=optional(is_a(bool)))
    in_: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    below: str | None = field(default=None, validator=optional(IDENTIFIER))
    from_: str | None = field(default=None, validator=optional(IDENTIFIER))
    at_most: str | None = field(default=None, validator=optional(IDENTIFIER))
    above: str | None = field(default=None, validator=optional(IDENTIFIER))

    def __attrs_post_init__(self) -> None:
        given = (self.is_ is not None) + bool(self.in_) + len(tuple(self._comparisons()))
        if given != 1:
            raise DocumentError(
                fault(
                    "contradiction",
                    "",
                    "expected exactly one of is, in, {choices} for the fact {fact}, got {got}",
                    choices=tuple(COMPARISONS),
                    fact=self.fact,
                    got=given,
                )
            )

    def _comparisons(self) -> Iterator[tuple[str, str]]:
        for word, threshold in (
            ("below", self.below),
            ("from", self.from_),
            ("at_most", self.at_most),
            ("above", self.above),
        ):
            if threshold is not None:
                yield word, threshold

    @property
    def edge(self) -> str:
        """The word of the comparison; empty where the condition compares no number."""
        return next((word for word, _ in self._comparisons()), "")

    @property
    def threshold(self) -> str:
        """Id of the threshold compared with; empty where the condition compares no number."""
        return next((threshold for _, threshold in self._comparisons()), "")


def faults(condition: Condition, path: str, facts: Mapping[str, FactDefinition]) -> Iterator[Problem]:
    """What is wrong with a condition in view of the vocabulary of facts."""
    fact = facts.get(condition.fact)
    if fact is None:
        yield fault(
            "unknown_id",
            f"{path}.fact",
            "unknown fact {fact}; expected one of {choices}",
            fact=shown(condition.fact),
            choices=", ".join(sorted(facts)),
        )
        return
    suits = {
        FactKind.TRUTH: condition.is_ is not None,
        FactKind.CHOICE: bool(condition.in_),
        FactKind.NUMBER: bool(condition.edge),
    }
    if not suits[fact.kind]:
        expected = {FactKind.TRUTH: "is", FactKind.CHOICE: "in", FactKind.NUMBER: ", ".join(COMPARISONS)}[fact.kind]
        yield fault(
            "contradiction",
            path,
            "the fact {id} is a {kind}: expected {expected}",
            id=fact.id,
            kind=fact.kind,
            expected=expected,
        )
    known = {choice.id for choice in fact.choices}
    for i, word in enumerate(condition.in_):
        if fact.kind is FactKind.CHOICE and word not in known:
            yield fault(
                "unknown_choice",
                f"{path}.in[{i}]",
                "expected one of {choices}, got {got}",
                choices=", ".join(sorted(known)),
                got=shown(word),
            )
