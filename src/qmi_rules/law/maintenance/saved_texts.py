"""The texts of law that a person saved: a folder of files in the shapes of Légifrance, read one after another and never kept."""

import html
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from attrs import field, frozen

from qmi_rules.law.maintenance.figures import FigureKind, article_number, figures
from qmi_rules.schema.scalars import to_tuple

LARGEST_TEXT: Final = 64_000_000
"""A file of more bytes is left aside: no article, and no code in one file, is so long."""
_NO_DAY: Final = 2222
"""The year that stands for a day not yet known; 2999 stands for no end."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DEEPEST: Final = 200
_IDENTIFIER: Final = re.compile(r"(?:LEGIARTI|JORFARTI)\d{12}")
_NUMBERED: Final = r"(?:annexe\s+(?:n°\s*)?\d+|[LRDA]\.?\s?\*{0,2}\.?\s?\d+(?:[-‑]\d+)*|\d+(?:er)?(?:[-‑]\d+)*)"
_TITLE_LINE: Final = re.compile(
    rf"^[#*\s>_-]*(?:article|art\.?)\s+({_NUMBERED})(?![\w-])(.*)$", re.IGNORECASE | re.MULTILINE
)
_BARE_LINE: Final = re.compile(
    r"^[#*\s>_-]*([LRDA]\.?\s?\*{0,2}\.?\s?\d+(?:[-‑]\d+)+|annexe\s+(?:n°\s*)?\d+)(?![\w-])(.*)$", re.IGNORECASE
)
_NAME: Final = re.compile(
    r"\b(code\s+(?:de|du|des|général|électoral|civil)\b[^\n.;:#*|]{2,80}|(?:décret|loi|ordonnance)\s+n°\s?\d{2,4}-\d+[^\n.;:#*|]{0,80}"
    r"|(?:règlement|directive)\b[^\n.;:#*|]{0,30}\d{4}/\d+[^\n.;:#*|]{0,40})",
    re.IGNORECASE,
)
"""The name of a text of law, as a title writes it."""
_IN_NAME: Final = re.compile(
    r"(?<![a-z0-9])([lrda])[\s._*]{0,3}(\d{3,4}(?:-\d+)+)(?!\d)|(?<![a-z])(annexe)[\s._-]*(\d+)", re.IGNORECASE
)


@frozen(kw_only=True)
class SavedArticle:
    """One version of an article as a person saved it.

    Attributes:
        number: The number of the article, as compared (`article_number`).
        title: The code, decree or law that it is of, as far as the file says; else the name of the file.
        titled: Whether the file says which text it is of.
        identifier: Its identifier on Légifrance; None where the file has none.
        since: First day of the version; None = not said.
        until: Last day; None = no end, or not said.
        text: What it says, without markup.
        where: The file, from the folder.
        others: First days of the versions that the file names, this one among them.
    """

    number: str
    title: str
    titled: bool
    identifier: str | None = None
    since: date | None = None
    until: date | None = None
    text: str
    where: str
    others: tuple[date, ...] = field(default=(), converter=to_tuple)


def files_of(folder: Path) -> Iterator[Path]:
    """The files below a folder, one after another, in the order of their names."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))


def read_articles(file: Path, where: str) -> list[SavedArticle] | None:
    """The articles in a file; None where it cannot be read, is too large or is no text."""
    try:
        if not file.is_file() or file.stat().st_size > LARGEST_TEXT:
            return None
        raw = file.read_bytes()
    except OSError:
        return None
    if b"\0" in raw[:4096]:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    start = text.lstrip()[:1]
    if start in ("{", "["):
        found = _of_json(text, where)
    elif start == "<" and re.search(r"<(ARTICLE|META_ARTICLE)\b", text):
        found = _of_xml(text, where)
    else:
        found = _of_text(_without_markup(text) if start == "<" else text, file, where)
    return found


# --- the API's JSON, alone, in a list, or in a tree of a whole code


def _of_json(text: str, where: str) -> list[SavedArticle] | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _of_json_lines(text, where)
    return list(_in_tree(data, where))


def _of_json_lines(text: str, where: str) -> list[SavedArticle] | None:
    found: list[SavedArticle] = []
    read = False
    for line in text.splitlines():
        try:
            found += _in_tree(json.loads(line), where)
            read = True
        except (ValueError, RecursionError):
            continue
    return found if read else None


