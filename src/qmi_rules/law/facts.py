"""The vocabulary of facts, and conditions on them: one fact each, against a truth, a closed list or a dated threshold."""

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, ClassVar, Final

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.law.package_files import compiled_law, law_file
from qmi_rules.law.truth import Certainty
from qmi_rules.read_only import to_read_only
from qmi_rules.schema.faults import shown
from qmi_rules.schema.scalars import IDENTIFIER, each, is_a, matching, optional, text, to_tuple

CPV_RANGE = matching("[0-9]{8}-[0-9]{8}", 'a range of CPV codes such as "85000000-85323000"')


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
    """A word of a closed list, its French name, and the CPV codes that stand for it, as ranges."""

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    cpv: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(CPV_RANGE))


@frozen(kw_only=True)
class AskedWhen:
    """What calls for a question about a fact that is otherwise presumed: it decides nothing, a person answers.

    Attributes:
        cpv: Ranges of CPV codes, first and last included.
        words: Words of a title.
        with_: Yes/no facts that, being true, call for it.
        source: Where the list comes from.
        certainty: How sure the list is.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    cpv: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(CPV_RANGE))
    words: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(text(100)))
    with_: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    source: str = field(validator=text(2_000))
    certainty: Certainty = field(validator=is_a(Certainty))

    def called_for(self, case: Any) -> bool:
        """Whether the CPV code or another fact of a case calls for the question; words of a title never decide."""
        return in_ranges(getattr(case, "cpv", None), self.cpv) or any(
            getattr(case, name) is True for name in self.with_
        )

    def suggested_by(self, title: str) -> bool:
        """Whether a title holds one of the words, whole or in the plural: reason to ask, never an answer."""
        return bool(self.words) and stands_in(self.words, title)


def stands_in(words: tuple[str, ...], title: str) -> bool:
    """Whether a title holds one of some words, whole or in the plural, whatever their accents."""
    return bool(title) and _any_of(words).search(_letters(title)) is not None


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(_letters(word)) for word in words)})[sx]?\b")


@lru_cache(maxsize=256)
def _letters(text: str) -> str:
    """A text as words are compared: small letters without accents, one apostrophe."""
    plain = text.casefold().replace("œ", "oe").replace("’", "'")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def in_ranges(cpv: str | None, ranges: tuple[str, ...]) -> bool:
    """Whether a CPV code lies in one of some ranges such as ``"85000000-85323000"``."""
    return cpv is not None and any(span[:8] <= cpv[:8] <= span[9:] for span in ranges)


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
        presumed_choice: Not filled, it is taken as this word, and the answer says so; empty = it is not presumed.
        asked: What calls for the question all the same; None = nothing does.
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
    presumed_choice: str = field(default="", validator=is_a(str))
    asked: AskedWhen | None = None
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
        """What a case says of it; None = not known. What the object is, its CPV code says."""
        if self.path == "cpv":
            cpv = getattr(case, "cpv", None)
            return next((word.id for word in self.choices if in_ranges(cpv, word.cpv)), None)
        return getattr(case, self.slot, None)

    def is_presumed(self, case: Any) -> bool:
        """Whether a case leaves it open and the table takes it for granted."""
        if self.of(case) is not None or not (self.presumed or self.presumed_choice):
            return False
        return not self.is_called_for(case)

    def is_called_for(self, case: Any) -> bool:
        """Whether what a case says of its object calls for the question."""
        return self.asked is not None and self.asked.called_for(case)

    def is_suggested_by(self, title: str) -> bool:
        """Whether a title gives reason to ask; what the table presumes is presumed all the same."""
        return self.asked is not None and self.asked.suggested_by(title)


@cache
def fact_definitions() -> Mapping[str, FactDefinition]:
    """The vocabulary of the package: a closed list, the same for every table."""
    if (compiled := compiled_law()) is not None:
        found = compiled.section("facts", FactDefinition)
    else:
        from qmi_rules.law.sections import TableFile

        found = law_file("facts.toml", TableFile).facts
    return to_read_only({fact.id: fact for fact in found})


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
            words = "expected exactly one of is, in, {choices} for the fact {fact}, got {got}"
            raise DocumentError(
                fault("contradiction", "", words, choices=tuple(COMPARISONS), fact=self.fact, got=given)
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
        words = "unknown fact {fact}; expected one of {choices}"
        yield fault("unknown_id", f"{path}.fact", words, fact=shown(condition.fact), choices=", ".join(sorted(facts)))
        return
    suits = {
        FactKind.TRUTH: condition.is_ is not None,
        FactKind.CHOICE: bool(condition.in_),
        FactKind.NUMBER: bool(condition.edge),
    }
    if not suits[fact.kind]:
        expected = {FactKind.TRUTH: "is", FactKind.CHOICE: "in", FactKind.NUMBER: ", ".join(COMPARISONS)}[fact.kind]
        words = "the fact {id} is a {kind}: expected {expected}"
        yield fault("contradiction", path, words, id=fact.id, kind=fact.kind, expected=expected)
    known = {choice.id for choice in fact.choices}
    for i, word in enumerate(condition.in_):
        if fact.kind is FactKind.CHOICE and word not in known:
            words = "expected one of {choices}, got {got}"
            yield fault("unknown_choice", f"{path}.in[{i}]", words, choices=", ".join(sorted(known)), got=shown(word))
