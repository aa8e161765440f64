"""A finding, a ground, a duty or a source as a sentence in the reader's language."""

from decimal import Decimal

from qmi_rules.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding, Truth
from qmi_rules.law import Certainty, FactDefinition, LawInForce, Source
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.text import Language, Link, message

_EDGES = {
    ("below", Truth.YES): message("{fact} : {value}, sous le seuil de {limit}{since}"),
    ("below", Truth.NO): message("{fact} : {value}, qui atteint ou dépasse le seuil de {limit}{since}"),
    ("from", Truth.YES): message("{fact} : {value}, qui atteint ou dépasse le seuil de {limit}{since}"),
    ("from", Truth.NO): message("{fact} : {value}, sous le seuil de {limit}{since}"),
    ("at_most", Truth.YES): message("{fact} : {value}, dans la limite de {limit}{since}"),
    ("at_most", Truth.NO): message("{fact} : {value}, au-delà de la limite de {limit}{since}"),
    ("above", Truth.YES): message("{fact} : {value}, au-delà de {limit}{since}"),
    ("above", Truth.NO): message("{fact} : {value}, qui ne dépasse pas {limit}{since}"),
}
_MORE, _LESS = message("un peu plus de {value}"), message("un peu moins de {value}")
_MARKS = {
    Certainty.SINGLE_SOURCE.value: message(" (une seule source)"),
    Certainty.UNVERIFIED.value: message(" (valeur non vérifiée sur le texte officiel)"),
}


def quantity(say: Language, value: Decimal | None, unit: str) -> str:
    """A number with its unit."""
    if value is None:
        return "?"
    match unit:
        case "EUR HT":
            return say("{amount} HT", amount=say.euros(value))
        case "share":
            return say.percent(value)
        case "months":
            return say("{n} mois", n=say.number(value))
        case _:
            return say.number(value)


def definition_of(law: LawInForce, path: str) -> FactDefinition | None:
    """The fact that a path of a document names; a path in a lot names the fact of the lot."""
    name = path.rsplit("].", 1)[-1]
    in_lot = path.startswith("lots[")
    found = [fact for fact in law.facts.values() if fact.where == name]
    return next((fact for fact in found if fact.lot is in_lot), found[0] if found else None)


def fact_name(say: Language, law: LawInForce, path: str) -> str:
    """The name of a fact in a sentence."""
    if path == "need.framework.maximum":
        return say("le maximum de l'accord-cadre")
    definition = definition_of(law, path)
    return say(definition.label) if definition else path


def question_text(law: LawInForce, path: str) -> str:
    """How to ask for a fact, as the catalogue has it; the path itself where there is no question."""
    if path == "need.framework.maximum":
        return message(
            "Quel est le maximum de l'accord-cadre sur toute sa durée, en euros hors taxes ? Un maximum est obligatoire."
        )
    definition = definition_of(law, path)
    return definition.question if definition and definition.question else path


def question(say: Language, law: LawInForce, path: str) -> str:
    """How to ask for a fact."""
    return say(question_text(law, path))


def finding_sentence(say: Language, law: LawInForce, finding: Finding) -> str:
    """What was seen, in one clause without a full stop."""
    match finding:
        case FactFinding():
            return _fact(say, law, finding)
        case ChoiceFinding():
            return _choice(say, law, finding)
        case AmountFinding():
            return _amount(say, law, finding)
        case PeriodFinding(truth=Truth.UNDETERMINED, since=since) if since is not None:
            return say(
                "les tables du droit ne connaissent cette procédure qu'à partir du {since}", since=say.date(since)
            )
        case PeriodFinding(since=since) if since is not None:
            return say(
                "cette règle n'est pas en vigueur ce jour-là (première règle connue : {since})", since=say.date(since)
            )
        case _:
            return say("les tables du droit n'ont aucune règle pour cette procédure ce jour-là")


