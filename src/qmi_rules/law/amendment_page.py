"""The page of an amendment, in the order in which a maintainer reads it, and the lines for the changelog."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from qmi_rules.law.comparison import STATUSES, Region, cases_of
from qmi_rules.law.proof import flaws_grid
from qmi_rules.text import Language, message
from qmi_rules.text.page import Block, Grid, Heading, Items, Paragraph

if TYPE_CHECKING:
    from qmi_rules.law.amendment import Amendment, Passage
    from qmi_rules.law.casebook import CaseTurn
    from qmi_rules.law.edits import Edit

CHANGES = {
    "added": message("ajouté"),
    "removed": message("retiré"),
    "changed": message("modifié"),
}
TASKS = {
    "flaws": message("La preuve trouve des défauts : corriger, ou déclarer l'exception avec son article (declarations.toml)."),
    "edition": message("L'édition porte le même nom que la précédente : la renommer (edition.toml)."),
    "reviewed_on": message("La date de revue est antérieure à la publication d'une entrée ajoutée : la mettre à jour (edition.toml)."),
    "certainty": message("Des entrées ne sont pas confirmées : lire le texte, ou les laisser ainsi et le dire."),
    "history": message("Des valeurs ou des lignes déjà en vigueur ont été modifiées ou retirées : vérifier qu'il s'agit d'une correction."),
    "english": message("Des textes français n'ont pas d'anglais dans le catalogue."),
    "no_effect": message("Aucun cas ne reçoit une autre réponse : vérifier que c'est voulu."),
}  # fmt: skip
ALWAYS = (
    message("Les obligations ne sont pas des cas : relire qmi-rules law --on du jour, avant et après."),
    message("Corriger d'après le texte, et non d'après la réponse, les cas des juristes qui changent ; en ajouter au centime et au jour près."),
    message("Écrire le journal des modifications : quelles procédures, à partir de quel jour."),
)  # fmt: skip


def changelog_lines(amendment: "Amendment", say: Language) -> list[str]:
    """Lines for the changelog: which procedure, for which cases, from which day, by which text; one for each cause."""
    first: dict[tuple[object, ...], tuple[datetime.date | None, Region]] = {}
    for passage in amendment.passages:
        for region in sorted(passage.regions, key=lambda region: region.lots):
            cause = (region.procedure, region.before, region.after, region.because)
            first.setdefault(cause, (passage.since, region))
    return [
        say(
            "`{procedure}` : {before} → {after} {since}, {cases} ({why}).",
            procedure=region.procedure,
            since=_from(since, say),
            **_said(amendment, region, say),
        )
        for since, region in first.values()
    ]


def _said(amendment: "Amendment", region: Region, say: Language) -> dict[str, str]:
    return {
        "cases": cases_of(say, amendment.after, region),
        "before": say(STATUSES[region.before]),
        "after": say(STATUSES[region.after]),
        "why": "; ".join(cause.sentence(say) for cause in region.because),
    }


def _line(amendment: "Amendment", until: datetime.date | None, region: Region, say: Language) -> str:
    name = say(region.label) + (say(" (un lot)") if region.lots else "")
    line = say("{procedure}, {cases} : {before} → {after} — {why}", procedure=name, **_said(amendment, region, say))
    return line if until is None else say("{line} ; jusqu'au {until}", line=line, until=say.date(until))


def amendment_blocks(amendment: "Amendment", say: Language) -> Iterator[Block]:
    """What was edited, the proof, whose answers change from which day, the changelog, what is left to do."""
    names = {"before": amendment.before.edition, "after": amendment.after.edition}
    yield Heading(say("Ce que la modification des tables change ({before} → {after})", **names), 1)
    yield Heading(say("Entrées modifiées"))
    if not amendment.edits:
        yield Paragraph(say("Aucune : les deux tables disent la même chose."))
        return
    yield Grid(
        [say("Section"), say("Entrée"), say("Changement"), say("Jours"), say("Porte sur")],
        [
            [edit.section, f"{say(edit.label)} ({edit.id})", say(CHANGES[edit.change]), _days(edit), ", ".join(edit.bears_on)]
            for edit in amendment.edits
        ],
    )  # fmt: skip
    yield Heading(say("Preuve de la table"))
    if amendment.proof.holds:
        yield Paragraph(say("La table est entière et cohérente : aucun défaut trouvé."))
    else:
        yield flaws_grid(say, amendment.proof.flaws)
    yield Heading(say("Cas dont la réponse change"))
    if not amendment.passages:
        yield Paragraph(say("Aucun cas ne reçoit une autre réponse."))
    else:
        yield Paragraph(say("Tout ce qui n'est pas dit par le texte est une erreur, ou une conséquence à connaître."))
    for since, lines in groupby(_runs(amendment.passages), key=lambda run: run[0]):
        yield Heading(say("À partir du {day}", day=say.date(since)) if since else say("Depuis toujours"), 3)
        yield Items([_line(amendment, until, region, say) for _, until, region in lines])
    if amendment.passages:
        yield Heading(say("Pour le journal des modifications"))
        yield Items(amendment.changelog(say))
    if amendment.cases:
        yield Heading(say("Cas des juristes à relire"))
        yield Items([_turn(amendment, turn, say) for turn in amendment.cases])
    yield Heading(say("Reste à faire"))
    yield Items([*(say(TASKS[task]) for task in amendment.tasks), *(say(task) for task in ALWAYS)], kind="check")
    if amendment.untranslated:
        yield Items([say("« {text} »", text=text) for text in amendment.untranslated])


def _turn(amendment: "Amendment", turn: "CaseTurn", say: Language) -> str:
    name = f"{turn.file}, {turn.id}" + (say(", lot {id}", id=turn.lot) if turn.lot else "")
    label = {**amendment.after.procedures, **amendment.before.procedures}[turn.procedure].label
    status = {"before": turn.before, "after": turn.after}
    words = {key: say(STATUSES[word]) if word else say("inconnue de la table") for key, word in status.items()}
    return say("{case} : {procedure}, {before} → {after}", case=name, procedure=say(label), **words)


def _days(edit: "Edit") -> str:
    return f"{edit.since} → {edit.until or '…'}" if edit.since else ""


def _from(since: datetime.date | None, say: Language) -> str:
    return say("à partir du {since}", since=say.date(since)) if since else say("depuis toujours")


def _runs(passages: "tuple[Passage, ...]") -> list[tuple[datetime.date | None, datetime.date | None, Region]]:
    """Each region once, with the first and the last of the days over which it lasts without a break; by first day."""
    runs: list[tuple[datetime.date | None, datetime.date | None, Region]] = []
    for passage in passages:
        eve = passage.since and passage.since - datetime.timedelta(days=1)
        for region in passage.regions:
            at = next(
                (i for i, (_, until, other) in enumerate(runs) if until == eve is not None and other == region), None
            )
            if at is None:
                runs.append((passage.since, passage.until, region))
            else:
                runs[at] = (runs[at][0], passage.until, region)
    return sorted(runs, key=lambda run: run[0] or datetime.date.min)
