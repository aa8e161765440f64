"""What a reader should know of a funding plan as a whole."""

from collections.abc import Iterator
from types import SimpleNamespace

from qmi_rules.contexts.project import Project
from qmi_rules.funding.case import themes_of
from qmi_rules.funding.limits import LimitKind
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.funding.stacking import BindingLimit
from qmi_rules.text import message

_NO_START = message(
    "Le jour où le projet commence n'est pas donné : les dispositifs sont lus au jour de la dernière revue de la table."
)
_LATER_START = message(
    "Le projet commence après la dernière revue de la table : les règles peuvent changer d'ici là, vérifiez-les."
)
_PRUDENCE = message(
    "Un fait manque pour savoir si une limite s'applique : elle est appliquée par prudence, le plan ne peut que s'améliorer."
)
_EXCEPTIONS = message(
    "La participation minimale connaît des exceptions (rénovation urbaine, monuments protégés, catastrophes) ; d'autres n'ont pas été lues."
)
_LEAD = message(
    "L'opération est présumée hors des compétences de chef de file, où la participation minimale serait de 30 % (une seule source)."
)
_OTHER_THEME = message(
    "Le thème donné n'est aucun de ceux que les dispositifs citent : leurs listes sont incomplètes, interrogez le financeur."
)
_ROUNDING = message("Arrondi au centime : les aides par défaut, la part minimale de la collectivité par excès.")


def cautions_of(
    project: Project, table: SchemeTable, limits: tuple[BindingLimit, ...], case: SimpleNamespace
) -> Iterator[str]:
    """The cautions of one project, French: its start, its theme, the limits that bind it."""
    reviewed = table.law.reviewed_on
    if project.starts_on is None:
        yield _NO_START
    elif reviewed is not None and project.starts_on > reviewed:
        yield _LATER_START
    if any(limit.missing for limit in limits):
        yield _PRUDENCE
    if any(limit.limit.kind is LimitKind.OWN_SHARE for limit in limits):
        yield _EXCEPTIONS
        if case.lead_competence is None:
            yield _LEAD
    if project.theme is not None and not any(theme.fact for theme in themes_of(project.theme, table.themes)):
        yield _OTHER_THEME
    yield _ROUNDING
