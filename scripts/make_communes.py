"""Makes the packaged file of communes out of the npm package ``@etalab/decoupage-administratif``.

How, once a year when INSEE has published the communes of the year::

    npm pack @etalab/decoupage-administratif@6.0.0
    python scripts/make_communes.py etalab-decoupage-administratif-6.0.0.tgz 2026 src/qmi_rules/data/territory/communes.tsv.gz

The file is text in tab-separated lines, compressed; its sections are apart by an empty line:

1. the edition: year, package, version;
2. regions: code, name;
3. departments: code, name, region;
4. groupings: SIREN, kind (``CC``, ``CA``, ``CU``, ``METRO``, ``MET69``, ``EPT``), name;
5. communes, sorted: code, kind (empty, ``m`` arrondissement, ``d`` delegated, ``a`` associated), name, postal codes, population, place of
   the EPCI in section 4, place of the EPT there, commune it is a part of, SIREN where it is not the one that its code gives;
6. codes that were given up by a merger and name nothing else today: code, commune of today.
"""

import gzip
import json
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qmi_rules.model.territory import usual_siren

KINDS = {"commune-actuelle": "", "arrondissement-municipal": "m", "commune-deleguee": "d", "commune-associee": "a"}
Entries = list[dict[str, Any]]


def read_package(archive: Path) -> dict[str, Any]:
    """The files of the npm archive that are needed, by name."""
    with tarfile.open(archive) as files:
        return {
            Path(member.name).stem: json.load(files.extractfile(member))  # type: ignore[arg-type]
            for member in files
            if member.name == "package/package.json" or member.name.startswith("package/data/")
        }


def sections(data: dict[str, Any], year: int) -> Iterator[list[str]]:
    """The sections of the file, each a list of lines."""
    package: dict[str, str] = data["package"]
    communes: Entries = data["communes"]
    groupings: Entries = sorted(data["epci"], key=_code) + sorted(data["ept"], key=_code)
    member_of: dict[str, dict[str, int]] = {"EPCI": {}, "EPT": {}}
    for place, grouping in enumerate(groupings):
        family = "EPT" if grouping["type"] == "EPT" else "EPCI"
        member_of[family] |= {member["code"]: place for member in grouping["membres"]}
    yield [_line(year, package["name"], package["version"])]
    yield [_line(entry["code"], entry["nom"]) for entry in sorted(data["regions"], key=_code)]
    yield [_line(entry["code"], entry["nom"], entry["region"]) for entry in sorted(data["departements"], key=_code)]
    yield [_line(entry["code"], entry["type"], entry["nom"]) for entry in groupings]
    yield sorted(_commune(entry, member_of) for entry in communes)
    today = {entry["code"] for entry in communes}
    yield sorted(
        _line(old, entry["code"]) for entry in communes for old in entry.get("anciensCodes", ()) if old not in today
    )


def _commune(entry: dict[str, Any], member_of: dict[str, dict[str, int]]) -> str:
    code, kind, siren = entry["code"], KINDS[entry["type"]], entry.get("siren", "")
    # A delegated commune keeps the code of the commune it was, which may be that of the commune of today too.
    grouping = {family: "" if kind else members.get(code, "") for family, members in member_of.items()}
    return _line(
        code,
        kind,
        entry["nom"],
        " ".join(entry.get("codesPostaux", ())),
        entry.get("population", ""),
        grouping["EPCI"],
        grouping["EPT"],
        entry.get("chefLieu", entry.get("commune", "")) if kind else "",
        "" if siren == usual_siren(code) else siren or "-",
    ).rstrip("\t")


def _line(*fields: object) -> str:
    texts = [str(each) for each in fields]
    if any("\t" in each or "\n" in each for each in texts):
        raise ValueError(f"a tabulator or a line break in {texts}")
    return "\t".join(texts)


def _code(entry: dict[str, Any]) -> str:
    return str(entry["code"])


def compressed(parts: Iterable[list[str]]) -> bytes:
    """The bytes of the file; the same sections give the same bytes."""
    text = "\n\n".join("\n".join(lines) for lines in parts)
    return gzip.compress(text.encode(), 9, mtime=0)


def main(archive: str, year: str, target: str) -> None:
    """Write the file and say how large it is."""
    made = compressed(sections(read_package(Path(archive)), int(year)))
    Path(target).write_bytes(made)
    print(f"{target}: {len(made)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
