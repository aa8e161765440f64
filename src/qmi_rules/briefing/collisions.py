"""Where the answers of two rooms collide: a start that the procedure does not allow, a subsidy decided too late, …"""

from collections.abc import Iterator, Mapping

from qmi_rules.briefing.collision import Collision, collision
from qmi_rules.briefing.disagreements import disagreements
from qmi_rules.budget_calendar import CalendarCheck
from qmi_rules.contexts.dossier import Dossier
from qmi_rules.findings import STATUS, Truth
from qmi_rules.funding import FundingPlan, StartRule, Status
from qmi_rules.procurement import Decision
from qmi_rules.scoring import Scorecard
from qmi_rules.text import message


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
        *disagreements(dossier),
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
    yield collision(
        "procedure_not_open",
        ("procurement", "budget_calendar"),
        text,
        procedure=option.label,
    )


def _start(calendar: CalendarCheck | None) -> Iterator[Collision]:
    if calendar is None or calendar.feasible or calendar.wanted_on is None:
        return
    yield collision(
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
            yield collision(
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
            yield collision(
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
            yield collision(
                "budget_not_voted",
                ("procurement", "budget_calendar"),
                message(
                    "Les crédits ne sont pas ouverts quand l'achat doit être engagé ; voir le conflit « {conflict} » du calendrier."
                ),
                conflict=conflict.label,
            )
            return


def _score(decision: Decision, scorecards: Mapping[str, Scorecard]) -> Iterator[Collision]:
    if any(name != "replicability" for name in scorecards) and decision.submission.case.innovative is None:
        yield collision(
            "score_is_no_proof",
            ("scoring", "procurement"),
            message(
                "Des grilles sont remplies, mais personne n'a déclaré si la solution est innovante : une note est un indice, "
                "jamais une preuve ; c'est à l'acheteur de le dire et de l'écrire."
            ),
        )
