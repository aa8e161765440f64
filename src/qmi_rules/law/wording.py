"""How the law is put into words: a finding, a fact, a citation, a status, a certainty; said here once for every room."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from qmi_rules.catalogues import printed
from qmi_rules.law.facts import FactDefinition
from qmi_rules.law.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding
from qmi_rules.law.sources import SHORT_NAMES, Source
from qmi_rules.law.table import Table
from qmi_rules.law.truth import Certainty, Truth
from qmi_rules.pages import Language, Line, Link, Paragraph, message
from qmi_rules.pages.blocks import Inline
from qmi_rules.pages.sentences import Quantity

STATUSES: Final[Mapping[str, str]] = {
    "open": message("ouverte"),
    "closed": message("fermée"),
    "undetermined": message("indéterminée"),
}
"""How a procedure stands, in one word."""
CERTAINTIES: Final[Mapping[str, str]] = {
    Certainty.CONFIRMED: message("confirmé"),
    Certainty.SINGLE_SOURCE: message("une seule source"),
    Certainty.UNVERIFIED: message("non vérifié sur le texte officiel"),
}
"""How sure a fact of law is; the only table of such words."""
MARKS: Final[Mapping[Truth, str]] = {Truth.YES: "✓", Truth.NO: "✗", Truth.UNDETERMINED: "?"}
"""Yes, no and not known as signs before a finding."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
SENTENCES: Final[Mapping[str, str]] = {
    "certainty": message(" ({certainty})"),
    "articles": message("{code}, art. {articles}"),
    # a yes/no fact, a word of a list
    "presumed_so": message("présumé, faute d'indication contraire : {statement}"),
    "fact_open": message("à établir : {fact}"),
    "choice_open": message("à préciser : {fact} (règle pour : {expected})"),
    "choice": message("{fact} : {value}"),
    "choice_other": message("réservé à : {expected} ; ici {fact} : {value}"),
    # a number against a limit
    "limit_unknown": message("à cette date, la valeur n'est pas connue : {threshold}"),
    "number_open": message("à établir : {fact} (seuil : {limit})"),
    "limit_contested": message(
        "{fact} : {value} ; les sources du droit ne s'accordent pas sur le seuil ({limits} selon {basis}) : à vérifier avant tout"
    ),
    "any_reading": message("{limits}, quelle que soit la lecture"),
    "since": message(", en vigueur depuis le {date}"),
    "below_yes": message("{fact} : {value}, sous le seuil de {limit}{since}"),
    "below_no": message("{fact} : {value}, qui atteint ou dépasse le seuil de {limit}{since}"),
    "from_yes": message("{fact} : {value}, qui atteint ou dépasse le seuil de {limit}{since}"),
    "from_no": message("{fact} : {value}, sous le seuil de {limit}{since}"),
    "at_most_yes": message("{fact} : {value}, dans la limite de {limit}{since}"),
    "at_most_no": message("{fact} : {value}, au-delà de la limite de {limit}{since}"),
    "above_yes": message("{fact} : {value}, au-delà de {limit}{since}"),
    "above_no": message("{fact} : {value}, qui ne dépasse pas {limit}{since}"),
    "more": message("un peu plus de {value}"),
    "less": message("un peu moins de {value}"),
    # the day against the time for which a rule is known
    "not_yet": message("cette règle n'est pas en vigueur ce jour-là (première règle connue : {since})"),
    "known_from": message("la base juridique ne contient cette règle qu'à partir du {since}"),
    "no_more": message("cette règle n'est plus en vigueur après le {until}"),
    "known_until": message("cette règle n'est connue que jusqu'au {until}"),
    "no_rule": message("la base juridique n'a aucune règle pour ce jour-là"),
    # the one thing asked about a need that no row tests
    "framework": message("le maximum de l'accord-cadre"),
    "framework_question": message(
        "Quel est le maximum de l'accord-cadre sur toute sa durée, en euros hors taxes ? Un maximum est obligatoire."
    ),
}
"""The sentences about findings, by name: views in other languages of programming take them from the compiled table."""
_LOOK_FOR: Final = message("lien vers le texte entier")
_NO_ADDRESS: Final = message("adresse non connue")
FRAMEWORK: Final = "need.framework.maximum"
"""The one thing asked about a need that no row tests: without it the need has no value."""


