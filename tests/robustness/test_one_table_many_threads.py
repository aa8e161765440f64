"""One table shared by threads and handed to processes gives equal answers; results travel."""

import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from copy import deepcopy
from datetime import date, timedelta
from threading import Barrier

import pytest

from qmi_rules import Purchase, check_calendar, decide, find_funding, from_json, score
from qmi_rules.doors.cli.purchases import example
from qmi_rules.law import compare_law, default_table, stale
from qmi_rules.model import Buyer
from qmi_rules.model.dossier import Dossier
from qmi_rules.procurement import Decision

THREADS = 8
PURCHASES = [
    Purchase(
        title="Achat",
        launched_on=date(2012, 1, 15) + timedelta(days=311 * i),
        contract_type=("works", "supplies", "services", None)[i % 4],
        estimated_value=(14_999, 40_000, 99_999, 100_000, 215_999, 5_500_000)[i % 6],
        buyer=Buyer(kind=("commune", "ept", "state")[i % 3]) if i % 5 else None,
        innovative=(True, False, None)[i % 3],
    )
    for i in range(20)
]


def answers(table=None) -> list[str]:
    return [decide(purchase, table).to_json() for purchase in PURCHASES]


@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_eight_threads_that_share_a_fresh_table_give_the_answers_of_one(times):
    expected = answers()
    for _ in range(times):
        table = pickle.loads(pickle.dumps(default_table()))  # nothing is worked out in it yet: the threads race for it
        start = Barrier(THREADS, timeout=120)

        def run(number, table=table, start=start):
            start.wait()
            turned = PURCHASES[number:] + PURCHASES[:number]  # each thread begins elsewhere
            return {purchase: decide(purchase, table).to_json() for purchase in turned}

        with ThreadPoolExecutor(THREADS) as pool:
            for found in pool.map(run, range(THREADS), timeout=300):
                assert [found[purchase] for purchase in PURCHASES] == expected


def test_threads_explain_in_two_languages_at_once():
    decisions = [decide(purchase) for purchase in PURCHASES[:6]]
    expected = {lang: [decision.explain(lang) for decision in decisions] for lang in ("fr", "en")}
    with ThreadPoolExecutor(THREADS) as pool:
        langs = ["fr", "en"] * (THREADS // 2)
        for lang, found in zip(
            langs, pool.map(lambda lang: [d.explain(lang) for d in decisions], langs, timeout=300), strict=True
        ):
            assert found == expected[lang]


@pytest.mark.skipif(sys.platform == "win32", reason="the start of a process differs")
def test_processes_give_the_same_answers():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(answers, [None, default_table()], timeout=300)) == [answers()] * 2


def results():
    dossier = from_json(example("dossier-pelican-cycles.json").read_bytes(), Dossier)
    yield dossier
    yield default_table()
    yield default_table().in_force(date(2026, 9, 1))
    yield decide(PURCHASES[3])
    yield check_calendar(dossier.purchase, dossier.commune, dossier.schedule)
    yield find_funding(dossier.project)
    yield score("replicability", {"experiment_deployed": 3})
    yield compare_law(default_table(), date(2026, 3, 31), date(2026, 4, 1))
    yield stale(default_table(), date(2026, 12, 1))


@pytest.mark.parametrize("result", list(results()), ids=lambda result: type(result).__name__)
def test_results_pickle_and_copy_to_equals(result):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(result, protocol)) == result
    assert deepcopy(result) == result


def test_a_decision_that_travelled_still_explains_itself():
    decision = decide(PURCHASES[4])
    travelled = pickle.loads(pickle.dumps(decision))
    assert travelled.explain("en") == decision.explain("en")
    assert from_json(decision.to_json(), Decision).to_json() == decision.to_json()


def test_the_answer_does_not_depend_on_the_hash_seed_or_the_locale():
    program = (
        "from datetime import date; from qmi_rules import *; "
        "d = decide(Purchase(title='x', launched_on=date(2026, 9, 1), estimated_value=120_000)); "
        "import sys; sys.stdout.buffer.write((d.to_json() + d.explain('fr')).encode())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "TZ": zone},
            timeout=600,
        ).stdout
        for seed, locale, zone in (
            ("0", "C", "UTC"),
            ("1", "C.UTF-8", "Asia/Tokyo"),
            ("7", "fr_FR.UTF-8", "America/Lima"),
        )
    }
    assert len(runs) == 1
