"""What a plan rests on where something was not given or is not settled: said, never silent."""

from collections.abc import Iterable, Iterator

from qmi_rules.budget_calendar.budget_year import Credits, budget_deadline
from qmi_rules.budget_calendar.conflicts import Situation
from qmi_rules.budget_calendar.facts import fact
from qmi_rules.budget_calendar.route import Route
from qmi_rules.budget_calendar.sentences import Remark, Term, remark
from qmi_rules.budget_calendar.steps import Basis
from qmi_rules.contexts.commune import BudgetVote
from qmi_rules.contexts.schedule import Expense, StepId
from qmi_rules.findings import Truth
from qmi_rules.law import Certainty
from qmi_rules.text import message

_SUNDAY = 6
_WEEKEND = {5: message("samedi"), 6: message("dimanche")}
_ADVISED_RECEIPT = 20


ASKED = {
    "budget_vote": "commune.budget_voted_on",
    "expense": "schedule.expense",
    "quarter": "commune.previous_investment_credits",
    "population": "commune.population",
    "delegation": "commune.delegation_limit",
    "council_meetings": "commune.council_meetings",
    "preparation": "schedule.not_before",
}
"""Where a dossier fills what a remark had to assume."""


def missing(route: Route, remarks: Iterable[Remark]) -> tuple[str, ...]:
    """Paths, in a dossier, of what the plan had to assume; those of the procedure first."""
    duties = [path for duty in route.duties.values() for path in duty.missing]
    return tuple(dict.fromkeys([*duties, *(ASKED[entry.id] for entry in remarks if entry.id in ASKED)]))


def assumptions(situation: Situation, credits: Credits) -> Iterator[Remark]:
    """The assumptions of a plan, each as a remark."""
    frame = situation.frame
    yield from _of_budget(situation, credits)
    yield from _of_council(frame)
    yield from _of_procedure(frame)
    if frame.schedule.not_before is None:
        yield remark(
            "preparation",
            message(
                "La préparation est supposée faite avant le lancement : aucune date à partir de laquelle y travailler n'est donnée."
            ),
        )
    if any(step.basis is Basis.ESTIMATE and step.days for step in frame.steps):
        yield remark(
            "estimates",
            message("Les durées marquées « estimation » sont des valeurs de travail ; remplacez-les par les vôtres."),
        )


def _of_budget(situation: Situation, credits: Credits) -> Iterator[Remark]:
    year = situation.signed.year
    budget = credits.budget(year)
    if budget.assumed:
        yield remark(
            "budget_vote",
            message("Budget {year} : date de vote non donnée, prise au dernier jour possible, le {day}."),
            year=str(year),
            day=budget.voted_on,
        )
    elif budget.budget_vote is BudgetVote.SPRING and budget.voted_on >= budget_deadline(year):
        yield remark(
            "budget_deadline",
            message(
                "Le budget {year} est voté le {day}, pour une limite au {limit} : le texte dit « avant », la pratique « jusqu'au ». "
                "Un budget tardif n'est pas nul pour autant ; le préfet peut saisir la chambre régionale des comptes."
            ),
            year=str(year),
            day=budget.voted_on,
            limit=budget_deadline(year),
        )
    if credits.expense is None:
        yield remark(
            "expense", message("Section du budget non donnée : les règles de l'investissement ne sont pas appliquées.")
        )
    if credits.expense is Expense.OPERATING and credits.before_vote(situation.signed):
        yield remark(
            "operating_before_vote",
            message(
                "Signature avant le vote : en fonctionnement, possible dans la limite des crédits de l'année précédente ({basis})."
            ),
            basis=fact("early_operating").legal_basis or "",
        )
    if situation.frame.schedule.programme_authorised and credits.before_vote(situation.signed):
        yield remark(
            "programme",
            message(
                "Opération sous autorisation de programme : payable avant le vote dans la limite des crédits de paiement de "
                "l'année (une seule source ; numéro d'article après 2026 à vérifier)."
            ),
        )
    if credits.expense is Expense.INVESTMENT and credits.before_vote(situation.signed):
        if situation.frame.commune.early_investment_authorised and credits.quarter is None:
            yield remark(
                "quarter",
                message("Crédits d'investissement de l'année précédente non donnés : le quart n'a pas été vérifié."),
            )
        elif credits.quarter is not None:
            yield remark(
                "vat",
                message(
                    "Le quart ({quarter}) se compte TVA comprise, le montant de l'achat est hors taxes : gardez une marge."
                ),
                quarter=credits.quarter,
            )


