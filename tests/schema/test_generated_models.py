"""Models that a generator makes from the schemas read what the library writes: an integrator need not write types by hand."""

import importlib.util
import json
import sys
import warnings
from pathlib import Path
from types import ModuleType

import pytest
from test_format_1 import FROZEN, class_of

from qmi_rules.doors.operations import shape
from qmi_rules.schema import json_schema

generator = pytest.importorskip("datamodel_code_generator")
ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "json"
SHAPE_OF = {
    "decide": "decision",
    "timeline": "timeline",
    "what-if": "what-if",
    "funding": "funding-plan",
    "note": "note",
    "calendar": "calendar-check",
    "brief": "briefing",
    "compare": "comparison",
    "law-guide": "guide-against-law",
    "audit": "audit",
    "stale": "freshness",
    "guide": "guide",
    "score": "scorecard",
}
"""By the beginning of a golden document's name, the shape it has."""
OTHERS = {"decide-procedure": None, "decide-written": "written-list", "guide-contacts": None}
"""Golden documents of another shape; None = a part that has no schema of its own."""


def golden(name: str) -> list[Path]:
    """The golden documents of a shape."""
    found = []
    for path in sorted(GOLDEN.glob("*.json")):
        beginning = max(
            (one for one in SHAPE_OF if path.stem.startswith(one)), key=len, default=path.stem.split("-")[0]
        )
        if OTHERS.get(path.stem, SHAPE_OF.get(beginning)) == name and not (name == "scorecard" and _is_form(path)):
            found.append(path)
    return found


def _is_form(path: Path) -> bool:
    return "rubric" not in json.loads(path.read_text("utf-8"))


def models(name: str, folder: Path, cls: type | None = None) -> ModuleType:
    """The models that a generator makes of the schema of a shape, or of a class."""
    file = folder / f"{name.replace('-', '_')}_models.py"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the generator says of its own options
        generator.generate(
            json.dumps(json_schema(cls or shape(name))),
            input_file_type=generator.InputFileType.JsonSchema,
            output_model_type=generator.DataModelType.PydanticV2BaseModel,
            output=file,
            class_name="Root",
            formatters=[],  # nobody reads it: to lay it out takes as long as to make it
        )
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted({*SHAPE_OF.values(), "written-list"}))
def test_generated_models_read_every_golden_document(name, tmp_path):
    documents = golden(name)
    assert documents
    root = models(name, tmp_path).Root
    for path in documents:
        root.model_validate_json(path.read_text("utf-8"))


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_generated_models_read_every_document_of_format_1(file, tmp_path):
    text = file.read_text("utf-8")
    models(f"frozen_{file.stem}", tmp_path, class_of(json.loads(text))).Root.model_validate_json(text)


@pytest.mark.parametrize(
    ("name", "examples"),
    [
        ("purchase", ["pelican-cycles", "groupement", "lots"]),
        ("project", ["project-air-quality", "project-too-many-grants"]),
        ("dossier", ["dossier-pelican-cycles"]),
        ("evidence-file", ["solution-pelican-cycles"]),
    ],
)
def test_generated_models_read_the_examples(name, examples, tmp_path):
    root = models(name, tmp_path).Root
    for example in examples:
        root.model_validate_json((ROOT / "examples" / f"{example}.json").read_text("utf-8"))


def test_the_fields_of_generated_models_are_described(tmp_path):
    for name in ("buyer", "need"):
        for field in models(name, tmp_path).Root.model_fields.values():
            assert field.description
