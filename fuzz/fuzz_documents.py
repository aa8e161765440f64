"""JSON texts to every document class: read or refused with paths; what is read is written and read again, the same."""

import sys

import atheris

with atheris.instrument_imports(include=["qmi_rules"]):
    from qmi_rules.contexts import Purchase
    from qmi_rules.contexts.checklist import Checklist
    from qmi_rules.contexts.commune import Commune
    from qmi_rules.contexts.dossier import Dossier
    from qmi_rules.contexts.project import Project
    from qmi_rules.contexts.schedule import Schedule
    from qmi_rules.contexts.solution import EvidenceFile
    from qmi_rules.documents import from_json, to_json
    from qmi_rules.errors import DocumentError
    from qmi_rules.procurement import decide

CLASSES = (Purchase, Dossier, Commune, Schedule, Project, Checklist, EvidenceFile)


def one_input(data: bytes) -> None:
    if not data:
        return
    cls, text = CLASSES[data[0] % len(CLASSES)], data[1:]
    try:
        document = from_json(text, cls)
    except DocumentError as error:
        if not error.problems:
            raise AssertionError("a refusal names its faults") from error
        return
    assert from_json(to_json(document), cls) == document
    if isinstance(document, Purchase):
        decide(document).to_json()


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
