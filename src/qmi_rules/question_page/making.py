"""Make the question page: one HTML file with everything in it, or a page with its script and style beside it for sites that forbid inline ones."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from os.path import relpath
from pathlib import Path
from typing import Final

from attrs import field, frozen

from qmi_rules.catalogues import SOURCE_LANGUAGE
from qmi_rules.errors import language_code
from qmi_rules.law import Table, default_table
from qmi_rules.pages import language, languages
from qmi_rules.question_page.inlined import evaluator_script, script_of
from qmi_rules.question_page.rows import rows
from qmi_rules.schema.scalars import is_a, optional
from qmi_rules.schema.toml import package_data, read_toml

SCRIPT: Final = "qmi-rules-question-page.js"
"""The file of the element, for sites that forbid inline scripts and for pages of one's own."""
STYLE: Final = "qmi-rules-question-page.css"
DATA_ID: Final = "qmi-rules-data"


@frozen(kw_only=True)
class PageOptions:
    """How the question page is made.

    Attributes:
        table: The law that it carries, a commune's own rules included; None = the national table of the package.
        lang: The language in which it begins; the other is a click away.
        service: Where the page is served with the HTTP service, the address of its routes ("/v1"): it then finds communes by name and opens
            the full briefing. None = it asks nobody anything.
    """

    table: Table | None = field(default=None, validator=optional(is_a(Table)))
    lang: str = field(default=SOURCE_LANGUAGE, converter=language_code)
    service: str | None = field(default=None, validator=optional(is_a(str)))

    @property
    def law(self) -> Table:
        """The table that the page carries."""
        return default_table() if self.table is None else self.table


def page_html(options: PageOptions | None = None) -> str:
    """The page as one HTML file that asks the network nothing.

    Raises:
        UnsupportedLocaleError: There is no catalogue for the language.
    """
    options = PageOptions() if options is None else options
    program = _program(f'JSON.parse(document.getElementById("{DATA_ID}").textContent)')
    style = _read("around.css")
    return _filled(
        options,
        policy=_policy(options, f"'sha256-{_digest(program)}'", f"'sha256-{_digest(style)}'"),
        head=f"<style>{style}</style>",
        scripts=f'<script type="application/json" id="{DATA_ID}">{_data(options)}</script>\n<script>{program}</script>',
    )


def page_script(options: PageOptions | None = None) -> str:
    """The element with its data as one script: beside it a page of one's own needs the tag `<qmi-rules-question-page lang="fr">` alone."""
    options = PageOptions() if options is None else options
    return _program(_data(options))


def write_page(out: Path | str, options: PageOptions | None = None, *, external: Path | str | None = None) -> None:
    """Write the page.

    Args:
        out: The HTML file.
        options: How it is made.
        external: A folder for its script and style, from which the page then takes them by their relative address; None = all in one file.

    Raises:
        OSError: A file cannot be written.
    """
    for path, text in pages(Path(out), options, None if external is None else Path(external)).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def pages(out: Path, options: PageOptions | None = None, external: Path | None = None) -> dict[Path, str]:
    """The files of the page by their path: the HTML file alone, or with its script and its style in another folder."""
    options = PageOptions() if options is None else options
    if external is None:
        return {out: page_html(options)}
    near = Path(relpath(external.resolve(), out.parent.resolve())).as_posix()
    return {
        out: _filled(
            options,
            policy=_policy(options, "'self'", "'self'"),
            head=f'<link rel="stylesheet" href="{escape(near)}/{STYLE}">',
            scripts=f'<script src="{escape(near)}/{SCRIPT}" defer></script>',
        ),
        external / SCRIPT: page_script(options),
        external / STYLE: _read("around.css"),
    }


def _program(data: str) -> str:
    """The evaluator, the element, and its start with some data; the style goes in as a text, which no policy forbids."""
    style = json.dumps(_read("page.css"), ensure_ascii=False)
    element = script_of("element", "element.js", "qmiPage")
    text = f"{evaluator_script()}\n{element}\nqmiPage.start({data}, qmiEvaluator, {style});\n"
    return text.replace("</", "<\\/")  # the end tag of a script ends it wherever it stands


def _data(options: PageOptions) -> str:
    data = {"rows": rows(options.law), "words": words(), "service": options.service}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # neither an end tag nor a comment begins in it, and a script may hold it as it is
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def words() -> dict[str, dict[str, str]]:
    """The words of the controls of the page by language, then by name."""
    rows = read_toml(package_data("question_page", "words.toml"))["words"]
    spoken = {code: language(code) for code in languages()}
    return {
        code: {**{row["name"]: say(row["text"]) for row in rows}, "colon": say.labelled("", "")}
        for code, say in spoken.items()
    }


def _policy(options: PageOptions, script: str, style: str) -> str:
    if options.service is not None:  # the briefing opens in a window that inherits this policy, and holds its style
        return f"default-src 'none'; script-src {script}; style-src 'self' 'unsafe-inline'; connect-src 'self'; base-uri 'none'"
    return f"default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _filled(options: PageOptions, **parts: str) -> str:
    spoken = words()[options.lang]
    page = files("qmi_rules").joinpath("question_page", "page.html").read_text("utf-8")
    values = {
        "lang": options.lang,
        "title": escape(spoken["page_title"]),
        "no_script": escape(spoken["no_script"]),
        **parts,
    }
    return re.sub(r"@(\w+)@", lambda place: values[place[1]], page)


def _read(name: str) -> str:
    return files("qmi_rules").joinpath("question_page", "element", name).read_text("utf-8")
