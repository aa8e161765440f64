"""What `find_funding` answers, and how it reads: who pays what, what conflicts, the other plans, then the schemes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from attrs import field, frozen

from qmi_rules.funding.bar import WIDTH, bar, scheme_or_name, segments
from qmi_rules.funding.company import CompanySide
from qmi_rules.funding.eligibility import Availability, Eligibility, SchemeFunding
from qmi_rules.funding.plan import PaymentPlan, PlanReading, Totals, Why, WithVat
from qmi_rules.funding.scheme_page import (
    amount_words,
    company_blocks,
    filing_blocks,
    missing_facts,
    question_of,
    reasons,
    scheme_blocks,
)
from qmi_rules.funding.schemes import Aid, Applicant, LimitKind, SchemeTable
from qmi_rules.funding.stacking import ExcludedScheme, FondsDeConcours, WishConflict, WishConflictCode
from qmi_rules.law import Source
from qmi_rules.law.wording import certainty_words, citation, informs, linked
from qmi_rules.model import communes_edition
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Milestone
from qmi_rules.pages import (
    Explained,
    Grid,
    Heading,
    Items,
    Language,
    Line,
    Page,
    Paragraph,
    Strong,
    language,
    message,
)
from qmi_rules.pages.blocks import Block
from qmi_rules.pages.sentences import Remark

WHYS: Final = {
    Why.LARGEST_TOTAL: message("Le total le plus élevé"),
    Why.CUTS_OTHER_GRANTS: message("Même total, la baisse portant sur les autres subventions"),
    Why.FEWER_FILES: message("Moins de dossiers"),
    Why.OTHER_CHOICE: message("L'autre choix entre dispositifs qui s'excluent"),
}
READINGS: Final = {
    FondsDeConcours.NOT_BINDING: message("L'aide de la Métropole est une subvention ordinaire"),
    FondsDeConcours.BINDING: message("L'aide de la Métropole est un fonds de concours"),
}
CONFLICTS: Final = {
    WishConflictCode.OWN_SHARE_TOO_SMALL: message(
        "{label} : {amount} de subventions sont souhaités, {allowed} au plus sont possibles."
    ),
    WishConflictCode.AID_EXCEEDS_COST: message("{label} : {amount} d'aide sont souhaités pour {allowed} à payer."),
    WishConflictCode.JOINT_CEILING_EXCEEDED: message(
        "{label} : {amount} sont souhaités, {allowed} au plus sont possibles."
    ),
    WishConflictCode.EXCLUSIVE_SCHEMES: message("{label} : {schemes}."),
    WishConflictCode.FONDS_DE_CONCOURS_TOO_LARGE: message(
        "{label} : {amount} sont souhaités, {allowed} au plus sont possibles."
    ),
    WishConflictCode.SCHEME_NOT_ELIGIBLE: message("{label} : le projet n'entre pas dans ce dispositif."),
    WishConflictCode.SCHEME_UNDETERMINED: message("{label} : on ne sait pas si le projet entre dans ce dispositif."),
    WishConflictCode.AMOUNT_UNKNOWN: message("{label} : aucun montant ne peut être compté."),
    WishConflictCode.CEILING_EXCEEDED: message("{label} : {amount} sont demandés, le plafond est de {allowed}."),
    WishConflictCode.NO_STATE_AID_BASIS: message(
        "{label} : {amount} d'aide à l'entreprise, et les bases en vigueur ce jour-là n'en portent que {allowed}."
    ),
}


@frozen(kw_only=True)
class FundingPlan(Explained):
    """Who may help to pay for a project.

    Attributes:
        project: The project.
        cost: EUR HT.
        on: Day whose rules were read: that of the start, else the day the schemes were last reviewed.
        schemes: Every scheme, the commune's first.
        plan: The best admissible plan.
        wished: What was wished, whether admissible or not.
        alternatives: Other admissible plans, where the wishes exceed what is allowed.
        conflicts: What is wrong with the wishes.
        excluded: Schemes that may be asked for and that the plan leaves out, because they exclude one that it holds.
        at_most: The most that the grants could come to if every open answer came out well, EUR; never a promise. None
            where an open grant has no known limit.
        fonds_de_concours: The reading under which `plan` was made.
        readings: The best plan under each reading.
        commune: Money to the commune.
        company: What concerns the company.
        with_vat: The plan with VAT, where a rate was given.
        missing: Paths of the facts that would settle more, the one that most answers wait for first.
        cautions: What to know of the whole.
        milestones: Dates for a schedule: awards that must come before the start, ends of grounds.
        table_edition: Edition of the schemes.
    """

    project: Project
    cost: Decimal
    on: date
    schemes: tuple[SchemeFunding, ...]
    plan: PaymentPlan
    wished: PaymentPlan
    alternatives: tuple[PaymentPlan, ...]
    conflicts: tuple[WishConflict, ...]
    excluded: tuple[ExcludedScheme, ...]
    at_most: Decimal | None
    fonds_de_concours: FondsDeConcours
    readings: tuple[PlanReading, ...]
    commune: Totals
    company: CompanySide
    with_vat: WithVat | None
    missing: tuple[str, ...]
    cautions: tuple[Remark, ...]
    milestones: tuple[Milestone, ...]
    table_edition: str

    _table: SchemeTable = field(alias="table", eq=False, repr=False)

    def __getitem__(self, scheme: str) -> SchemeFunding:
        for entry in self.schemes:
            if entry.scheme == scheme:
                return entry
        raise KeyError(f"no scheme {scheme!r}; there are {', '.join(entry.scheme for entry in self.schemes)}")

    def source_named(self, name: str) -> Source | None:
        """A text that it cites by id."""
        return self._table.law.sources.get(name)

    @property
    def table(self) -> SchemeTable:
        """The schemes that were read."""
        return self._table

    @property
    def waiting(self) -> tuple[SchemeFunding, ...]:
        """The grants to the commune that are wanted and of which it is not known whether they may be asked for."""
        return tuple(
            entry
            for entry in self.schemes
            if entry.wanted
            and entry.actor is Applicant.COMMUNE
            and entry.aid is Aid.GRANT
            and entry.status is Eligibility.UNDETERMINED
        )

    @property
    def close(self) -> tuple[SchemeFunding, ...]:
        """The schemes that are looked at closely: those wanted, and those that a grant of the project comes from."""
        given = {grant.scheme for grant in self.project.other_public_grants}
        return tuple(entry for entry in self.schemes if entry.wanted or entry.scheme in given)

    @property
    def counts(self) -> bool:
        """Whether something can be counted: where only open answers stand, a plan would show as nothing what is not known."""
        return bool(self.plan.grants) or not self.waiting

    def reading(self, fonds_de_concours: FondsDeConcours | str) -> PaymentPlan:
        """The best plan under one reading of the open question.

        Raises:
            KeyError: There is no such reading; the message lists those there are.
        """
        for entry in self.readings:
            if entry.fonds_de_concours == fonds_de_concours:
                return entry.plan
        raise KeyError(f"no reading {fonds_de_concours!r}; there are {', '.join(FondsDeConcours)}")

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the schemes looked at closely, of the conflicts and of the grounds of State aid, each once."""
        cited = [source for scheme in self.close for source in scheme.legal_basis]
        cited += [source for conflict in self.conflicts for source in conflict.legal_basis]
        cited += [source for ground in self.company.state_aid for source in ground.legal_basis]
        return tuple(dict.fromkeys(cited))

    def headline(self, say: Language) -> str:
        """One sentence: what may be counted on, or what must be known before anything can be."""
        if self.counts:
            return say(
                "Sur {cost} HT, {grants} de subventions sont envisageables et {own} restent à la collectivité.",
                cost=say.euros(self.cost),
                grants=say.euros(self.plan.grants_total),
                own=say.euros(self.plan.own_share),
            )
        open_ones = [scheme for scheme in self.waiting if scheme.availability is Availability.OPEN]
        if facts := missing_facts(open_ones, self.table, say):
            return say("On ne peut pas encore chiffrer les aides : il manque {facts}.", facts=say.all_of(facts))
        causes = [f"{say(scheme.label)} ({reasons(scheme, self.table, say)})" for scheme in self.waiting]
        return say("On ne peut pas chiffrer les aides pour ce jour : {schemes}.", schemes=say.all_of(causes))

    def page(self, say: Language) -> Page:
        """The content of the explanation in one language."""
        return Page(say.code, tuple(_blocks(self, say)))

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """As every result; HTML begins with the bar of who pays what, once something can be counted."""
        words = super().explain(lang, style)
        return f"{bar_svg(self, lang)}\n{words}" if style == "html" and self.counts else words


