"""Build hook: compile the catalogues (one .po a room) into one qmi_rules.mo a language, and the law into one JSON file."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    """Write ``compiled.json``: the TOML files of the law as one JSON file, which a fresh process reads faster."""
    files = {path.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))}
    text = json.dumps(files, ensure_ascii=False, default=lambda day: day.isoformat())
    (folder / "compiled.json").write_text(text, "utf-8")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root) / "src" / "qmi_rules"
        compile_catalogues(package / "locale")
        compile_law(package / "data" / "law")
