"""Arguments and standard input to the command line: exit 0 or 2 (1 where a proof fails), never a traceback."""

import contextlib
import io
import sys

import atheris
import instrumented  # noqa: F401  (before the library)
from mutation import json_after

from qmi_rules.doors.cli import app, dossiers, laws, main, programs, purchases, questions  # noqa: F401  (seen by the fuzzer)

COMMANDS = (
    "decide",
    "brief",
    "score",
    "calendar",
    "funding",
    "note",
    "law",
    "compare",
    "schema",
    "timeline",
    "what-if",
    "ask",
    "audit",
    "replay",
    "stale",
)
WORDS = (
    "-",
    "--json",
    "--lang",
    "fr",
    "en",
    "--known-on",
    "--on",
    "2026-05-15",
    "replicability",
    "--table",
    "innovative_purchase",
    "purchase",
)

ARGUMENTS = 40
"""So many bytes choose the command and its arguments; the rest is standard input."""


def left(arguments: list[str]) -> object:
    """The exit status of a run."""
    try:
        main(arguments)
    except SystemExit as leaving:
        return leaving.code or 0
    return 0


def one_input(data: bytes) -> None:
    chosen, document = atheris.FuzzedDataProvider(data[:ARGUMENTS]), data[ARGUMENTS:]
    arguments = [COMMANDS[chosen.ConsumeIntInRange(0, len(COMMANDS) - 1)]]
    for _ in range(chosen.ConsumeIntInRange(0, 5)):
        number = chosen.ConsumeIntInRange(0, len(WORDS) + 1)
        word = WORDS[number] if number < len(WORDS) else chosen.ConsumeUnicodeNoSurrogates(20)
        arguments.append(word if word in WORDS else word.lstrip("-"))  # no other option: some write files
    sys.stdin = io.TextIOWrapper(io.BytesIO(document))
    out = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as faults:
        status = left(arguments)
    if status not in (0, 1, 2):
        raise AssertionError((arguments, status))
    if status and not faults.getvalue() and not out.buffer.tell():
        raise AssertionError((arguments, "left without a word"))
    assert "Traceback" not in faults.getvalue(), arguments


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input, custom_mutator=json_after(ARGUMENTS))
    atheris.Fuzz()
