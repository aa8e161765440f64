"""What the page of a funding plan says of the schemes and of the company: the answers, why, and what to file."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Final

from qmi_rules.funding.company import CompanySide
from qmi_rules.funding.eligibility import Availability, Eligibility, SchemeFunding, least_sure
from qmi_rules.funding.schemes import Moment, SchemeTable, StartRule
from qmi_rules.law.findings import PeriodFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import MARKS, certainty_mark, citation, fact_name, finding_sentence, question_text
from qmi_rules.pages import Grid, Heading, Items, Language, Line, Link, Paragraph, message
from qmi_rules.pages.blocks import Block

STATUSES: Final = {
    Eligibility.ELIGIBLE: message("peut être demandé"),
    Eligibility.UNDETERMINED: message("à déterminer"),
    Eligibility.NOT_ELIGIBLE: message("ne convient pas"),
}
"""The answers, in the order in which a reader wants them."""
_QUESTIONS: Final = {
    "starts_on": message("Quel jour le projet commence-t-il ?"),
    "vat_rate": message("Quel est le taux de TVA de l'achat, pour chiffrer ce que le FCTVA rendrait ?"),
}
"""How to ask for what no row tests."""
MOMENTS: Final = {
    Moment.BEFORE_FILING: message("avant le dépôt"),
    Moment.BEFORE_SIGNATURE: message("avant la signature"),
    Moment.AFTER_SIGNATURE: message("après la signature"),
}


def scheme_blocks(
    schemes: Sequence[SchemeFunding], close: Collection[str], table: SchemeTable, say: Language
) -> Iterator[Block]:
    """The answers on some schemes, those that may be asked for first and closed ones in one line; then those looked at closely."""
    header = [say("Dispositif"), say("Réponse"), say("Taux"), say("Plafond"), say("Montant"), say("Pourquoi")]
    live = [scheme for scheme in schemes if scheme.availability is not Availability.CLOSED]
    order = list(STATUSES)
    yield Grid(header, [_row(one, table, say) for one in sorted(live, key=lambda one: order.index(one.status))])
    if closed := [f"{say(one.label)} ({reasons(one, table, say)})" for one in schemes if one not in live]:
        yield Paragraph(say("Clos ce jour-là : {schemes}.", schemes=say.clauses(closed)), "note")
    for scheme in schemes:
        if scheme.scheme in close:
            yield Heading(say(scheme.label), 3)
            yield Paragraph(f"{say(scheme.carrier)}. {say(scheme.description)}")
            lines: list[Line] = [
                f"{MARKS[finding.truth]} {finding_sentence(say, table.law, finding)}" for finding in scheme.findings
            ]
            lines += [say("Attention : {caution}", caution=caution.said(say)) for caution in scheme.cautions]
            yield Items([*lines, _currency(scheme, say)])


def _row(scheme: SchemeFunding, table: SchemeTable, say: Language) -> list[Line]:
    values = [
        "" if scheme.rate is None else say.percent(scheme.rate),
        "" if scheme.ceiling is None else say.euros(scheme.ceiling),
        _amount(scheme, say),
    ]
    doubts = "".join(certainty_mark(say, sure) for sure in dict.fromkeys((scheme.amount_certainty, scheme.certainty)))
    return [say(scheme.label), say(STATUSES[scheme.status]) + doubts, *values, reasons(scheme, table, say)]


def _amount(scheme: SchemeFunding, say: Language) -> str:
    if scheme.amount is not None:
        return say.euros(scheme.amount)
    return "" if scheme.at_most is None else say("jusqu'à {amount}", amount=say.euros(scheme.at_most))


def reasons(scheme: SchemeFunding, table: SchemeTable, say: Language) -> str:
    """Why a scheme does or does not take the project, in a few words."""
    if scheme.status is Eligibility.ELIGIBLE:
        return say("toutes les conditions connues sont remplies")
    wanted = Truth.NO if scheme.status is Eligibility.NOT_ELIGIBLE else Truth.UNDETERMINED
    told = [finding for finding in scheme.findings if finding.truth is wanted]
    if wanted is Truth.NO:
        return say.clauses(finding_sentence(say, table.law, finding) for finding in told)
    labels = missing_facts([scheme], table, say)
    periods = [finding_sentence(say, table.law, finding) for finding in told if isinstance(finding, PeriodFinding)]
    missing = [say("à préciser : {facts}", facts=say.all_of(labels))] if labels else []
    return say.clauses([*missing, *periods])


def missing_facts(schemes: Sequence[SchemeFunding], table: SchemeTable, say: Language) -> list[str]:
    """The facts that keep some schemes open, in a few words each, once."""
    names = (
        fact_name(say, table.law, finding.fact, finding.row)
        for scheme in schemes
        for finding in scheme.findings
        if finding.truth is Truth.UNDETERMINED and not isinstance(finding, PeriodFinding)
    )
    return list(dict.fromkeys(names))


def question_of(path: str, table: SchemeTable) -> str:
    """How to ask for the fact at a path, French; the path itself where there is no question."""
    return _QUESTIONS.get(path) or question_text(table.law, path)


def _currency(scheme: SchemeFunding, say: Language) -> str:
    """How recent what is known of a scheme is, and how long it is taken to be known."""
    newest = (
        say("aucune de ses sources n'est datée")
        if scheme.newest_source is None
        else say("la plus récente source datée est de {year}", year=scheme.newest_source)
    )
    if scheme.known_until is None:
        return say("Actualité : {newest}.", newest=newest)
    return say(
        "Actualité : {newest} ; au-delà du {day}, rien n'est connu.", newest=newest, day=say.date(scheme.known_until)
    )


def company_blocks(side: CompanySide, table: SchemeTable, say: Language) -> Iterator[Block]:
    """Size of the company, what it asks for, and the grounds of State aid."""
    if side.size_label is not None:
        basis = dict.fromkeys(source for size in table.sizes for source in table.basis_of(size.rows))
        sure = least_sure(one.certainty for size in table.sizes for one in table.support(size.rows))
        yield Paragraph(
            say(
                "Taille de l'entreprise d'après les chiffres donnés : {size} ({basis}).",
                size=say(side.size_label) + certainty_mark(say, sure),
                basis=say.all_of(citation(say, source) for source in basis),
            )
        )
    else:
        yield Paragraph(
            say(
                "La taille de l'entreprise n'est pas connue : {questions}",
                questions=" ".join(say(question_of(path, table)) for path in side.missing),
            )
        )
    if side.linked_firms is not False:
        yield Paragraph(
            say("Les chiffres des entreprises liées ou partenaires comptent aussi ; la taille peut alors changer."),
            "warning",
        )
    totals = side.totals
    if totals.grants or totals.advances:
        yield Paragraph(
            say(
                "L'entreprise demande {grants} de subvention et {advances} d'avance récupérable ; équivalent-subvention brut : {equivalent}. L'avance se rembourse : elle ne s'ajoute pas aux subventions.",
                grants=say.euros(totals.grants),
                advances=say.euros(totals.advances),
                equivalent=amount_words(totals.gross_grant_equivalent, say),
            )
        )
    yield Grid(
        [say("Base d'aide d'État"), say("Ce jour-là"), say("Plafond"), say("Reste"), say("Jusqu'au"), say("À noter")],
        [
            [
                say(ground.label),
                say("en vigueur") if ground.in_force else say("pas en vigueur"),
                "" if ground.ceiling is None else say.euros(ground.ceiling),
                "" if ground.ceiling is None else amount_words(ground.room, say),
                "" if ground.until is None else say.date(ground.until),
                say(ground.note),
            ]
            for ground in side.state_aid
        ],
    )


def filing_blocks(close: Sequence[SchemeFunding], say: Language) -> Iterator[Block]:
    """What to file: per scheme that may be asked for, steps, papers, contact and link."""
    schemes = [scheme for scheme in close if scheme.status is not Eligibility.NOT_ELIGIBLE]
    if not schemes:
        return
    yield Heading(say("Ce qu'il faut déposer"))
    for scheme in schemes:
        yield Heading(say(scheme.label), 3)
        yield from _steps(scheme, say)
        if scheme.papers:
            yield Items([_known(say(paper.text), paper.analogous, say) for paper in scheme.papers], "check")
        if scheme.contact:
            yield Paragraph([say("Contact :"), " ", Link(scheme.contact, f"mailto:{scheme.contact}")])
        if scheme.link:
            yield Paragraph([say("Page du dispositif :"), " ", Link(scheme.link, scheme.link)])


def _steps(scheme: SchemeFunding, say: Language) -> Iterator[Block]:
    if scheme.steps:
        yield Items(
            [_known(f"{say(step.text)} ({say(MOMENTS[step.moment])})", step.analogous, say) for step in scheme.steps],
            "numbers",
        )
    else:
        yield Paragraph(say("La marche à suivre n'est pas publique : interrogez le financeur."))
    match scheme.start:
        case StartRule.FORBIDDEN:
            yield Paragraph(say("Rien ne doit commencer avant l'attribution."), "warning")
        case StartRule.FORBIDDEN_BY_ANALOGY:
            yield Paragraph(
                say(
                    "Ne rien commencer avant l'attribution est ici une précaution tirée d'un dispositif voisin, non une règle connue."
                ),
                "warning",
            )
        case StartRule.UNKNOWN:
            yield Paragraph(say("On ne sait pas si l'on peut commencer avant l'attribution : demandez-le d'abord."))


def _known(words: str, analogous: bool, say: Language) -> str:
    return say("{words} (par analogie)", words=words) if analogous else words


def amount_words(amount: Decimal | None, say: Language) -> str:
    """An amount, or that it is not known."""
    return say("inconnu") if amount is None else say.euros(amount)
