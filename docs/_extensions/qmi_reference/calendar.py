"""The pages of the budget calendar: dates and limits of the year, lengths of steps, school breaks, elections."""

from collections.abc import Iterator
from datetime import date

from qmi_rules.budget_calendar import elections as known_elections
from qmi_rules.budget_calendar.elections import DATE_STATUSES
from qmi_rules.budget_calendar.facts import CalendarFact, calendar_file, calendar_rules, cite
from qmi_rules.budget_calendar.steps import durations
from qmi_rules.catalogues import printed

from .writer import Writer, plain


def _value(fact: CalendarFact, w: Writer) -> str:
    if fact.month_day is not None:
        month, day = fact.month_day.split("-")
        shift = {-1: " (N − 1)", 0: " (N)", 1: " (N + 1)"}[fact.year_shift]
        return f"{day}/{month}{shift}"
    if fact.days is not None:
        return f"{fact.days} {w('jours')}"
    if fact.share is not None:
        return w.say.percent(fact.share)
    if fact.months is not None:
        return f"{fact.months} {w('mois')}"
    return "" if fact.count is None else w.say.number(fact.count)


def _step(name: str, w: Writer) -> str:
    """The name of a step; the two phases of a receipt are no steps of their own."""
    known = {str(step.id): step.label for step in durations().steps}
    return w.text(known[name]) if name in known else f"`{name}`"


def calendar(w: Writer) -> Iterator[str]:
    """The budget year, the lengths of steps, the school breaks."""
    facts = calendar_rules()
    yield "\n## " + w("Dates et bornes de l'année budgétaire") + "\n"
    yield from w.table(
        ("Identifiant", "Texte", "Valeur", "Depuis", "Jusqu'au", "Article", "Certitude", "Lu dans", "Note"),
        (
            [
                f"`{fact.id}`",
                w.text(fact.label),
                _value(fact, w),
                w.day(fact.effective_from),
                w.day(fact.effective_until),
                plain(fact.citation.said(w.say)),
                w.certainty(fact.certainty),
                plain(printed(fact.source)),
                plain(fact.noted.said(w.say)) if fact.noted else "",
            ]
            for fact in facts.facts
        ),
    )
    yield f"\n## {w('Années de renouvellement des conseils municipaux')}\n"
    yield from w.table(
        ("Année", "Certitude"), ([str(one.year), w.certainty(one.certainty)] for one in facts.renewal_years)
    )
    yield f"\n## {w('Durées des étapes : estimations, jamais des règles de droit')}\n"
    for chain in durations().chains:
        yield f"### {w.text(chain.label)}\n"
        yield ", ".join(f"`{procedure}`" for procedure in chain.procedures) + "\n"
        yield from w.table(
            ("Étape", "Jours", "Bornes", "Note"),
            (
                [
                    _step(step, w),
                    str(length.days),
                    f"{length.low} – {length.high}",
                    w.text(length.note) if length.note else "",
                ]
                for step, length in chain.steps.items()
            ),
        )
    yield f"\n## {w('Vacances scolaires (zone C)')}\n"
    yield from w.table(
        ("Texte", "Premier jour", "Dernier jour", "Certitude"),
        (
            [w.text(one.name), w.day(one.first), w.day(one.last), w.certainty(one.certainty)]
            for one in calendar_file("school_breaks").breaks
        ),
    )


def elections(w: Writer) -> Iterator[str]:
    """Every election the calendar knows."""
    yield from w.table(
        ("Identifiant", "Texte", "Tours", "Date fixée par", "Certitude", "Article", "Lu dans"),
        (
            [
                f"`{election.id}`",
                w.text(election.label),
                ", ".join(map(w.day, election.rounds)) or " – ".join(map(w.day, election.between)),
                w.text(DATE_STATUSES[election.date_status]),
                w.certainty(election.certainty),
                plain(cite(*election.legal_basis).said(w.say)),
                plain(printed(election.source)),
            ]
            for election in known_elections(date(1990, 1, 1), date(2100, 1, 1))
        ),
    )
