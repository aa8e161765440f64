"""What the pages of a decision, of a lot and of one option are made of: the templates of `data/pages` say it, this computes it.

A page says why each option is open, closed or to be established, what it obliges to, alone, with others, and lot by lot.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from qmi_rules.law import Examination, Pitfall, Source
from qmi_rules.law.doubts import contested_limits, contested_rows
from qmi_rules.law.findings import ChoiceFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import (
    citation,
    citations,
    fact_name,
    finding_sentence,
    linked,
    linked_version,
    quantity,
    question,
    sentence_case,
    source_lines,
)
from qmi_rules.model import Buyer, Case, Intercommunality, Purchase
from qmi_rules.pages import Language, Line, Page, message
from qmi_rules.pages.blocks import Block
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement.card.making import as_done
from qmi_rules.procurement.card.seen import limit_question, limit_questions, named
from qmi_rules.procurement.duties import DutyOwed, duty_line

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option

PARTS = {
    "firm": message("tranche ferme"),
    "options": message("options"),
    "renewals": message("reconductions"),
    "yearly": message("besoin récurrent sur toute la durée"),
    "framework": message("maximum de l'accord-cadre"),
    "same_need": message("besoins homogènes déjà achetés ou prévus"),
    "operation": message("autres marchés de la même opération de travaux"),
    "rd_phases": message("phases de recherche et développement"),
    "later_purchases": message("achats envisagés ensuite"),
    "prizes": message("primes aux candidats"),
    "parts": message("parts d'un marché mixte"),
    "lots": message("somme des lots"),
    "members": message("somme des besoins des membres"),
    "declared": message("valeur déclarée"),
}
DISCLAIMER = message(
    "Cette réponse informe, elle n'absout pas : elle dit ce que la base juridique permet de conclure des faits donnés, "
    "et ne remplace ni la lecture des textes ni un avis juridique."
)


def decision_page(decision: "Decision", say: Language) -> Page:
    """The whole explanation, decision first."""
    purchase, table = decision.purchase, decision.law.table
    need = purchase.need if isinstance(purchase, Purchase) else None
    return page_of(
        "decision",
        say,
        voices=(*_VOICES, open_questions),
        it=decision,
        title=purchase.title if isinstance(purchase, Purchase) else say("Un cas"),
        described=described(decision, say),
        another_regime=table.outside_of(decision.submission.case) is not None,
        opened=sorted((o for o in decision.options if o.truth is Truth.YES), key=lambda option: option.order),
        evidence=getattr(purchase, "evidence", ()),
        intercommunalities=_intercommunalities(purchase),
        sources=source_lines(say, table, sources_of(decision), purchase.launched_on),
        disclaimer=DISCLAIMER,
        **_COMPUTED,
        parts=PARTS,
        vat_rate=need and need.vat_rate,
    )


def option_blocks(say: Language, option: "Option", evidence: Iterable[str] = ()) -> tuple[Block, ...]:
    """One option: why, what to settle, what it obliges to, what to beware of.

    Args:
        say: The reader's language.
        option: The option.
        evidence: What is cited for the innovative character.
    """
    return page_of("option", say, voices=_VOICES, it=option, evidence=evidence, **_COMPUTED).blocks


def obligations(say: Language, option: "Option") -> tuple[Block, ...]:
    """What an option obliges to, and what to beware of."""
    return page_of("obligations", say, voices=_VOICES, it=option, **_COMPUTED).blocks


def lot_page(lot: "LotDecision", say: Language) -> Page:
    """One lot alone: every procedure, those that are closed in one line each."""
    return page_of("lot", say, voices=_VOICES, it=lot, **_COMPUTED)


def lots_blocks(decision: "Decision", say: Language) -> tuple[Block, ...]:
    """The lots in one table; then what differs from the answer for the whole, and what the way of a lot obliges to, once for all that share it."""
    return page_of("lots", say, voices=_VOICES, it=decision, **_COMPUTED).blocks


def valuation_blocks(decision: "Decision", say: Language) -> tuple[Block, ...]:
    """The value of the need, part by part, each with its article."""
    need = decision.purchase.need if isinstance(decision.purchase, Purchase) else None
    voices = (citation, quantity)
    return page_of("valuation", say, voices=voices, it=decision, parts=PARTS, vat_rate=need and need.vat_rate).blocks


def _intercommunalities(purchase: Purchase | Case) -> dict[Intercommunality, list[str]]:
    """The EPCI that the buyers belong to, each with the names of their communes."""
    buyers: list[Buyer | None] = []
    if isinstance(purchase, Purchase):
        buyers += [member.buyer for member in purchase.members] or [purchase.buyer]
    communes = [buyer.commune for buyer in buyers if buyer is not None and buyer.commune is not None]
    members: dict[Intercommunality, list[str]] = {}
    for commune in dict.fromkeys(communes):
        if commune.epci is not None:
            members.setdefault(commune.epci, []).append(commune.name)
    return members


def sources_of(decision: "Decision") -> tuple[Source, ...]:
    """The legal texts that the explanation of a decision cites, each once."""
    options = [*decision.options, *decision.arrangements, *(o for lot in decision.lots for o in lot.options)]
    cited = [source for option in options for source in option.legal_basis]
    told = [*(o for o in decision.options if o.procedure == decision.lightest), *decision.arrangements]
    told += [option for lot in decision.lots if (option := way_of_a_lot(decision, lot)) is not None]
    cited += [duty.legal_basis for option in told if option.truth is Truth.YES for duty in option.duties]
    sources = decision.law.table.sources
    cited += [sources[part.legal_basis] for part in decision.valuation if part.legal_basis in sources]
    return tuple({source.id: source for source in cited}.values())


def described(decision: "Decision", say: Language) -> str:
    """The purchase in one sentence: value, type, buyer, date."""
    law, purchase = decision.law, decision.submission.case
    value = decision.estimated_value
    parts = [
        say(
            "Valeur estimée du besoin : {value}",
            value=say("{amount} HT", amount=say.euros(value)) if value is not None else say("non renseignée"),
        )
    ]
    contract, kind = (
        next((say(choice.label) for choice in law.facts[fact].choices if choice.id == word), None)
        for fact, word in (("contract_type", purchase.contract_type), ("buyer_kind", purchase.buyer_kind))
    )
    parts.append(say("marché de {contract}", contract=contract) if contract else say("type de marché non renseigné"))
    buyer = say("acheteur : {kind}", kind=kind) if kind else say("acheteur non renseigné")
    named = (
        decision.purchase.buyer.commune if isinstance(decision.purchase, Purchase) and decision.purchase.buyer else None
    )
    parts.append(f"{buyer}, {named.name} ({named.territory_name})" if named else buyer)
    parts.append(say("consultation lancée le {date}", date=say.date(purchase.launched_on)))
    return say.clauses(parts) + "."


def open_questions(say: Language, decision: "Decision") -> list[Line]:
    """What is still to establish, the most decisive first: the limit that the answer hangs on, then facts, then other limits."""
    limits: list[Line] = [*limit_questions(decision, say)]
    questions = numbered_questions(decision, say)
    # while the answer hangs on which text is right, no fact settles it
    first = decision.publicity_and_competition == "undetermined"
    return [*limits, *questions] if first else [*questions, *limits]


def numbered_questions(decision: "Decision", say: Language) -> list[Line]:
    """The questions that are open, in the order in which they settle most; a lot's question names the lot."""
    lines: list[Line] = []
    for path in decision.missing:
        asked = question(say, decision.law.table, path)
        if path.startswith("lots[") and isinstance(decision.purchase, Purchase):
            lot = decision.purchase.lots[int(path[5 : path.index("]")])]
            asked = say("Lot {id} : {question}", id=lot.id, question=asked)
        lines.append(asked)
    return lines