def certainty_words(say: Language, certainty: Certainty | str | None) -> str:
    """How sure a fact of law is; empty where nothing is known of it."""
    return say(CERTAINTIES[certainty]) if certainty is not None else ""


def certainty_mark(say: Language, certainty: Certainty | str | None) -> str:
    """The same in brackets behind what it is about; empty where it is confirmed or nothing is known."""
    if certainty in (None, Certainty.CONFIRMED):
        return ""
    return say(SENTENCES["certainty"], certainty=certainty_words(say, certainty))


def citation(say: Language, source: Source) -> str:
    """A legal text as a sentence cites it."""
    return source.said(say)


def citations(say: Language, sources: Iterable[Source]) -> str:
    """Several legal texts, articles of one text together, a code by its short name: for tables and brackets without room for more."""
    articles: dict[str, list[str]] = {}
    for source in sources:
        articles.setdefault(source.text, []).append(printed(source.article or ""))
    return say.clauses(
        say(SENTENCES["articles"], code=say(SHORT_NAMES[text]), articles=say.all_of(found))
        if text in SHORT_NAMES
        else say.all_of(f"{article} {say(text)}".strip() for article in found)
        for text, found in articles.items()
    )


def linked(say: Language, source: Source) -> Link | str:
    """A legal text that leads to its address, where one is known."""
    text = citation(say, source)
    return Link(text, source.url) if source.url else text


def linked_version(say: Language, source: Source) -> list[Inline]:
    """The same, and from which day on the version that was in force had its text."""
    version = source.version_from
    return [linked(say, source), *([say(", version du {day}", day=say.date(version))] if version is not None else [])]


def source_lines(say: Language, table: Table, sources: Iterable[Source], day: date) -> list[Line]:
    """The list of sources at the end of a page, each once: which version was in force on the day, when it was read, what to look for."""
    named = {source.id: table.sources.get(source.id, source) for source in sources}
    lines: list[Line] = []
    for source in named.values():
        version, line = source.version_on(day), [linked(say, source.on(day))]
        if version is not None and version.effective_from is not None:
            line.append(say(", version du {day}", day=say.date(version.effective_from)))
            if version.read_on is not None:
                line.append(say(" (lue le {day})", day=say.date(version.read_on)))
            line.append(certainty_mark(say, version.certainty))
        if source.article is not None and (version is None or version.url is None):
            line.append(" — " + say(_LOOK_FOR if source.url else _NO_ADDRESS, article=printed(source.article)))
        lines.append([part for part in line if part])
    return lines


def quantity(say: Language, value: Decimal | None, unit: str) -> str:
    """A number with its unit."""
    return Quantity(value, unit).said(say)


_INFORMS = message(
    "Cette réponse informe, elle n'absout pas : elle ne remplace ni la lecture des textes ni un avis juridique."
)


def informs(say: Language) -> Paragraph:
    """The last word of every answer that cites the law without being a decision; a briefing, which holds several, says it once in its own words."""
    return Paragraph(say(_INFORMS), "note")


def edition_words(say: Language, edition: str) -> str:
    """The name of an edition; a day as the reader writes days."""
    return say.date(date.fromisoformat(edition)) if _DAY.fullmatch(edition) else edition


def sentence_case(text: str) -> str:
    """A clause as a sentence begins it."""
    return text[:1].upper() + text[1:]


def unknown_text(table: Table, id: str) -> str:
    """What the table does not know, as the catalogue has it: a threshold, a row, an act outside it, a procedure."""
    if id in table.thresholds:
        return table.thresholds[id].label
    if id in table.procedures:
        return table.procedures[id].label
    outside = {one.id: one.text.rstrip(".") for one in table.outside}
    return outside.get(id) or next((rule.unknown for rule in table.rules if rule.id == id and rule.unknown), id)


def fact_at(table: Table, path: str, row: str = "") -> FactDefinition | None:
    """The fact that a path of a document names; a path in a lot names the fact of the lot.

    Several facts may be filled at one path (a staff of its own, one with linked firms): the row tells which it tests.
    """
    name = path.rsplit("].", 1)[-1]
    in_lot = path.startswith("lots[")
    found = table.facts_at.get(name, ())
    fitting = [fact for fact in found if fact.lot is in_lot] or [*found]
    if len(fitting) > 1 and row:
        fitting = [fact for fact in fitting if fact.id in table.tested_by(row)] or fitting
    return fitting[0] if fitting else None


