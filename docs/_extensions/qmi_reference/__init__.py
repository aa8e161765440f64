"""Sphinx extension: reference pages and pictures made by the library itself, from the data it ships.

A page that holds the line ``<!-- generated: NAME LANGUAGE -->`` gets there what `NAME` writes in that language when the site is built. The French
pages that `premiers-pas` leads to stand written in the repository too, up to ``<!-- end of generated -->``, so that they can be read where it is read.
Pictures go to ``_build/pictures``. The first page holds the question page itself, alive.
"""

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qmi_rules import __version__
from qmi_rules.question_page import page_script

from . import calendar, funding, law, pictures, program, rubrics
from .writer import Writer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGES = {
    "procedures": law.procedures,
    "thresholds": law.thresholds,
    "duties": law.duties,
    "cautions": law.cautions,
    "sources": law.sources,
    "facts": law.facts,
    "schemes": funding.schemes,
    "funding-limits": funding.limits,
    "rubrics": rubrics.rubrics,
    "calendar": calendar.calendar,
    "elections": calendar.elections,
    "command-line": program.command_line,
    "documents": program.documents,
}
SCRIPT = "qmi-rules-question-page.js"
QUESTIONS = f"""```{{raw}} html
<script src="_static/{SCRIPT}" defer></script>
<qmi-rules-question-page lang="fr"></qmi-rules-question-page>
```"""
MARK = re.compile(r"^<!-- generated: (\S+) (fr|en) -->$(?:\n.*?^<!-- end of generated -->$)?", re.MULTILINE | re.DOTALL)
KEPT = ("procedures", "thresholds", "duties", "facts", "schemes", "rubrics")
"""The pages that stand written in the repository, in French."""


def setup(app: "Sphinx") -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("builder-inited", lambda app: pictures.draw(Path(app.srcdir) / "_build" / "pictures"))
    app.connect("builder-inited", _load_rooms)
    app.connect("builder-inited", _write_questions)
    app.connect("source-read", _fill)
    app.connect("env-get-outdated", _generated)
    app.connect("html-page-context", _language)
    app.connect("missing-reference", _private)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _write_questions(app: "Sphinx") -> None:
    """The script of the question page, among the static files of the site."""
    folder = Path(app.srcdir) / "_build" / "questions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCRIPT).write_text(page_script(), "utf-8")
    app.config.html_static_path.append(str(folder))


def _load_rooms(app: "Sphinx") -> None:
    """Put into each room the names that it loads when first used: autodoc lists only what is there."""
    for page in (Path(app.srcdir) / "reference" / "api").glob("*.md"):
        if page.stem not in ("index", "doors", "findings"):
            room = import_module(f"qmi_rules.{page.stem}")
            for name in getattr(room, "__all__", ()):
                setattr(room, name, getattr(room, name))


def _generated(app: "Sphinx", env: Any, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """The pages whose content is not in their file: they are always written anew."""
    return [name for name in env.found_docs if MARK.search(Path(env.doc2path(name)).read_text("utf-8"))]


def _fill(app: "Sphinx", name: str, source: list[str]) -> None:
    if name == "index":
        source[0] = source[0].replace("<!-- question page -->", QUESTIONS)
    source[0] = MARK.sub(lambda found: "\n".join(PAGES[found[1]](Writer(found[2]))), source[0])


def kept_page(name: str) -> Path:
    """The file of a page that stands written in the repository."""
    return Path(__file__).parents[2] / "reference" / "law" / f"{name}.fr.md"


def filled(text: str) -> str:
    """A page with what the data give between its marks; anchors are those of plain Markdown, not of the site."""

    def told(found: re.Match[str]) -> str:
        made = "\n".join(PAGES[found[1]](Writer(found[2])))
        plain = re.sub(r"^\((\S+)\)=$", r'<a id="\1"></a>\n', made, flags=re.MULTILINE)
        plain = re.sub(r"\]\(<(https?://[^>()\s]+)>\)", r"](\1)", plain)
        tidy = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", plain, flags=re.MULTILINE)).strip()
        return f"<!-- generated: {found[1]} {found[2]} -->\n\n{tidy}\n\n<!-- end of generated -->"

    return MARK.sub(told, text)


def _language(app: "Sphinx", page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """A French page says that it is French: screen readers choose the voice by it."""
    if page.endswith(".fr"):
        context["language"] = "fr"


def _private(app: "Sphinx", env: Any, node: Any, shown: Any) -> Any:
    """A class that no room hands on is named in signatures but has no page; a public one without a page stays a fault."""
    module, _, name = node.get("reftarget", "").rpartition(".")
    if node.get("refdomain") != "py" or not module.startswith("qmi_rules."):
        return None
    try:
        meant = getattr(import_module(module), name, None)
    except ImportError:
        return None
    rooms = (import_module("qmi_rules"), import_module(".".join(module.split(".")[:2])))
    public = any(name in getattr(room, "__all__", ()) and getattr(room, name) is meant for room in rooms)
    return None if meant is None or public else shown
