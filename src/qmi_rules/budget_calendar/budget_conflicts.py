"""Conflicts of a plan with the credits of the commune: vote, quarter, delegation, year end."""

from collections.abc import Iterator
from datetime import date, timedelta

from qmi_rules.budget_calendar.conflicts import Conflict, ConflictCode, Severity, Situation, conflict
from qmi_rules.budget_calendar.credits import Closure, Credits
from qmi_rules.budget_calendar.facts import fact
from qmi_rules.budget_calendar.planner import Placed
from qmi_rules.contexts.schedule import Expense, StepId
from qmi_rules.text import message

_ONE = timedelta(days=1)


def budget_conflicts(situation: Situation, credits: Credits, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    """The conflicts with the credits.

    Args:
        situation: The plan under examination.
        credits: The credits with their closures, also where the plan leaves them aside.
        earliest: The earliest plan: whether a signature within the year of the launch was possible at all.
    """
    yield from _before_the_vote(situation, credits)
    yield from _year_end(situation, earliest)


def _before_the_vote(situation: Situation, credits: Credits) -> Iterator[Conflict]:
    signed = situation.signed
    severity = Severity.WARNING if situation.feasible else Severity.BLOCKING
    if (closure := credits.closed_on(signed)) is not None:
        yield _closed(closure, credits, signed, severity)
        if closure.code == ConflictCode.NO_CREDITS_YET and _exceeds(credits):
            yield _closed(
                Closure(code=ConflictCode.QUARTER_EXCEEDED, first=closure.first, last=closure.last),
                credits,
                signed,
                severity,
            )
    if not credits.before_vote(signed) or credits.expense is Expense.OPERATING:
        return
    first, last = date(signed.year, 1, 1), credits.budget(signed.year).voted_on - _ONE
    if credits.expense is None:
        yield conflict(
            ConflictCode.NO_CREDITS_YET,
            first,
            last,
            Severity.WARNING,
            fact("early_investment").legal_basis,
            message(
                "La signature ({day}) précède le vote du budget ({vote}). Dites s'il s'agit d'investissement : il faudrait "
                "alors une autorisation du conseil, dans la limite du quart des crédits de l'année précédente."
            ),
            day=signed,
            vote=last + _ONE,
        )
    if situation.frame.delegated:
        yield conflict(
            ConflictCode.DELEGATION_UNUSABLE,
            first,
            last,
            severity if closure is not None else Severity.WARNING,
            fact("delegation").legal_basis,
            message(
                "Le maire ne peut signer par délégation que si les crédits sont inscrits au budget : avant le vote du "
                "{vote}, faites voter ce marché par le conseil, ou signez après le vote."
            ),
            vote=last + _ONE,
        )


def _exceeds(credits: Credits) -> bool:
    return credits.quarter is not None and credits.amount is not None and credits.amount > credits.quarter


def _closed(closure: Closure, credits: Credits, signed: date, severity: Severity) -> Conflict:
    vote = closure.last + _ONE
    basis = fact("early_investment").legal_basis
    match closure.code:
        case ConflictCode.QUARTER_EXCEEDED:
            return conflict(
                ConflictCode.QUARTER_EXCEEDED,
                closure.first,
                closure.last,
                severity,
                basis,
                message(
                    "L'achat ({amount} HT) dépasse le quart des crédits d'investissement de l'année précédente ({quarter}) : "
                    "signez après le vote du budget ({vote}), ou avant le 31 décembre sur les crédits de l'année en cours."
                ),
                amount=credits.amount or 0,
                quarter=credits.quarter or 0,
                vote=vote,
            )
        case ConflictCode.QUARTER_CLOSED:
            return conflict(
                ConflictCode.QUARTER_CLOSED,
                closure.first,
                closure.last,
                severity,
                fact("early_investment_end").legal_basis,
                message(
                    "La faculté d'investir avant le vote s'arrête le 15 avril, même en année de renouvellement : la signature "
                    "({day}) doit la précéder, ou suivre le vote du budget ({vote})."
                ),
                day=signed,
                vote=vote,
            )
    return conflict(
        ConflictCode.NO_CREDITS_YET,
        closure.first,
        closure.last,
        severity,
        basis,
        message(
            "La signature ({day}) précède le vote du budget ({vote}) et aucune autorisation d'investir avant le vote n'est "
            "connue. Faites voter par le conseil, en décembre ou en janvier, une autorisation qui dit le montant et l'emploi "
            "(le quart des crédits de l'année précédente au plus), signez avant le 31 décembre sur des crédits ouverts, ou "
            "attendez le vote."
        ),
        day=signed,
        vote=vote,
    )


def _year_end(situation: Situation, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    """The credits of the year of the launch fall at its end, unless the contract is signed by then."""
    signed, carry_over = situation.signed, fact("carry_over")
    declared, first_signed = situation.frame.purchase.launched_on, earliest[StepId.SIGNATURE].end
    if (year := situation.launch.year) < signed.year:
        yield conflict(
            ConflictCode.YEAR_END_CLIFF,
            carry_over.on(year),
            signed,
            Severity.WARNING,
            carry_over.legal_basis,
            message(
                "Lancé le {launch}, l'achat serait signé le {day} : les crédits de {year} non engagés le 31 décembre tombent. "
                "Signez avant (l'investissement est alors reporté), ou inscrivez la dépense au budget suivant."
            ),
            year=str(year),
            launch=situation.launch,
            day=signed,
        )
    elif declared.year < min(situation.launch.year, first_signed.year):
        yield conflict(
            ConflictCode.YEAR_END_CLIFF,
            carry_over.on(declared.year),
            signed,
            Severity.INFORMATION,
            carry_over.legal_basis,
            message(
                "Lancement prévu le {launch}, signature le {day} : l'achat se paie sur le budget {year}. Lancé dès le {declared}, "
                "jour déclaré, il ne serait pas non plus signé avant la fin de l'année : n'y comptez pas sur les crédits de {former}."
            ),
            launch=situation.launch,
            day=signed,
            year=str(signed.year),
            declared=declared,
            former=str(declared.year),
        )
    stop = situation.frame.commune.orders_stop_on
    if stop is not None and stop <= signed <= date(stop.year, 12, 31):
        yield conflict(
            ConflictCode.YEAR_END_CLIFF,
            stop,
            date(stop.year, 12, 31),
            Severity.WARNING,
            None,
            message(
                "La commune n'engage plus de dépenses à partir du {day} : signez avant, ou obtenez une dérogation de la "
                "direction des finances."
            ),
            day=stop,
        )