def fact_name(say: Language, table: Table, path: str, row: str = "") -> str:
    """The name of a fact in a sentence."""
    if path == FRAMEWORK:
        return say(SENTENCES["framework"])
    fact = fact_at(table, path, row)
    return say(fact.label) if fact else path


def question_text(table: Table, path: str) -> str:
    """How to ask for a fact, as the catalogue has it; the path itself where there is no question."""
    if path == FRAMEWORK:
        return SENTENCES["framework_question"]
    fact = fact_at(table, path)
    return fact.question if fact and fact.question else path


def question(say: Language, table: Table, path: str) -> str:
    """How to ask for a fact."""
    return say(question_text(table, path))


def finding_sentence(say: Language, table: Table, finding: Finding) -> str:
    """What was seen, in one clause without a full stop."""
    match finding:
        case FactFinding():
            return _fact(say, table, finding)
        case ChoiceFinding():
            return _choice(say, table, finding)
        case AmountFinding():
            return _amount(say, table, finding)
        case PeriodFinding():
            return _period(say, finding)


def _fact(say: Language, table: Table, finding: FactFinding) -> str:
    fact = fact_at(table, finding.fact, finding.row)
    if fact is None:
        return finding.fact
    if finding.presumed:
        return say(SENTENCES["presumed_so"], statement=say(fact.denied))
    if finding.value is None:
        return say(SENTENCES["fact_open"], fact=say(fact.label))
    return say(fact.affirmed if finding.value else fact.denied)


def _choice(say: Language, table: Table, finding: ChoiceFinding) -> str:
    fact = fact_at(table, finding.fact, finding.row)
    names = {choice.id: say(choice.label) for choice in fact.choices} if fact else {}
    expected = say.any_of([names.get(word, word) for word in finding.expected])
    name = fact_name(say, table, finding.fact, finding.row)
    if finding.presumed and fact:
        presumed = names[fact.presumed_choice]
        return say(SENTENCES["presumed_so"], statement=say.labelled(name, presumed))
    if finding.value is None:
        return say(SENTENCES["choice_open"], fact=name, expected=expected)
    value = names.get(finding.value, finding.value)
    if finding.truth is Truth.YES:
        return say(SENTENCES["choice"], fact=name, value=value)
    return say(SENTENCES["choice_other"], expected=expected, fact=name, value=value)


def _amount(say: Language, table: Table, finding: AmountFinding) -> str:
    fact = fact_name(say, table, finding.fact, finding.row)
    if finding.unknown:
        return say(SENTENCES["limit_unknown"], threshold=say(finding.label))
    limits = say.any_of(
        [quantity(say, amount, finding.unit) for amount in (finding.readings or (finding.limit,)) if amount is not None]
    )
    if finding.value is None:
        return say(SENTENCES["number_open"], fact=fact, limit=limits)
    value = quantity(say, finding.value, finding.unit)
    if finding.limit is not None and finding.value != finding.limit and value == limits:  # a hair from a share
        value = say(SENTENCES["more" if finding.value > finding.limit else "less"], value=value)
    if finding.truth is Truth.UNDETERMINED:
        return say(
            SENTENCES["limit_contested"],
            fact=fact,
            value=value,
            limits=limits,
            basis=say.any_of([citation(say, table.sources[key]) for key in finding.legal_basis]),
        )
    if finding.readings:
        limits = say(SENTENCES["any_reading"], limits=limits)
    since = say(SENTENCES["since"], date=say.date(finding.since)) if finding.since else ""
    text = say(SENTENCES[f"{finding.edge}_{finding.truth}"], fact=fact, value=value, limit=limits, since=since)
    return text if finding.readings else text + certainty_mark(say, finding.certainty)


def _period(say: Language, finding: PeriodFinding) -> str:
    known = finding.truth is Truth.NO
    if finding.since is not None and finding.on < finding.since:
        return say(SENTENCES["not_yet" if known else "known_from"], since=say.date(finding.since))
    if finding.until is not None:
        return say(SENTENCES["no_more" if known else "known_until"], until=say.date(finding.until))
    return say(SENTENCES["no_rule"])
