"""Print one of the README's commands: "main" or "tests"; the CI runs exactly what the README says."""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def commands(text: str) -> list[str]:
    """The console blocks of a Markdown text, prompts removed."""
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return ["\n".join(line.removeprefix("$ ") for line in block.splitlines()) for block in blocks]


if __name__ == "__main__":
    main, tests, *_ = commands(README.read_text("utf-8"))
    print({"main": main, "tests": tests}[sys.argv[1]])
