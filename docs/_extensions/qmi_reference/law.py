"""The law's pages: procedures, thresholds, duties, cautions, sources, facts."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qmi_rules.law import Row, default_table

from .writer import Writer, plain

CASES = Path(__file__).parents[3] / "tests" / "cases"


def _row(row: Row, w: Writer, lead: str, *more: str) -> Iterator[str]:
    """A row as an item of a list: what it is and when it holds, then its days, article and certainty, then what else is to be said."""
    table = default_table()
    yield f"- **{lead}** : {w.cases(row.when, table)}"
    span = w("Du {since} au {until}") if row.effective_until else w("Depuis le {since}")
    days = span.format(since=w.day(row.effective_from), until=w.day(row.effective_until))
    days += f" ({w('publié le')} {w.day(row.published_on)})"
    yield f"  - {days} ; {w.article(table.sources[row.legal_basis])} ; {w.certainty(row.certainty)}"
    yield from (f"  - {words}" for words in more if words)
    yield f"  - {w('Lu dans')} : {plain(row.source)}"
    if row.note:
        yield f"  - {plain(row.note)}"


DATES = ("Depuis", "Jusqu'au", "Publié le", "Article", "Certitude", "Lu dans", "Note")


def procedures(w: Writer) -> Iterator[str]:
    """Every procedure and arrangement: what it is for, its grounds with their history, its duties, the cases that test it."""
    table = default_table()
    cases = _cases()
    for procedure in table.procedures.values():
        yield w.place("procedure", procedure.id)
        yield f"## {w.text(procedure.label)}\n"
        yield f"`{procedure.id}`\n"
        yield w.text(procedure.description) + "\n"
        facts = {
            "Dispensée de publicité et de mise en concurrence": procedure.dispensed,
            "Formalisée": procedure.formal,
            "Arrangement, se combine avec une procédure": procedure.arrangement,
        }
        known = [w(words) for words, holds in facts.items() if holds]
        if procedure.rank is not None:
            known.append(f"{w('Rang')} : {procedure.rank}")
        if procedure.known_from is not None:
            known.append(f"{w('Connue à partir du')} {w.day(procedure.known_from)}")
        yield from (f"- {words}" for words in known)
        yield f"\n### {w('Fondements')}\n"
        rules = [rule for rule in table.rules if rule.procedure == procedure.id]
        for rule in rules:
            yield from _row(rule, w, w.text(rule.ground or procedure.label))
        yield ""
        duties = dict.fromkeys(
            row.duty for row in table.duty_rows if procedure.id in (row.procedures or table.procedures)
        )
        if duties and not procedure.arrangement:
            yield f"### {w('Obligations')}\n"
            yield from (f"- [{w.text(table.duties[duty].label)}](#{w.anchor('duty', duty)})" for duty in duties)
        if seen := cases.get(procedure.id):
            yield f"\n### {w('Les cas lus par un juriste')}\n"
            yield from w.table(
                ("Cas", "Jour", "Réponse attendue", "Pourquoi"),
                (
                    [f"`{case['id']}`", w.day(case["purchase"]["launched_on"]), w(status), plain(case["why"])]
                    for case, status in seen
                ),
            )


STATUSES = {"open": "ouverte", "closed": "fermée", "undetermined": "indéterminée"}


def _read() -> Iterator[dict[str, Any]]:
    """The cases of the tests."""
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["cases"]:
            yield case | case.get("answer", {})


def _cases() -> dict[str, list[tuple[dict[str, Any], str]]]:
    """The cases of the tests by procedure, each with the answer it expects."""
    found: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for case in _read():
        for status, words in STATUSES.items():
            for procedure in case.get(status, ()):
                found.setdefault(procedure, []).append((case, words))
    return found


def _led_to(w: Writer) -> dict[str, list[str]]:
    """By fact, what yes and no lead to in the two cases of its question."""
    table, found = default_table(), dict[str, list[str]]()
    for case in _read():
        if (asked := case.get("asked")) is None:
            continue
        led = [f"{w.text(table.procedures[p].label)} : {w(s)}" for k, s in STATUSES.items() for p in case.get(k, ())]
        for duties in case.get("owed", {}).values():
            for duty, basis in duties.items():
                days = basis.split()[1:]  # the length of a time limit, where the duty is one
                led.append(" ".join([w.text(table.duties[duty].label), *(f"({n} {w('jours')})" for n in days)]))
        found.setdefault(asked["fact"], []).append(
            f"- {w('Oui') if asked['said'] else w('Non')} (`{case['id']}`) : {' ; '.join(led)}"
        )
    return found


def thresholds(w: Writer) -> Iterator[str]:
    """Every series of values with its history."""
    table = default_table()
    for threshold in sorted(table.thresholds.values(), key=lambda one: one.id):
        yield w.place("threshold", threshold.id)
        yield f"## {w.text(threshold.label)}\n"
        yield f"`{threshold.id}`\n"
        yield from w.table(
            ("Valeur", *DATES),
            (
                [
                    w.amount(value, threshold.unit, table),
                    w.day(value.effective_from),
                    w.day(value.effective_until),
                    w.day(value.published_on),
                    w.article(table.sources[value.legal_basis]),
                    w.certainty(value.certainty),
                    plain(value.source),
                    plain(value.note or ""),
                ]
                for value in threshold.values
            ),
        )


def duties(w: Writer) -> Iterator[str]:
    """Every duty and when it is owed."""
    table = default_table()
    for duty in table.duties.values():
        yield w.place("duty", duty.id)
        yield f"## {w.text(duty.label)}\n"
        yield f"`{duty.id}`\n"
        for row in (row for row in table.duty_rows if row.duty == duty.id):
            reduced = [f"{less.days} {w('jours')} ({w.text(less.label)})" for less in row.reductions]
            yield from _row(
                row,
                w,
                _procedures(row.procedures, w),
                f"{w('Jours')} : {row.days}" if row.days is not None else "",
                f"{w('Réduit à')} : {' ; '.join(reduced)}" if reduced else "",
                w.text(row.detail) if row.detail else "",
            )
        yield ""
    yield "\n## " + w("Jeux d'obligations dont une seule est due") + "\n"
    for ladder in table.ladders:
        yield f"- {w.text(ladder.label)} : " + " < ".join(
            f"[`{one}`](#{w.anchor('duty', one)})" for one in ladder.duties
        )


def _procedures(names: tuple[str, ...], w: Writer) -> str:
    labels = default_table().procedures
    return ", ".join(f"[{w.text(labels[p].label)}](#{w.anchor('procedure', p)})" for p in names) or w("toutes")


def cautions(w: Writer) -> Iterator[str]:
    """Every caution, and what the proof of the table lets pass."""
    table = default_table()
    for row in table.cautions:
        yield from _row(row, w, w.text(row.text), f"{w('Procédures')} : {_procedures(row.procedures, w)}")
    yield f"\n## {w('Ce que la preuve laisse passer, et pourquoi')}\n"
    yield from w.table(
        ("Lignes", "Pourquoi", "Article"),
        (
            [", ".join(f"`{row}`" for row in one.rows), w.text(one.reason), w.article(table.sources[one.legal_basis])]
            for one in table.declared
        ),
    )


def sources(w: Writer) -> Iterator[str]:
    """Every text that the table cites."""
    table = default_table()
    yield from w.table(
        ("Identifiant", "Texte"),
        ([f"`{source.id}`", w.article(source)] for source in sorted(table.sources.values(), key=lambda one: one.id)),
    )


def facts(w: Writer) -> Iterator[str]:
    """The vocabulary of facts, and what a buyer may do about each."""
    table = default_table()
    bearings = {bearing.fact: bearing for bearing in table.bearings}
    led_to = _led_to(w)
    for fact in table.facts.values():
        yield w.place("fact", fact.id)
        yield f"## {w.text(fact.label)}\n"
        yield f"`{fact.where}`\n"
        if fact.question:
            yield w.text(fact.question) + "\n"
        yield from (f"- `{choice.id}` : {w.text(choice.label)}" for choice in fact.choices)
        yield from led_to.get(fact.id, ())
        if fact.presumed:
            yield f"- {w('Présumé « non », et la réponse le dit')}"
        if (bearing := bearings.get(fact.id)) is not None:
            yield "- " + w("Ce que fait l'acheteur") + f" : `{bearing.choice}`, {w.text(bearing.reason)}"
        yield ""
