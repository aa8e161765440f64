"""The signs that the pictures of a plan share: colours, the days to shade, and the words of the legend."""

from datetime import date
from typing import Final

from qmi_rules.budget_calendar.conflicts import Conflict, ConflictCode, Severity
from qmi_rules.budget_calendar.result import CalendarCheck
from qmi_rules.text import message

LAW_COLOUR: Final = "#1d4e89"
ESTIMATE_COLOUR: Final = "#8fb3d9"
WANTED_COLOUR: Final = "#b3261e"
CONFLICT_COLOUR: Final = "#f6d9d5"
MEETING_COLOUR: Final = "#5b3a8c"

BY_LAW: Final = message("durée ou jour que fixe le droit, le conseil ou vous")
ESTIMATED: Final = message("estimation")
ONE_DAY: Final = message("étape d'un jour")
IN_CONFLICT: Final = message("jours d'un conflit (attention ou bloquant)")
WANTED_START: Final = message("début souhaité")
MEETING: Final = message("séance du conseil")


def shaded(check: CalendarCheck) -> tuple[tuple[Conflict, date, date], ...]:
    """The conflicts of the plan that warn or block, with the first and the last day to shade.

    The end of a budget year only marks its day.
    """
    return tuple(
        (entry, entry.from_, entry.from_ if entry.code is ConflictCode.YEAR_END_CLIFF else entry.until or entry.from_)
        for entry in check.conflicts
        if entry.severity is not Severity.INFORMATION and entry.about == "plan"
    )