# --- what the templates ask of an option


def cited(say: Language, sources: Iterable[Source]) -> str:
    """Texts in full, one after the other."""
    return ", ".join(citation(say, source) for source in sources)


def name_of(say: Language, ground: Examination) -> str:
    """What ground a row is, in a few words."""
    words = [getattr(ground.row, name, "") for name in ("ground", "local_ground")]
    return sentence_case(say.clauses(say(text) for text in words if text)) or ground.row.id


def conditions(say: Language, option: "Option", ground: Examination) -> list[str]:
    """What was seen of a row; a type or a buyer that fits is what the row is about, saying it would only hide what decides."""
    told = [f for f in ground.findings if not (isinstance(f, ChoiceFinding) and f.truth is Truth.YES)]
    return [finding_sentence(say, option.law.table, finding) for finding in told]


def texts_of(option: "Option", ground: Examination) -> list[Source]:
    """The text of a row, and that of the conditions that a local table added."""
    keys = dict.fromkeys(key for key in (ground.row.legal_basis, getattr(ground.row, "local_basis", "")) if key)
    return [option.law.table.cited(key, option.case.launched_on) for key in keys]


def findings_of(say: Language, option: "Option") -> list[str]:
    """All that was seen; where no row was in force, the days for which the table knows the procedure."""
    return [finding_sentence(say, option.law.table, finding) for finding in option.findings]


def supposed_of(say: Language, option: "Option") -> list[str]:
    """The kind of buyer and the type of contract, where they are not filled."""
    filled = {"buyer.kind": option.case.buyer_kind, "contract_type": option.case.contract_type}
    return [fact_name(say, option.law.table, path) for path, word in filled.items() if word is None]


def doubts_of(say: Language, option: "Option") -> list[str]:
    """What an option rests on that is not confirmed, and the rows that nobody may rely on."""
    doubts = (*option.doubts, *contested_rows(option.examined, option.law))
    return [sentence_case(doubt.sentence(say)) for doubt in doubts]


