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
from qmi_rules.findings import Truth
from qmi_rules.funding import FundingPlan, StartRule, Status
from qmi_rules.procurement import Decision
from qmi_rules.scoring import Scorecard
from qmi_rules.text import Language, language, message, to_text
from qmi_rules.text.page import Page, Paragraph

Value: TypeAlias = date | Decimal | str


@frozen(kw_only=True)
class Collision:
    """Two rooms that do not go together.

    Attributes:
        code: ``start_too_early``, ``procedure_not_open``, ``subsidy_after_signature``, ``subsidy_before_start``,
            ``budget_not_voted``, ``score_is_no_proof``, ``innovative_disagrees``, ``cost_disagrees``,
            ``start_disagrees`` or ``buyer_disagrees``.
        rooms: The two rooms.
        text: The sentence, in French, with named places.
        values: What fills the places.
    """

    code: str
    rooms: tuple[str, str]
    text: str
    values: Mapping[str, Value] = field(converter=to_read_only)

    def sentence(self, say: Language) -> str:
        """The sentence in the reader's language and formats."""
        return say(self.text, **{name: _shown(say, value) for name, value in self.values.items()})

    def as_document(self) -> dict[str, Any]:
        """The collision as plain data, its sentence in French."""
        say = language("fr")
        text = to_text(Page(say.code, (Paragraph(self.sentence(say)),))).replace("\n", " ").strip()
        return {"code": self.code, "rooms": list(self.rooms), "text": text}


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
        *_procedure(dossier, decision),
        *_start(calendar),
        *_subsidy(dossier, calendar, funding),
        *_budget(calendar),
        *_disagreements(dossier),
        *_score(decision, scorecards),
    )


def _procedure(dossier: Dossier, decision: Decision) -> Iterator[Collision]:
    wanted = dossier.schedule.procedure if dossier.schedule else None
    option = next((option for option in decision.options if option.procedure == wanted), None)
    if option is None or option.truth is Truth.YES:
        return
    text = (
        message(
            "Le calendrier est bâti sur la procédure « {procedure} », qui est fermée pour cet achat : il faut un autre fondement."
        )
        if option.truth is Truth.NO
        else message("Le calendrier est bâti sur la procédure « {procedure} », dont l'ouverture reste à établir.")
    )
    yield Collision(
        code="procedure_not_open",
        rooms=("procurement", "budget_calendar"),
        text=text,
        values={"procedure": option.label},
    )


def _start(calendar: CalendarCheck | None) -> Iterator[Collision]:
    if calendar is None or calendar.feasible or calendar.wanted_on is None:
        return
    yield Collision(
        code="start_too_early",
        rooms=("procurement", "budget_calendar"),
        text=message(
            "Le début voulu, le {wanted}, est impossible avec les délais de cette procédure : au plus tôt le {earliest}."
        ),
        values={"wanted": calendar.wanted_on, "earliest": calendar.earliest_start},
    )


def _subsidy(dossier: Dossier, calendar: CalendarCheck | None, funding: FundingPlan | None) -> Iterator[Collision]:
    if funding is None:
        return
    signature = next((step.end for step in calendar.steps if step.id == "signature"), None) if calendar else None
    decisions = [m for m in dossier.schedule.milestones if m.id == "subsidy_decision"] if dossier.schedule else []
    for milestone in decisions:
        if signature is not None and milestone.on > signature:
            yield Collision(
                code="subsidy_after_signature",
                rooms=("funding", "budget_calendar"),
                text=message(
                    "La décision de subvention est attendue le {decision}, après la signature prévue le {signature} : "
                    "un achat commencé avant l'attribution risque de perdre l'aide."
                ),
                values={"decision": milestone.on, "signature": signature},
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
            yield Collision(
                code="subsidy_before_start",
                rooms=("funding", "budget_calendar"),
                text=message(
                    "« {scheme} » n'accepte pas d'achat commencé avant l'attribution : ajouter la date de décision au calendrier."
                )
                if forbidden
                else message(
                    "« {scheme} » : on ne sait pas si l'achat peut commencer avant l'attribution. Par prudence, attendre la décision et "
                    "ajouter sa date au calendrier."
                ),
                values={"scheme": scheme.label},
            )


def _budget(calendar: CalendarCheck | None) -> Iterator[Collision]:
    for conflict in calendar.conflicts if calendar else ():
        if conflict.code in ("no_credits_yet", "quarter_exceeded", "quarter_closed", "delegation_unusable"):
            yield Collision(
                code="budget_not_voted",
                rooms=("procurement", "budget_calendar"),
                text=message(
                    "Les crédits ne sont pas ouverts quand l'achat doit être engagé ; voir le conflit « {conflict} » du calendrier."
                ),
                values={"conflict": CONFLICT_LABELS[conflict.code]},
            )
            return


def _disagreements(dossier: Dossier) -> Iterator[Collision]:
    purchase, project, schedule, commune = dossier.purchase, dossier.project, dossier.schedule, dossier.commune
    if project is not None:
        if None not in (project.innovative, purchase.innovative) and project.innovative is not purchase.innovative:
            yield Collision(
                code="innovative_disagrees",
                rooms=("procurement", "funding"),
                text=message(
                    "Le caractère innovant n'est pas déclaré de la même façon pour l'achat et pour le financement."
                ),
                values={},
            )
        if purchase.value is not None and project.cost not in (purchase.value, _of_this_contract(purchase)):
            yield Collision(
                code="cost_disagrees",
                rooms=("procurement", "funding"),
                text=message(
                    "Le coût du plan de financement ({cost}) diffère de la valeur estimée du besoin ({value})."
                ),
                values={"cost": project.cost, "value": purchase.value},
            )
        if (
            schedule is not None
            and schedule.wanted_on
            and project.starts_on
            and schedule.wanted_on != project.starts_on
        ):
            yield Collision(
                code="start_disagrees",
                rooms=("funding", "budget_calendar"),
                text=message("Le financement compte sur un début le {start}, le calendrier sur le {wanted}."),
                values={"start": project.starts_on, "wanted": schedule.wanted_on},
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
        yield Collision(
            code="buyer_disagrees",
            rooms=(first, second),
            text=message("Les parties du dossier ne nomment pas la même commune : {codes}."),
            values={"codes": ", ".join(codes.values())},
        )


def _of_this_contract(purchase: Purchase) -> Decimal | None:
    """The value of the need without what other contracts of the same need or operation are worth."""
    if purchase.value is None or purchase.need is None:
        return purchase.value
    others = (part.amount for part in purchase.valuation if part.part in ("same_need", "operation"))
    return purchase.value - sum((amount for amount in others if amount is not None), Decimal(0))


def _score(decision: Decision, scorecards: Mapping[str, Scorecard]) -> Iterator[Collision]:
    if any(name != "replicability" for name in scorecards) and decision.question.case.innovative is None:
        yield Collision(
            code="score_is_no_proof",
            rooms=("scoring", "procurement"),
            text=message(
                "Des grilles sont remplies, mais personne n'a déclaré si la solution est innovante : une note est un indice, "
                "jamais une preuve ; c'est à l'acheteur de le dire et de l'écrire."
            ),
            values={},
        )
