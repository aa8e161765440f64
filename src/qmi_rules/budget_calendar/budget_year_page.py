"""A budget year as a reader sees it: the vote, what may be spent before it, its dates and their notes."""

from typing import TYPE_CHECKING

from qmi_rules.budget_calendar.facts import EVIDENCE_LABELS, Evidence
from qmi_rules.budget_calendar.sentences import basis_said
from qmi_rules.text import Grid, Heading, Items, Language, Page, Paragraph, Strong
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.budget_calendar.budget_year import BudgetDate, BudgetYear


def budget_year_page(budget: "BudgetYear", say: Language) -> Page:
    """The vote, what may be spent before it, and the dates of the year as a table."""
    vote = (
        say("Vote supposé le {day} (dernier jour possible) : la date n'est pas donnée.", day=say.date(budget.voted_on))
        if budget.assumed
        else say("Vote le {day}.", day=say.date(budget.voted_on))
    )
    blocks: list[Block] = [
        Heading(say("Budget {year} de la commune", year=str(budget.year)), 1),
        Paragraph(vote),
    ]
    if budget.early_investment is not None:
        blocks.append(
            Paragraph(
                say(
                    "Avant le vote, le conseil peut autoriser jusqu'à {amount} d'investissement, le quart des crédits de "
                    "l'année précédente (les crédits se comptent TVA comprise).",
                    amount=say.euros(budget.early_investment),
                )
            )
        )
    blocks.append(budget_grid(budget.dates, say))
    if notes := [(Strong(say(entry.label)), ". ", say(entry.note)) for entry in budget.dates if entry.note]:
        blocks.append(Items(notes))
    return Page(say.code, blocks)


def budget_grid(dates: "tuple[BudgetDate, ...]", say: Language) -> Grid:
    """Budget dates as a table."""
    return Grid(
        (say("Quoi"), say("Quand"), say("Texte")),
        tuple((say(entry.label), say.date(entry.on), _basis(entry, say)) for entry in dates),
    )


def _basis(entry: "BudgetDate", say: Language) -> str:
    """The article, with a word on how sure it is where two sources do not agree on it."""
    if entry.certainty is Evidence.CONFIRMED:
        return basis_said(entry.legal_basis or "", say)
    return f"{basis_said(entry.legal_basis or '', say)} ({say(EVIDENCE_LABELS[entry.certainty])})"
