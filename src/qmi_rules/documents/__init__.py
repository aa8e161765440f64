"""Documents: strict conversion between JSON or TOML and frozen attrs classes, and the JSON Schema of a class."""

from qmi_rules.documents.converter import read_document, structure, unstructure
from qmi_rules.documents.document import Document
from qmi_rules.documents.json_text import DEEPEST_DOCUMENT, LARGEST_DOCUMENT, from_json, parse_json, read, to_json
from qmi_rules.documents.scalars import LONGEST_LIST
from qmi_rules.documents.schema import json_schema
from qmi_rules.documents.toml import load_toml, package_data, read_toml

__all__ = [
    "DEEPEST_DOCUMENT",
    "LARGEST_DOCUMENT",
    "LONGEST_LIST",
    "Document",
    "from_json",
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
]
