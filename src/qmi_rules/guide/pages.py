"""The guide's sections as blocks of a page, each in the reader's language; amounts are shown as the guide's own."""

from decimal import Decimal
from typing import TYPE_CHECKING

from qmi_rules.guide.programme import Advice, AdviceList, Contact, Fund
from qmi_rules.guide.wording import doubtful, lead, warning
from qmi_rules.guide.words import Actor
from qmi_rules.text import Grid, Heading, Items, Language, Line, Link, Paragraph, Strong, message
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.guide.book import Guide

_ACTORS: dict[Actor, str] = {
    Actor.COMMUNE: message("la commune"),
    Actor.COMPANY: message("l'entreprise"),
}


def guide_blocks(guide: "Guide", say: Language) -> list[Block]:
    """The whole guide in its order."""
    return [
        *_opening(guide, say),
        *_innovation(guide, say),
        *_ways(guide, say),
        *_questions(guide, say),
        *_cases(guide, say),
        *_advice(guide.success_factors, say),
        *_advice(guide.calendar_points, say),
        *_communication(guide, say),
        *_replicability(guide, say),
        *_funds(guide, say),
        *_contacts(guide, say),
        *warning(guide, say),
    ]


def _opening(guide: "Guide", say: Language) -> list[Block]:
    programme, scaling = guide.programme, guide.scaling_up
    return [
        Heading(say(guide.about.title), 1),
        Paragraph(say(guide.about.purpose)),
        Heading(say(programme.question)),
        Paragraph(say(programme.presentation)),
        Paragraph(f"{say(programme.state)} {say(programme.state_note)}"),
        Paragraph([lead(say(programme.partners_title), say), " " + say.all_of(programme.partners)]),
        Heading(say(programme.figures_title), 3),
        Items(
            [
                doubtful(say(figure.text), figure.certainty, say)
                + (f" ({say.all_of(figure.communes)})" if figure.communes else "")
                + (f" – {say(figure.note)}" if figure.note else "")
                for figure in programme.figures
            ]
        ),
        Heading(say(scaling.title)),
        Paragraph(say(scaling.text)),
        Paragraph([lead(say(scaling.heard_title), say)]),
        Items([say(voice) for voice in scaling.heard]),
        Paragraph(say(scaling.why_a_tested_solution)),
    ]


def _innovation(guide: "Guide", say: Language) -> list[Block]:
    blocks: list[Block] = [Heading(say(guide.definitions.title))]
    for definition in guide.definitions.items:
        kinds = f" ({say.all_of(say(kind) for kind in definition.kinds)})" if definition.kinds else ""
        blocks.append(Paragraph([lead(say(definition.label) + kinds, say), " " + say(definition.text)]))
        if definition.note:
            blocks.append(Paragraph(say(definition.note)))
    blocks += [Paragraph(say(guide.definitions.legal)), Heading(say(guide.qualification_tools.title), 3)]
    for tool in guide.qualification_tools.items:
        address: list[Inline] = []
        if tool.link:
            address = [" – ", Link(say("Ouvrir l'outil"), tool.link)]
        elif tool.email:
            address = [" – ", Link(tool.email, f"mailto:{tool.email}")]
        scale = [say("Note sur {maximum}.", maximum=say.number(tool.scale_maximum))] if tool.scale_maximum else []
        named = say("Critères que le guide nomme : {named}.", named=say.all_of(say(name) for name in tool.named))
        blocks.append(
            Paragraph([lead(say(tool.label), say), " " + " ".join([say(tool.text), *scale, named]), *address])
        )
        if tool.note:
            blocks.append(Paragraph(say(tool.note)))
    return blocks


def _ways(guide: "Guide", say: Language) -> list[Block]:
    tiers, variants = guide.tiers, guide.variants
    contracts, reading = guide.innovative_contracts, guide.further_reading
    return [
        Heading(say(tiers.title)),
        Paragraph(say(tiers.text)),
        Grid(
            [say("Palier du guide"), say("Ce qu'il en dit"), say("Condition")],
            [[say(tier.label), say(tier.text), say(tier.condition) if tier.condition else "–"] for tier in tiers.items],
        ),
        Paragraph(say(tiers.edge)),
        Paragraph(say(tiers.caution), "warning"),
        Heading(say(variants.title)),
        Paragraph(say(variants.text)),
        Items(
            [
                [
                    lead(say(variant.label), say),
                    " " + say(variant.text),
                    f" ({variant.article})" if variant.article else "",
                ]
                for variant in variants.items
            ]
        ),
        Paragraph(
            [lead(say(variants.factors_title), say), " " + say.all_of(say(factor) for factor in variants.factors)]
        ),
        Heading(say(contracts.title), 3),
        Paragraph([lead(contracts.article, say), " " + say(contracts.text)]),
        Heading(say(reading.title), 3),
        Items([work.label + (f" ({say.all_of(work.authors)})" if work.authors else "") for work in reading.items]),
        Paragraph(say(reading.note)),
    ]


