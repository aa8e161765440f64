"""The justification note as a page, and as a whole HTML document for A4 paper."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from qmi_rules.law import Certainty
from qmi_rules.law.wording import certainty_words, edition_words
from qmi_rules.model.solution import Alternative
from qmi_rules.pages import (
    Grid,
    Heading,
    Items,
    Language,
    Line,
    Link,
    Page,
    Paragraph,
    Strong,
    message,
    to_html,
    visible,
)
from qmi_rules.pages.blocks import Block, Inline
from qmi_rules.scoring.rubric import Leaning
from qmi_rules.scoring.scorecard import (
    Scorecard,
    ScoredCriterion,
    evidence_line,
    level_or_words,
    total_name,
    total_words,
)

if TYPE_CHECKING:
    from qmi_rules.scoring.note import Article, CitedLaw, JustificationNote

TITLE = message("Note de justification du caractère innovant")
TO_COMPLETE = message("à compléter : ……………")
CONTRACT_TYPES = {"works": message("travaux"), "supplies": message("fournitures"), "services": message("services")}
GAPS = {
    "buyer": message("l'acheteur"),
    "supplier": message("l'entreprise"),
    "need": message("le besoin"),
    "estimated_value": message("la valeur estimée du besoin"),
    "conclusion": message("pourquoi la solution est nouvelle ou sensiblement améliorée"),
    "solution": message("les indices (réponses à une grille)"),
    "alternatives": message("les autres solutions examinées"),
    "guard_rails.relevant_offer": message("la pertinence de l'offre"),
    "guard_rails.good_use_of_public_money": message("le bon usage des deniers publics"),
    "guard_rails.no_systematic_supplier": message("le choix du fournisseur"),
    "signatory": message("le signataire"),
    "written_on": message("la date de la note"),
}
RAILS = {
    "relevant_offer": message("Une offre pertinente"),
    "good_use_of_public_money": message("Le bon usage des deniers publics"),
    "no_systematic_supplier": message("Pas toujours le même fournisseur"),
}


def note_page(note: "JustificationNote", say: Language) -> Page:
    """The page of the note."""
    file = note.file
    blocks: list[Block] = [
        Heading(say(TITLE), 1),
        _head(note, say),
        *_to_complete(note, say),
        Heading(say("1. Pourquoi la solution est innovante")),
        *_written(file.conclusion, say),
        Paragraph(
            say("Cette conclusion est celle de l'acheteur : aucune grille et aucune note ne la remplacent."), "note"
        ),
        Heading(say("2. Le besoin")),
        *_written(file.need, say),
        Heading(say("3. La définition en vigueur au {day}", day=say.date(file.launched_on))),
        *_definition(note, say),
        Heading(say("4. La limite de l'achat innovant ce jour-là")),
        *_limit(note, say),
        Heading(say("5. Les indices réunis")),
        *_body_of_evidence(note.scorecards, say),
        Heading(say("6. Les autres solutions examinées")),
        *_alternatives(file.alternatives, say),
        Heading(say("7. Les trois précautions de l'achat innovant")),
        *_guard_rails(note, say),
        Heading(say("8. Les pièces du dossier")),
        *_pieces(note.scorecards, say),
        Heading(say("9. Date et signature")),
        *_signature(note, say),
    ]
    return Page(say.code, blocks)


def _written(words: str | None, say: Language) -> list[Block]:
    """What the buyer wrote, a paragraph for each of its paragraphs; or that it is still to be written."""
    parts = [part for part in words.split("\n\n") if part.strip()] if words else []
    return [Paragraph(part) for part in parts] or [Paragraph(say(TO_COMPLETE))]


def _head(note: "JustificationNote", say: Language) -> Grid:
    file = note.file
    value = say("{amount} HT", amount=say.euros(file.estimated_value)) if file.estimated_value is not None else ""
    return Grid(
        [say("Rubrique"), say("Contenu")],
        [
            [say("Objet de l'achat"), file.title],
            [say("Acheteur"), file.buyer or say(TO_COMPLETE)],
            [say("Entreprise"), file.supplier or say(TO_COMPLETE)],
            [say("Nature"), say(CONTRACT_TYPES[file.contract_type]) if file.contract_type else say("non précisée")],
            [say("Lancement de la consultation"), say.date(file.launched_on)],
            [say("Valeur estimée du besoin"), value or say(TO_COMPLETE)],
        ],
    )


def _to_complete(note: "JustificationNote", say: Language) -> Iterator[Block]:
    if note.to_complete:
        yield Paragraph(
            say(
                "Reste à compléter avant de signer : {parts}.",
                parts=say.all_of(say(GAPS[gap]) for gap in note.to_complete),
            ),
            "warning",
        )
    yield Paragraph(
        say(
            "La note s'écrit avant la signature du marché et se garde au dossier : en cas de litige, c'est l'analyse de l'acheteur qui est examinée."
        ),
        "note",
    )


# --- the law of the day


def articles_line(articles: "tuple[Article, ...]", say: Language) -> list[Inline]:
    """The cited articles in parentheses, each with its link."""
    line: list[Inline] = []
    for article in articles:
        words = article.cited(say)
        line += [", " if line else " (", Link(words, article.url) if article.url else words]
    return [*line, ")"] if line else []


def _law(item: "CitedLaw", say: Language) -> Line:
    doubt: list[Inline] = [" ", Strong(say("À vérifier."))] if item.certainty is Certainty.UNVERIFIED else []
    return [say(item.text), *articles_line(item.articles, say), *doubt]


def _definition(note: "JustificationNote", say: Language) -> Iterator[Block]:
    if not note.definition:
        yield Paragraph(
            say("La définition en vigueur ce jour-là reste à vérifier dans les textes."),
            "warning",
        )
        return
    yield Items([_law(item, say) for item in note.definition])
    yield Paragraph(say("Le sens des textes est rendu en d'autres mots ; seul le texte officiel fait foi."), "note")


def _limit(note: "JustificationNote", say: Language) -> Iterator[Block]:
    if not note.limits:
        yield Paragraph(
            say("La limite en vigueur ce jour-là reste à vérifier dans les textes."),
            "warning",
        )
        return
    yield Items(
        [
            [
                say("Besoin estimé à moins de {amount} HT", amount=say.euros(limit.amount)),
                *articles_line((limit.article,), say),
            ]
            for limit in note.limits
        ]
    )
    if note.limit_certainty is not None and note.limit_certainty is not Certainty.CONFIRMED and len(note.limits) == 1:
        yield Paragraph(say("Fiabilité : {certainty}.", certainty=certainty_words(say, note.limit_certainty)), "note")
    if len(note.limits) > 1:
        yield Paragraph(say("Les sources ne s'accordent pas sur la limite en vigueur ce jour-là."), "warning")
    yield from _against_limit(note, say)


def _against_limit(note: "JustificationNote", say: Language) -> Iterator[Block]:
    """Below is dispensed; a need exactly at the limit is not."""
    value = note.file.estimated_value
    if value is None:
        return
    amounts = [limit.amount for limit in note.limits]
    if value < min(amounts):
        yield Paragraph(say("Le besoin, estimé à {amount} HT, reste au-dessous.", amount=say.euros(value)))
    elif value >= max(amounts):
        yield Paragraph(
            say(
                "Le besoin, estimé à {amount} HT, n'est pas au-dessous : il faut un autre fondement.",
                amount=say.euros(value),
            ),
            "warning",
        )
    else:
        yield Paragraph(
            say(
                "Le besoin, estimé à {amount} HT, n'est au-dessous que d'une des limites : vérifiez d'abord le texte.",
                amount=say.euros(value),
            ),
            "warning",
        )


def _guard_rails(note: "JustificationNote", say: Language) -> Iterator[Block]:
    if not note.guard_rails:
        yield Paragraph(
            say("Les précautions exigées ce jour-là restent à vérifier dans les textes."),
            "warning",
        )
    for item in note.guard_rails:
        yield Heading(say(RAILS[item.subject]), 3)
        yield Paragraph(_law(item, say), "note")
        yield from _written(getattr(note.file.guard_rails, item.subject), say)


def _signature(note: "JustificationNote", say: Language) -> Iterator[Block]:
    file = note.file
    blank = "…………………………"
    day = say.date(file.written_on) if file.written_on is not None else blank
    yield Paragraph(say("Fait à {place}, le {day}.", place=file.place or blank, day=day))
    yield Paragraph(say("Nom et qualité : {signatory}", signatory=file.signatory or blank))
    yield Paragraph(say("Signature : {blank}", blank=blank))
    yield Paragraph(
        say(
            "Note préparée avec qmi_rules (édition de la base juridique : {edition}). Elle rassemble des indices et ne décide rien.",
            edition=edition_words(say, note.table_edition),
        ),
        "note",
    )


# --- the evidence

_LEANINGS = {
    Leaning.FOR: message("Indices favorables"),
    Leaning.AGAINST: message("Indices contraires"),
    Leaning.NEUTRAL: message("Réponses qui éclairent, sans peser"),
}


def _body_of_evidence(cards: Sequence[Scorecard], say: Language) -> Iterator[Block]:
    """What each rubric shows; the indices against are shown as plainly as those for."""
    if not cards:
        yield Paragraph(say("Aucune grille n'a été remplie."), "warning")
    for card in cards:
        yield Heading(say(card.title), 3)
        yield Paragraph(say(card.notice), "note")
        yield from _indices(card, say) if card.series else _levels(card, say)
        if card.reading is not None:
            yield Paragraph(say(card.reading), "note")
        if card.cautions:
            yield Items([say(caution) for caution in card.cautions])


def _indices(card: Scorecard, say: Language) -> Iterator[Block]:
    series = {item.id: item for item in card.series}
    for bearing, heading in _LEANINGS.items():
        found = [c for c in card.criteria if c.bearing is bearing]
        if not found and bearing is not Leaning.AGAINST:
            continue
        yield Paragraph(say(heading))
        yield Items([_index(c, series[c.series or ""].supporting_only, say) for c in found] or [say("aucun relevé")])
    if open_ones := [say(c.label) for c in card.criteria if c.bearing is None]:
        yield Paragraph(say("Questions ouvertes"))
        yield Items(open_ones)


def _index(criterion: ScoredCriterion, supporting_only: bool, say: Language) -> Line:
    return [
        say("« {question} »", question=say(criterion.label)) + " ",
        *level_or_words(criterion, say),
        " " + say("(appui seulement)") if supporting_only else "",
        say(". Preuve : "),
        *evidence_line(criterion, say),
    ]


def _levels(card: Scorecard, say: Language) -> Iterator[Block]:
    yield Grid(
        [say("Critère"), say("Réponse"), say("Preuve")],
        [[say(c.label), level_or_words(c, say), evidence_line(c, say)] for c in card.criteria],
    )
    if words := total_words(card, say):
        sentence = say("{criterion} : {answer}", criterion=total_name(card, say), answer=words)
        yield Paragraph(f"{sentence}.")


def _alternatives(items: Sequence[Alternative], say: Language) -> Iterator[Block]:
    """The other solutions that were looked at."""
    if not items:
        yield Paragraph(say(TO_COMPLETE))
        return
    yield Grid(
        [say("Solution"), say("Entreprise"), say("Examinée le"), say("Appréciation"), say("Source")],
        [
            [
                item.name,
                item.supplier or "",
                say.date(item.looked_at_on) if item.looked_at_on else "",
                item.assessment or say(TO_COMPLETE),
                Link(say("lien"), item.source) if item.source else "",
            ]
            for item in items
        ],
    )


def _pieces(cards: Sequence[Scorecard], say: Language) -> Iterator[Block]:
    """The pieces and addresses that the answers name, each once."""
    named = [c for card in cards for c in card.criteria if c.level is not None]
    documents: list[Line] = [name for name in dict.fromkeys(c.document for c in named) if name]
    links: list[Line] = [Link(url, url) for url in dict.fromkeys(c.source for c in named) if url]
    if documents or links:
        yield Items([*documents, *links], "numbers")
    else:
        yield Paragraph(say("Aucune pièce n'est encore nommée."), "warning")
    if bare := [say(c.label) for c in named if not (c.evidence or c.source or c.document)]:
        yield Paragraph(say("Réponses données sans preuve"), "warning")
        yield Items(bare)


# --- on paper

STYLE = """
@page { size: A4; margin: 20mm 18mm; }
body { font: 11pt/1.4 Georgia, "Times New Roman", serif; color: #111; max-width: 174mm; margin: 0 auto; }
h1 { font-size: 17pt; } h2 { font-size: 13pt; margin-top: 6mm; } h3 { font-size: 11.5pt; }
h1, h2, h3 { break-after: avoid; }
table { border-collapse: collapse; width: 100%; font-size: 10pt; } tr { break-inside: avoid; }
th, td { border: 0.3mm solid #777; padding: 1.2mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; } tbody th { min-width: 34mm; }
p.note { font-size: 9.5pt; color: #444; } p.warning { border-left: 1mm solid #b35900; padding-left: 3mm; }
a { color: inherit; } @media print { a[href^="http"]::after { content: " <" attr(href) ">"; font-size: 8pt; overflow-wrap: anywhere; } }
"""


def note_document(note: "JustificationNote", say: Language) -> str:
    """The note as a whole HTML document."""
    title = escape(visible(f"{say(TITLE)} – {note.file.title}"))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(say.code)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{to_html(note_page(note, say), top=1)}\n</body>\n</html>\n"
    )
