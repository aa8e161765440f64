"""How fast, and in how much memory, published contract data are audited: records a second a core, and a file of one gigabyte.

    python benchmarks/bench_audit.py                  # speed, on invented records and on ../shared/decp where it is present
    python benchmarks/bench_audit.py --memory         # generates a file of 1 GB and audits it in a process of its own
    python benchmarks/bench_audit.py --memory --megabytes 200 --shape xml --command   # csv, lines, json; `audit --json`, what it prints thrown away

The records are invented, in the shape of 2019, with the mix of procedures, amounts and repetitions of real files. The time is
that of the process (one core), reading included. The memory is the peak of the process that audits, as the system counts it.
"""

import argparse
import contextlib
import csv
import gc
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import escape

from qmi_rules.decp import audit_files

T = TypeVar("T")

REAL = Path(__file__).resolve().parents[2] / "shared" / "decp" / "format2019"
TARGET_SPEED = 20_000
TARGET_MEMORY = 300
_PROCEDURES = (
    ["Procédure adaptée"] * 67
    + ["Appel d'offres ouvert"] * 27
    + ["Marché négocié sans publicité ni mise en concurrence préalable"] * 4
    + ["Procédure concurrentielle avec négociation", "Dialogue compétitif"]
)
_NATURES = ["Marché"] * 60 + ["Accord-cadre"] * 32 + ["Marché subséquent"] * 8
_OBJECTS = (
    ("45000000", "Travaux de réfection de la toiture de l'école"),
    ("45233140", "Aménagement de la voirie du quartier"),
    ("34100000", "Acquisition de véhicules pour les services techniques"),
    ("30192700", "Fourniture de papier et de petit matériel de bureau"),
    ("90911000", "Nettoyage des locaux de la mairie et des bâtiments communaux"),
    ("72000000", "Maintenance et évolution du logiciel de gestion"),
    ("71200000", "Mission de maîtrise d'œuvre pour la médiathèque"),
    ("55523100", "Restauration scolaire et périscolaire"),
    ("77310000", "Entretien des espaces verts"),
)


SHAPES = ("json", "lines", "csv", "xml")


def write_records(path: Path, megabytes: int, shape: str = "json") -> int:
    """Write a file of invented records of about this size in one of the `SHAPES`; gives the number of records."""
    chance = random.Random(1)
    count = written = 0
    head, end = {"json": ('{"marches":[\n', "\n]}\n"), "xml": ("<marches>\n", "</marches>\n")}.get(shape, ("", ""))
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        while written < megabytes * 1_000_000:
            line = _written(_record(chance, count), shape, not count)
            file.write(line)
            written += len(line.encode())
            count += 1
        file.write(end)
    return count


def _written(record: dict[str, object], shape: str, first: bool) -> str:
    """One record as it stands in a file of a shape."""
    match shape:
        case "json":
            return ("" if first else ",\n") + json.dumps(record, ensure_ascii=False)
        case "lines":
            return json.dumps(record, ensure_ascii=False) + "\n"
        case "xml":
            return f"<marche>{_elements(record)}</marche>\n"
        case _:
            flat = {"acheteur_id" if name == "acheteur" else name: value for name, value in record.items()}
            flat["acheteur_id"] = record["acheteur"]["id"]  # type: ignore[index]
            row = ["" if isinstance(value, list | dict) else str(value) for value in flat.values()]
            stream = io.StringIO(newline="")
            lines = csv.writer(stream)
            lines.writerows([list(flat), row] if first else [row])
            return stream.getvalue()


def _elements(record: dict[str, object]) -> str:
    """A record as XML: an element a key, one in the other."""
    return "".join(
        f"<{name}>{_elements(value) if isinstance(value, dict) else '' if isinstance(value, list) else escape(str(value))}</{name}>"
        for name, value in record.items()
    )


