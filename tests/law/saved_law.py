"""Texts as a person saves them, made up from what the table says: in each shape, with the figures written in each way."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path

from qmi_rules.law import CarriedFigure, Source, default_table
from qmi_rules.law.maintenance.figures import FigureKind, in_words

CODES = {
    "du code de la commande publique": "Code de la commande publique",
    "du code général des collectivités territoriales": "Code général des collectivités territoriales",
    "du code de justice administrative": "Code de justice administrative",
    "du code des marchés publics (2006)": "Code des marchés publics (édition 2006)",
}
UNITS = {
    FigureKind.EUROS: "euros hors taxes",
    FigureKind.DAYS: "jours",
    FigureKind.MONTHS: "mois",
    FigureKind.SHARE: "%",
}
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def title(source: Source) -> str:
    """The name of the code, decree or law as Légifrance gives it."""
    if source.text in CODES:
        return CODES[source.text]
    return source.text.removeprefix("du ").removeprefix("de la ").removeprefix("des ").capitalize()


def number(source: Source) -> str:
    return (source.article or "1").removeprefix("art. ")


def written(figure: CarriedFigure, how: str) -> str:
    """A figure in digits with some space, or in words."""
    if isinstance(figure.value, date):
        return f"le {figure.value.day} {MONTHS[figure.value.month - 1]} {figure.value.year}"
    value = figure.value * 100 if figure.kind is FigureKind.SHARE else figure.value
    unit = UNITS[figure.kind]
    if value != value.to_integral_value():
        return f"{str(value.normalize()).replace('.', ',')} {unit}"
    whole = int(value)
    if how == "words":
        return f"{in_words(whole)} {'pour cent' if unit == '%' else unit}"
    return f"{whole:,}".replace(",", how) + f" {unit}"


def sentences(figures: list[CarriedFigure], how: str) -> list[str]:
    return [
        "L'acheteur peut passer un marché sans publicité ni mise en concurrence préalables dans les cas suivants, prévus à l'article L. 2122-1 :",
        *(f"{i}° La valeur ou la durée est de {written(figure, how)} au plus ;" for i, figure in enumerate(figures, 1)),
        "Le décret n° 2019-1344 du 12 décembre 2019 s'applique.",
    ]


def milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) - 7_200_000


def api_json(source: Source, version, lines: list[str]) -> str:
    end = version.effective_until + timedelta(days=1) if version.effective_until else date(2999, 1, 1)
    article = {
        "id": version.identifier or "LEGIARTI000000000001",
        "num": number(source),
        "texte": "\n".join(lines),
        "texteHtml": "".join(f"<p>{escape(line)}<br/></p>" for line in lines),
        "etat": "VIGUEUR",
        "dateDebut": milliseconds(version.effective_from),
        "dateFin": milliseconds(end),
        "textTitles": [{"titre": title(source), "titreLong": title(source)}],
        "articleVersions": [{"id": version.identifier, "dateDebut": milliseconds(version.effective_from)}],
    }
    return json.dumps({"executionTime": 3, "dereferenced": True, "article": article}, ensure_ascii=False)


def legi_xml(source: Source, version, lines: list[str]) -> str:
    end = version.effective_until + timedelta(days=1) if version.effective_until else "2999-01-01"
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    identifier = version.identifier if (version.identifier or "").startswith("LEGIARTI") else "LEGIARTI000000000001"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<ARTICLE><META><META_COMMUN><ID>{identifier}</ID></META_COMMUN><META_SPEC>"
        f"<META_ARTICLE><NUM>{number(source)}</NUM><ETAT>VIGUEUR</ETAT><DATE_DEBUT>{version.effective_from}</DATE_DEBUT>"
        f"<DATE_FIN>{end}</DATE_FIN></META_ARTICLE></META_SPEC></META><CONTEXTE><TEXTE cid='LEGITEXT000037701019'>"
        f"<TITRE_TXT>{escape(title(source))}</TITRE_TXT></TEXTE></CONTEXTE><VERSIONS><VERSION etat='VIGUEUR'>"
        f"<LIEN_ART debut='{version.effective_from}' fin='{end}' num='{number(source)}'/></VERSION></VERSIONS>"
        f"<NOTA><CONTENU/></NOTA><BLOC_TEXTUEL><CONTENU>{body}</CONTENU></BLOC_TEXTUEL></ARTICLE>"
    )


def markdown(source: Source, version, lines: list[str]) -> str:
    return (
        f"# Article {number(source)}\n\n{title(source)}\n\nVersion en vigueur depuis le {version.effective_from}\n\n"
        + "\n\n".join(lines)
    )


SHAPES = {"json": api_json, "xml": legi_xml, "md": markdown}
WAYS = [" ", "\u00a0", "\u202f", ".", "", "words"]


def save(folder: Path, source: Source, version, figures: list[CarriedFigure], shape: str, how: str) -> Path:
    """Write one version of an article into a folder."""
    name = f"{source.id}-{version.effective_from}.{shape}"
    file = folder / shape / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(SHAPES[shape](source, version, sentences(figures, how)), "utf-8")
    return file


def due(carried: tuple[CarriedFigure, ...], version) -> list[CarriedFigure]:
    """What a version must hold, found without the code under test: everything in force on some day of it."""
    end = version.effective_until or date.max
    return [
        figure for figure in carried if figure.since <= end and (figure.until or date.max) >= version.effective_from
    ]


def dated_versions():
    """Each source with each of its versions that begins on a known day."""
    for source in default_table().sources.values():
        for version in source.versions:
            if version.effective_from is not None and not source.id.startswith("seuils"):
                yield source, version


def a_value(amount: int, kind: FigureKind = FigureKind.EUROS) -> CarriedFigure:
    return CarriedFigure(
        kind=kind,
        value=Decimal(amount),
        since=date(2020, 1, 1),
        until=None,
        section="thresholds",
        series="x",
        label="x",
    )
