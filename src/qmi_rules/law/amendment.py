"""An amended table against the one before it: what was edited, what follows for whom from which day, and what is left to do."""

import datetime
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from qmi_rules.documents import unstructure
from qmi_rules.documents.scalars import require, to_tuple
from qmi_rules.law.casebook import CaseTurn, WrittenCase, case_turns
from qmi_rules.law.comparison import Region, compare, region_document
from qmi_rules.law.edits import Edit, edits, entries_of
from qmi_rules.law.proof import Proof, prove
from qmi_rules.law.sources import Certainty, Dated
from qmi_rules.law.table import Table
from qmi_rules.text import Explained, Language, Page, language

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

TASKS = ("flaws", "edition", "reviewed_on", "certainty", "history", "english", "no_effect")
"""What may be left to do, the most pressing first."""
TEXTS = ("label", "text", "ground", "detail", "description", "affirmed", "denied")


@frozen(kw_only=True)
class Passage:
    """Days on which the same cases get another answer than before.

    Attributes:
        since: First day; None = before every change that the tables know.
        until: Last day; None = no end.
        regions: The cases, with the answer before and after.
    """

    since: datetime.date | None
    until: datetime.date | None
    regions: tuple[Region, ...] = field(converter=to_tuple)


@frozen(kw_only=True, slots=False)
class Amendment(Explained):
    """What the amendment of a table did.

    Attributes:
        before: The table as it was.
        after: The table as it is.
        edits: The entries that differ.
        passages: Spans of days in which an answer differs, in order of time.
        cases: Answers that the jurists' cases do not get any more; empty where none was given.
    """

    before: "Table" = field(repr=False)
    after: "Table" = field(repr=False)
    edits: tuple[Edit, ...] = field(converter=to_tuple)
    passages: tuple[Passage, ...] = field(converter=to_tuple)
    cases: tuple[CaseTurn, ...] = field(default=(), converter=to_tuple)

    @cached_property
    def proof(self) -> Proof:
        """The proof of the amended table."""
        return prove(self.after)

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """What is left to do, as codes of `TASKS`, the most pressing first."""
        added = [edit for edit in self.edits if edit.change != "removed"]
        published = [
            entry.published_on for edit in added for entry in entries_of(self.after, edit) if isinstance(entry, Dated)
        ]
        reviewed = self.after.reviewed_on
        due = {
            "flaws": not self.proof.holds,
            "edition": self.after.edition == self.before.edition and bool(self.edits),
            "reviewed_on": bool(published) and (reviewed is None or reviewed < max(published)),
            "certainty": any(edit.certainty not in (None, Certainty.CONFIRMED) for edit in added),
            "history": any(edit.change != "added" and edit.since is not None for edit in self.edits),
            "english": bool(self.untranslated),
            "no_effect": bool(self.edits) and not self.passages,
        }
        return tuple(task for task in TASKS if due[task])

    @cached_property
    def untranslated(self) -> tuple[str, ...]:
        """French texts of the entries added or changed whose English is lacking, or the same."""
        say = language("en")
        texts = [
            text
            for edit in self.edits
            if edit.change != "removed"
            for entry in entries_of(self.after, edit)
            for name in TEXTS
            if (text := getattr(entry, name, ""))
        ]
        return tuple(text for text in dict.fromkeys(texts) if say(text) == text)

    @classmethod
    def document_class(cls) -> type:
        """The class that describes its JSON document."""
        from qmi_rules.law.documents import AmendmentDocument

        return AmendmentDocument

    def as_document(self) -> dict[str, Any]:
        """The amendment as plain data."""
        return {
            "before": {"edition": self.before.edition, "hash": self.before.hash},
            "after": {"edition": self.after.edition, "hash": self.after.hash},
            "edits": [
                {
                    "section": edit.section,
                    "id": edit.id,
                    "change": edit.change,
                    "since": edit.since and edit.since.isoformat(),
                    "until": edit.until and edit.until.isoformat(),
                    "legal_basis": edit.legal_basis or None,
                    "certainty": edit.certainty and str(edit.certainty),
                    "bears_on": list(edit.bears_on),
                }
                for edit in self.edits
            ],
            "holds": self.proof.holds,
            "passages": [
                {
                    "since": passage.since and passage.since.isoformat(),
                    "until": passage.until and passage.until.isoformat(),
                    "regions": [region_document(region) for region in passage.regions],
                }
                for passage in self.passages
            ],
            "cases": [unstructure(turn) for turn in self.cases],
            "tasks": list(self.tasks),
            "untranslated": list(self.untranslated),
        }

    def changelog(self, say: Language) -> list[str]:
        """Lines for the changelog: which procedure, for which cases, from which day, by which text; one for each cause."""
        from qmi_rules.law.amendment_page import changelog_lines

        return changelog_lines(self, say)

    def page(self, say: Language) -> Page:
        """The amendment in one language, in the order in which a maintainer reads it."""
        from qmi_rules.law.amendment_page import amendment_blocks

        return Page(say.code, tuple(amendment_blocks(self, say)))


def amend(before: Table, after: Table, cases: Iterable[WrittenCase] = ()) -> Amendment:
    """Compare an amended table with the one before it, over every day and every case.

    Args:
        before: The table as it was.
        after: The table as it is.
        cases: Cases that jurists wrote down (`read_cases`), to be put to both.

    Returns:
        The edits, the spans of days whose answers differ, the proof, the lines for the changelog, what is left to do.

    Raises:
        DocumentError: One of the two is no table.
    """
    require("before", before, Table)
    require("after", after, Table)
    return Amendment(
        before=before,
        after=after,
        edits=tuple(edits(before, after)),
        passages=tuple(_passages(before, after)),
        cases=tuple(case_turns(cases, before, after)),
    )


def _passages(before: "Table", after: "Table") -> Iterator[Passage]:
    laws = {law.since: law for table in (before, after) for law in table.segments()}
    days = sorted(law.day for law in laws.values())
    firsts = sorted(since for since in laws if since is not None)
    spans = [(None, days[0]), *((since, since) for since in firsts)]
    judged = [(since, _regions(before, after, day)) for since, day in spans]
    following: dict[datetime.date | None, datetime.date] = dict(zip([None, *firsts], firsts, strict=False))
    for regions, group in groupby(judged, key=lambda span: span[1]):
        if regions:
            members = [since for since, _ in group]
            end = following.get(members[-1])
            yield Passage(since=members[0], until=end and end - datetime.timedelta(days=1), regions=regions)


def _regions(before: "Table", after: "Table", day: datetime.date) -> tuple[Region, ...]:
    first, second = before.in_force(day), after.in_force(day)
    return () if _same(first, second) else compare(before, day, day, after).regions


def _same(first: "LawInForce", second: "LawInForce") -> bool:
    """The two laws have the same grounds and limits, so that no case can be answered otherwise."""
    keys = first.table.thresholds.keys() | second.table.thresholds.keys()
    return (
        first.rules == second.rules
        and first.facts == second.facts
        and first.table.procedures == second.table.procedures
        and all(
            key in first.table.thresholds
            and key in second.table.thresholds
            and first.limit(key).amounts == second.limit(key).amounts
            for key in keys
        )
    )
