"""The yes/no facts of the vocabulary, shared by a purchase, a lot and a case; None means that nobody filled the fact."""

from typing import ClassVar

from attrs import field, fields, frozen

from qmi_rules.documents import Document
from qmi_rules.documents.scalars import TRUTH


@frozen(kw_only=True, slots=False)
class Facts(Document):
    """Yes (True), no (False) or not filled (None), for each fact of the contract's vocabulary.

    Attributes:
        innovative: New or substantially improved in the sense of L2172-3; a person declares it.
        supplier_is_jei: The supplier is a jeune entreprise innovante.
        prototype: Made only for research, experiment, study or development.
        research_and_development: The contract includes research and development.
        available_on_market: Solutions already on the market meet the need.
        adaptation_needed: Ready solutions must be adapted to meet the need.
        design_included: The contract includes design.
        complex: Nature, complexity, legal or financial set-up, or risks call for negotiation.
        specifications_imprecise: The specifications cannot be defined precisely by reference to standards.
        failed_tender: An earlier call brought only irregular or unacceptable offers.
        no_tender_received: An earlier call brought no candidature or offer, or only inappropriate ones.
        conditions_unchanged: The initial conditions are not substantially changed.
        exclusive_supplier: Only one economic operator can supply.
        no_reasonable_alternative: No reasonable alternative exists, and the need was not narrowed artificially.
        unique_artistic_work: A unique work of art or artistic performance.
        extreme_urgency: Urgency from external, unforeseeable circumstances; the minimum time limits cannot be kept.
        justified_urgency: Urgency that justifies shorter time limits.
        buyer_owns_results: The buyer becomes the exclusive owner of the results.
        buyer_funds_entirely: The buyer pays the whole service.
        specific_service: A social or other specific service of the annexed list.
        books: Non-school books bought by or for libraries and the like.
        joint: Several buyers buy together.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    innovative: bool | None = field(default=None, validator=TRUTH)
    supplier_is_jei: bool | None = field(default=None, validator=TRUTH)
    prototype: bool | None = field(default=None, validator=TRUTH)
    research_and_development: bool | None = field(default=None, validator=TRUTH)
    available_on_market: bool | None = field(default=None, validator=TRUTH)
    adaptation_needed: bool | None = field(default=None, validator=TRUTH)
    design_included: bool | None = field(default=None, validator=TRUTH)
    complex: bool | None = field(default=None, validator=TRUTH)
    specifications_imprecise: bool | None = field(default=None, validator=TRUTH)
    failed_tender: bool | None = field(default=None, validator=TRUTH)
    no_tender_received: bool | None = field(default=None, validator=TRUTH)
    conditions_unchanged: bool | None = field(default=None, validator=TRUTH)
    exclusive_supplier: bool | None = field(default=None, validator=TRUTH)
    no_reasonable_alternative: bool | None = field(default=None, validator=TRUTH)
    unique_artistic_work: bool | None = field(default=None, validator=TRUTH)
    extreme_urgency: bool | None = field(default=None, validator=TRUTH)
    justified_urgency: bool | None = field(default=None, validator=TRUTH)
    buyer_owns_results: bool | None = field(default=None, validator=TRUTH)
    buyer_funds_entirely: bool | None = field(default=None, validator=TRUTH)
    specific_service: bool | None = field(default=None, validator=TRUTH)
    books: bool | None = field(default=None, validator=TRUTH)
    joint: bool | None = field(default=None, validator=TRUTH)


FACT_NAMES: tuple[str, ...] = tuple(attribute.name for attribute in fields(Facts))
"""Names of the yes/no facts, in the order of the vocabulary."""
