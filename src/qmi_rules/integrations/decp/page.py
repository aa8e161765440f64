"""The summary of an audit for a reader: what was found, why, and how far it can be relied on."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from qmi_rules.integrations.decp.reasons import VERDICTS, Verdict
from qmi_rules.integrations.decp.results import Result
from qmi_rules.text import Grid, Heading, Items, Language, Meter, Page, Paragraph, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.integrations.decp.audit import Audit

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
        "vaut pour tout lancement possible dans les douze mois avant la notification."
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
    yield Paragraph(
        say(
            "{records} enregistrements lus : {refused} écartés, {joined} réunis à d'autres (lots, répétitions), {contracts} marchés reconnus.",
            records=say.number(audit.records),
            contracts=say.number(audit.contracts),
            refused=say.number(audit.refused),
            joined=say.number(audit.records - audit.refused - audit.contracts),
        )
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
            [
                [r.id, r.buyer, _amount(r, say), " ".join(hint.sentence(say, audit.table) for hint in r.hints)]
                for r in hinted
            ],
        )
    yield Heading(say("Comment lire cet examen"))
    yield Items([say(sentence) for sentence in CONVENTIONS])
    yield Paragraph(say("Édition des tables du droit : {edition}.", edition=audit.table.edition), "note")


def _table(audit: "Audit", found: Iterator[Result], say: Language) -> Grid:
    return Grid(
        [say("Marché"), say("Acheteur"), say("Procédure publiée"), say("Montant"), say("Pourquoi")],
        [
            [
                result.id,
                result.buyer,
                procedure_label(audit, result.procedure, say),
                _amount(result, say),
                " ".join(reason.sentence(say, audit.table) for reason in result.reasons),
            ]
            for result in islice(found, SHOWN)
        ],
    )


def _more(count: int, say: Language) -> Iterator[Block]:
    if count > SHOWN:
        yield Paragraph(
            say("{count} autres figurent dans le fichier CSV et dans le JSON.", count=say.number(count - SHOWN)), "note"
        )


def _amount(result: Result, say: Language) -> str:
    return say("non utilisable") if result.amount is None else say.euros(result.amount)
