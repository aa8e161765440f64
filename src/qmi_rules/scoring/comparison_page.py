"""What a comparison says to one reader: the profiles side by side, the order and how sure it is, the levels to check twice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.scoring.wording import level_or_words, total_name, total_words
from qmi_rules.text import Grid, Heading, Items, Language, Line, Page, Paragraph
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.scoring.comparison import Comparison, LevelChange, Standing


def comparison_page(comparison: "Comparison", say: Language) -> Page:
    """The page of a comparison."""
    first = comparison.entries[0].card
    blocks: list[Block] = [
        Heading(say("Comparaison : {rubric}", rubric=say(first.title)), 1),
        Paragraph(say(first.notice), "note"),
        _profiles(comparison, say),
        *_differing(comparison, say),
        *_totals(comparison, say),
        *_sensitivity(comparison, say),
    ]
    return Page(say.code, blocks)


def _profiles(comparison: "Comparison", say: Language) -> Grid:
    names = [entry.name for entry in comparison.entries]
    step = [say("Écart")] if len(names) == 2 else []
    rows: list[list[Line]] = []
    for c in comparison.entries[0].card.criteria:
        cells = [level_or_words(comparison[name][c.id], say) for name in names]
        rows.append([f"{c.icon} {say(c.label)}".strip(), *cells, *([_step(comparison, c.id)] if step else [])])
    return Grid([say("Critère"), *names, *step], rows)


def _step(comparison: "Comparison", criterion: str) -> str:
    """From the first of two to the second; empty where one of them is not known."""
    first, second = (entry.card[criterion].number for entry in comparison.entries)
    return "" if first is None or second is None else f"{second - first:+d}" if second != first else "="


def _differing(comparison: "Comparison", say: Language) -> Iterator[Block]:
    first = comparison.entries[0].card
    if comparison.differing:
        names = say.all_of(say(first[name].label) for name in comparison.differing)
        yield Paragraph(say("Les réponses diffèrent sur : {criteria}.", criteria=names))
    else:
        yield Paragraph(say("Aucune réponse connue ne diffère."))


def _totals(comparison: "Comparison", say: Language) -> Iterator[Block]:
    if not comparison.standings:
        yield Paragraph(say("Cet outil n'additionne rien : il n'y a pas de classement."))
        return
    first = comparison.entries[0].card
    yield Heading(total_name(first, say))
    yield Grid([say("Nom"), say("Total")], [[entry.name, total_words(entry.card, say)] for entry in comparison.entries])
    yield Items([_standing(comparison, standing, say) for standing in comparison.standings])
    if first.total_note is not None:
        yield Paragraph(say(first.total_note), "note")


def _standing(comparison: "Comparison", standing: "Standing", say: Language) -> str:
    names = {"first": standing.first, "second": standing.second}
    match standing.relation:
        case "above":
            return say("{first} est au-dessus de {second}", **names)
        case "below":
            return say("{first} est au-dessous de {second}", **names)
        case "level":
            return say("{first} et {second} sont à égalité", **names)
    name, criterion = standing.undecided_by[0]
    return say(
        "L'ordre de {first} et {second} n'est pas établi ; à établir d'abord : « {criterion} » pour {name}",
        **names,
        criterion=say(comparison[name][criterion].label),
        name=name,
    )


def _sensitivity(comparison: "Comparison", say: Language) -> Iterator[Block]:
    if not comparison.standings:
        return
    yield Heading(say("Ce qui changerait l'ordre"))
    if not comparison.smallest_changes:
        yield Paragraph(say("Aucun changement sur un seul axe ne change l'ordre."))
        return
    yield Paragraph(say("Les plus petits changements qui suffisent, à vérifier deux fois :"))
    yield Items([_change(comparison, change, say) for change in comparison.smallest_changes])


def _change(comparison: "Comparison", change: "LevelChange", say: Language) -> str:
    return say(
        "{name}, « {criterion} » : {other} au lieu de {level} (face à {others})",
        name=change.name,
        criterion=say(comparison[change.name][change.criterion].label),
        other=change.other_level,
        level=change.level,
        others=say.all_of(other for _, other in change.pairs),
    )
