"""One language's pen for the reference pages: words, days, articles, certainty and conditions as Markdown."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from qmi_rules.law import Condition, FactKind, Source, Table, Value
from qmi_rules.law.wording import CERTAINTIES, citation, quantity
from qmi_rules.pages import Link, language, markdown_line

from .words import ENGLISH

EDGES = {
    "below": "{fact} sous {threshold}",
    "from": "{fact} à partir de {threshold}",
    "at_most": "{fact} d'au plus {threshold}",
    "above": "{fact} au-delà de {threshold}",
}


class Writer:
    """What every reference page needs to write in one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.say = language(code)

    def __call__(self, french: str) -> str:
        """A word of these pages: from their own list, or from the catalogue."""
        if self.code == "fr":
            return french
        english = ENGLISH.get(french) or self.say(french)
        if english == french and french not in ENGLISH:
            raise KeyError(f"no English for {french!r}: add it to words.py")
        return english

    def text(self, french: str) -> str:
        """A text of the data, translated, with nothing that Markdown would read."""
        return plain(self.say(french))

    def day(self, day: datetime.date | None) -> str:
        """A day in full, or nothing."""
        return "" if day is None else self.say.date(day)

    def certainty(self, certainty: str | None) -> str:
        """How sure something is; what is not confirmed stands out."""
        if certainty is None:
            return ""
        words = self.say(CERTAINTIES[str(certainty)])
        return words if str(certainty) == "confirmed" else f"**{words}**"

    def article(self, source: Source) -> str:
        """An article with its text, a link where there is an address."""
        words = citation(self.say, source)
        return markdown_line([Link(words, source.url) if source.url else words])

    def cases(self, conditions: Sequence[Condition], table: Table) -> str:
        """The conditions of a row in words; thresholds lead to their history."""
        return " ; ".join(self.condition(condition, table) for condition in conditions) or self("aucune condition")

    def condition(self, condition: Condition, table: Table) -> str:
        fact = table.facts[condition.fact]
        if fact.kind is FactKind.TRUTH:
            return self.text(fact.affirmed if condition.is_ else fact.denied)
        if fact.kind is FactKind.CHOICE:
            labels = {choice.id: choice.label for choice in fact.choices}
            others = [self.say(label) for word, label in labels.items() if word not in condition.in_]
            if 0 < len(others) < len(condition.in_) and len(condition.in_) > 3:
                return plain(f"{self.say(fact.label)} : {self('tous sauf')} {self.say.any_of(others)}")
            words = self.say.any_of([self.say(labels[word]) for word in condition.in_])
            return plain(self.say("{fact} : {value}", fact=self.say(fact.label), value=words))
        threshold = table.thresholds[condition.threshold]
        place = f"[{self.text(threshold.label)}](#{self.anchor('threshold', threshold.id)})"
        return self.say(EDGES[condition.edge], fact=self.text(fact.label), threshold=place)

    def amount(self, value: Value, unit: str, table: Table) -> str:
        """The amount of a value, its readings, or the series that it follows."""

        def one(amount: Decimal | None, same_as: str | None) -> str:
            if amount is not None:
                return plain(self.say.euros(amount) if unit == "EUR" else quantity(self.say, amount, unit))
            assert same_as is not None
            label = self.text(table.thresholds[same_as].label)
            return f"[{label}](#{self.anchor('threshold', same_as)})"

        if value.readings:
            readings = [
                f"{one(reading.amount, reading.same_as)} ({self.article(table.sources[reading.legal_basis])})"
                for reading in value.readings
            ]
            return f"**{self('contesté')}** : " + self.say.any_of(readings)
        return one(value.amount, value.same_as)

    def anchor(self, kind: str, name: str) -> str:
        """The name of a place to link to."""
        return f"{self.code}-{kind}-{name}"

    def place(self, kind: str, name: str) -> str:
        """The mark of such a place, before a heading."""
        return f"\n({self.anchor(kind, name)})=\n"

    def table(self, header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
        """A table whose empty columns are left out."""
        heads = [self(head) for head in header]
        lines = [[cell.replace("\n", " ").replace("|", "\\|") for cell in row] for row in rows]
        kept = [i for i, _ in enumerate(heads) if any(line[i] for line in lines)]
        if not kept:
            return
        yield ""
        yield "| " + " | ".join(heads[i] for i in kept) + " |"
        yield "|" + " --- |" * len(kept)
        yield from ("| " + " | ".join(line[i] for i in kept) + " |" for line in lines)
        yield ""


def plain(text: str) -> str:
    """A text with nothing that Markdown would read."""
    return markdown_line(text)
