"""Commands about one purchase that are more than a question: demo, ask, replay."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cyclopts import App

from qmi_rules.doors.cli.options import (
    File,
    Full,
    Law,
    Output,
    put,
    read_data,
    write,
)
from qmi_rules.errors import DocumentError, fault
from qmi_rules.model import Purchase
from qmi_rules.pages import Language, language, visible
from qmi_rules.pages.harmless import escaped
from qmi_rules.procurement import Decision, decide
from qmi_rules.schema import from_json
from qmi_rules.schema.fields import layout_of

DEMO = ("pelican-cycles", "purple-alternative-surface", "floware-ecomesure")


def register(app: App) -> None:
    """Add the commands."""
    app.command(demo)
    app.command(ask)
    app.command(replay_file, name="replay")


def demo(*, full: Full = False, output: Output = Output(), law: Law = Law()) -> None:
    """Decide the guide's three cases: what the guide does not say is left open, and the answer asks for it.

    Args:
        full: Print the whole explanation of each case, not only its card.
    """
    say = language(output.lang)
    decisions = {
        case: decide(from_json(example(f"{case}.json").read_bytes(), Purchase), law.load(), law.known_on)
        for case in DEMO
    }
    output.say(
        [decision.to_dict(output.lang) for decision in decisions.values()],
        "\n".join(
            _headed(case, (decision if full else decision.answer).explain(output.lang), say)
            for case, decision in decisions.items()
        ),
    )


def _headed(case: str, text: str, say: Language) -> str:
    return say("# Exemple {name} (document : examples/{name}.json)", name=case) + "\n\n" + text


def example(file: str) -> Path:
    """A document of examples/, in the installed package or in the source tree."""
    from importlib.resources import files  # slow to load, and only examples are looked for with it

    packaged = Path(str(files("qmi_rules"))) / "data" / "examples" / file
    return packaged if packaged.is_file() else Path(__file__).parents[4] / "examples" / file


def ask(
    file: File | None = None,
    /,
    *,
    save: Path | None = None,
    full: Full = False,
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Ask a few plain questions, then only what can still change the answer; the card is shown after each of them.

    Args:
        file: What is known already: a Purchase document or a dossier, complete or not.
        save: Write the dossier to this file; every command takes it.
        full: Ask about every particular case too, not only where something speaks for it.
    """
    from qmi_rules.procurement.dialogue.dialogue import UNTITLED, Interrupted, filled, run_interview

    known = read_data(file) if file is not None else {}
    say = language(output.lang)
    if output.json and sys.stderr is None:
        raise DocumentError(fault("required", "", "is closed"), "standard error")
    tell = (
        _on_stderr if output.json else lambda line: write(line + "\n")
    )  # with --json the document alone is the output

    def keep(dossier: dict[str, Any], target: Path) -> None:
        titled = filled(dossier, {"purchase.title": dossier.get("purchase", {}).get("title", say(UNTITLED))})
        # to go on with the file that was read is what it is for
        put(target, written_as(titled), inputs=[], force=output.force)
        if "launched_on" not in titled["purchase"]:
            tell(
                say(
                    "Il manque la date de lancement pour que les autres commandes répondent ; ask peut reprendre ce fichier."
                )
            )
        else:
            name = visible(shlex.quote(str(target)))  # the line is there to be typed again
            tell(say("À lire ensuite : {commands}", commands=f"qmi-rules decide {name}, qmi-rules brief {name}"))

    try:
        dossier = run_interview(
            lambda prompt: _typed(prompt, say, tell),
            tell,
            known,
            lang=output.lang,
            table=law.load(),
            known_on=law.known_on,
            full=full,
        )
    except Interrupted as broken_off:
        tell("")
        if (target := _where_to_keep(save, say, tell)) is not None:
            keep(broken_off.dossier, target)
        raise
    if save is not None:
        keep(dossier, save)
    elif not output.json and sys.stdin is not None and sys.stdin.isatty():
        tell("")
        if (target := _where_to_keep(None, say, tell)) is not None:
            keep(dossier, target)
    if output.json:
        write(written_as(dossier))


def written_as(dossier: dict[str, Any]) -> str:
    """A dossier as a file holds it."""
    return escaped(json.dumps(dossier, ensure_ascii=False, indent=2)) + "\n"


def _where_to_keep(save: Path | None, say: Language, tell: Callable[[str], None]) -> Path | None:
    """The file in which the person wants to keep what was answered; None = in none."""
    from qmi_rules.procurement.dialogue.opening import typed_truth

    asked = (
        say("Enregistrer ce qui a été répondu ? Tapez un nom de fichier, ou rien pour ne pas enregistrer.")
        if save is None
        else say("Enregistrer ce qui a été répondu dans {file} ? (oui ou non)", file=visible(str(save)))
    )
    tell(asked)
    try:
        typed = _typed("> ", say, tell).strip()
    except EOFError:
        return None
    if save is not None:
        return save if typed_truth(typed) else None
    return Path(typed) if typed and typed_truth(typed) is None else None


def _on_stderr(line: str) -> None:
    print(line, file=sys.stderr)


def _typed(prompt: str, say: Language, tell: Callable[[str], None]) -> str:
    """A line that was typed; one that is no UTF-8, as of a terminal set otherwise, is asked for again and nothing is lost."""
    if sys.stdin is None:
        raise EOFError
    while True:
        try:
            if tell is not _on_stderr:
                return input(prompt)
            print(prompt, end="", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
            if not line:
                raise EOFError
            return line.rstrip("\n")
        except UnicodeDecodeError:
            tell(
                say(
                    "Cette ligne n'est pas en UTF-8 : taper de nouveau, sans accents si le terminal est réglé autrement."
                )
            )


def replay_file(file: File, /, *, output: Output = Output(), law: Law = Law()) -> None:
    """Decide the purchase of a decision's JSON anew: the same answer, or what differs and why; ends with status 1 where it differs."""
    from qmi_rules.procurement import replay

    found = replay(read_data(file, layout_of(Decision).largest), law.load())
    output.show(found)
    if not found.same:
        raise SystemExit(1)