def _questions(guide: "Guide", say: Language) -> list[Block]:
    return [
        Heading(say(guide.questions.title)),
        Paragraph(say(guide.questions.text)),
        Items(
            [[Strong(say(question.text)), " " + say(question.help)] for question in guide.questions.items], "numbers"
        ),
    ]


def _cases(guide: "Guide", say: Language) -> list[Block]:
    blocks: list[Block] = [Heading(say(guide.cases.title)), Paragraph(say(guide.cases.text))]
    for case in guide.cases.items:
        figures = [f"{say(figure.label)} {figure.value}" for figure in case.figures]
        blocks += [
            Heading(say(case.name), 3),
            Paragraph(say(case.text)),
            Paragraph([lead(f"{case.commune}, {say(case.place)}", say), " " + say(case.experiment)]),
            Paragraph(" · ".join([say(case.target), *figures])),
        ]
        if case.note:
            blocks.append(Paragraph(say(case.note), "note"))
    return blocks


def _advice(advice: AdviceList, say: Language) -> list[Block]:
    return [Heading(say(advice.title)), Items([_one_advice(item, say) for item in advice.items])]


def _one_advice(item: Advice, say: Language) -> Line:
    tip = ""
    if item.tip:
        tip = " " + say("Conseil entendu : {tip}", tip=say(item.tip))
        tip += f" ({say(item.tip_by)})" if item.tip_by else ""
    return [lead(say(item.label), say), " " + say(item.text), tip]


def _communication(guide: "Guide", say: Language) -> list[Block]:
    communication = guide.communication
    return [
        Heading(say(communication.title)),
        Paragraph([Strong(say(communication.motto)), " " + say(communication.text)]),
    ]


def _replicability(guide: "Guide", say: Language) -> list[Block]:
    tool = guide.replicability
    return [
        Heading(say(tool.title)),
        Paragraph([Strong(say(tool.question)), " " + say(tool.text)]),
        Items([say(axis) for axis in tool.axes]),
        Paragraph(say(tool.note)),
    ]


def _funds(guide: "Guide", say: Language) -> list[Block]:
    return [
        Heading(say(guide.funds.title)),
        Grid(
            [say("Dispositif"), say("Porteur"), say("Qui demande"), say("Ce que le guide en dit"), say("À savoir")],
            [_fund_row(fund, say) for fund in guide.funds.items],
        ),
        Paragraph(say(guide.funds.closing)),
    ]


def _fund_row(fund: Fund, say: Language) -> list[Line]:
    figures = [
        say("{rate} du coût", rate=say.percent(Decimal(fund.rate_percent) / 100))
        if fund.rate_percent is not None
        else "",
        say("Subvention jusqu'à {amount}", amount=say.euros(fund.grant_maximum)) if fund.grant_maximum else "",
        say("avance récupérable jusqu'à {amount}", amount=say.euros(fund.advance_maximum))
        if fund.advance_maximum
        else "",
    ]
    known = doubtful(", ".join(figure for figure in figures if figure), fund.certainty, say)
    label: Line = Link(say(fund.label), fund.link) if fund.link else say(fund.label)
    return [
        label,
        say(fund.carrier),
        say(_ACTORS[fund.actor]),
        f"{say(fund.text)} {known}.",
        say(fund.note) if fund.note else "–",
    ]


def _contacts(guide: "Guide", say: Language) -> list[Block]:
    resources, contacts = guide.resources, guide.contacts
    link: list[Inline] = [" – ", Link(say("Voir les solutions"), resources.link)] if resources.link else []
    return [
        Heading(say(resources.title)),
        Paragraph([say(resources.text), *link]),
        Heading(say(contacts.title)),
        Paragraph(say(contacts.text)),
        Items([_contact_line(contact, say) for contact in contacts.items]),
    ]


def _contact_line(contact: Contact, say: Language) -> Line:
    """A contact with its addresses."""
    email: list[Inline] = [" – ", Link(contact.email, f"mailto:{contact.email}")] if contact.email else []
    site: list[Inline] = [" – ", Link(contact.site.removeprefix("https://"), contact.site)] if contact.site else []
    note = f" ({say(contact.note)})" if contact.note else ""
    return [Strong(contact.name), *email, *site, note]
