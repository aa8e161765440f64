"""What does not go together: the answers of two rooms, or what two parts of the dossier tell them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, Final, Literal, TypeAlias

from attrs import frozen

from qmi_rules.briefing.open_facts import RoomName
from qmi_rules.budget_calendar import CalendarCheck
from qmi_rules.funding import Eligibility, FundingPlan, StartRule
from qmi_rules.law.truth import STATUS, Truth
from qmi_rules.model import Purchase
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Expense, Schedule
from qmi_rules.pages import Explained, Language, Page, Paragraph, Said, Term, Value, message
from qmi_rules.procurement import Decision
from qmi_rules.schema.fields import Layout
from qmi_rules.scoring import Scorecard

CollisionCode: TypeAlias = Literal[
    "start_too_early",
    "procedure_not_open",
    "subsidy_after_signature",
    "subsidy_before_start",
    "budget_not_voted",
    "score_is_no_proof",
    "innovative_disagrees",
    "cost_disagrees",
    "start_disagrees",
    "expense_disagrees",
    "buyer_disagrees",
]
"""What does not go together."""
_ROOMS: Final[Mapping[CollisionCode, tuple[RoomName, RoomName]]] = {
    "procedure_not_open": ("procurement", "budget_calendar"),
    "start_too_early": ("procurement", "budget_calendar"),
    "subsidy_after_signature": ("funding", "budget_calendar"),
    "subsidy_before_start": ("funding", "budget_calendar"),
    "budget_not_voted": ("procurement", "budget_calendar"),
    "score_is_no_proof": ("scoring", "procurement"),
    "innovative_disagrees": ("procurement", "funding"),
    "cost_disagrees": ("procurement", "funding"),
    "start_disagrees": ("funding", "budget_calendar"),
    "expense_disagrees": ("funding", "budget_calendar"),
}
"""The two rooms of each collision, where the code says which."""
_SECTIONS: Final = {
    Expense.INVESTMENT: message("investissement"),
    Expense.OPERATING: message("fonctionnement"),
}


@frozen(kw_only=True)
class Collision(Explained):
    """Two rooms, or what two parts of the dossier tell them, that do not go together.

    Attributes:
        code: ``start_too_early``, ``procedure_not_open``, ``subsidy_after_signature``, ``subsidy_before_start``,
            ``budget_not_voted``, ``score_is_no_proof``, ``innovative_disagrees``, ``cost_disagrees``,
            ``start_disagrees``, ``expense_disagrees`` or ``buyer_disagrees``.
        rooms: The two rooms.
        text: What does not go together.
    """

    _layout: ClassVar[Layout] = Layout(part=True, own_page=True)
    code: CollisionCode
    rooms: tuple[RoomName, RoomName]
    text: Said

    @property
    def table_edition(self) -> str | None:
        """It does not know by itself."""
        return None

    def page(self, say: Language) -> Page:
        """The sentence as a page."""
        return Page(say.code, (Paragraph(self.text.said(say)),))


def _collision(code: CollisionCode, text: str, /, **values: Value) -> Collision:
    return Collision(code=code, rooms=_ROOMS[code], text=Said(text, values))


def collisions(
    dossier: Dossier,
    decision: Decision,
    calendar: CalendarCheck | None,
    scorecards: Mapping[str, Scorecard],
    funding: FundingPlan | None,
) -> tuple[Collision, ...]:
    """Every collision between the rooms of one dossier, the most pressing first."""
    return (
        *_procedure(dossier, decision, calendar),
        *_start(calendar),
        *_subsidy(dossier, calendar, funding),
        *_budget(calendar),
        *_disagreements(dossier),
        *_score(decision, scorecards),
    )


def _procedure(dossier: Dossier, decision: Decision, calendar: CalendarCheck | None) -> Iterator[Collision]:
    """That the procedure of the calendar is not open: as the calendar says it, which looks at the lots too."""
    wanted = dossier.schedule.procedure if dossier.schedule else None
    option = next((option for option in decision.options if option.procedure == wanted), None)
    if option is None:
        return
    status = calendar.procedure_status if calendar else option.status
    if status == STATUS[Truth.YES]:
        return
    text = (
        message(
            "Le calendrier est bâti sur la procédure « {procedure} », qui est fermée pour cet achat : il faut un autre fondement."
        )
        if status == STATUS[Truth.NO]
        else message("Le calendrier est bâti sur la procédure « {procedure} », dont l'ouverture reste à établir.")
    )
    yield _collision(
        "procedure_not_open",
        text,
        procedure=Term(option.label),
    )


def _start(calendar: CalendarCheck | None) -> Iterator[Collision]:
    if calendar is None or calendar.feasible or calendar.wanted_on is None:
        return
    yield _collision(
        "start_too_early",
        message(
            "Le début souhaité, le {wanted}, est impossible avec les délais de cette procédure : au plus tôt le {earliest}."
        ),
        wanted=calendar.wanted_on,
        earliest=calendar.earliest_start,
    )


def _subsidy(dossier: Dossier, calendar: CalendarCheck | None, funding: FundingPlan | None) -> Iterator[Collision]:
    if funding is None:
        return
    signature = next((step.end for step in calendar.steps if step.id == "signature"), None) if calendar else None
    decisions = [m for m in dossier.schedule.milestones if m.id == "subsidy_decision"] if dossier.schedule else []
    for milestone in decisions:
        if signature is not None and milestone.on > signature:
            yield _collision(
                "subsidy_after_signature",
                message(
                    "La décision de subvention est attendue le {decision}, après la signature prévue le {signature} : "
                    "un achat commencé avant l'attribution risque de perdre l'aide."
                ),
                decision=milestone.on,
                signature=signature,
            )
    if decisions:  # the date is in the calendar: whether it comes too late is said above
        return
    for scheme in funding.schemes:
        forbidden = scheme.start is StartRule.FORBIDDEN
        if (
            scheme.status is Eligibility.ELIGIBLE
            and scheme.counted
            and (forbidden or scheme.start is StartRule.UNKNOWN)
        ):
            yield _collision(
                "subsidy_before_start",
                message(
                    "« {scheme} » n'accepte pas d'achat commencé avant l'attribution : ajouter la date de décision au calendrier."
                )
                if forbidden
                else message(
                    "« {scheme} » : on ne sait pas si l'achat peut commencer avant l'attribution. Par prudence, attendre la décision et "
                    "ajouter sa date au calendrier."
                ),
                scheme=Term(scheme.label),
            )


def _budget(calendar: CalendarCheck | None) -> Iterator[Collision]:
    for conflict in calendar.conflicts if calendar else ():
        if conflict.code in ("no_credits_yet", "quarter_exceeded", "quarter_closed", "delegation_unusable"):
            yield _collision(
                "budget_not_voted",
                message(
                    "Les crédits ne sont pas ouverts quand l'achat doit être engagé ; voir le conflit « {conflict} » du calendrier."
                ),
                conflict=Term(conflict.label),
            )
            return


def _score(decision: Decision, scorecards: Mapping[str, Scorecard]) -> Iterator[Collision]:
    if scorecards.keys() - {"replicability"} and decision.submission.case.innovative is None:
        yield _collision(
            "score_is_no_proof",
            message(
                "Des grilles sont remplies, mais personne n'a déclaré si la solution est innovante : une note est un indice, "
                "jamais une preuve ; c'est à l'acheteur de le dire et de l'écrire."
            ),
        )


def _disagreements(dossier: Dossier) -> Iterator[Collision]:
    """Every fact that two parts of a dossier give differently; what a part leaves open contradicts nothing."""
    if dossier.project is not None:
        yield from _of_purchase_and_project(dossier.purchase, dossier.project)
        if dossier.schedule is not None:
            yield from _of_project_and_schedule(dossier.project, dossier.schedule)
    yield from _of_buyers(dossier)


def _of_purchase_and_project(purchase: Purchase, project: Project) -> Iterator[Collision]:
    if None not in (project.innovative, purchase.innovative) and project.innovative is not purchase.innovative:
        yield _collision(
            "innovative_disagrees",
            message("Le caractère innovant n'est pas déclaré de la même façon pour l'achat et pour le financement."),
        )
    if purchase.value is not None and project.cost not in (purchase.value, _of_this_contract(purchase)):
        yield _collision(
            "cost_disagrees",
            message("Le coût du plan de financement ({cost}) diffère de la valeur estimée du besoin ({value})."),
            cost=project.cost,
            value=purchase.value,
        )


def _of_project_and_schedule(project: Project, schedule: Schedule) -> Iterator[Collision]:
    if schedule.wanted_on and project.starts_on and schedule.wanted_on != project.starts_on:
        yield _collision(
            "start_disagrees",
            message("Le financement compte sur un début le {start}, le calendrier sur le {wanted}."),
            start=project.starts_on,
            wanted=schedule.wanted_on,
        )
    if schedule.expense and project.expense and schedule.expense != project.expense:
        yield _collision(
            "expense_disagrees",
            message(
                "Le financement inscrit la dépense en {funded}, le calendrier en {planned} : retenir la même section du "
                "budget."
            ),
            funded=Term(_SECTIONS[project.expense]),
            planned=Term(_SECTIONS[schedule.expense]),
        )


def _of_buyers(dossier: Dossier) -> Iterator[Collision]:
    purchase, commune, project = dossier.purchase, dossier.commune, dossier.project
    named: tuple[tuple[RoomName, str | None], ...] = (
        ("procurement", purchase.buyer.insee_code if purchase.buyer else None),
        ("budget_calendar", commune.insee_code if commune else None),
        ("funding", project.beneficiary.insee_code if project else None),
    )
    codes: dict[RoomName, str] = {room: code for room, code in named if code}
    if len(set(codes.values())) > 1:
        first, second, *_ = codes
        text = message("Les parties du dossier ne nomment pas la même commune : {codes}.")
        said = Said(text, {"codes": ", ".join(codes.values())})
        yield Collision(code="buyer_disagrees", rooms=(first, second), text=said)


def _of_this_contract(purchase: Purchase) -> Decimal | None:
    """The value of the need without what other contracts of the same need or operation are worth."""
    if purchase.value is None or purchase.need is None:
        return purchase.value
    # the project pays for this contract; the need counts what other contracts of the same kind are worth
    others = (part.amount for part in purchase.valuation if part.part in ("same_need", "operation"))
    return purchase.value - sum((amount for amount in others if amount is not None), Decimal(0))