def _record(chance: random.Random, number: int) -> dict[str, object]:
    cpv, words = chance.choice(_OBJECTS)
    buyer = chance.randrange(40_000)
    consultation = number // 2  # every other record is a lot of the one before it
    day = f"20{chance.randrange(17, 20)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    return {
        "id": f"2019{number:010}00",
        "source": "invented",
        "acheteur": {"id": f"21{buyer:07}00012", "nom": f"Commune inventée {buyer}"},
        "_type": "Marché",
        "nature": chance.choice(_NATURES),
        "objet": f"{words}, opération {consultation} de la commune, pour la durée du marché - lot {number % 2 + 1}",
        "codeCPV": cpv,
        "procedure": chance.choice(_PROCEDURES),
        "lieuExecution": {"code": "00000", "typeCode": "Code postal", "nom": "Commune inventée"},
        "dureeMois": chance.choice((3, 6, 12, 24, 36, 48)),
        "dateNotification": day + chance.choice(("", "+01:00")),
        "datePublicationDonnees": day,
        "montant": round(chance.lognormvariate(10.8, 1.5), 2),
        "formePrix": "Ferme et actualisable",
        "titulaires": [{"typeIdentifiant": "SIRET", "id": f"{chance.randrange(10**9):09}00011"}],
        "modifications": [],
    }


def speed(paths: list[Path], rounds: int = 7) -> tuple[float, float]:
    """Records a second, and the time in times that of `json.loads` on the same texts; medians, the first audit left out."""
    audit_files(paths[:1])
    rates, ratios = [], []
    for _ in range(rounds):
        loaded, _ = _timed(lambda: _load(paths))
        taken, audit = _timed(lambda: audit_files(paths))
        rates.append(audit.records / taken)
        ratios.append(taken / loaded)
    return sorted(rates)[rounds // 2], sorted(ratios)[rounds // 2]


def _load(paths: list[Path]) -> None:
    for path in paths:
        json.loads(path.read_bytes())


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    """Processor time and result of a call, after a collection of garbage: whose it is would else be a matter of chance."""
    gc.collect()
    start = time.process_time()
    result = run()
    return time.process_time() - start, result


def memory(path: Path, as_command: bool = False) -> tuple[float, float]:
    """Peak memory (MB) and seconds of an audit in a process of its own; as a command, its answer in JSON is written too."""
    command = [sys.executable, __file__, "--audit", str(path), *(["--command"] if as_command else [])]
    ran = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    result = json.loads(ran.stderr.splitlines()[-1])
    return result["megabytes"], result["seconds"]


def _audit(path: Path, as_command: bool) -> None:
    start = time.process_time()
    if as_command:
        from qmi_rules.doors.cli import main as command

        with contextlib.suppress(SystemExit):
            command(["audit", str(path), "--json"])
    else:
        audit_files([path])
    # what this very process took since it began: ru_maxrss counts what its parent held when it forked
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    found = {"megabytes": int(peak.split()[1]) / 1_024, "seconds": time.process_time() - start}
    print(json.dumps(found), file=sys.stderr)


def main() -> int:
    """Run what the command line asks for; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--shape", choices=SHAPES, default="json")
    parser.add_argument(
        "--command", action="store_true", help="measure `qmi-rules audit --json`, not the function alone"
    )
    parser.add_argument("--audit", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.audit:
        _audit(arguments.audit, arguments.command)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "records.json")
        if arguments.memory:
            count = write_records(path, arguments.megabytes, arguments.shape)
            megabytes, seconds = memory(path, arguments.command)
            print(
                f"{arguments.megabytes} MB of {arguments.shape}, {count} records: peak {megabytes:.0f} MB (target < {TARGET_MEMORY}), {count / seconds:,.0f} records/s"
            )
            return int(megabytes >= TARGET_MEMORY)
        write_records(path, 30)
        measured = {"invented records, 30 MB": [path]}
        if REAL.is_dir():
            measured["real files of 2019"] = sorted(REAL.glob("*.json"))
        rates = {}
        for name, paths in measured.items():  # each in a process of its own: what one leaves behind slows the next
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                rates[name] = pool.submit(speed, paths).result()
    for name, (rate, ratio) in rates.items():
        print(
            f"{name}: {rate:,.0f} records a second (target {TARGET_SPEED:,}), {ratio:.1f} x json.loads of the same text"
        )
    return int(min(rate for rate, _ in rates.values()) < TARGET_SPEED)


if __name__ == "__main__":
    raise SystemExit(main())
