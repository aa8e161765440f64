"""What a funding plan says to one reader: who pays what, what conflicts, the other plans, then the schemes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.contexts import communes_edition
from qmi_rules.funding.bar import scheme_or_name, segments
from qmi_rules.funding.headline import headline, still_possible
from qmi_rules.funding.milestones import milestone_words
from qmi_rules.funding.scheme_page import company_blocks, filing_blocks, scheme_blocks, source_blocks
from qmi_rules.funding.schemes import Actor
from qmi_rules.funding.sentences import (
    CONFLICTS,
    READINGS,
    WHYS,
    amount_words,
    certainty_words,
    question,
)
from qmi_rules.text import Grid, Heading, Items, Language, Line, Page, Paragraph, Strong
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.funding.conflicts import Conflict, Exclusion
    from qmi_rules.funding.plan import Plan
    from qmi_rules.funding.result import FundingPlan


def plan_page(funding: "FundingPlan", say: Language) -> Page:
    """The page of a funding plan."""
    return Page(
        say.code,
        [
            Heading(say("Qui aide à payer ?"), 1),
            *_summary(funding, say),
            *_place(funding, say),
            *_excluded(funding, say),
            *_conflicts(funding, say),
            *_other_plans(funding, say),
            *_readings(funding, say),
            *_vat(funding, say),
            *_missing(funding, say),
            Heading(say("Pour la collectivité")),
            *scheme_blocks(funding, Actor.COMMUNE, say),
            Heading(say("Pour l'entreprise")),
            *company_blocks(funding, say),
            *scheme_blocks(funding, Actor.COMPANY, say),
            *filing_blocks(funding, say),
            *_dates(funding, say),
            Heading(say("À savoir")),
            Items([say(caution) for caution in funding.cautions]),
            *source_blocks(funding, say),
        ],
    )


def _place(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    """Where the authority lies: what the schemes of the Métropole and of the region look at."""
    if (place := funding.project.beneficiary.commune) is not None:
        yield Paragraph(
            say(
                "D'après la liste des communes de France ({year}) : {commune} ({territory}), région {region}, {epci}.",
                year=communes_edition(),
                commune=place.name,
                territory=place.territory_name,
                region=place.region_name,
                epci=place.epci.name if place.epci else say("hors intercommunalité"),
            ),
            "note",
        )


def _summary(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    plan = funding.plan
    more = still_possible(funding, say)
    reviewed = funding.table.law.reviewed_on
    read = say(
        "Règles connues au {day} (édition {edition}). Ce sont des montants possibles : seul le financeur décide.",
        day=say.date(funding.on if reviewed is None else min(funding.on, reviewed)),
        edition=funding.table_edition,
    )
    yield Paragraph([Strong(headline(funding, say)), *([" ", more] if more else []), " ", read])
    if funding.waiting and not plan.grants:
        return  # who pays what is not known
    yield Grid(
        [say("Qui paie"), say("Montant"), say("Part du coût")],
        [[part.label, say.euros(part.amount), say.percent(part.amount / funding.cost)] for part in segments(plan, say)],
        say("Qui paie quoi"),
    )
    if plan.own_share_minimum > 0:
        yield Paragraph(
            say(
                "La collectivité doit garder au moins {least} d'argent public à sa charge.",
                least=say.euros(plan.own_share_minimum),
            )
        )
    else:
        yield Paragraph(say("Aucune participation minimale ne s'impose à cette dépense."))


def _excluded(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    for exclusion in funding.excluded:
        names = say.all_of(say(funding[name].label) for name in exclusion.beside)
        words = say(
            "{scheme}, {amount} : exclu du plan, ne se cumule pas avec {others}.",
            scheme=say(exclusion.label),
            amount=say.euros(exclusion.amount),
            others=names,
        )
        base = _base(exclusion, say)
        unasked = funding.table.schemes[exclusion.scheme].on_request and not funding[exclusion.scheme].wanted
        compare = " " + say("Inscrivez-le parmi les dispositifs demandés pour comparer.") if unasked else ""
        yield Paragraph(f"{words} {base}{compare}")


def _conflicts(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    if not funding.conflicts:
        return
    yield Heading(say("Ce qui ne va pas dans les souhaits"))
    for conflict in funding.conflicts:
        yield Paragraph(_conflict(conflict, funding, say), "warning")


def _conflict(conflict: "Conflict", funding: "FundingPlan", say: Language) -> Line:
    names = {scheme.scheme: say(scheme.label) for scheme in funding.schemes}
    words = say(
        CONFLICTS[conflict.code],
        label=say(conflict.label),
        amount=amount_words(conflict.amount, say),
        allowed=amount_words(conflict.allowed, say),
        schemes=say.all_of(names.get(name, name) for name in conflict.schemes),
    )
    advice = say(conflict.advice) if conflict.advice else ""
    return " ".join(part for part in (words, advice, _base(conflict, say)) if part)


def _base(found: "Conflict | Exclusion", say: Language) -> str:
    """What a conflict or an exclusion rests on and how sure it is; empty where it rests on no text."""
    basis = say.all_of(say(source.citation) for source in found.legal_basis)
    sure = certainty_words(found.certainty, say)
    return say("Base : {basis} ({sure}).", basis=basis, sure=sure) if basis else ""


def _row(plan: "Plan", first: str, say: Language) -> list[Line]:
    detail = say.all_of(
        f"{scheme_or_name(grant.label, grant.scheme, say)} {say.euros(grant.amount)}" for grant in plan.grants
    )
    return [first, say.euros(plan.grants_total), detail, say.euros(plan.own_share), say.number(plan.files)]


def _header(first: str, say: Language) -> list[str]:
    return [first, say("Subventions"), say("Détail"), say("Reste à la collectivité"), say("Dossiers")]


def _other_plans(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    if not funding.alternatives:
        return
    yield Heading(say("Les plans possibles"))
    plans = (funding.plan, *funding.alternatives)
    yield Grid(_header(say("Plan"), say), [_row(plan, say(WHYS[plan.why]), say) for plan in plans])


def _readings(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    plans = {reading.plan.grants_total for reading in funding.readings}
    doubtful = any(
        grant.scheme is not None and funding.table.schemes[grant.scheme].fonds_de_concours
        for reading in funding.readings
        for grant in reading.plan.grants
    )
    if not doubtful:
        return
    yield Heading(say("Un doute : l'aide de la Métropole est-elle un fonds de concours ?"))
    yield Paragraph(
        say(
            "Un fonds de concours ne peut dépasser la part que la collectivité garde, subventions déduites (L5215-26 du CGCT). La Métropole présente son aide comme une subvention ordinaire ; la question reste ouverte, voici les deux résultats."
        )
        if len(plans) > 1
        else say(
            "Un fonds de concours ne peut dépasser la part que la collectivité garde, subventions déduites (L5215-26 du CGCT). Ici, les deux lectures donnent le même total."
        )
    )
    yield Grid(
        _header(say("Lecture"), say),
        [_row(reading.plan, say(READINGS[reading.fonds_de_concours]), say) for reading in funding.readings],
    )


def _vat(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    vat = funding.with_vat
    if vat is None:
        return
    yield Heading(say("Avec la TVA"))
    yield Paragraph(
        say(
            "TVA comprise ({rate}), le coût est de {cost} et la collectivité avance {own}.",
            rate=say.percent(vat.rate),
            cost=say.euros(vat.cost),
            own=say.euros(vat.own_share),
        )
    )
    yield Paragraph(
        say("Rien n'est compté au titre du FCTVA pour ce projet.")
        if vat.recovery is None
        else say(
            "Le FCTVA pourrait rendre plus tard environ {amount} ; le taux est cité de mémoire et toute dépense n'y ouvre pas droit : ne l'inscrivez pas comme acquis.",
            amount=say.euros(vat.recovery),
        ),
        "warning",
    )


def _missing(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    if funding.missing:
        yield Heading(say("À renseigner"))
        asked = dict.fromkeys(question(path, funding.table, say) for path in funding.missing)
        yield Items(list(asked), "check")


def _dates(funding: "FundingPlan", say: Language) -> Iterator[Block]:
    if funding.milestones:
        yield Heading(say("Dates pour le calendrier"))
        yield Items([milestone_words(milestone, funding, say) for milestone in funding.milestones])
