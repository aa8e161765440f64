"""Documents: strict conversion between JSON or TOML and frozen attrs classes, and the JSON Schema of a class."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used
from qmi_rules.schema.fields import Document, Wording
from qmi_rules.schema.json_text import (
    DEEPEST_DOCUMENT,
    LARGEST_DOCUMENT,
    from_json,
    given,
    parse_json,
    read,
    to_json,
    unstructure,
    written_json,
)
from qmi_rules.schema.reader import read_document, structure
from qmi_rules.schema.scalars import LONGEST_LIST
from qmi_rules.schema.toml import load_toml, package_data, read_toml

if TYPE_CHECKING:
    from qmi_rules.schema.converter import document_of
    from qmi_rules.schema.schema_writer import json_schema

# What a first decision does not need is loaded when first used, and cattrs with it.
__getattr__ = loaded_when_used(__name__, {"converter": "document_of", "schema_writer": "json_schema"})

__all__ = [
    "DEEPEST_DOCUMENT",
    "LARGEST_DOCUMENT",
    "LONGEST_LIST",
    "Document",
    "Wording",
    "document_of",
    "from_json",
    "given",
    "json_schema",
    "load_toml",
    "package_data",
    "parse_json",
    "read",
    "read_document",
    "read_toml",
    "structure",
    "to_json",
    "unstructure",
    "written_json",
]