def _in_tree(data: Any, where: str) -> Iterator[SavedArticle]:
    waiting: list[tuple[Any, str, int]] = [(data, "", 0)]
    while waiting:
        node, title, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(node, list):
            waiting += [(item, title, depth + 1) for item in reversed(node)]
        elif isinstance(node, dict):
            own = _title(node)
            article = _of_object(node, own or title, where)
            title = title or own  # a section may be named after another code than the one it is in
            if article is not None:
                yield article
            else:
                waiting += [
                    (item, title, depth + 1) for item in reversed(node.values()) if isinstance(item, (dict, list))
                ]


def _title(node: dict[str, Any]) -> str:
    titles = node.get("textTitles")
    if isinstance(titles, list) and titles and isinstance(titles[0], dict):
        node = titles[0]
    for name in ("titre", "titreLong", "titreTexte", "texteTitre", "title", "titrefull", "TITRE_TXT"):
        if isinstance(value := node.get(name), str) and re.search(
            r"code|décret|loi|ordonnance|arrêté|avis|règlement|directive", value, re.IGNORECASE
        ):
            return value
    return ""


def _of_object(node: dict[str, Any], title: str, where: str) -> SavedArticle | None:
    number = _first(node, "num", "numero", "number", "articleNum", "NUM")
    text = _first(node, "texteHtml", "texte", "content", "contenu", "text", "html", "bloc_textuel", "BLOC_TEXTUEL")
    if (
        not isinstance(number, (str, int))
        or isinstance(number, bool)
        or not isinstance(text, str)
        or not str(number).strip()
    ):
        return None
    versions = _first(node, "articleVersions", "versions")
    identifier = next(
        (
            v
            for v in (node.get("id"), node.get("identifier"), node.get("cid"))
            if isinstance(v, str) and _IDENTIFIER.fullmatch(v)
        ),
        None,
    )
    return SavedArticle(
        number=article_number(str(number)),
        title=title,
        titled=bool(title),
        identifier=identifier,
        since=_day(_first(node, "dateDebut", "date_debut", "DATE_DEBUT", "startDate")),
        until=_before(_day(_first(node, "dateFin", "date_fin", "DATE_FIN", "endDate"))),
        text=_without_markup(text),
        where=where,
        others=_days(
            version.get("dateDebut", version.get("date_debut")) for version in versions if isinstance(version, dict)
        )
        if isinstance(versions, list)
        else (),
    )


def _first(node: dict[str, Any], *names: str) -> Any:
    return next((node[name] for name in names if node.get(name) not in (None, "")), None)


def _days(values: Iterator[Any]) -> tuple[date, ...]:
    return tuple(sorted({day for value in values if (day := _day(value)) is not None}))


