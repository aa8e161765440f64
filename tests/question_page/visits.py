"""A person on the question page, and the purchases of an agent."""

import json
from pathlib import Path
from typing import Any

PURCHASES: dict[str, dict[str, Any]] = {
    "air sensors": {
        "buyer.kind": "commune",
        "contract_type": ("services", "Capteurs de qualité de l'air"),
        "estimated_value": "85 000",
        "launched_on": "février 2027",
        "joint": "alone",
        "lots": "one",
    },
    "two bicycles": {
        "buyer.kind": "commune",
        "contract_type": ("supplies", "Deux vélos"),
        "estimated_value": "12 000,50",
        "launched_on": "01/12/2026",
        "joint": "alone",
    },
    "works in lots": {
        "buyer.kind": "commune",
        "contract_type": ("works", "Rénovation de la cour"),
        "estimated_value": None,
        "launched_on": "15 janvier 2027",
        "joint": "alone",
        "lots": [("voirie", "80 000"), ("clôture", "30 000"), ("plantations", "20 000")],
        "innovative": "ordinary",
    },
    "three communes": {
        "buyer.kind": "commune",
        "contract_type": ("services", "Mesure du bruit"),
        "estimated_value": None,
        "launched_on": "mars 2027",
        "joint": ["50 000", "60 000", "40 000"],
        "lots": "one",
        "innovative": "tried",
    },
    "nothing known": {"buyer.kind": "commune", "contract_type": ("services", ""), "launched_on": "mars 2027"},
}
"""The five purchases of an agent: what he answers, by the path that a question fills; nothing for a path = he does not know."""


class Visit:
    """A person on the page."""

    def __init__(self, browser: Any, path: Path, *, width: int = 1280, script: str = "", **context: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(5_000)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        if script:
            self.page.add_init_script(script)
        self.page.goto(path.as_uri())

    @property
    def fact(self) -> str | None:
        """The path that the question fills; None where none is asked any more."""
        question = self.page.locator('[data-qmi="question"]')
        return question.get_attribute("data-fact") if question.count() else None

    @property
    def card(self) -> Any:
        return self.page.locator('[data-qmi="card"]')

    @property
    def headline(self) -> str:
        return self.card.locator(".headline").inner_text()

    @property
    def dossier(self) -> dict[str, Any]:
        return self.page.evaluate("document.querySelector('qmi-rules-question-page').dossier")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, value: str) -> None:
        self.page.locator(f'[data-qmi="question"] input[type=radio][value="{value}"]').check()

    def answer(self, value: Any) -> None:
        """Answer the question that is asked; None = not known."""
        if value is None:
            return self.press("Je ne sais pas")
        fact, question = self.fact, self.page.locator('[data-qmi="question"]')
        match fact, value:
            case "contract_type", (kind, title):
                self.choose(kind)
                question.locator("input[type=text]").fill(title)
            case (("estimated_value" | "launched_on"), str()):
                question.locator("input[type=text]").fill(value)
            case (("joint" | "lots"), list()):
                self.choose("several" if fact == "lots" else "together")
                for _ in value[2:]:
                    question.locator(".more > button").click()
                for row, one in zip(question.locator(".item").all(), value, strict=True):
                    fields = [one] if isinstance(one, str) else one
                    for field, text in zip(row.locator("input[type=text]").all(), fields, strict=True):
                        field.fill(text)
            case _, bool():
                self.choose("yes" if value else "no")
            case _:
                self.choose(value)
        self.press("Continuer")
        return None

    def go(self, answers: dict[str, Any]) -> list[str]:
        """Answer what is asked until nothing is; returns the paths that were asked for."""
        asked = []
        while (fact := self.fact) is not None:
            assert len(asked) < 30, asked
            asked.append(fact)
            self.answer(answers.get(fact))
        return asked

    def change(self, fact: str, value: Any) -> None:
        self.page.locator(f'[data-qmi="answers"] tr[data-fact="{fact}"] button').click()
        assert self.fact == fact
        self.answer(value)

    def set(self, dossier: dict[str, Any]) -> None:
        self.page.evaluate(f"document.querySelector('qmi-rules-question-page').dossier = {json.dumps(dossier)}")
