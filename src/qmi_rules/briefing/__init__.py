"""One call that answers everything about one dossier, and says where the answers of the rooms collide."""

from qmi_rules.briefing.briefing import Briefing, Taken, brief
from qmi_rules.briefing.collisions import Collision
from qmi_rules.briefing.drafts import Draft, DraftKind, draft_of_note
from qmi_rules.briefing.open_facts import OpenFact

__all__ = ["Briefing", "Collision", "Draft", "DraftKind", "OpenFact", "Taken", "brief", "draft_of_note"]