def _day(value: Any) -> date | None:
    """A day as the API (milliseconds) or the dump (ISO) writes it; None where it is none, or stands for "no end"."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            # the API counts from midnight in Paris, one or two hours before midnight UTC
            day = (_EPOCH + timedelta(milliseconds=value, hours=12)).date()
        elif isinstance(value, str):
            day = date.fromisoformat(value.strip()[:10])
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return day if 1700 < day.year < _NO_DAY else None


def _before(end: date | None) -> date | None:
    """The last day of a version: Légifrance gives the first on which it no longer holds."""
    return None if end is None else end - timedelta(days=1)


# --- the XML of the open data dump


def _of_xml(text: str, where: str) -> list[SavedArticle] | None:
    # the dump declares no entity; what does is not read, so that nothing can grow in memory
    if "<!ENTITY" in text:
        return None
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ElementTree.ParseError, ValueError, RecursionError):
        return None
    nodes = [root] if root.tag == "ARTICLE" else list(root.iter("ARTICLE"))
    return [article for node in nodes if (article := _of_node(node, where)) is not None]


def _of_node(node: "ElementTree.Element[str]", where: str) -> SavedArticle | None:
    def said(path: str) -> str:
        found = node.find(path)
        return "" if found is None else " ".join(found.itertext()).strip()

    number = said(".//META_ARTICLE/NUM")
    body = node.find("BLOC_TEXTUEL")
    if not number or body is None:
        return None
    identifier = said(".//META_COMMUN/ID")
    return SavedArticle(
        number=article_number(number),
        title=said(".//CONTEXTE/TEXTE/TITRE_TXT"),
        titled=bool(said(".//CONTEXTE/TEXTE/TITRE_TXT")),
        identifier=identifier if _IDENTIFIER.fullmatch(identifier) else None,
        since=_day(said(".//META_ARTICLE/DATE_DEBUT")),
        until=_before(_day(said(".//META_ARTICLE/DATE_FIN"))),
        text=_without_markup(ElementTree.tostring(body, encoding="unicode")),
        where=where,
        others=_days(link.get("debut") for link in node.iterfind(".//VERSIONS//LIEN_ART")),
    )


def _without_markup(text: str) -> str:
    text = re.sub(r"(?i)<(br|/p|/div|/li|/tr|/td|/th|/h\d)\b[^>]*>", "\n", text)
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


# --- plain text and Markdown, one article or a whole code in a file


def _of_text(text: str, file: Path, where: str) -> list[SavedArticle]:
    title = _named_text(text) or _named_in_path(where)
    headings = list(_TITLE_LINE.finditer(text))
    first = text.lstrip().partition("\n")[0]
    if (bare := _BARE_LINE.match(first)) is not None and not (
        headings and headings[0].start() <= len(text) - len(text.lstrip())
    ):
        return [_plain(bare[1], text, title, file, where)]
    alone = len({article_number(heading[1]) for heading in headings}) <= 1 and _in_name(file) is not None
    if headings and not alone:
        ends = [heading.start() for heading in headings[1:]] + [len(text)]
        return [_plain(h[1], text[h.start() : end], title, file, where) for h, end in zip(headings, ends, strict=True)]
    number = _in_name(file)
    return [_plain(number, text, title, file, where)] if number is not None else []


def _plain(number: str, text: str, title: str, file: Path, where: str) -> SavedArticle:
    head = text.lstrip()[:400]
    return SavedArticle(
        number=article_number(number),
        title=title or file.stem,
        titled=bool(title),
        identifier=found[0] if (found := _IDENTIFIER.search(f"{file.name} {head}")) else None,
        since=_day_in(file.stem) or _version_day(head),
        text=text,
        where=where,
    )


def _in_name(file: Path) -> str | None:
    """The number of the article in the name of a file, such as ``ccp-r2122-8.md`` or ``R. 2122-8 (2026-04-01).txt``."""
    name = re.sub(r"\d{4}-\d{2}-\d{2}", "", file.stem)
    if (found := _IN_NAME.search(name)) is not None:
        return f"{found[1]}{found[2]}" if found[1] else f"annexe {found[4]}"
    if (found := re.search(r"(?:^|[^a-z])art(?:icle)?[\s._-]*(\d+(?:-\d+)*)", name, re.IGNORECASE)) is not None:
        return found[1]
    return None


def _named_text(text: str) -> str:
    """The text that a file says it is of: in its front matter, a heading, the line of an article's number, or a line that is nothing but a name.

    A sentence is never asked: "au présent code est publié…" names no code, and an article may cite another one.
    """
    lines = text[:2_000].split("\n")
    front = lines[1 : lines.index("---", 1)] if lines[0].strip() == "---" and "---" in lines[1:] else []
    for line in [*front, *lines]:
        numbered = _TITLE_LINE.match(line) or _BARE_LINE.match(line)
        heading = line in front or line.lstrip().startswith("#")
        found = _NAME.search(numbered[2] if numbered else line)
        if found and (heading or numbered or not line.replace(found[0], "").strip(" #*_>|«»\"'()–-")):
            return found[0].strip()
    return ""


def _named_in_path(where: str) -> str:
    """The name that the folders or the file bear: ``code-de-la-commande-publique/R2131-12.md``."""
    found = _NAME.search(re.sub(r"(?<=[^\W\d])[-_ ]+(?=[^\W\d])", " ", where).replace("/", "\n"))
    return found[0].strip() if found else ""


def _day_in(text: str) -> date | None:
    return next(
        (figure.value for figure in figures(text) if figure.kind is FigureKind.DATE and isinstance(figure.value, date)),
        None,
    )


def _version_day(head: str) -> date | None:
    """The day that the first lines give as that of the version: "version en vigueur depuis le 1er avril 2026"."""
    found = re.search(
        r"(?i)(?:en vigueur|version|date de début)[^\n]{0,40}?(?:depuis|du|au|:)\s*(?:le\s+)?([^\n]{4,30})", head
    )
    return _day_in(found[1]) if found else None
