"""The pages of a decision and of a modification that were read back: what their documents carry, way by way, and in plain words what they do not."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from qmi_rules.law import default_table
from qmi_rules.law.truth import Status
from qmi_rules.law.wording import STATUSES, fact_name, linked
from qmi_rules.pages import Heading, Items, Language, Line, Paragraph, Strong, message
from qmi_rules.pages.blocks import Block, Inline
from qmi_rules.pages.told import answer_blocks, kept_line, source_lines
from qmi_rules.procurement.duties import duty_line
from qmi_rules.procurement.modification import modification_table, room

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision
    from qmi_rules.procurement.modification import GroundAnswer, Modification
    from qmi_rules.procurement.options import Option

_SECTIONS: Final = {
    Status.OPEN: message("Ouvert à l'acheteur"),
    Status.UNDETERMINED: message("À établir"),
    Status.CLOSED: message("Fermé"),
}
_NOT_KEPT: Final = message(
    "Le document garde la réponse, non la base juridique qui l'a donnée : les phrases des constats n'y sont pas, ni les obligations des procédures "
    "qui n'étaient pas conseillées. Refaire la décision dit si la réponse est la même aujourd'hui, et la décision nouvelle les donne."
)

_NO_SENTENCES_KEPT: Final = message(
    "Le document garde la réponse, non la base juridique qui l'a donnée : les phrases des constats n'y sont pas. Reposer la question dit si la "
    "réponse est la même aujourd'hui, et la réponse nouvelle les donne."
)


def told_decision(decision: "Decision", document: dict[str, object], say: Language) -> Iterator[Block]:
    """The card, then every way by its status, what to beware of, the texts cited."""
    title = getattr(decision.purchase, "title", None)
    yield Heading(str(title) if title else say("Un cas"), 1)
    yield kept_line(document, say)
    yield from answer_blocks(document)
    for status, heading in _SECTIONS.items():
        if options := [option for option in decision.options if option.status == status]:
            yield Heading(say(heading))
            yield from _ways(options, say)
    yield Heading(say("À combiner avec une procédure"))
    yield from _ways(decision.arrangements, say)
    for lot in decision.lots:
        yield Heading(say("Lot {id}", id=lot.id))
        yield from _ways([option for option in lot.options if option.status != Status.CLOSED], say)
    if decision.warnings:
        yield Heading(say("À savoir"))
        yield Items([caveat.text for caveat in decision.warnings])
    yield Paragraph(say(_NOT_KEPT), "note")
    yield from source_lines(document, say)


def _ways(options: "Iterable[Option]", say: Language) -> Iterator[Block]:
    """Each way in one line; what was advised with all it obliges to."""
    lines: list[Line] = []
    for option in options:
        if option.in_full and (option.duties or option.cautions):
            if lines:
                yield Items(lines)
                lines = []
            yield Heading(option.label, 3)
            yield Items([_way(option, say)])
            if option.duties:
                yield Paragraph(say("Ce qu'il faut faire :"))
                yield Items([duty_line(say, duty) for duty in option.duties], "check")
            for caution in option.cautions:
                yield Paragraph(caution.text, "warning")
        else:
            lines.append(_way(option, say))
    if lines:
        yield Items(lines)


def _way(option: "Option", say: Language) -> Line:
    """A way with what it depends on, or rests on, and its texts."""
    line: list[Inline] = [Strong(option.label)]
    told = [*(one.text for one in option.unknown), *(one.text for one in option.reservations)]
    for text in told:
        line.append(f" — {text}")
    if option.missing:  # names of facts are vocabulary, the same in every edition
        names = [fact_name(say, default_table(), path) for path in option.missing]
        line.append(say(" — selon {facts}", facts=say.all_of(names)))
    for i, source in enumerate(option.legal_basis):
        line += [", " if i else " · ", linked(say, source)]
    return line


def told_modification(modification: "Modification", document: dict[str, object], say: Language) -> Iterator[Block]:
    """The card, what the lightest ground obliges to, then every ground with its status and its ceiling, the texts cited."""
    yield Heading(say("Modifier un marché en cours"), 1)
    yield kept_line(document, say)
    yield from answer_blocks(document)
    for ground in modification.grounds:
        if ground.ground == modification.lightest:
            yield Heading(ground.label)
            if ground.duties:
                yield Items([duty_line(say, duty) for duty in ground.duties], "check")
            for caution in ground.cautions:
                yield Paragraph(caution.text, "warning")
    yield Heading(say("Les fondements"))
    yield Items([_ground(ground, say) for ground in modification.grounds])
    yield Paragraph(say(_NO_SENTENCES_KEPT), "note")
    yield from source_lines(document, say)


def _ground(ground: "GroundAnswer", say: Language) -> Line:
    line: list[Inline] = [Strong(ground.label), f" — {say(STATUSES[ground.status])}"]
    if ground.missing:
        names = [fact_name(say, modification_table(), path) for path in ground.missing]
        line.append(say(" — selon {facts}", facts=say.all_of(names)))
    if ground.ceiling is not None and ground.used is not None and ground.left is not None:
        line += [" — ", room(say, ground.ceiling, ground.used, ground.left)]
    for source in ground.legal_basis:
        line += [" · ", linked(say, source)]
    return line
