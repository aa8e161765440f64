"""What to beware of in a decision: the way the need is counted, the horizon of the tables, values to verify, a change of law."""

import datetime
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.catalogues import printed
from qmi_rules.law import Table
from qmi_rules.law.compilation import status
from qmi_rules.law.doubts import doubts_about
from qmi_rules.law.findings import AmountFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import unknown_text
from qmi_rules.model import ContractType, Purchase, main_type, whole_case
from qmi_rules.model.case import kinds_differ, member_kinds, with_facts
from qmi_rules.pages import Explained, Language, Page, Paragraph, Quantity, Said, Term, Value, message
from qmi_rules.read_only import to_read_only
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.stored import complete

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision


CaveatCode: TypeAlias = Literal[
    "splitting",
    "main_object",
    "counted_by_operation",
    "members_of_several_kinds",
    "change_of_law",
    "beyond_review",
    "threshold_unknown",
    "unverified",
    "limited_knowledge",
]
"""What to beware of."""


@frozen(kw_only=True)
class Caveat(Explained):
    """Something to beware of.

    Attributes:
        code: ``splitting``, ``main_object``, ``counted_by_operation``, ``members_of_several_kinds``, ``change_of_law``, ``beyond_review``,
            ``threshold_unknown``, ``unverified``, or ``limited_knowledge``.
        sentence: The sentence with its values.
        on: The day it speaks of.
        named: French names of the thresholds, rows, procedures or facts concerned, by id.
        amount: The amount it speaks of, EUR HT.
    """

    _layout: ClassVar[Layout] = Layout(
        keys="code text:sentence on about amount", optional=("on", "about", "amount"), part=True, own_page=True
    )
    code: CaveatCode
    sentence: Said
    on: datetime.date | None = None
    named: Mapping[str, str] = field(factory=dict, converter=to_read_only)
    amount: Decimal | None = None

    @property
    def text(self) -> str:
        """The sentence, in French."""
        return self.sentence.french

    @property
    def table_edition(self) -> str | None:
        """A caveat by itself does not know."""
        return None

    def _read_back(self) -> None:
        """The sentence as it was told."""
        complete(self, text=self.sentence.text)

    @property
    def about(self) -> tuple[str, ...]:
        """Ids of the thresholds, rows, procedures or facts concerned."""
        return tuple(self.named)

    def said(self, say: Language) -> str:
        """The sentence in one language."""
        return self.sentence.said(say)

    def page(self, say: Language) -> Page:
        """The sentence alone, in one language."""
        return Page(say.code, [Paragraph(self.said(say))])


def _caveat(
    code: CaveatCode,
    text: str,
    on: datetime.date | None = None,
    about: Mapping[str, str] | None = None,
    amount: Decimal | None = None,
    **values: Value,
) -> Caveat:
    """A caveat, its day, names and amount in the places ``{on}``, ``{about}`` and ``{amount}`` of its sentence."""
    if on is not None:
        values["on"] = on
    # only the places that the sentence has are filled
    if about:
        values["about"] = tuple(Term(label) for label in about.values())
    if amount is not None:
        values["amount"] = Quantity(amount, "EUR HT")
    return Caveat(code=code, sentence=Said(text, values), on=on, named=about or {}, amount=amount)


def _article(decision: "Decision", source: str) -> str:
    """The number of an article, as the table has it; the id of the source where a table does not know it."""
    known = decision.law.table.sources.get(source)
    return printed((known.article if known else None) or source)


CLOSE = datetime.timedelta(days=92)
"""A change of law within this time after the launch is pointed out: a launch may slip by a quarter."""


def caveats_of(decision: "Decision") -> tuple[Caveat, ...]:
    """All warnings of a decision, the most pressing first."""
    found = [
        *counting_caveats(decision),
        _contested_or_unknown(decision),
        _change(decision),
        _unverified(decision),
        beyond_review(decision.law.table, decision.purchase.launched_on),
        _limited(decision),
    ]
    return tuple(warning for warning in found if warning is not None)


