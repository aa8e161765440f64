"""What would change the answer: the smallest changes of the facts, and the days on which the law does it."""

from qmi_rules.procurement.whatif.alterations import Alteration, Barred, ChangeSet
from qmi_rules.procurement.whatif.history import Timeline, timeline
from qmi_rules.procurement.whatif.search import WhatIf, what_if

__all__ = ["Alteration", "Barred", "ChangeSet", "Timeline", "WhatIf", "timeline", "what_if"]
