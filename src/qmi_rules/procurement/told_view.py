"""The pages of a decision and of a modification that were read back: what their documents carry."""

from typing import TYPE_CHECKING, Any

from qmi_rules.law import Table, default_table
from qmi_rules.law.wording import STATUSES, fact_name, linked
from qmi_rules.pages import Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.pages.told import answer_blocks, kept_line, source_lines
from qmi_rules.procurement.duties import duty_line
from qmi_rules.procurement.modification import modification_table, room

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision
    from qmi_rules.procurement.modification import Modification


def told_decision(decision: "Decision", document: dict[str, Any], say: Language) -> Page:
    """The card, then every way by its status, what to beware of, the texts cited."""
    title = getattr(decision.purchase, "title", None)
    return _page("stored_decision", say, decision, document, default_table(), title=title)


def told_modification(modification: "Modification", document: dict[str, Any], say: Language) -> Page:
    """The card, what the lightest ground obliges to, then every ground with its status and its ceiling, the texts cited."""
    return _page("stored_modification", say, modification, document, modification_table())


def _page(
    name: str, say: Language, answer: "Decision | Modification", document: dict[str, Any], table: Table, **values: Any
) -> Page:
    return page_of(
        name,
        say,
        voices=(duty_line, linked, room),
        it=answer,
        kept=kept_line(document, say),
        card=[*answer_blocks(document)],
        texts=[*source_lines(document, say)],
        statuses=STATUSES,
        # names of facts are vocabulary, the same in every edition
        facts=lambda one: [fact_name(say, table, path) for path in one.missing],
        **values,
    )
