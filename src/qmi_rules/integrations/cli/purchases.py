"""Commands about one purchase: demo, decide, timeline, ask, replay."""

from importlib.resources import files
from pathlib import Path

from cyclopts import App

from qmi_rules.contexts import Purchase
from qmi_rules.documents import from_json, structure
from qmi_rules.integrations.cli.options import File, Law, Output, name, read_data
from qmi_rules.procurement import decide
from qmi_rules.text import Language, language

DEMO = ("pelican-cycles", "purple-alternative-surface", "floware-ecomesure")


def register(app: App) -> None:
    """Add the commands."""
    app.command(demo)
    app.command(decide_file, name="decide")


def demo(*, output: Output = Output(), law: Law = Law()) -> None:
    """Decide the guide's three cases: what the guide does not say is left open, and the answer asks for it."""
    say = language(output.lang)
    decisions = {
        case: decide(from_json(example(f"{case}.json").read_bytes(), Purchase), law.load(), law.known_on)
        for case in DEMO
    }
    output.say(
        [decision.as_document() for decision in decisions.values()],
        "\n\n".join(_headed(case, decision.explain(output.lang), say) for case, decision in decisions.items()),
    )


def _headed(case: str, text: str, say: Language) -> str:
    return say("# Exemple {name} (document : examples/{name}.json)", name=case) + "\n\n" + text


def example(file: str) -> Path:
    """A document of examples/, in the installed package or in the source tree."""
    packaged = Path(str(files("qmi_rules"))) / "data" / "examples" / file
    return packaged if packaged.is_file() else Path(__file__).parents[4] / "examples" / file


def decide_file(file: File, /, *, output: Output = Output(), law: Law = Law()) -> None:
    """Decide how the purchase of FILE may be bought ("-" reads standard input).

    FILE is a Purchase document; a dossier's purchase is taken out of it.
    """
    output.show(decide(purchase_of(file), law.load(), law.known_on))


def purchase_of(file: str) -> Purchase:
    """The purchase of a file: the document itself, or the part `purchase` of a dossier."""
    data = read_data(file)
    if isinstance(data, dict) and isinstance(data.get("purchase"), dict):
        data = data["purchase"]
    return structure(data, Purchase, name(file))
