"""An audit for its readers: the summary with its picture, and files of any size written line by line."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from html import escape
from itertools import islice
from typing import IO, Any

from attrs import evolve

from qmi_rules.decp.audit import Audit
from qmi_rules.decp.reasons import VERDICTS, Reason, Verdict
from qmi_rules.decp.results import Result
from qmi_rules.decp.values import labels
from qmi_rules.pages import SOURCE_LANGUAGE, Grid, Heading, Items, Language, Meter, Page, Paragraph, language, message
from qmi_rules.pages.blocks import Block
from qmi_rules.pages.harmless import cell, cleaned
from qmi_rules.schema import document_of, unstructure, written_json
from qmi_rules.schema.writing import Writing, cited_in, written_into

SHOWN = 50
"""So many findings and hints are shown; all are in the CSV and the JSON."""

REFUSALS = {
    "not_a_record": message("ce n'est pas un enregistrement"),
    "concession": message("concession, hors du champ des marchés"),
    "no_buyer": message("acheteur non publié"),
    "no_date": message("aucune date utilisable"),
    "unreadable": message("fichier illisible à partir de là"),
}
PROCEDURES = {
    "without_publicity": message("Sans publicité ni mise en concurrence"),
    "unknown": message("Procédure non publiée ou inconnue"),
}
CONVENTIONS = (
    message(
        "Nos conventions, et non des règles de droit : la date de lancement n'étant pas publiée, un constat n'est fait que s'il "
        "vaut pour tout lancement possible dans les {months} mois avant la notification."
    ),
    message(
        "Le type de marché vient du code CPV, la nature de l'acheteur des premiers chiffres de son SIREN : dès que les mots de "
        "l'objet en font douter, ils sont tenus pour inconnus."
    ),
    message(
        "Les accords-cadres et les marchés subséquents, les objets qui peuvent être des services sociaux ou spécifiques, et les "
        "procédures plus exigeantes que nécessaire ne donnent lieu à aucun constat."
    ),
    message(
        "Le montant publié est celui du contrat conclu, alors que la règle porte sur la valeur estimée avant le lancement : un "
        "constat invite à relire le dossier, il ne dit jamais qu'une règle a été enfreinte."
    ),
    message("Les rapprochements (montant proche d'un seuil, marchés semblables) sont des indices, à part du constat."),
)


def audit_page(audit: "Audit", say: Language) -> Page:
    """The page of an audit in one language."""
    return Page(say.code, _blocks(audit, say))


def procedure_label(audit: "Audit", procedure: str, say: Language) -> str:
    """The name of a published procedure."""
    if procedure in PROCEDURES:
        return say(PROCEDURES[procedure])
    known = audit.table.procedures.get(procedure)
    return say(known.label) if known else procedure


def _blocks(audit: "Audit", say: Language) -> Iterator[Block]:
    yield Heading(say("Examen de données de la commande publique"), 1)
    joined = audit.records - audit.refused - audit.contracts
    yield Paragraph(
        say(
            "{read} : {refused}, {joined}, {contracts}.",
            read=say.count(audit.records, "{count} enregistrement lu", "{count} enregistrements lus"),
            refused=say.count(audit.refused, "{count} écarté", "{count} écartés"),
            joined=say.count(
                joined,
                "{count} réuni à d'autres (lots, répétitions)",
                "{count} réunis à d'autres (lots, répétitions)",
            ),
            contracts=say.count(audit.contracts, "{count} marché reconnu", "{count} marchés reconnus"),
        )
    )
    if not audit.records:
        yield Paragraph(
            say("Aucun enregistrement n'a été trouvé : ce n'est pas un fichier de marchés, ou il est vide.")
        )
    yield Grid(
        [say("Constat"), say("Marchés")],
        [
            [say(VERDICTS[verdict]), Meter(count, max(audit.contracts, 1), say.number(count))]
            for verdict in Verdict
            if (count := audit.verdicts[verdict.value]) is not None
        ],
    )
    if audit.refused_by_reason:
        yield Heading(say("Enregistrements écartés"))
        yield Items(
            [
                say("{reason} : {count}", reason=say(REFUSALS[reason]), count=say.number(count))
                for reason, count in audit.refused_by_reason.items()
            ]
        )
    for verdict in (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND):
        if audit.verdicts[verdict.value]:
            yield Heading(say(VERDICTS[verdict]))
            yield _table(audit, (result for result in audit.results if result.verdict is verdict), say)
            yield from _more(audit.verdicts[verdict.value], say)
    hinted = list(islice((result for result in audit.results if result.hints), SHOWN))
    if hinted:
        yield Heading(say("Indices, à part des constats"))
        yield Grid(
            [say("Marché"), say("Acheteur"), say("Montant"), say("Indice")],
            [[r.id, r.buyer, _amount(r, say), " ".join(hint.text.said(say) for hint in r.hints)] for r in hinted],
        )
    yield Heading(say("Comment lire cet examen"))
    months = say.number(labels().conventions.launched_before_months)
    yield Items([say(sentence, months=months) for sentence in CONVENTIONS])
    yield Paragraph(say("Édition de la base juridique : {edition}.", edition=audit.table.edition), "note")


def _table(audit: "Audit", found: Iterator[Result], say: Language) -> Grid:
    return Grid(
        [say("Marché"), say("Acheteur"), say("Procédure publiée"), say("Montant"), say("Pourquoi")],
        [
            [
                result.id,
                result.buyer,
                procedure_label(audit, result.procedure, say),
                _amount(result, say),
                cell(" ".join(reason.text.said(say) for reason in result.reasons)),
            ]
            for result in islice(found, SHOWN)
        ],
    )


def _more(count: int, say: Language) -> Iterator[Block]:
    if count > SHOWN:
        words = say.count(
            count - SHOWN,
            "{count} autre figure dans le fichier CSV et dans le JSON.",
            "{count} autres figurent dans le fichier CSV et dans le JSON.",
        )
        yield Paragraph(words, "note")


def _amount(result: Result, say: Language) -> str:
    return say("non utilisable") if result.amount is None else say.euros(result.amount)


COLUMNS = (
    "id",
    "source",
    "position",
    "notified_on",
    "buyer",
    "procedure",
    "amount",
    "verdict",
    "reasons",
    "hints",
    "origins",
)
_COLOURS = {
    Verdict.CONSISTENT: "#3f7d20",
    Verdict.NEEDS_ANOTHER_GROUND: "#b35900",
    Verdict.INCONSISTENT: "#a3123a",
    Verdict.CANNOT_BE_JUDGED: "#8a8a8a",
}
_PATTERNS = {Verdict.NEEDS_ANOTHER_GROUND: "6 3", Verdict.INCONSISTENT: "2 2"}


def write_json(audit: Audit, file: IO[str] | io.TextIOBase, lang: str = SOURCE_LANGUAGE) -> None:
    """Write the audit as one JSON document, one result a line, without holding the text."""

    @lru_cache(maxsize=10_000)
    def plain(reasons: tuple[Reason, ...]) -> Any:
        return unstructure(reasons)

    head = document_of(evolve(audit, results=()), lang)
    sources: dict[str, Any] = head.pop("sources")
    del head["results"]
    file.write(written_json(head).removesuffix("}") + ',"results":[')
    with written_into(Writing(lang, {}, audit)) as here:
        for i, result in enumerate(audit.results):
            shared = {"reasons": plain(result.reasons), "hints": plain(result.hints)}
            document = unstructure(evolve(result, reasons=(), hints=())) | shared
            file.write((",\n" if i else "\n") + written_json(document))
            for name in cited_in(shared):
                if name not in here.entries("sources") and (source := audit.source_named(name)) is not None:
                    unstructure(source)
        sources |= here.entries("sources")
    file.write('\n],"sources":' + written_json(sources) + "}\n")


def to_csv(audit: Audit, file: IO[str], lang: str = SOURCE_LANGUAGE) -> None:
    """Write one line for each contract; the sentences in the reader's language.

    Args:
        audit: The audit.
        file: A text file opened with ``newline=""``.
        lang: Language of the reasons and hints.
    """
    say = language(lang)
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for result in audit.results:
        rows.writerow(
            [
                cell(result.id),
                cell(result.source),
                result.position,
                result.notified_on.isoformat(),
                cell(result.buyer),
                result.procedure,
                "" if result.amount is None else str(result.amount.quantize(Decimal("0.01"))),
                result.verdict.value,
                cell(" ".join(reason.text.said(say) for reason in result.reasons)),
                cell(" ".join(hint.text.said(say) for hint in result.hints)),
                " ".join(f"{fact}={origin}" for fact, origin in result.origins.items()),
            ]
        )


def to_html(audit: Audit, lang: str = SOURCE_LANGUAGE) -> str:
    """The summary as a complete HTML document with its pictures inside; it needs nothing else."""
    say = language(lang)
    title = escape(say("Examen de données de la commande publique"))
    body = audit.explain(lang, "html")
    head, separator, rest = body.partition("</table>")
    return cleaned(
        f'<!DOCTYPE html>\n<html lang="{say.code}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{head}{separator}\n"
        f"{_picture(audit, say)}\n{rest}\n</main>\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #ccc;padding:.4rem .6rem;text-align:left;"
    "vertical-align:top}svg{max-width:100%;height:auto}.note{color:#555}figure{margin:1rem 0}"
)


def _picture(audit: Audit, say: Language) -> str:
    """The verdicts of each published procedure as bars, widths in proportion."""
    counts = Counter((result.procedure, result.verdict) for result in audit.results)
    procedures = sorted({p for p, _ in counts}, key=lambda p: (-sum(counts[p, v] for v in Verdict), p))
    widest = max((sum(counts[p, v] for v in Verdict) for p in procedures), default=1)
    parts = [
        part
        for row, procedure in enumerate(procedures)
        for part in _bar(row, procedure, counts, widest, procedure_label(audit, procedure, say), say)
    ]
    height = 34 * len(procedures) + 26 * len(Verdict) + 20
    legend = [
        f'<rect x="10" y="{34 * len(procedures) + 26 * i + 12}" width="16" height="16" fill="{_COLOURS[verdict]}"/>'
        f'<text x="34" y="{34 * len(procedures) + 26 * i + 25}">{escape(say(VERDICTS[verdict]))}</text>'
        for i, verdict in enumerate(Verdict)
    ]
    caption = escape(say("Constats par procédure publiée"))
    return (
        f'<figure><svg viewBox="0 0 1000 {height}" role="img" aria-label="{caption}" font-size="14" '
        f'font-family="system-ui,sans-serif">{"".join(parts)}{"".join(legend)}</svg>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _bar(
    row: int, procedure: str, counts: "Counter[tuple[str, Verdict]]", widest: int, label: str, say: Language
) -> list[str]:
    y = 34 * row + 4
    short = label if len(label) <= 40 else label[:39] + "…"
    parts = [f'<text x="0" y="{y + 18}">{escape(short)}</text>']
    x = 320.0
    for verdict in Verdict:
        count = counts[procedure, verdict]
        if not count:
            continue
        width = max(580 * count / widest, 2)
        dash = f' stroke="#1b1b1b" stroke-dasharray="{_PATTERNS[verdict]}"' if verdict in _PATTERNS else ""
        tip = escape(say.labelled(f"{label}, {say(VERDICTS[verdict])}", say.number(count)))
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="24" fill="{_COLOURS[verdict]}"{dash}><title>{tip}</title></rect>'
        )
        x += width
    total = sum(counts[procedure, verdict] for verdict in Verdict)
    parts.append(f'<text x="{x + 6:.1f}" y="{y + 18}">{escape(say.number(total))}</text>')
    return parts
