"""Findings, answers and amounts of this room as sentences in the reader's language."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from qmi_rules.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding, Truth
from qmi_rules.funding.conflicts import ConflictCode
from qmi_rules.funding.plan import FondsDeConcours, Why
from qmi_rules.funding.scheme_funding import Availability, SchemeFunding, Status
from qmi_rules.funding.schemes import Moment
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.law import Certainty, FactDefinition
from qmi_rules.text import Language, message

STATUSES: Final = {
    Status.ELIGIBLE: message("peut être demandé"),
    Status.NOT_ELIGIBLE: message("ne convient pas"),
    Status.UNDETERMINED: message("à déterminer"),
}
CERTAINTIES: Final = {
    Certainty.CONFIRMED: message("confirmé"),
    Certainty.SINGLE_SOURCE: message("source unique"),
    Certainty.UNVERIFIED: message("à vérifier, non établi"),
}
WHYS: Final = {
    Why.LARGEST_TOTAL: message("Le total le plus élevé"),
    Why.CUTS_OTHER_GRANTS: message("Même total, la baisse portant sur les autres subventions"),
    Why.FEWER_FILES: message("Moins de dossiers"),
    Why.OTHER_CHOICE: message("L'autre choix entre dispositifs qui s'excluent"),
}
READINGS: Final = {
    FondsDeConcours.NOT_BINDING: message("L'aide de la Métropole est une subvention ordinaire"),
    FondsDeConcours.BINDING: message("L'aide de la Métropole est un fonds de concours"),
}
CONFLICTS: Final = {
    ConflictCode.OWN_SHARE_TOO_SMALL: message(
        "{label} : {amount} de subventions sont souhaités, {allowed} au plus sont possibles."
    ),
    ConflictCode.AID_EXCEEDS_COST: message("{label} : {amount} d'aide sont souhaités pour {allowed} à payer."),
    ConflictCode.JOINT_CEILING_EXCEEDED: message(
        "{label} : {amount} sont souhaités, {allowed} au plus sont possibles."
    ),
    ConflictCode.EXCLUSIVE_SCHEMES: message("{label} : {schemes}."),
    ConflictCode.FONDS_DE_CONCOURS_TOO_LARGE: message(
        "{label} : {amount} sont souhaités, {allowed} au plus sont possibles."
    ),
    ConflictCode.SCHEME_NOT_ELIGIBLE: message("{label} : le projet n'entre pas dans ce dispositif."),
    ConflictCode.SCHEME_UNDETERMINED: message("{label} : on ne sait pas si le projet entre dans ce dispositif."),
    ConflictCode.AMOUNT_UNKNOWN: message("{label} : aucun montant ne peut être compté."),
    ConflictCode.CEILING_EXCEEDED: message("{label} : {amount} sont demandés, le plafond est de {allowed}."),
    ConflictCode.NO_STATE_AID_BASIS: message(
        "{label} : {amount} d'aide à l'entreprise, et les bases en vigueur ce jour-là n'en portent que {allowed}."
    ),
}
MOMENTS: Final = {
    Moment.BEFORE_FILING: message("avant le dépôt"),
    Moment.BEFORE_SIGNATURE: message("avant la signature"),
    Moment.AFTER_SIGNATURE: message("après la signature"),
}
_EDGES: Final = {
    "below": message("moins de {limit}"),
    "from": message("au moins {limit}"),
    "at_most": message("au plus {limit}"),
    "above": message("plus de {limit}"),
}
_QUESTIONS: Final = {
    "starts_on": message("Quel jour le projet commence-t-il ?"),
    "vat_rate": message("Quel est le taux de TVA de l'achat, pour chiffrer ce que le FCTVA rendrait ?"),
}
"""How to ask for what no row tests."""
_RESERVED: Final = {
    "commune": message("aux communes"),
    "ept": message("aux établissements publics territoriaux"),
    "epci": message("aux EPCI"),
    "metropolis": message("aux métropoles"),
    "department": message("aux départements"),
    "region": message("aux régions"),
    "state": message("aux services de l'État"),
    "utility": message("aux entités adjudicatrices"),
    "investment": message("aux investissements"),
    "operating": message("aux dépenses de fonctionnement"),
}
"""Whom or what a scheme is for, by the word of the closed list."""
_MARKS: Final = {Truth.YES: "✓", Truth.NO: "✗", Truth.UNDETERMINED: "?"}


def finding_sentence(finding: Finding, table: SchemeTable, say: Language) -> str:
    """One finding in words, with a mark for yes, no or not known."""
    match finding:
        case PeriodFinding():
            words = _period(finding, say)
        case FactFinding():
            words = _fact(finding, table, say)
        case ChoiceFinding():
            words = _choice(finding, table, say)
        case AmountFinding():
            words = _amount(finding, table, say)
    return f"{_MARKS[finding.truth]} {words}"


def fact_of(finding: FactFinding | ChoiceFinding | AmountFinding, table: SchemeTable) -> FactDefinition:
    """The fact that a finding is about: several facts may be filled at one path, the row tells which it tests."""
    facts = table.law.facts
    row = next(row for row in table.law.rows() if row.id == finding.row)
    return next(facts[c.fact] for c in row.when if facts[c.fact].where == finding.fact)


def question_of(path: str, table: SchemeTable) -> str:
    """How to ask for the fact at a path, French; the path itself where there is no question."""
    if path in _QUESTIONS:
        return _QUESTIONS[path]
    return next((fact.question for fact in table.law.facts.values() if fact.where == path and fact.question), path)


def question(path: str, table: SchemeTable, say: Language) -> str:
    """How to ask for the fact at a path."""
    return say(question_of(path, table))


def reasons(funding: SchemeFunding, table: SchemeTable, say: Language) -> str:
    """Why a scheme does or does not take the project, in a few words."""
    if funding.status is Status.ELIGIBLE:
        return say("toutes les conditions connues sont remplies")
    wanted = Truth.NO if funding.status is Status.NOT_ELIGIBLE else Truth.UNDETERMINED
    told = [f for f in funding.findings if f.truth is wanted]
    if wanted is Truth.UNDETERMINED:
        labels = missing_facts([funding], table, say)
        periods = [_period(f, say) for f in told if isinstance(f, PeriodFinding)]
        missing = [say("il manque {facts}", facts=say.all_of(labels))] if labels else []
        return say.all_of([*periods, *missing])
    return say.clauses(finding_sentence(f, table, say).removeprefix("✗ ") for f in told)


def missing_facts(schemes: Iterable[SchemeFunding], table: SchemeTable, say: Language) -> list[str]:
    """The facts that keep some schemes open, in a few words each, once."""
    findings = (finding for funding in schemes for finding in funding.findings)
    return list(
        dict.fromkeys(
            say(fact_of(finding, table).label)
            for finding in findings
            if finding.truth is Truth.UNDETERMINED and not isinstance(finding, PeriodFinding)
        )
    )


def currency(funding: SchemeFunding, say: Language) -> str:
    """How recent what is known of a scheme is, and how long it is taken to be known."""
    newest = (
        say("aucune de ses sources n'est datée")
        if funding.newest_source is None
        else say("la plus récente source datée est de {year}", year=funding.newest_source)
    )
    if funding.known_until is None:
        return say("Actualité : {newest}.", newest=newest)
    return say(
        "Actualité : {newest} ; au-delà du {day}, rien n'est connu.", newest=newest, day=say.date(funding.known_until)
    )


def amount_words(amount: Decimal | None, say: Language) -> str:
    """An amount, or that it is not known."""
    return say("inconnu") if amount is None else say.euros(amount)


def certainty_words(certainty: Certainty | None, say: Language) -> str:
    """How sure something is."""
    return "" if certainty is None else say(CERTAINTIES[certainty])


def _period(finding: PeriodFinding, say: Language) -> str:
    if finding.since is not None and finding.on < finding.since:
        return say("connu seulement à partir du {day}", day=say.date(finding.since))
    if finding.until is not None:
        if finding.truth is Truth.NO:
            return say("clos après le {day}", day=say.date(finding.until))
        return say("ouverture connue jusqu'au {day} seulement", day=say.date(finding.until))
    return say("aucune règle publique n'a été trouvée")


def _fact(finding: FactFinding, table: SchemeTable, say: Language) -> str:
    fact = fact_of(finding, table)
    if finding.truth is Truth.UNDETERMINED:
        return say(fact.question)
    value = finding.value if finding.value is not None else False
    stated = say(fact.affirmed if value else fact.denied)
    return say("{statement} (présumé)", statement=stated) if finding.presumed else stated


def _choice(finding: ChoiceFinding, table: SchemeTable, say: Language) -> str:
    fact = fact_of(finding, table)
    names = {choice.id: say(choice.label) for choice in fact.choices}
    if finding.value is None:
        return say(fact.question)
    seen = names.get(finding.value, finding.value)
    if finding.truth is Truth.YES:
        return say("{label} : {value}", label=say(fact.label), value=seen)
    if finding.truth is Truth.NO and all(word in _RESERVED for word in finding.expected):
        return say("réservé {whom}", whom=say.any_of(say(_RESERVED[word]) for word in finding.expected))
    expected = say.any_of(names.get(word, word) for word in finding.expected)
    return say("{label} : {value}, mais il faut : {expected}", label=say(fact.label), value=seen, expected=expected)


def _amount(finding: AmountFinding, table: SchemeTable, say: Language) -> str:
    fact = fact_of(finding, table)
    if finding.value is None:
        return say(fact.question)
    limits = [_measure(limit, finding.unit, say) for limit in _limits(finding)]
    needed = say(_EDGES[finding.edge], limit=say.any_of(limits) if limits else say("inconnu"))
    value = _measure(finding.value, finding.unit, say)
    if finding.truth is Truth.NO:
        return say("{label}, {value}, doit être de {needed}", label=say(fact.label), value=value, needed=needed)
    return say("{label} : {value}, et il faut {needed}", label=say(fact.label), value=value, needed=needed)


def _limits(finding: AmountFinding) -> Iterator[Decimal]:
    if finding.limit is not None:
        yield finding.limit
    yield from finding.readings


def _measure(value: Decimal, unit: str, say: Language) -> str:
    if unit.startswith("EUR"):
        return say.euros(value)
    return say.percent(value) if unit == "share" else say.number(value)


def availability_words(funding: SchemeFunding, say: Language) -> str:
    """The answer on a scheme in two words: closed schemes are said to be closed."""
    if funding.availability is Availability.CLOSED:
        return say("clos")
    return say(STATUSES[funding.status])