def _contested_or_unknown(decision: "Decision") -> Caveat | None:
    options = (*decision.options, *(option for lot in decision.lots for option in lot.options))
    about = dict.fromkeys(key for option in options for key in option.unknown_ids)
    if not about:
        return None
    table = decision.law.table
    return _caveat(
        "threshold_unknown",
        message("La base juridique ne contient pas toute la règle du {on} : {about}."),
        on=decision.purchase.launched_on,
        about={key: unknown_text(table, key) for key in about},
    )


def _change(decision: "Decision") -> Caveat | None:
    law = decision.law
    # a change of law that leaves this answer alone is passed over for the next one
    while law.until is not None and law.until < decision.purchase.launched_on + CLOSE:
        day = law.until + datetime.timedelta(days=1)
        law = law.table.in_force(day, law.known_on)
        case = with_facts(whole_case(decision.purchase), {"launched_on": day})
        packed, count = law.evaluate(case), len(law.table.procedures)
        changed = {
            option.procedure: option
            for i, option in enumerate((*decision.options, *decision.arrangements))
            if status(packed, i, count) is not option.truth
        }
        if changed:
            return _caveat(
                "change_of_law",
                message(
                    "Le droit change le {on} : lancée à partir de ce jour, la consultation recevrait une autre réponse ({about}), "
                    "à vérifier sur le texte officiel."
                )
                if any(doubts_about(procedure, case, law) for procedure in changed)
                else message(
                    "Le droit change le {on} : lancée à partir de ce jour, la consultation recevrait une autre réponse ({about})."
                ),
                on=day,
                about={procedure: option.label for procedure, option in changed.items()},
            )
    return None


def _unverified(decision: "Decision") -> Caveat | None:
    about = {
        finding.threshold: finding.label
        for option in (*decision.options, *(option for lot in decision.lots for option in lot.options))
        # nobody relies on a value that closes a procedure: the prudent answer is given already
        if option.truth is not Truth.NO
        for finding in option.findings
        if isinstance(finding, AmountFinding) and (finding.certainty == "unverified" or finding.contested)
    }
    if not about:
        return None
    return _caveat("unverified", message("À vérifier sur le texte officiel avant de s'y fier : {about}."), about=about)


def beyond_review(table: Table, launched_on: datetime.date) -> Caveat | None:
    """That a launch is after the day up to which the maintainers know the law; None where it is not."""
    reviewed = table.reviewed_on
    if reviewed is None or launched_on <= reviewed:
        return None
    return _caveat(
        "beyond_review",
        message(
            "La base juridique est à jour au {on} ; la date de lancement est postérieure et la règle peut changer d'ici là."
        ),
        on=reviewed,
    )


def _limited(decision: "Decision") -> Caveat | None:
    if decision.law.known_on is None:
        return None
    return _caveat(
        "limited_knowledge",
        message("Réponse donnée avec le seul droit publié au {on}."),
        on=decision.law.known_on,
    )


_OTHER_CONTRACTS = ("same_need", "operation")


def counting_caveats(decision: "Decision") -> Iterator[Caveat | None]:
    """What the value of the need may hide, the most pressing first; None where there is nothing to say."""
    yield _splitting(decision)
    yield _main_object(decision)
    yield _counted_by_operation(decision)
    yield _members_of_several_kinds(decision)


def _members_of_several_kinds(decision: "Decision") -> Caveat | None:
    """No text says whose thresholds a joint purchase of several kinds of buyers follows."""
    purchase = decision.purchase
    if not isinstance(purchase, Purchase) or not kinds_differ(purchase):
        return None
    fact = decision.law.facts["buyer_kind"]
    names = {choice.id: choice.label for choice in fact.choices}
    kinds = sorted(kind for kind in member_kinds(purchase) if kind is not None)
    return _caveat(
        "members_of_several_kinds",
        message(
            "Aucun texte ne dit quels seuils suit un groupement dont les membres ne sont pas de même nature ({about}) : par "
            "prudence, les plus bas sont appliqués, et la publicité du membre qui en doit le plus. À vérifier."
        ),
        about={str(kind): names[kind] for kind in kinds},
    )


