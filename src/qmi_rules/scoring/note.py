"""The justification note that a buyer writes before signing an innovative purchase, and keeps: law of the day, evidence, duties."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError
from qmi_rules.law import Certainty, Dated, Source, Table, default_table
from qmi_rules.law.wording import certainty_words, edition_words
from qmi_rules.model import Purchase
from qmi_rules.model.case import whole_case
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.pages import Explained, Heading, Language, Page, language, to_html, visible
from qmi_rules.pages.templates import html_from, page_of
from qmi_rules.schema import Wording, given, load_toml, package_data
from qmi_rules.schema.faults import require, step
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import IDENTIFIER, each, text, to_tuple
from qmi_rules.scoring.marking import score_solution, under
from qmi_rules.scoring.scorecard import Scorecard, total_words


class Topic(StrEnum):
    """What a statement is about; the last three are the guard-rails of R2122-9-1, third paragraph."""

    DEFINITION = "definition"
    RELEVANT_OFFER = "relevant_offer"
    GOOD_USE_OF_PUBLIC_MONEY = "good_use_of_public_money"
    NO_SYSTEMATIC_SUPPLIER = "no_systematic_supplier"


GUARD_RAILS = (Topic.RELEVANT_OFFER, Topic.GOOD_USE_OF_PUBLIC_MONEY, Topic.NO_SYSTEMATIC_SUPPLIER)


@frozen(kw_only=True)
class Statement(Dated):
    """One sentence on the law with its article and its dates; the words are ours, the meaning is the text's.

    Attributes:
        id: Its name.
        subject: What it is about.
        text: The sentence, French.
        see: Ids of further sources that say the same.
    """

    id: str = field(validator=IDENTIFIER)
    subject: Topic
    text: str = field(validator=text(2_000))
    see: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))


@frozen(kw_only=True)
class StatementFile:
    """The file of the statements."""

    statements: tuple[Statement, ...] = field(converter=to_tuple)


@cache
def statements() -> tuple[Statement, ...]:
    """Every statement of the package, in the file's order."""
    return load_toml(package_data("rubrics", "definition.toml"), StatementFile).statements


# --- the note

LIMIT = "innovative_purchase"
"""The threshold of R2122-9-1 in the law table."""


@frozen(kw_only=True)
class Article:
    """A text that the note cites.

    Attributes:
        words: The article and the name of its text, French.
        text: The name of the text alone, which ends `words`.
        url: Where it can be read.
    """

    words: str
    text: str = ""
    url: str | None = None

    def cited(self, say: Language) -> str:
        """The words in the reader's language: the article as print has it, the name of its text translated."""
        return printed(self.words.removesuffix(self.text)) + say(self.text)


def _article(source: Source) -> Article:
    return Article(words=source.citation, text=source.text, url=source.url)


@frozen(kw_only=True)
class CitedLaw:
    """A sentence of law as the note cites it.

    Attributes:
        id: The statement.
        subject: What it is about.
        text: The sentence, French.
        articles: Where it stands.
        since: First day in force.
        until: Last day in force; None = no end known.
        certainty: How sure it is.
    """

    id: str
    subject: Topic
    text: Wording
    articles: tuple[Article, ...]
    since: date
    until: date | None
    certainty: Certainty


@frozen(kw_only=True)
class CitedLimit:
    """The limit of the innovative purchase on the day.

    Attributes:
        amount: EUR HT; the need must be below it.
        article: Where it stands.
    """

    amount: Decimal
    article: Article


