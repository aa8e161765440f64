"""The evaluator in an embedded engine: its script and the compiled table are read once, questions go in bulk."""

import json
from typing import Any

from py_mini_racer import MiniRacer

from qmi_rules.law import Table
from qmi_rules.question_page.inlined import evaluator_script
from qmi_rules.question_page.rows import rows_json


class Engine:
    """The evaluator with one table."""

    def __init__(self, table: Table, script: str = "") -> None:
        self._context = MiniRacer()
        self._context.eval(script or evaluator_script())
        self._context.eval(f"var rows = {rows_json(table)}")

    def run(self, script: str) -> None:
        """Run a script before questions are asked."""
        self._context.eval(script)

    def each(self, call: str, questions: list[Any]) -> list[Any]:
        """What an expression about `it`, `rows` and the evaluator gives for each question, in one call."""
        asked = json.dumps(json.dumps(questions))
        text = self._context.eval(f"JSON.stringify(JSON.parse({asked}).map((it) => {call}))")
        answers: list[Any] = json.loads(str(text))
        return answers