def _splitting(decision: "Decision") -> Caveat | None:
    """A part of a need, if it were a need of its own, would open a lighter procedure than the whole does."""
    law, whole = decision.law, decision.estimated_value
    if whole is None:
        return None
    lightest = math.inf if decision.lightest is None else law.table.procedures[decision.lightest].order
    for amount in _alone(decision, whole):
        packed = law.evaluate(with_facts(whole_case(decision.purchase), {"value": amount}))
        lighter = {
            procedure.id: procedure.label
            for procedure, opens, _ in law.table.bits(False)
            if packed & opens and procedure.order < lightest and decision.option(procedure.id).truth is not Truth.YES
        }
        if lighter:
            return _caveat(
                "splitting",
                message(
                    "Le besoin se compte en entier ({article} interdit de le scinder pour échapper aux règles) : prise seule, "
                    "une part de {amount} aurait paru ouvrir : {about}."
                ),
                about=lighter,
                amount=amount,
                article=_article(decision, "ccp-r2121-4"),
            )
    return None


def _alone(decision: "Decision", whole: Decimal) -> Iterator[Decimal]:
    """The amounts that a buyer may be tempted to compare with the thresholds alone, this contract without the others first.

    Of lots and of members only the largest: below it, that one lot is small says nothing of the way the need is counted.
    """
    purchase = decision.purchase
    if not isinstance(purchase, Purchase):
        return
    if purchase.need is not None and len(decision.valuation) > 1:
        amounts: dict[str, Decimal] = {part.part: part.amount for part in decision.valuation if part.amount}
        # the contract at hand without the others is what a buyer compares first
        contract = whole - sum((amounts.get(part) or Decimal(0) for part in _OTHER_CONTRACTS), Decimal(0))
        yield from (amount for amount in (contract, *sorted(set(amounts.values()), reverse=True)) if 0 < amount < whole)
    for group in (
        [lot.estimated_value for lot in purchase.lots],
        [member.part for member in purchase.members],
    ):
        # below the largest part, that another part is small says nothing of the way the need is counted
        if len(group) > 1 and max(group) < whole:
            yield max(group)


def _main_object(decision: "Decision") -> Caveat | None:
    """A mixed contract is declared as something else than its largest part (L1111-5)."""
    purchase = decision.purchase
    if not isinstance(purchase, Purchase) or purchase.contract_type is None or purchase.need is None:
        return None
    main = main_type(purchase.need)
    if main is None or main is purchase.contract_type:
        return None
    return _caveat(
        "main_object",
        message(
            "Le type déclaré n'est pas celui de la part la plus élevée du marché mixte ({article}) : vérifier l'objet principal."
        ),
        about={"contract_type": decision.law.facts["contract_type"].label},
        article=_article(decision, "ccp-l1111-5"),
    )


def _counted_by_operation(decision: "Decision") -> Caveat | None:
    """Homogeneous needs are given for works, which are counted by operation (R2121-5, not R2121-6)."""
    purchase = decision.purchase
    if not isinstance(purchase, Purchase) or purchase.need is None or not purchase.need.same_need:
        return None
    if decision.submission.case.contract_type is not ContractType.WORKS:
        return None
    return _caveat(
        "counted_by_operation",
        message(
            "need.same_need : les besoins homogènes ({homogeneous}) sont ceux des fournitures et des services. Travaux : employer "
            "need.operation, car la valeur est celle de toute l'opération de travaux ({operation})."
        ),
        about={"need.same_need": message("besoins homogènes déjà achetés ou prévus")},
        homogeneous=_article(decision, "ccp-r2121-6"),
        operation=_article(decision, "ccp-r2121-5"),
    )