@frozen(kw_only=True)
class JustificationNote(Explained):
    """The note, ready to be read, printed and signed. It gathers; the conclusion is the buyer's own sentence.

    Attributes:
        file: What the buyer gathered.
        definition: The definition in force on the day of launch; empty = not known for that day.
        guard_rails: The three duties, in the article's order.
        limits: The limit of that day: one, several where the sources disagree, none where it is not known.
        limit_certainty: How sure the table is of the limit; None where it knows none.
        scorecards: What the answers to each rubric come to.
        to_complete: Paths of the file's fields still to be filled before the note can be signed.
        table_edition: Edition of the law table.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    file: EvidenceFile
    definition: tuple[CitedLaw, ...]
    guard_rails: tuple[CitedLaw, ...]
    limits: tuple[CitedLimit, ...]
    limit_certainty: Certainty | None
    scorecards: tuple[Scorecard, ...] = field(converter=to_tuple)
    to_complete: tuple[str, ...]
    table_edition: str

    def page(self, say: Language) -> Page:
        """The content of the note in one language."""
        return page_of("note", say, voices=(certainty_words, edition_words, total_words), it=self)

    def document(self, lang: str = "fr") -> str:
        """The note as a whole HTML document for A4 paper, without scripts or outside files.

        Raises:
            UnsupportedLocaleError: There is no catalogue for `lang`.
        """
        say, page = language(lang), self.page(language(lang))
        heading = page.blocks[0]
        assert isinstance(heading, Heading)
        title = escape(visible(f"{heading.text} – {self.file.title}"))
        return html_from("note.html", say, title=title, body=to_html(page, top=1))


def justification_note(
    file: EvidenceFile | Mapping[str, Any], *files: Path | str, table: Table | None = None
) -> JustificationNote:
    """Write the note that R2122-9-1 calls for.

    Args:
        file: What the buyer gathered.
        files: Rubric files of the user's own; one that bears a shipped id replaces it.
        table: The law; None = the table of the package.

    Raises:
        DocumentError: The answers to a rubric are faulty; paths begin with ``solution``.

    >>> from qmi_rules import EvidenceFile
    >>> note = justification_note(EvidenceFile(title="Capteurs", launched_on="2026-05-15"))
    >>> note.file.title
    'Capteurs'
    """
    file = given("file", file, EvidenceFile)
    if table is None:
        table = default_table()
    require("table", table, Table)
    try:
        cards = score_solution(file.solution, *files, as_of=file.launched_on)
    except DocumentError as error:
        raise DocumentError(under("solution", error), error.where) from None
    limit = table.in_force(file.launched_on).limit(LIMIT)
    basis = (table.cited(name, file.launched_on) for name in limit.basis)
    return JustificationNote(
        file=file,
        definition=_cited(table, file.launched_on, Topic.DEFINITION),
        guard_rails=_cited(table, file.launched_on, *GUARD_RAILS),
        limits=tuple(
            CitedLimit(amount=amount, article=_article(source))
            for amount, source in zip(limit.amounts, basis, strict=True)
        ),
        limit_certainty=limit.certainty,
        scorecards=tuple(cards.values()),
        to_complete=tuple(_gaps(file)),
        table_edition=table.edition,
    )


def evidence_of(dossier: Dossier) -> EvidenceFile:
    """What a dossier already tells of the note's content; the rest is for the buyer to write, and the note lists it.

    Args:
        dossier: Its purchase gives title, day of launch, value, contract type and buyer; its solution the answers.

    Raises:
        DocumentError: `dossier` is none.
    """
    require("dossier", dossier, Dossier)
    purchase = dossier.purchase
    whole = whole_case(purchase)
    commune = purchase.buyer.commune if purchase.buyer is not None else None
    return EvidenceFile(
        title=purchase.title,
        launched_on=purchase.launched_on,
        buyer=commune.name if commune is not None else None,
        contract_type=whole.contract_type,
        estimated_value=whole.value,
        solution=dossier.solution or {},
    )


def _cited(table: Table, day: date, *topics: Topic) -> tuple[CitedLaw, ...]:
    """The statements in force on a day about some topics, with the texts they rest on; none = nothing is known for that day."""
    return tuple(
        CitedLaw(
            id=item.id,
            subject=item.subject,
            text=item.text,
            articles=tuple(
                _article(table.cited(name, day)) for name in (item.legal_basis, *item.see) if name in table.sources
            ),
            since=item.effective_from,
            until=item.effective_until,
            certainty=item.certainty,
        )
        for item in statements()
        if item.subject in topics and item.holds_on(day)
    )


def _gaps(file: EvidenceFile) -> Iterator[str]:
    for name in ("buyer", "supplier", "need", "estimated_value", "conclusion"):
        if getattr(file, name) is None:
            yield name
    if not file.solution:
        yield "solution"
    if not file.alternatives:
        yield "alternatives"
    yield from (f"guard_rails.{rail}" for rail in GUARD_RAILS if getattr(file.guard_rails, rail) is None)
    yield from (name for name in ("signatory", "written_on") if getattr(file, name) is None)


def link_evidence(purchase: Purchase, cards: Mapping[str, Scorecard], lang: str = "fr") -> Purchase:
    """The purchase with the scorecards among the evidence that its decision cites.

    Nothing else changes: whether the solution is innovative stays what a person declared, or undeclared.

    Args:
        purchase: The purchase.
        cards: Scorecards by rubric id.
        lang: Language of the citations.

    Raises:
        DocumentError: An argument is of another kind.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("purchase", purchase, Purchase)
    require("cards", cards, Mapping)
    for name, card in cards.items():
        require(f"cards.{step(name)}", card, Scorecard)
    say = language(lang)
    cited = tuple(card.citation(say) for card in cards.values())
    return purchase.evolve(evidence=purchase.evidence + tuple(line for line in cited if line not in purchase.evidence))