def _of_council(frame: Route) -> Iterator[Remark]:
    commune = frame.commune
    if commune.inhabitants is None:
        yield remark("population", message("Population non connue : convocation du conseil comptée cinq jours francs."))
    voted = commune.budget_voted_on
    if voted is not None and commune.council_meetings and voted not in commune.council_meetings:
        yield remark(
            "budget_meeting",
            message(
                "Vote du budget le {day} : ce jour n'est pas parmi les séances du conseil données ; vérifiez la date du vote, ou "
                "ajoutez la séance."
            ),
            day=voted,
        )
    if voted is not None and voted.weekday() in _WEEKEND:
        yield remark(
            "budget_weekend",
            message("Vote du budget un {weekday} ({day}) : permis, mais vérifiez la date."),
            weekday=Term(_WEEKEND[voted.weekday()]),
            day=voted,
        )
    for day in sorted(commune.council_meetings):
        if day.weekday() == _SUNDAY:
            yield remark(
                "sunday_meeting",
                message("Séance du conseil un dimanche ({day}) : permise, mais vérifiez la date."),
                day=day,
            )
    if StepId.COUNCIL not in frame.included:
        return
    if frame.delegated is None:
        yield remark(
            "delegation",
            message(
                "Limite de la délégation du maire (ou montant) non connue : un vote du conseil est prévu par prudence."
            ),
        )
    if not commune.council_meetings:
        yield remark(
            "council_meetings",
            message(
                "Dates du conseil non données : une attente est supposée ; le conseil siège au moins une fois par trimestre."
            ),
        )
    yield remark(
        "convocation",
        message(
            "Un passage des convocations à cinq et sept jours francs a été proposé en 2025 : à vérifier avant de convoquer."
        ),
    )


def _of_procedure(frame: Route) -> Iterator[Remark]:
    for duty in frame.duties.values():
        if duty.owed is Truth.UNDETERMINED:
            yield remark(
                f"undetermined.{duty.duty}",
                message("« {duty} » : pas certain, compté par prudence (à préciser : {missing})."),
                duty=Term(duty.label),
                missing=tuple(Term(label) for label in duty.unsettled),
            )
        elif duty.certainty is Certainty.UNVERIFIED:
            yield remark(
                f"unverified.{duty.duty}",
                message("« {duty} » ({basis}) : non vérifié sur le texte officiel."),
                duty=Term(duty.label),
                basis=duty.legal_basis,
            )
    receipt = next(step for step in frame.steps if step.id is StepId.RECEIPT)
    for step, limit in frame.limited():
        given = frame.schedule.durations.get(step)
        if given is not None and limit.days is not None and given < limit.days:
            yield remark(
                f"short.{step}",
                message("Moins de {days} jours ({basis}) seulement dans ces cas : {cases}."),
                days=limit.days,
                basis=limit.legal_basis,
                cases=tuple(Term(entry.label) for entry in limit.reductions if entry.days <= given),
            )
    if frame.chain.id == "adapted" and receipt.days < _ADVISED_RECEIPT:
        yield remark(
            "short_receipt",
            message(
                "Moins de vingt jours pour répondre : le code ne fixe pas de minimum, mais le délai doit suffire ; c'est déconseillé."
            ),
        )
    if frame.chain.id in ("restricted", "negotiated"):
        yield remark(
            "agreed_date",
            message(
                "Une collectivité peut fixer la date des offres avec tous les candidats admis ; sans accord, dix jours au moins "
                "(CCP, art. R2161-9 et R2161-16)."
            ),
        )
    if StepId.STANDSTILL in frame.included:
        yield remark(
            "standstill",
            message(
                "Suspension comptée de date à date ; si son dernier jour est chômé, elle court ici, par prudence, jusqu'au jour ouvré suivant."
            ),
        )
