"""JSON texts to every document class: read or refused with paths; what is read is written, read again the same, and answered."""

import sys
from datetime import date

import atheris
import instrumented  # noqa: F401  (before the library)
from mutation import json_after

from qmi_rules.briefing import brief
from qmi_rules.briefing.report import to_html_report
from qmi_rules.budget_calendar import check_calendar
from qmi_rules.errors import DocumentError
from qmi_rules.funding import find_funding
from qmi_rules.guide import review
from qmi_rules.model import Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Checklist, Dossier
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.procurement import Decision, decide
from qmi_rules.schema import from_json, to_json
from qmi_rules.scoring import justification_note

CLASSES = (Purchase, Dossier, Commune, Schedule, Project, Checklist, EvidenceFile)
PURCHASE = Purchase(title="Capteurs", launched_on=date(2026, 9, 1), estimated_value=85_000, contract_type="services")
COMMUNE = Commune(insee_code="92048", population=45_000, budget_vote="spring")
SCHEDULE = Schedule(procedure="adapted_procedure", wanted_on=date(2027, 6, 1))


def answers(document: object) -> list[object]:
    """What the library says of a document that it accepted; each answer is written, and read aloud in both languages."""
    match document:
        case Purchase():
            decision = decide(document)
            assert from_json(decision.to_json(), Decision).to_json() == decision.to_json()
            return [decision]
        case Dossier():
            briefing = brief(document)
            to_html_report(briefing, "fr")
            return [briefing]
        case Commune():
            return [check_calendar(PURCHASE, document, SCHEDULE)]
        case Schedule():
            return [check_calendar(PURCHASE, COMMUNE, document)]
        case Project():
            return [find_funding(document)]
        case Checklist():
            return [review(document)]
        case EvidenceFile():
            return [justification_note(document)]
    raise AssertionError(document)


def one_input(data: bytes) -> None:
    if not data:
        return
    cls, text = CLASSES[data[0] % len(CLASSES)], data[1:]
    try:
        document = from_json(text, cls)
        assert from_json(to_json(document), cls) == document
        for answer in answers(document):
            answer.to_json()
            answer.explain("fr")
            answer.explain("en")
            answer._repr_html_()
    except DocumentError as error:
        if not error.problems:
            raise AssertionError("a refusal names its faults") from error


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input, custom_mutator=json_after(1))
    atheris.Fuzz()
