"""Commands about one purchase: demo, decide, timeline, ask, replay."""

import json
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from cyclopts import App

from qmi_rules.contexts import Purchase
from qmi_rules.documents import from_json, unstructure
from qmi_rules.errors import DocumentError, fault
from qmi_rules.integrations.cli.files import put
from qmi_rules.integrations.cli.options import File, Law, Output, parsed, read_data, write
from qmi_rules.integrations.harmless import escaped
from qmi_rules.procurement import Decision, decide
from qmi_rules.procurement.asking.dialogue import run_interview
from qmi_rules.procurement.asking.inquiry import EXTRA, VALUE
from qmi_rules.procurement.receipts import replay
from qmi_rules.procurement.whatif.history import timeline
from qmi_rules.procurement.whatif.search import what_if
from qmi_rules.text import Language, language, visible

DEMO = ("pelican-cycles", "purple-alternative-surface", "floware-ecomesure")


def register(app: App) -> None:
    """Add the commands."""
    app.command(demo)
    app.command(decide_file, name="decide")
    app.command(timeline_file, name="timeline")
    app.command(what_if_file, name="what-if")
    app.command(ask)
    app.command(replay_file, name="replay")


def demo(*, output: Output = Output(), law: Law = Law()) -> None:
    """Decide the guide's three cases: what the guide does not say is left open, and the answer asks for it."""
    say = language(output.lang)
    decisions = {
        case: decide(from_json(example(f"{case}.json").read_bytes(), Purchase), law.load(), law.known_on)
        for case in DEMO
    }
    output.say(
        [unstructure(decision) for decision in decisions.values()],
        "\n\n".join(_headed(case, decision.explain(output.lang), say) for case, decision in decisions.items()),
    )


def _headed(case: str, text: str, say: Language) -> str:
    return say("# Exemple {name} (document : examples/{name}.json)", name=case) + "\n\n" + text


def example(file: str) -> Path:
    """A document of examples/, in the installed package or in the source tree."""
    packaged = Path(str(files("qmi_rules"))) / "data" / "examples" / file
    return packaged if packaged.is_file() else Path(__file__).parents[4] / "examples" / file


def decide_file(
    file: File,
    /,
    *,
    procedure: str | None = None,
    written: str | None = None,
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Decide how the purchase of FILE may be bought ("-" reads standard input).

    Args:
        file: A Purchase document; a dossier's purchase is taken out of it.
        procedure: Id of one procedure, such as adapted_procedure: show it alone, with all that it obliges to.
        written: Id of a procedure: list what must be written down and kept if it is used.
    """
    decision = decide(purchase_of(file), law.load(), law.known_on)
    if written is not None:
        output.show(decision.written(written))
    else:
        output.show(decision if procedure is None else decision[procedure])


def timeline_file(file: File, /, *, output: Output = Output(), law: Law = Law()) -> None:
    """Show all days on which the answer to the purchase of FILE changes, and why."""
    output.show(timeline(purchase_of(file), law.load(), law.known_on))


def what_if_file(
    file: File, procedure: str, /, *, lot: str | None = None, output: Output = Output(), law: Law = Law()
) -> None:
    """Show the nearest changes that would open, or close, PROCEDURE for the purchase of FILE.

    Args:
        file: A Purchase document.
        procedure: Id of the procedure, such as innovative_purchase.
        lot: Id of a lot, to ask it of that lot.
    """
    output.show(what_if(purchase_of(file), procedure, law.load(), law.known_on, lot))


def ask(file: File | None = None, /, *, save: Path | None = None, output: Output = Output(), law: Law = Law()) -> None:
    """Ask, question by question, what settles most; then say what is open. Nothing irrelevant is asked.

    Args:
        file: What is known already: a Purchase document, complete or not.
        save: Write the purchase to this file, for decide, what-if, timeline and brief.
    """
    known = read_data(file) if file is not None else {}
    say = language(output.lang)
    if output.json and sys.stderr is None:
        raise DocumentError(fault("required", "", "is closed"), "standard error")
    tell = (
        _on_stderr if output.json else lambda line: write(line + "\n")
    )  # with --json the document alone is the output
    document = run_interview(
        lambda prompt: _typed(prompt, say, tell),
        tell,
        known,
        lang=output.lang,
        table=law.load(),
        known_on=law.known_on,
    )
    purchase = {key: value for key, value in document.items() if key not in EXTRA}
    if save is not None:
        text = escaped(json.dumps(purchase, ensure_ascii=False, indent=2)) + "\n"
        put(save, text, inputs=[], force=output.force)  # to go on with the file that was read is what it is for
        if missing := [key for key in ("title", "launched_on") if key not in purchase]:
            tell(
                say(
                    "Il manque {keys} pour que decide réponde ; ask peut reprendre ce fichier.", keys=", ".join(missing)
                )
            )
        elif VALUE in document.get("bounds", {}):
            tell(say("Le montant exact manque : decide ne sait pas s'il est sous les seuils et le demandera."))
        else:
            tell(say("À lire ensuite : qmi-rules decide {file}", file=visible(str(save))))
    if output.json:
        write(escaped(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")


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
    """Decide the purchase of a decision's JSON anew: the same answer, or what differs and why."""
    output.show(replay(read_data(file, Decision.LARGEST_DOCUMENT), law.load()))


def purchase_of(file: str) -> Purchase:
    """The purchase of a file: the document itself, or the part `purchase` of a dossier."""
    text = parsed(file)
    data, root = text.data, ""
    if isinstance(data, dict) and isinstance(data.get("purchase"), dict):
        data, root = data["purchase"], "purchase"
    return text.structured(data, Purchase, root)
