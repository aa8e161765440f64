"""How the law is put into words: a finding, a fact, a citation, a status, a certainty; said here once for every room."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from qmi_rules.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding, Truth
from qmi_rules.law.facts import FactDefinition
from qmi_rules.law.sources import ArticleVersion, Certainty, Source
from qmi_rules.law.table import Table
from qmi_rules.text import Language, Line, Link, message
from qmi_rules.text.page import Inline
from qmi_rules.text.said import Quantity

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

_SHORT: Final[Mapping[str, str]] = {
    "du code général des collectivités territoriales": message("CGCT"),
    "du code de la commande publique": message("CCP"),
    "du code électoral": message("Code électoral"),
    "de la Constitution": message("Constitution"),
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_EDGES: Final = {
    ("below", Truth.YES): message("{fact} : {value}, sous le seuil de {limit}{since}"),
    ("below", Truth.NO): message("{fact} : {value}, qui atteint ou dépasse le seuil de {limit}{since}"),
    ("from", Truth.YES): message("{fact} : {value}, qui atteint ou dépasse le seuil de {limit}{since}"),
    ("from", Truth.NO): message("{fact} : {value}, sous le seuil de {limit}{since}"),
    ("at_most", Truth.YES): message("{fact} : {value}, dans la limite de {limit}{since}"),
    ("at_most", Truth.NO): message("{fact} : {value}, au-delà de la limite de {limit}{since}"),
    ("above", Truth.YES): message("{fact} : {value}, au-delà de {limit}{since}"),
    ("above", Truth.NO): message("{fact} : {value}, qui ne dépasse pas {limit}{since}"),
}
_LOOK_FOR: Final = message("le lien mène au texte entier, cherchez-y {article}")
_NO_ADDRESS: Final = message("adresse non connue")
_MORE, _LESS = message("un peu plus de {value}"), message("un peu moins de {value}")
_FRAMEWORK: Final = "need.framework.maximum"
"""The one thing asked about a need that no row tests: without it the need has no value."""


def certainty_words(say: Language, certainty: Certainty | str | None) -> str:
    """How sure a fact of law is; empty where nothing is known of it."""
    return say(CERTAINTIES[certainty]) if certainty is not None else ""


def certainty_mark(say: Language, certainty: Certainty | str | None) -> str:
    """The same in brackets behind what it is about; empty where it is confirmed or nothing is known."""
    if certainty in (None, Certainty.CONFIRMED):
        return ""
    return say(" ({certainty})", certainty=certainty_words(say, certainty))


def citation(say: Language, source: Source) -> str:
    """A legal text as a sentence cites it."""
    return source.said(say)


def citations(say: Language, sources: Iterable[Source]) -> str:
    """Several legal texts, articles of one text together, a code by its short name: for tables and brackets without room for more."""
    articles: dict[str, list[str]] = {}
    for source in sources:
        articles.setdefault(source.text, []).append(source.article or "")
    return say.clauses(
        say("{code}, art. {articles}", code=say(_SHORT[text]), articles=say.all_of(found))
        if text in _SHORT
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
    return [_source_line(say, source, source.version_on(day), day) for source in named.values()]


def _source_line(say: Language, source: Source, version: ArticleVersion | None, day: date) -> Line:
    line: list[Inline] = [linked(say, source.on(day))]
    if version is not None and version.effective_from is not None:
        line.append(say(", version du {day}", day=say.date(version.effective_from)))
        if version.read_on is not None:
            line.append(say(" (lue le {day})", day=say.date(version.read_on)))
        line.append(certainty_mark(say, version.certainty))
    if source.article is not None and (version is None or version.url is None):
        line.append(" — " + say(_LOOK_FOR if source.url else _NO_ADDRESS, article=source.article))
    return [part for part in line if part]


def quantity(say: Language, value: Decimal | None, unit: str) -> str:
    """A number with its unit."""
    return Quantity(value, unit).said(say)


def edition_words(say: Language, edition: str) -> str:
    """The name of an edition; a day as the reader writes days."""
    return say.date(date.fromisoformat(edition)) if _DAY.fullmatch(edition) else edition


def sentence_case(text: str) -> str:
    """A clause as a sentence begins it."""
    return text[:1].upper() + text[1:]


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
    if path == _FRAMEWORK:
        return say("le maximum de l'accord-cadre")
    fact = fact_at(table, path, row)
    return say(fact.label) if fact else path


def question_text(table: Table, path: str) -> str:
    """How to ask for a fact, as the catalogue has it; the path itself where there is no question."""
    if path == _FRAMEWORK:
        return message(
            "Quel est le maximum de l'accord-cadre sur toute sa durée, en euros hors taxes ? Un maximum est obligatoire."
        )
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
        return say("présumé, faute d'indication contraire : {statement}", statement=say(fact.denied))
    if finding.value is None:
        return say("à établir : {fact}", fact=say(fact.label))
    return say(fact.affirmed if finding.value else fact.denied)


def _choice(say: Language, table: Table, finding: ChoiceFinding) -> str:
    fact = fact_at(table, finding.fact, finding.row)
    names = {choice.id: say(choice.label) for choice in fact.choices} if fact else {}
    expected = say.any_of([names.get(word, word) for word in finding.expected])
    name = fact_name(say, table, finding.fact, finding.row)
    if finding.value is None:
        return say("à préciser : {fact} (règle pour : {expected})", fact=name, expected=expected)
    value = names.get(finding.value, finding.value)
    if finding.truth is Truth.YES:
        return say("{fact} : {value}", fact=name, value=value)
    return say("réservé à : {expected} ; ici {fact} : {value}", expected=expected, fact=name, value=value)


def _amount(say: Language, table: Table, finding: AmountFinding) -> str:
    fact = fact_name(say, table, finding.fact, finding.row)
    if finding.unknown:
        return say("à cette date, la valeur n'est pas connue : {threshold}", threshold=say(finding.label))
    limits = say.any_of(
        [quantity(say, amount, finding.unit) for amount in (finding.readings or (finding.limit,)) if amount is not None]
    )
    if finding.value is None:
        return say("à établir : {fact} (seuil : {limit})", fact=fact, limit=limits)
    value = quantity(say, finding.value, finding.unit)
    if finding.limit is not None and finding.value != finding.limit and value == limits:  # a hair from a share
        value = say(_MORE if finding.value > finding.limit else _LESS, value=value)
    if finding.truth is Truth.UNDETERMINED:
        return say(
            "{fact} : {value} ; les sources du droit ne s'accordent pas sur le seuil ({limits} selon {basis}) : à vérifier avant tout",
            fact=fact,
            value=value,
            limits=limits,
            basis=say.any_of([citation(say, table.sources[key]) for key in finding.legal_basis]),
        )
    if finding.readings:
        limits = say("{limits}, quelle que soit la lecture", limits=limits)
    since = say(", en vigueur depuis le {date}", date=say.date(finding.since)) if finding.since else ""
    text = say(_EDGES[finding.edge, finding.truth], fact=fact, value=value, limit=limits, since=since)
    return text if finding.readings else text + certainty_mark(say, finding.certainty)


def _period(say: Language, finding: PeriodFinding) -> str:
    known = finding.truth is Truth.NO
    if finding.since is not None and finding.on < finding.since:
        if known:
            return say(
                "cette règle n'est pas en vigueur ce jour-là (première règle connue : {since})",
                since=say.date(finding.since),
            )
        return say(
            "les tables du droit ne connaissent cette règle qu'à partir du {since}", since=say.date(finding.since)
        )
    if finding.until is not None:
        if known:
            return say("cette règle n'est plus en vigueur après le {until}", until=say.date(finding.until))
        return say("cette règle n'est connue que jusqu'au {until}", until=say.date(finding.until))
    return say("les tables du droit n'ont aucune règle pour ce jour-là")
