"""What the page of a funding plan says of the schemes: the answers, the company, what to file, the sources."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.funding.schemes import Actor, StartRule
from qmi_rules.funding.sentences import (
    MOMENTS,
    amount_words,
    availability_words,
    certainty_words,
    currency,
    finding_sentence,
    question,
    reasons,
)
from qmi_rules.text import Grid, Heading, Items, Language, Line, Link, Paragraph
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.funding.result import FundingPlan
    from qmi_rules.funding.scheme_funding import SchemeFunding


def scheme_blocks(funding: "FundingPlan", actor: Actor, say: Language) -> Iterator[Block]:
    """The answers on the schemes of one actor, then the reasons and cautions of those that matter."""
    schemes = [scheme for scheme in funding.schemes if scheme.actor is actor]
    header = [say("Dispositif"), say("Réponse"), say("Taux"), say("Plafond"), say("Montant"), say("Pourquoi")]
    yield Grid(header, [_row(scheme, funding, say) for scheme in schemes])
    for scheme in schemes:
        if not matters(scheme, funding):
            continue
        yield Heading(say(scheme.label), 3)
        yield Paragraph(f"{say(scheme.carrier)}. {say(scheme.description)}")
        lines: list[Line] = [finding_sentence(finding, funding.table, say) for finding in scheme.findings]
        lines += [say("Attention : {caution}", caution=say(caution)) for caution in scheme.cautions]
        yield Items([*lines, currency(scheme, say)])


def matters(scheme: "SchemeFunding", funding: "FundingPlan") -> bool:
    """Whether a scheme is looked at closely: it is wanted, or a grant of the plan comes from it."""
    return scheme.wanted or scheme.scheme in {grant.scheme for grant in funding.project.other_public_grants}


def _row(scheme: "SchemeFunding", funding: "FundingPlan", say: Language) -> list[Line]:
    values = [
        "" if scheme.rate is None else say.percent(scheme.rate),
        "" if scheme.ceiling is None else say.euros(scheme.ceiling),
        _amount(scheme, say),
    ]
    sure = [certainty for certainty in (scheme.amount_certainty, scheme.certainty) if certainty is not None]
    unsure = " ".join(
        f"({words})" for words in dict.fromkeys(certainty_words(c, say) for c in sure if c.value != "confirmed")
    )
    answer = f"{availability_words(scheme, say)} {unsure}".strip()
    return [say(scheme.label), answer, *values, reasons(scheme, funding.table, say)]


def _amount(scheme: "SchemeFunding", say: Language) -> str:
    if scheme.amount is not None:
        return say.euros(scheme.amount)
    return "" if scheme.at_most is None else say("jusqu'à {amount}", amount=say.euros(scheme.at_most))


def company_blocks(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    """Size of the company, what it asks for, and the grounds of State aid."""
    side = funding.company
    if side.size_label is not None:
        yield Paragraph(
            say(
                "Taille de l'entreprise d'après les chiffres donnés : {size} (article 3 du décret n° 2008-1354).",
                size=say(side.size_label),
            )
        )
    else:
        yield Paragraph(
            say(
                "La taille de l'entreprise n'est pas connue : {questions}",
                questions=" ".join(question(path, funding.table, say) for path in side.missing),
            )
        )
    if side.linked_firms is not False:
        yield Paragraph(
            say("Les chiffres des entreprises liées ou partenaires comptent aussi ; la taille peut alors changer."),
            "warning",
        )
    totals = side.totals
    if totals.grants or totals.advances:
        yield Paragraph(
            say(
                "L'entreprise demande {grants} de subvention et {advances} d'avance récupérable ; équivalent-subvention brut : {equivalent}. L'avance se rembourse : elle ne s'ajoute pas aux subventions.",
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


def filing_blocks(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    """What to file: per scheme that may be asked for, steps, papers, contact and link."""
    schemes = [s for s in funding.schemes if matters(s, funding) and s.status.value != "not_eligible"]
    if not schemes:
        return
    yield Heading(say("Ce qu'il faut déposer"))
    for scheme in schemes:
        yield Heading(say(scheme.label), 3)
        yield from _steps(scheme, say)
        if scheme.papers:
            yield Items([_known(say(paper.text), paper.analogous, say) for paper in scheme.papers], "check")
        if scheme.contact:
            yield Paragraph([say("Contact :"), " ", Link(scheme.contact, f"mailto:{scheme.contact}")])
        if scheme.link:
            yield Paragraph([say("Page du dispositif :"), " ", Link(scheme.link, scheme.link)])


def _steps(scheme: "SchemeFunding", say: Language) -> Iterator[Block]:
    if scheme.steps:
        yield Items(
            [_known(f"{say(step.text)} ({say(MOMENTS[step.moment])})", step.analogous, say) for step in scheme.steps],
            "numbers",
        )
    else:
        yield Paragraph(say("La marche à suivre n'est pas publique : interrogez le financeur."))
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
            yield Paragraph(say("On ne sait pas si l'on peut commencer avant l'attribution : demandez-le d'abord."))


def _known(words: str, analogous: bool, say: Language) -> str:
    return say("{words} (par analogie)", words=words) if analogous else words


def source_blocks(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    """The sources of the schemes that matter, of the limits and of the conflicts."""
    found = [source for scheme in funding.schemes if matters(scheme, funding) for source in scheme.legal_basis]
    found += [source for conflict in funding.conflicts for source in conflict.legal_basis]
    found += [source for ground in funding.company.state_aid for source in ground.legal_basis]
    lines: list[Line] = [
        say(source.citation) if source.url is None else Link(say(source.citation), source.url)
        for source in dict.fromkeys(found)
    ]
    if lines:
        yield Heading(say("Sources"))
        yield Items(lines)
