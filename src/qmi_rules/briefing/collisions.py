"""Where the answers of two rooms collide: a start that the procedure does not allow, a subsidy decided too late, …"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import field, frozen

from qmi_rules.budget_calendar import CalendarCheck
from qmi_rules.budget_calendar.conflicts import CONFLICT_LABELS
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.dossier import Dossier
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.findings import STATUS, Truth
from qmi_rules.funding import FundingPlan, StartRule, Status
from qmi_rules.procurement import Decision
from qmi_rules.scoring import Scorecard
from qmi_rules.text import SOURCE_LANGUAGE, Explained, Language, language, message, visible
from qmi_rules.text.page import Page, Paragraph

Value: TypeAlias = date | Decimal | str


@frozen(kw_only=True)
class Collision(Explained):
    """Two rooms that do not go together.

    Attributes:
        code: ``start_too_early``, ``procedure_not_open``, ``subsidy_after_signature``, ``subsidy_before_start``,
            ``budget_not_voted``, ``score_is_no_proof``, ``innovative_disagrees``, ``cost_disagrees``,
            ``start_disagrees`` or ``buyer_disagrees``.
        rooms: The two rooms.
        text: The sentence, in French.
        values: The days, amounts and names it speaks of.
    """

    code: str
    rooms: tuple[str, str]
    text: str
    values: Mapping[str, Value] = field(converter=to_read_only)
    _message: str

    def sentence(self, say: Language) -> str:
        """The sentence in the reader's language and formats."""
        return _filled(say, self._message, self.values)

    def page(self, say: Language) -> Page:
        """The sentence as a page."""
        return Page(say.code, (Paragraph(self.sentence(say)),))

    def as_document(self) -> dict[str, Any]:
        """The collision as plain data, its sentence in French."""
        return {"code": self.code, "rooms": list(self.rooms), "text": visible(self.text)}


def _collision(code: str, rooms: tuple[str, str], text: str, /, **values: Value) -> Collision:
    french = _filled(language(SOURCE_LANGUAGE), text, values)
    return Collision(code=code, rooms=rooms, text=french, values=values, message=text)


def _filled(say: Language, text: str, values: Mapping[str, Value]) -> str:
    return say(text, **{name: _shown(say, value) for name, value in values.items()})


def _shown(say: Language, value: Value) -> str:
    match value:
        case date():
            return say.date(value)
        case Decimal():
            return say.euros(value)
        case _:
            return say(value) if value else value


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
        ("procurement", "budget_calendar"),
        text,
        procedure=option.label,
    )


def _start(calendar: CalendarCheck | None) -> Iterator[Collision]:
    if calendar is None or calendar.feasible or calendar.wanted_on is None:
        return
    yield _collision(
        "start_too_early",
        ("procurement", "budget_calendar"),
        message(
            "Le début voulu, le {wanted}, est impossible avec les délais de cette procédure : au plus tôt le {earliest}."
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
                ("funding", "budget_calendar"),
                message(
                    "La décision de subvention est attendue le {decision}, après la signature prévue le {signature} : "
                    "un achat commencé avant l'attribution risque de perdre l'aide."
                ),
                decision=milestone.on,
                signature=signature,
            )
    if decisions:
        return
    for scheme in funding.schemes:
        if (
            scheme.status is Status.ELIGIBLE
            and scheme.counted
            and scheme.start in (StartRule.FORBIDDEN, StartRule.UNKNOWN)
        ):
            forbidden = scheme.start is StartRule.FORBIDDEN
            yield _collision(
                "subsidy_before_start",
                ("funding", "budget_calendar"),
                message(
                    "« {scheme} » n'accepte pas d'achat commencé avant l'attribution : ajouter la date de décision au calendrier."
                )
                if forbidden
                else message(
                    "« {scheme} » : on ne sait pas si l'achat peut commencer avant l'attribution. Par prudence, attendre la décision et "
                    "ajouter sa date au calendrier."
                ),
                scheme=scheme.label,
            )


def _budget(calendar: CalendarCheck | None) -> Iterator[Collision]:
    for conflict in calendar.conflicts if calendar else ():
        if conflict.code in ("no_credits_yet", "quarter_exceeded", "quarter_closed", "delegation_unusable"):
            yield _collision(
                "budget_not_voted",
                ("procurement", "budget_calendar"),
                message(
                    "Les crédits ne sont pas ouverts quand l'achat doit être engagé ; voir le conflit « {conflict} » du calendrier."
                ),
                conflict=CONFLICT_LABELS[conflict.code],
            )
            return


def _disagreements(dossier: Dossier) -> Iterator[Collision]:
    purchase, project, schedule, commune = dossier.purchase, dossier.project, dossier.schedule, dossier.commune
    if project is not None:
        if None not in (project.innovative, purchase.innovative) and project.innovative is not purchase.innovative:
            yield _collision(
                "innovative_disagrees",
                ("procurement", "funding"),
                message(
                    "Le caractère innovant n'est pas déclaré de la même façon pour l'achat et pour le financement."
                ),
            )
        if purchase.value is not None and project.cost not in (purchase.value, _of_this_contract(purchase)):
            yield _collision(
                "cost_disagrees",
                ("procurement", "funding"),
                message("Le coût du plan de financement ({cost}) diffère de la valeur estimée du besoin ({value})."),
                cost=project.cost,
                value=purchase.value,
            )
        if (
            schedule is not None
            and schedule.wanted_on
            and project.starts_on
            and schedule.wanted_on != project.starts_on
        ):
            yield _collision(
                "start_disagrees",
                ("funding", "budget_calendar"),
                message("Le financement compte sur un début le {start}, le calendrier sur le {wanted}."),
                start=project.starts_on,
                wanted=schedule.wanted_on,
            )
    codes = {
        room: code
        for room, code in (
            ("procurement", purchase.buyer.insee_code if purchase.buyer else None),
            ("budget_calendar", commune.insee_code if commune else None),
            ("funding", project.beneficiary.insee_code if project else None),
        )
        if code
    }
    if len(set(codes.values())) > 1:
        first, second, *_ = codes
        yield _collision(
            "buyer_disagrees",
            (first, second),
            message("Les parties du dossier ne nomment pas la même commune : {codes}."),
            codes=", ".join(codes.values()),
        )


def _of_this_contract(purchase: Purchase) -> Decimal | None:
    """The value of the need without what other contracts of the same need or operation are worth."""
    if purchase.value is None or purchase.need is None:
        return purchase.value
    others = (part.amount for part in purchase.valuation if part.part in ("same_need", "operation"))
    return purchase.value - sum((amount for amount in others if amount is not None), Decimal(0))


def _score(decision: Decision, scorecards: Mapping[str, Scorecard]) -> Iterator[Collision]:
    if any(name != "replicability" for name in scorecards) and decision.question.case.innovative is None:
        yield _collision(
            "score_is_no_proof",
            ("scoring", "procurement"),
            message(
                "Des grilles sont remplies, mais personne n'a déclaré si la solution est innovante : une note est un indice, "
                "jamais une preuve ; c'est à l'acheteur de le dire et de l'écrire."
            ),
        )