def limits_of(say: Language, option: "Option") -> list[str]:
    """The limits on which the texts disagree and that keep an option open, as questions."""
    limits = contested_limits(option.examined, option.law) if option.contested else ()
    return [limit_question(say, limit, option.label) for limit in limits]


def facts_of(say: Language, option: "Option") -> list[str]:
    """The facts that are not filled and would settle it, each once."""
    return [fact_name(say, option.law.table, path) for path in option.missing]


def closing(say: Language, option: "Option") -> list[str]:
    """The condition that closes each ground, each once."""
    table, seen = option.law.table, (finding for ground in option.examined for finding in ground.findings)
    closed = dict.fromkeys(finding_sentence(say, table, finding) for finding in seen if finding.truth is Truth.NO)
    return [*closed] or findings_of(say, option)


def told_of(say: Language, option: "Option", status: str) -> list[str]:
    """Of an option that is not closed its status in words and why, or what is to be established."""
    findings = option.findings
    if option.truth is Truth.UNDETERMINED:
        findings = tuple(
            f for f in findings if f.truth is Truth.UNDETERMINED and getattr(f, "fact", None) not in option.missing
        )
    told = [finding_sentence(say, option.law.table, finding) for finding in findings]
    told += [doubt.sentence(say) for doubt in option.doubts]
    if option.missing:
        told.insert(0, say("à établir : {fact}", fact=say.all_of(dict.fromkeys(facts_of(say, option)))))
    elif option.truth is Truth.YES:
        told.insert(0, status)
    return [*dict.fromkeys(told)]


# --- and of lots


def way_of_a_lot(decision: "Decision", lot: "LotDecision") -> "Option | None":
    """The lightest way that a row about lots opens for a lot; None where it follows the whole."""
    opened = [option for option in lot.options if option.truth is Truth.YES]
    lightest = min(opened, key=lambda option: option.order, default=None)
    return lightest if lightest is not None and _by_lot_rule(decision, lot, lightest) else None


def ways(decision: "Decision") -> Iterator[tuple["Option", list["LotDecision"]]]:
    """The ways of lots that do not follow the whole, each with the lots that share all it obliges to."""
    found: dict[tuple[str, tuple[DutyOwed, ...], tuple[Pitfall, ...]], list[LotDecision]] = {}
    for lot in decision.lots:
        if (way := way_of_a_lot(decision, lot)) is not None:
            # lots often share all they oblige to: three hundred lots must not make three hundred lists
            found.setdefault((way.procedure, way.duties, way.cautions), []).append(lot)
    for (procedure, _, _), lots in found.items():
        yield lots[0].option(procedure), lots


def differences(say: Language, decision: "Decision") -> Iterator[tuple["Option", list[str], list[str]]]:
    """Each procedure that is not for a lot what it is for the whole, the lots of which the same is said, and why."""
    found: dict[tuple[str, str, tuple[str, ...]], list[Option]] = {}
    names: dict[int, str] = {}
    for lot in decision.lots:
        for option in lot.options:
            if option.truth is not decision.option(option.procedure).truth or _by_lot_rule(decision, lot, option):
                grounds = tuple(ground.row.id for ground in option.examined if ground.applies)
                found.setdefault((option.procedure, option.status, grounds), []).append(option)
                names[id(option)] = lot.id
    for options in found.values():
        first, *others = options
        said = [set(_sentences(say, option)) for option in others]
        # the value of one lot is not said of another: only what all of them share stands here
        why = [sentence for sentence in _sentences(say, first) if all(sentence in known for known in said)]
        bases = [say(getattr(ground.row, "ground", "")) for ground in first.examined if ground.applies]
        yield first, [names[id(option)] for option in options], [*dict.fromkeys([*filter(None, bases), *why])]


def _sentences(say: Language, option: "Option") -> list[str]:
    """What makes an option what it is: what is in favour of an open one, against a closed one, not known of another."""
    decisive = [finding for finding in option.findings if finding.truth is option.truth]
    return [finding_sentence(say, option.law.table, finding) for finding in decisive or option.findings]


def _by_lot_rule(decision: "Decision", lot: "LotDecision", option: "Option") -> bool:
    """Whether a row about lots decides, for a lot that is not said to follow the whole."""
    facts = decision.law.facts
    return lot.small_lot is not False and any(
        ground.applies and any(facts[condition.fact].lot for condition in ground.row.when) for ground in option.examined
    )


_VOICES: Final = (
    citation, citations, cited, closing, conditions, differences, doubts_of, duty_line, facts_of, findings_of, limits_of,
    linked, linked_version, name_of, named, quantity, supposed_of, told_of,
)  # fmt: skip
_COMPUTED: Final = {"as_done": as_done, "texts_of": texts_of, "way_of_a_lot": way_of_a_lot, "ways": ways}
