"""Where two parts of a dossier do not say the same: innovative character, cost, start, section of the budget, buyer."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from qmi_rules.briefing.collision import Collision, collision
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.dossier import Dossier
from qmi_rules.contexts.project import Project
from qmi_rules.contexts.schedule import Expense, Schedule
from qmi_rules.text import message

_SECTIONS: Final = {
    Expense.INVESTMENT: message("investissement"),
    Expense.OPERATING: message("fonctionnement"),
}


def disagreements(dossier: Dossier) -> Iterator[Collision]:
    """Every fact that two parts of a dossier give differently; what a part leaves open contradicts nothing."""
    if dossier.project is not None:
        yield from _of_purchase_and_project(dossier.purchase, dossier.project)
        if dossier.schedule is not None:
            yield from _of_project_and_schedule(dossier.project, dossier.schedule)
    yield from _of_buyers(dossier)


def _of_purchase_and_project(purchase: Purchase, project: Project) -> Iterator[Collision]:
    if None not in (project.innovative, purchase.innovative) and project.innovative is not purchase.innovative:
        yield collision(
            "innovative_disagrees",
            ("procurement", "funding"),
            message("Le caractère innovant n'est pas déclaré de la même façon pour l'achat et pour le financement."),
        )
    if purchase.value is not None and project.cost not in (purchase.value, _of_this_contract(purchase)):
        yield collision(
            "cost_disagrees",
            ("procurement", "funding"),
            message("Le coût du plan de financement ({cost}) diffère de la valeur estimée du besoin ({value})."),
            cost=project.cost,
            value=purchase.value,
        )


def _of_project_and_schedule(project: Project, schedule: Schedule) -> Iterator[Collision]:
    if schedule.wanted_on and project.starts_on and schedule.wanted_on != project.starts_on:
        yield collision(
            "start_disagrees",
            ("funding", "budget_calendar"),
            message("Le financement compte sur un début le {start}, le calendrier sur le {wanted}."),
            start=project.starts_on,
            wanted=schedule.wanted_on,
        )
    if schedule.expense and project.expense and schedule.expense != project.expense:
        yield collision(
            "expense_disagrees",
            ("funding", "budget_calendar"),
            message(
                "Le financement inscrit la dépense en {funded}, le calendrier en {planned} : retenir la même section du "
                "budget."
            ),
            funded=_SECTIONS[project.expense],
            planned=_SECTIONS[schedule.expense],
        )


def _of_buyers(dossier: Dossier) -> Iterator[Collision]:
    purchase, commune, project = dossier.purchase, dossier.commune, dossier.project
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
        yield collision(
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
