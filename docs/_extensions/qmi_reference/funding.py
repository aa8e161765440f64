"""The pages of the funding schemes and of the limits on adding grants up."""

from collections.abc import Iterator

from qmi_rules.catalogues import printed
from qmi_rules.funding import default_schemes
from qmi_rules.funding.result import MOMENTS
from qmi_rules.pages import Link, markdown_line

from .law import DATES
from .writer import Writer, plain


def schemes(w: Writer) -> Iterator[str]:
    """Every scheme: who carries it, what it pays and since when, which projects it takes, its papers and steps."""
    table = default_schemes()
    law = table.law
    for scheme in table.schemes.values():
        yield w.place("scheme", scheme.id)
        yield f"## {w.text(scheme.label)}\n"
        yield f"`{scheme.id}`\n"
        yield w.text(scheme.description) + "\n"
        yield f"- {w('Porteur')} : {w.text(scheme.carrier)}"
        yield f"- {w('Demandé par')} : {w(str(scheme.actor))}"
        yield f"- {w('Texte')} : {w.article(law.sources[scheme.legal_basis])}"
        yield f"- {w('Certitude')} : {w.certainty(scheme.certainty)}"
        if scheme.known_from or scheme.known_until:
            yield f"- {w('Ouverture')} : {w.day(scheme.known_from) or '…'} → {w.day(scheme.known_until) or '…'}"
        if scheme.link:
            yield f"- {w('Lien')} : {markdown_line([Link(scheme.link, scheme.link)])}"
        amounts = {
            "Taux": scheme.rate,
            "Plafond": scheme.ceiling,
            "Avance": scheme.advance,
            "Taux maximal": scheme.highest_rate,
        }
        yield from w.table(
            ("Aide", "Valeur", *DATES),
            (
                [w(name), w.amount(value, law.thresholds[key].unit, law), *_dates(value, law, w)]
                for name, key in amounts.items()
                if key is not None
                for value in law.thresholds[key].values
            ),
        )
        yield from w.table(
            ("Conditions", *DATES),
            ([_cases(w, row.when, law), *_dates(row, law, w)] for row in law.rules if row.procedure == scheme.id),
        )
        if scheme.papers:
            yield f"### {w('Pièces du dossier')}\n"
            yield from (f"- {w.text(paper.text)}{_analogous(w, paper.analogous)}" for paper in scheme.papers)
        if scheme.steps:
            yield f"\n### {w('Étapes')}\n"
            yield from w.table(
                ("Étape", "Quand", "Certitude"),
                (
                    [
                        w.text(step.text) + _analogous(w, step.analogous),
                        w.text(MOMENTS[step.moment]),
                        w.certainty(step.certainty),
                    ]
                    for step in scheme.steps
                ),
            )
        if cautions := [row for row in law.cautions if scheme.id in row.procedures]:
            yield from w.table(
                ("Mise en garde", *DATES), ([w.text(row.text), *_dates(row, law, w)] for row in cautions)
            )


def limits(w: Writer) -> Iterator[str]:
    """Every limit on the sum of grants."""
    table = default_schemes()
    law = table.law
    for limit in table.limits.values():
        yield w.place("limit", limit.id)
        yield f"## {w.text(limit.label)}\n"
        yield f"`{limit.id}` (`{limit.kind}`)\n"
        yield from w.table(
            ("Conditions", *DATES),
            ([_cases(w, row.when, law), *_dates(row, law, w)] for row in law.rules if row.procedure == limit.id),
        )
    yield w.place("funding", "values")
    yield f"## {w('Valeur')}\n"
    for threshold in sorted(law.thresholds.values(), key=lambda one: one.id):
        yield w.place("threshold", threshold.id)
        yield f"### {w.text(threshold.label)}\n"
        yield f"`{threshold.id}`\n"
        yield from w.table(
            ("Valeur", *DATES),
            ([w.amount(value, threshold.unit, law), *_dates(value, law, w)] for value in threshold.values),
        )


def _cases(w, conditions, law):  # type: ignore[no-untyped-def]
    return w.cases(conditions, law)


def _analogous(w: Writer, analogous: bool) -> str:
    return f" ({w('par analogie')})" if analogous else ""


def _dates(entry, law, w):  # type: ignore[no-untyped-def]
    return [
        w.day(entry.effective_from),
        w.day(entry.effective_until),
        w.day(entry.published_on),
        w.article(law.sources[entry.legal_basis]),
        w.certainty(entry.certainty),
        plain(printed(entry.source)),
        plain(printed(entry.note or "")),
    ]
