"""Build hook: compile the catalogues (one .po a room) into one qmi_rules.mo a language, the law into one file of JSON lines, and list what the package is made of."""

import json
import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp


def compile_catalogues(locale: Path) -> None:
    """Write ``LC_MESSAGES/qmi_rules.mo`` beside the .po files of each language under `locale`."""
    # babel would write the time of the build into the header: the same sources are to give the same bytes
    made_on = datetime.fromtimestamp(get_reproducible_timestamp(), UTC)  # SOURCE_DATE_EPOCH where it is set
    for folder in sorted(locale.glob("*/LC_MESSAGES")):
        merged = Catalog(locale=folder.parent.name, domain="qmi_rules", creation_date=made_on, revision_date=made_on)
        for path in sorted(folder.glob("*.po")):
            with path.open("rb") as file:
                for entry in read_po(file, locale=folder.parent.name):
                    if entry.id:
                        merged.add(entry.id, entry.string, context=entry.context)
        with (folder / "qmi_rules.mo").open("wb") as file:
            write_mo(file, merged)


def compile_law(folder: Path) -> None:
    """Write ``compiled.jsonl``: of the TOML files of the law a head and a line for each section, so that a fresh process reads what it needs."""
    paths = sorted(folder.glob("*.toml"))
    sections: dict[str, list[dict[str, Any]]] = {}
    head: dict[str, Any] = {"edition": "", "reviewed_on": None}
    for path in paths:
        for name, value in tomllib.loads(path.read_text("utf-8")).items():
            if isinstance(value, list):
                sections.setdefault(name, []).extend(value)
            else:
                head[name] = value
    groups = {group["id"]: group["members"] for group in sections.pop("groups", ())}
    for row in (row for rows in sections.values() for row in rows if "procedures" in row):
        row["procedures"] = members(row["procedures"], groups)
    head |= {
        "days": days_of_change(sections),
        "sections": list(sections),
        "made_of": {path.name: crc32(path.read_bytes()) for path in paths},
    }
    lines = [json.dumps(part, ensure_ascii=False, default=date.isoformat) for part in (head, *sections.values())]
    (folder / "compiled.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def members(names: list[str], groups: dict[str, list[str]]) -> list[str]:
    """The procedures of which some are named by their group, as ``"@award"``: what a table does when it loads."""
    told = (members(groups[name[1:]], groups) if name.startswith("@") else [name] for name in names)
    return [name for part in told for name in part]


def days_of_change(sections: dict[str, list[dict[str, Any]]]) -> list[date]:
    """Every day on which a value or a row begins, or is no longer there: what `Table` works out of its rows."""
    values = [value for threshold in sections.get("thresholds", ()) for value in threshold["values"]]
    dated = [*values, *(row for name in ("rules", "duty_rows", "cautions") for row in sections.get(name, ()))]
    days = {entry["effective_from"] for entry in dated}
    days |= {entry["effective_until"] + timedelta(days=1) for entry in dated if "effective_until" in entry}
    days |= {entry["known_from"] for entry in sections.get("procedures", ()) if "known_from" in entry}
    return sorted(days)


def bill_of_materials(project: Any, version: str, sources: Path) -> dict[str, Any]:
    """What the package is made of and asks for, with the licences, as a CycloneDX document: the same sources give the same one.

    Versions of dependencies are those of the environment it is installed in: the bill holds what is declared of them.
    """
    itself = f"pkg:pypi/{project.name}@{version}"
    asked = [("required", line) for line in project.dependencies]
    asked += [("optional", line) for extra in project.optional_dependencies.values() for line in extra]
    found: dict[str, dict[str, Any]] = {}
    for scope, line in asked:
        name = re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line)[0]).lower()
        declared = {"name": "declared requirement", "value": line}
        part = {"type": "library", "bom-ref": f"pkg:pypi/{name}", "name": name, "purl": f"pkg:pypi/{name}"}
        found.setdefault(name, {**part, "scope": scope, "properties": [declared]})
    notice = (sources / "data" / "territory" / "LICENCE-OUVERTE.md").read_text("utf-8")
    communes = {
        "type": "data", "bom-ref": "communes.tsv.gz", "name": "communes.tsv.gz", "description": notice.split("\n\n")[1].replace("\n", " "),
        "hashes": [{"alg": "SHA-256", "content": sha256((sources / "data" / "territory" / "communes.tsv.gz").read_bytes()).hexdigest()}],
        "licenses": [{"license": {"id": "etalab-2.0"}}],
    }  # fmt: skip
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, itself)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(get_reproducible_timestamp(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "library",
                "bom-ref": itself,
                "name": project.name,
                "version": version,
                "purl": itself,
                "licenses": [{"expression": project.license_expression}],
            },
        },
        "components": [communes, *(found[name] for name in sorted(found))],
        "dependencies": [
            {"ref": itself, "dependsOn": ["communes.tsv.gz", *(f"pkg:pypi/{name}" for name in sorted(found))]}
        ],
    }


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root) / "src" / "qmi_rules"
        compile_catalogues(package / "locale")
        compile_law(package / "data" / "law")
        if self.target_name == "wheel" and version != "editable":
            bill = Path(self.directory) / "qmi-rules.cdx.json"
            bill.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(
                bill_of_materials(self.metadata.core, self.metadata.version, package), ensure_ascii=False, indent=1
            )
            bill.write_text(text + "\n", "utf-8")
            build_data["sbom_files"].append(str(bill))