def bar_svg(funding: FundingPlan, lang: str = "fr", width: int = WIDTH) -> str:
    """Who pays what, as an SVG element to put into a page; it carries its own text for screen readers.

    Args:
        funding: The plan.
        lang: A language there is a catalogue for.
        width: Width of the picture; below 500 amounts stand under the names, for a telephone.

    Raises:
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    return bar(funding.plan, funding.cost, language(lang), width)


def _blocks(funding: FundingPlan, say: Language) -> Iterator[Block]:
    yield Heading(say("Qui aide à payer ?"), 1)
    yield from _summary(funding, say)
    yield from _place(funding, say)
    yield from _excluded(funding, say)
    yield from _conflicts(funding, say)
    yield from _other_plans(funding, say)
    yield from _readings(funding, say)
    yield from _vat(funding, say)
    yield from _missing(funding, say)
    for heading, actor in (
        (say("Pour la collectivité"), Applicant.COMMUNE),
        (say("Pour l'entreprise"), Applicant.COMPANY),
    ):
        yield Heading(heading)
        if actor is Applicant.COMPANY:
            yield from company_blocks(funding.company, funding.table, say)
        schemes = [scheme for scheme in funding.schemes if scheme.actor is actor]
        yield from scheme_blocks(schemes, {scheme.scheme for scheme in funding.close}, funding.table, say)
    yield from filing_blocks(funding.close, say)
    yield from _dates(funding, say)
    yield Heading(say("À savoir"))
    yield Items([caution.said(say) for caution in funding.cautions])
    yield from _sources(funding, say)
    yield informs(say)


def _place(funding: FundingPlan, say: Language) -> Iterator[Block]:
    """Where the authority lies: what the schemes of the Métropole and of the region look at."""
    if (place := funding.project.beneficiary.commune) is not None:
        yield Paragraph(
            say(
                "D'après la liste des communes de France ({year}) : {commune} ({territory}), région {region}, {epci}.",
                year=communes_edition(),
                commune=place.name,
                territory=place.territory_name,
                region=place.region_name,
                epci=place.epci.name if place.epci else say("hors intercommunalité"),
            ),
            "note",
        )


def _summary(funding: FundingPlan, say: Language) -> Iterator[Block]:
    plan = funding.plan
    more = _still_possible(funding, say)
    reviewed = funding.table.law.reviewed_on
    read = say(
        "Règles connues au {day} (édition {edition}). Ce sont des montants possibles : seul le financeur décide.",
        day=say.date(funding.on if reviewed is None else min(funding.on, reviewed)),
        edition=funding.table_edition,
    )
    yield Paragraph([Strong(funding.headline(say)), *([" ", more] if more else []), " ", read])
    if not funding.counts:
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


def _excluded(funding: FundingPlan, say: Language) -> Iterator[Block]:
    for exclusion in funding.excluded:
        names = say.all_of(say(funding[name].label) for name in exclusion.beside)
        words = say(
            "{scheme}, {amount} : exclu du plan, ne se cumule pas avec {others}.",
            scheme=say(exclusion.label),
            amount=say.euros(exclusion.amount),
            others=names,
        )
        base = _base(exclusion, say)
        unasked = funding.table.schemes[exclusion.scheme].on_request and not funding[exclusion.scheme].wanted
        compare = " " + say("Inscrivez-le parmi les dispositifs demandés pour comparer.") if unasked else ""
        yield Paragraph(f"{words} {base}{compare}")


def _conflicts(funding: FundingPlan, say: Language) -> Iterator[Block]:
    if not funding.conflicts:
        return
    yield Heading(say("Ce qui ne va pas dans les souhaits"))
    for conflict in funding.conflicts:
        yield Paragraph(_conflict(conflict, funding, say), "warning")


def _conflict(conflict: WishConflict, funding: FundingPlan, say: Language) -> Line:
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


def _base(found: WishConflict | ExcludedScheme, say: Language) -> str:
    """What a conflict or an exclusion rests on and how sure it is; empty where it rests on no text."""
    basis = say.all_of(citation(say, source) for source in found.legal_basis)
    sure = certainty_words(say, found.certainty)
    return say("Base : {basis} ({sure}).", basis=basis, sure=sure) if basis else ""


def _row(plan: PaymentPlan, first: str, say: Language) -> list[Line]:
    detail = say.all_of(
        f"{scheme_or_name(grant.label, grant.scheme, say)} {say.euros(grant.amount)}" for grant in plan.grants
    )
    return [first, say.euros(plan.grants_total), detail, say.euros(plan.own_share), say.number(plan.files)]


def _header(first: str, say: Language) -> list[str]:
    return [first, say("Subventions"), say("Détail"), say("Reste à la collectivité"), say("Dossiers")]


def _other_plans(funding: FundingPlan, say: Language) -> Iterator[Block]:
    if not funding.alternatives:
        return
    yield Heading(say("Les plans possibles"))
    plans = (funding.plan, *funding.alternatives)
    yield Grid(_header(say("Plan"), say), [_row(plan, say(WHYS[plan.why]), say) for plan in plans])


def _readings(funding: FundingPlan, say: Language) -> Iterator[Block]:
    table = funding.table
    doubtful = any(
        grant.scheme is not None and table.schemes[grant.scheme].fonds_de_concours
        for reading in funding.readings
        for grant in reading.plan.grants
    )
    if not doubtful:
        return
    yield Heading(say("Un doute : l'aide de la Métropole est-elle un fonds de concours ?"))
    same = len({reading.plan.grants_total for reading in funding.readings}) == 1
    limit = next(limit for limit in table.limits.values() if limit.kind is LimitKind.FONDS_DE_CONCOURS)
    outcome = (
        say("Ici, les deux lectures donnent le même total.")
        if same
        else say(
            "La Métropole présente son aide comme une subvention ordinaire ; la question reste ouverte, voici les deux résultats."
        )
    )
    cited = [part for source in table.basis_of(limit.id) for part in (", ", linked(say, source))]
    yield Paragraph([say(limit.label), " (", *cited[1:], "). ", outcome])
    yield Grid(
        _header(say("Lecture"), say),
        [_row(reading.plan, say(READINGS[reading.fonds_de_concours]), say) for reading in funding.readings],
    )


def _vat(funding: FundingPlan, say: Language) -> Iterator[Block]:
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
            "Le FCTVA pourrait rendre plus tard environ {amount} ({basis}, {certainty}) ; toute dépense n'y ouvre pas droit : ne l'inscrivez pas comme acquis.",
            amount=say.euros(vat.recovery),
            basis=say.all_of(citation(say, source) for source in vat.recovery_basis),
            certainty=certainty_words(say, vat.recovery_certainty),
        ),
        "warning",
    )


def _missing(funding: FundingPlan, say: Language) -> Iterator[Block]:
    if funding.missing:
        yield Heading(say("À renseigner"))
        asked = dict.fromkeys(say(question_of(path, funding.table)) for path in funding.missing)
        yield Items(list(asked), "check")


def _dates(funding: FundingPlan, say: Language) -> Iterator[Block]:
    if funding.milestones:
        yield Heading(say("Dates pour le calendrier"))
        yield Items([_milestone(milestone, funding, say) for milestone in funding.milestones])


def _milestone(milestone: Milestone, funding: FundingPlan, say: Language) -> str:
    """One of those dates in words."""
    what, _, which = milestone.id.partition(".")
    if what == "subsidy_decision":
        return say(
            "{day} : dernier jour pour recevoir la décision, {scheme}.",
            day=say.date(milestone.on),
            scheme=say(funding[which].label),
        )
    ground = next(ground for ground in funding.company.state_aid if ground.basis == which)
    return say(
        "{day} : dernier jour connu de la base d'aide d'État, {basis}.",
        day=say.date(milestone.on),
        basis=say(ground.label),
    )


def _still_possible(funding: FundingPlan, say: Language) -> str:
    """What open answers could still add; nothing where they can add nothing, or where no limit is known."""
    plan, most = funding.plan, funding.at_most
    if not funding.waiting or most is None or most <= plan.grants_total:
        return ""
    names = say.all_of(say(scheme.label) for scheme in funding.waiting)
    if plan.grants:
        return say(
            "D'autres aides restent à déterminer ({schemes}) : jusqu'à {amount} en tout restent possibles.",
            schemes=names,
            amount=say.euros(most),
        )
    return say(
        "Sur {cost} HT, jusqu'à {amount} restent possibles ({schemes}).",
        cost=say.euros(funding.cost),
        amount=say.euros(most),
        schemes=names,
    )


def _sources(funding: FundingPlan, say: Language) -> Iterator[Block]:
    if cited := funding.sources:
        yield Heading(say("Sources"))
        yield Items([linked(say, source) for source in cited])