def _fact(say: Language, law: LawInForce, finding: FactFinding) -> str:
    definition = definition_of(law, finding.fact)
    if definition is None:
        return finding.fact
    if finding.presumed:
        return say("présumé, faute d'indication contraire : {statement}", statement=say(definition.denied))
    if finding.value is None:
        return say("à établir : {fact}", fact=say(definition.label))
    return say(definition.affirmed if finding.value else definition.denied)


def _choice(say: Language, law: LawInForce, finding: ChoiceFinding) -> str:
    definition = definition_of(law, finding.fact)
    names = {choice.id: say(choice.label) for choice in definition.choices} if definition else {}
    expected = say.any_of([names.get(word, word) for word in finding.expected])
    fact = fact_name(say, law, finding.fact)
    if finding.value is None:
        return say("à préciser : {fact} (règle pour : {expected})", fact=fact, expected=expected)
    if finding.truth is Truth.YES:
        return say("{fact} : {value}", fact=fact, value=names.get(finding.value, finding.value))
    return say(
        "réservé à : {expected} ; ici {fact} : {value}",
        expected=expected,
        fact=fact,
        value=names.get(finding.value, finding.value),
    )


def _amount(say: Language, law: LawInForce, finding: AmountFinding) -> str:
    fact = fact_name(say, law, finding.fact)
    label = say(finding.label)
    if finding.unknown:
        return say("à cette date, la valeur n'est pas connue : {threshold}", threshold=label)
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
            basis=say.any_of([citation(say, law.table.sources[key]) for key in finding.legal_basis]),
        )
    if finding.readings:
        limits = say("{limits}, quelle que soit la lecture", limits=limits)
    since = say(", en vigueur depuis le {date}", date=say.date(finding.since)) if finding.since else ""
    text = say(_EDGES[finding.edge, finding.truth], fact=fact, value=value, limit=limits, since=since)
    mark = "" if finding.readings else _MARKS.get(str(finding.certainty), "")
    return text + (say(mark) if mark else "")


def sentence_case(text: str) -> str:
    """A clause as a sentence begins it."""
    return text[:1].upper() + text[1:]


def citation(say: Language, source: Source) -> str:
    """A legal text as a sentence cites it."""
    return f"{source.article} {say(source.text)}" if source.article else say(source.text)


def linked(say: Language, source: Source) -> Link | str:
    """A legal text that leads to its address, where one is known."""
    text = citation(say, source)
    return Link(text, source.url) if source.url else text


def duty_line(say: Language, duty: DutyOwed) -> list[Link | str]:
    """A duty as an item of a list: what, how long, under which article, on what it depends."""
    text = say(duty.label)
    if duty.days is not None:
        text = say("{duty} : {days} jours", duty=text, days=say.number(duty.days))
    if duty.detail:
        text = say("{duty} — {detail}", duty=text, detail=say(duty.detail))
    if duty.reductions:
        others = say.clauses(
            say("{days} jours {when}", days=say.number(r.days), when=say(r.label))
            if r.days
            else say("aucun délai : {when}", when=say(r.label))
            for r in duty.reductions
        )
        text = say("{duty} (autres durées : {others})", duty=text, others=others)
    if duty.missing:
        text = say(
            "{duty} — selon {facts}, à préciser",
            duty=text,
            facts=say.all_of([say(label) for label in duty.missing_labels]),
        )
    if duty.unsettled:
        text = say(
            "{duty} — selon une limite à vérifier ce jour-là : {limits}",
            duty=text,
            limits=say.all_of([say(label) for label in duty.unsettled_labels]),
        )
    if duty.local:
        text = say("{duty} [règle locale : {name}]", duty=text, name=duty.local)
    if mark := _MARKS.get(str(duty.certainty), "") if duty.certainty == Certainty.UNVERIFIED else "":
        text += say(mark)
    return [text + " · ", linked(say, duty.legal_basis)]
