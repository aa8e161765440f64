"""What the commands answer on the examples: one golden document a command, a form and a language.

`python tests/golden/commands.py` writes them anew. Read the difference before it is committed: an answer that changed is a change of behaviour.

The law that they show is the frozen one of `tests/golden/law`, not the table of the package: an amendment of the law changes no
golden document. To let them follow the table of the package: ``cp src/qmi_rules/data/law/*.toml tests/golden/law/``.
"""

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
PURCHASES = ("pelican-cycles", "purple-alternative-surface", "floware-ecomesure", "groupement", "lots")
PROJECTS = ("project-air-quality", "project-company-side", "project-too-many-grants")
SOLUTIONS = ("solution-pelican-cycles", "solution-floware-ecomesure", "solution-purple-alternative-surface")
DOSSIER = "dossier-pelican-cycles"
PUBLISHED = HERE.parent / "decp" / "published.json"


def commands() -> Iterator[tuple[str, list[str]]]:
    """The name of each golden document and the command that gives it; ``{OUT}`` stands for a file that the command writes."""
    yield "demo", ["demo"]
    for name in PURCHASES:
        yield f"card-{name}", ["decide", file(name)]
        yield f"decide-{name}", ["decide", file(name), "--full"]
        yield f"timeline-{name}", ["timeline", file(name)]
        yield f"what-if-{name}", ["what-if", file(name), "innovative_purchase"]
    yield "decide-local", ["decide", file("groupement"), "--full", "--table", str(EXAMPLES / "regles-locales.toml")]
    yield "decide-procedure", ["decide", file("pelican-cycles"), "--procedure", "open_procedure"]
    yield "decide-written", ["decide", file("pelican-cycles"), "--written", "open_procedure"]
    for name in PROJECTS:
        yield f"funding-{name}", ["funding", file(name)]
    for name in SOLUTIONS:
        yield f"note-{name}", ["note", file(name)]
        yield f"score-{name}", ["score", "replicability", file(name)]
    for rubric in ("replicability", "innovation_indices", "parisandco_indices", "innovscore"):
        yield f"score-{rubric}", ["score", rubric]
        yield f"score-{rubric}-dossier", ["score", rubric, file(DOSSIER)]
    yield "brief-card", ["brief", file(DOSSIER)]
    yield "brief", ["brief", file(DOSSIER), "--full"]
    yield "brief-summary", ["brief", file(DOSSIER), "--summary"]
    yield "calendar", ["calendar", file(DOSSIER)]
    yield "funding", ["funding", file(DOSSIER)]
    yield "note", ["note", file(DOSSIER)]
    for kind in ("deliberation", "decision", "justification"):
        yield f"draft-{kind}", ["draft", kind, file(DOSSIER)]
    yield "law", ["law", "--on", "2026-12-01"]
    yield "law-guide", ["law", "--on", "2026-12-01", "--against-guide"]
    yield "guide", ["guide"]
    yield "guide-contacts", ["guide", "contacts"]
    yield "compare", ["compare", "2026-03-31", "2026-04-01"]
    yield "stale", ["stale", "--on", "2026-12-01"]
    yield "audit", ["audit", str(PUBLISHED)]


def written() -> Iterator[tuple[str, list[str]]]:
    """The same for the files that commands write."""
    yield "brief.html", ["brief", file(DOSSIER), "--html", "{OUT}"]
    yield "brief.md", ["brief", file(DOSSIER), "--md", "{OUT}"]
    yield "brief.ics", ["brief", file(DOSSIER), "--ics", "{OUT}"]
    yield "calendar.html", ["calendar", file(DOSSIER), "--html", "{OUT}"]
    yield "note.html", ["note", file(DOSSIER), "--html", "{OUT}"]
    yield "audit.csv", ["audit", str(PUBLISHED), "--csv", "{OUT}"]
    yield "audit.html", ["audit", str(PUBLISHED), "--html", "{OUT}"]


def file(name: str) -> str:
    return str(EXAMPLES / f"{name}.json")


def answered(arguments: list[str]) -> str:
    """What a command prints, without what a new edition of the table or of the package alone would change."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as faults:
        status = ended(arguments)
    assert not status, (arguments, faults.getvalue())
    out.flush()
    text = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    return plain(text)


def readable(text: str) -> str:
    """A JSON text, which is compact where nobody reads it on a terminal, with a line for each value: so that a difference can be read."""
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def ended(arguments: list[str]) -> object:
    from qmi_rules.doors.cli import main

    try:
        main(arguments)
    except SystemExit as leaving:
        return leaving.code
    return 0


def plain(text: str) -> str:
    return re.sub(r'("table_hash": ?)"[0-9a-f]+"', r'\1"…"', text.replace(str(EXAMPLES.parent) + "/", ""))


def documents() -> Iterator[tuple[str, str]]:
    """Every golden document by its path, made now."""
    for name, arguments in commands():
        for lang in ("fr", "en"):
            yield f"{lang}/{name}.txt", answered([*arguments, "--lang", lang])
        if name not in ("law", "demo", "brief-summary", "brief-card") and not name.startswith("card-"):
            yield f"json/{name}.json", readable(answered([*arguments, "--json"]))
    with TemporaryDirectory() as folder:
        for name, arguments in written():
            for lang in ("fr", "en"):
                out = Path(folder) / name
                answered([argument.replace("{OUT}", str(out)) for argument in arguments] + ["--lang", lang])
                yield f"{lang}/{name}", plain(out.read_text("utf-8"))


def freeze() -> None:
    """Let the frozen law be that of the package; before anything reads it, so in a process of its own."""
    from qmi_rules.law import package_files

    package_files.package_data = lambda *parts: HERE.joinpath(*parts)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    freeze()
    for folder in ("fr", "en", "json"):
        (target / folder).mkdir(exist_ok=True)
        for old in (target / folder).iterdir():
            old.unlink()
    made = dict(documents())
    for path, text in made.items():
        (target / path).write_text(text, "utf-8", newline="")
    sys.stdout.write(f"{len(made)} documents\n")
