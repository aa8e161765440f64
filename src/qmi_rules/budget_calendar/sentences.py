"""Sentences that are kept with their values and said later in the reader's language."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.text import SOURCE_LANGUAGE, Language, language, message

_ARTICLE_OF = re.compile(r"(?P<article>(?:art\. )?[\w.-]+(?: \d°)?) (?P<text>d[eu] .+)")
"""A citation whose text has a name: « art. 13 | de la loi n° 2026-403 »; short ones such as « CGCT, art. L1612-1 » have none."""
_NAMED = re.compile(r"(?:(?:Décret|Loi) n°|Règlement|Avis relatif|Guide).+")


_JOINTS = {" et ": message("{first} et {second}"), " à ": message("{first} à {second}")}


@frozen
class Term:
    """A text of ours used as a value in a sentence: it is translated too. A plain `str` is a user's and stays as it is."""

    text: str


Value: TypeAlias = "str | int | date | Decimal | Term | Sentence | tuple[Value, ...]"


@frozen
class Sentence:
    """A French text of the catalogue with the values of its named places."""

    text: str
    values: Mapping[str, Value] = field(factory=dict, converter=to_read_only)

    def said(self, say: Language) -> str:
        """The sentence in one language."""
        return say(self.text, **{name: _shown(value, say) for name, value in self.values.items()})

    @property
    def french(self) -> str:
        """The sentence in the source language."""
        return self.said(language(SOURCE_LANGUAGE))


def _shown(value: Value, say: Language) -> str:
    match value:
        case date():
            return say.date(value)
        case Decimal():
            return say.euros(value)
        case Term(text=text):
            return say(text)
        case Sentence():
            return value.said(say)
        case tuple():
            return say.all_of(_shown(item, say) for item in value)
        case int():
            return say.number(value)
    return value


@frozen(kw_only=True)
class Remark:
    """Something the reader should know about an answer.

    Attributes:
        id: What it is about.
        text: The remark in French.
    """

    id: str
    text: str
    _sentence: Sentence | None = field(default=None, eq=False, repr=False)

    def said(self, say: Language) -> str:
        """The remark in one language; in French only where it was read back from JSON."""
        return self._sentence.said(say) if self._sentence else self.text


def remark(id: str, text: str, /, **values: Value) -> Remark:
    """A remark made of a French text and its values."""
    sentence = Sentence(text, values)
    return Remark(id=id, text=sentence.french, sentence=sentence)


def basis_said(basis: str, say: Language) -> str:
    """A legal basis in the reader's language: the articles stay, the names of texts and the words between are translated."""
    if cited := _ARTICLE_OF.fullmatch(basis):
        return f"{cited['article']} {say(cited['text'])}"
    if _NAMED.fullmatch(basis):
        return say(basis)
    for joint, together in _JOINTS.items():
        first, found, second = basis.partition(joint)
        if found:
            return say(together, first=first, second=second)
    return basis
