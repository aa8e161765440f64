"""A duty as a sentence in the reader's language; all else is said in `law.wording`."""

from qmi_rules.law import Certainty
from qmi_rules.law.wording import certainty_mark, linked
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.text import Language, Link


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
    if duty.certainty == Certainty.UNVERIFIED:
        text += certainty_mark(say, duty.certainty)
    return [text + " · ", linked(say, duty.legal_basis)]
