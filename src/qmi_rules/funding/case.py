"""A project as the flat set of facts that the rows of schemes and limits are tested on."""

import re
import unicodedata
from decimal import Decimal
from types import SimpleNamespace

from qmi_rules.contexts.project import Project
from qmi_rules.contexts.territory import PARIS
from qmi_rules.funding.funding_file import Theme

_NO_WORD = re.compile(r"[^a-z0-9]+")
_FILLERS = frozenset(("and", "et", "the", "la", "le", "les", "l", "d", "de", "des", "du"))


def case_of(project: Project, themes: tuple[Theme, ...]) -> SimpleNamespace:
    """The facts of a project, by the names that conditions use; None = not known."""
    beneficiary, supplier = project.beneficiary, project.supplier
    return SimpleNamespace(
        innovative=project.innovative,
        research_and_development=project.research_and_development,
        beneficiary_kind=beneficiary.kind,
        beneficiary_in_ile_de_france=beneficiary.in_ile_de_france,
        in_metropolis=beneficiary.in_metropolis,
        in_paris=None if beneficiary.commune is None else beneficiary.commune.insee_code == PARIS,
        population=_number(beneficiary.inhabitants),
        priority_neighbourhood=beneficiary.priority_neighbourhood,
        rural_grant_eligible=beneficiary.rural_grant_eligible,
        expense=project.expense,
        project_cost=project.cost,
        lead_competence=project.lead_competence,
        in_ile_de_france=supplier.in_ile_de_france,
        settling_in_ile_de_france=supplier.settling_in_ile_de_france,
        company_staff=_number(supplier.staff),
        company_turnover=supplier.turnover,
        company_balance_sheet=supplier.balance_sheet,
        company_project_cost=supplier.project_cost,
        **{theme.fact: True for theme in themes_of(project.theme, themes) if theme.fact is not None},
    )


def themes_of(text: str | None, themes: tuple[Theme, ...]) -> tuple[Theme, ...]:
    """The themes that a project's words name. Words that name none are not known: they are never taken for "none"."""
    if text is None:
        return ()
    plain = _plain(text)
    return tuple(
        theme for theme in themes if plain in {_plain(theme.id), _plain(theme.label), *map(_plain, theme.words)}
    )


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").casefold())
    words = _NO_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    return " ".join(word for word in words if word not in _FILLERS)


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
