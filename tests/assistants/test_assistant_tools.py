"""The tools of an assistant: decide's own answers, in few characters; a question instead of a presumed day; faults with paths."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from assistant_dialogues import dialogues

from qmi_rules import Dossier, Purchase, brief, decide, default_table, read, to_json, what_if
from qmi_rules.doors.mcp import TOOLS, Reply, call
from qmi_rules.law import verify_quote
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.procurement.receipts import receipt_of

TABLE = default_table()
SENSORS = {
    "title": "Capteurs",
    "launched_on": "2026-08-15",
    "estimated_value": 85_000,
    "contract_type": "services",
    "buyer": {"kind": "commune"},
}
LONG = {**SENSORS, "estimated_value": None, "innovative": True, "cpv": "71200000", "contract_type": "works"}


def ask(name: str, **arguments: Any) -> Reply:
    return call(name, arguments, TABLE)


def card(purchase: dict[str, Any], lang: str = "fr") -> dict[str, Any]:
    """The card as it travels, within its length."""
    decision = decide(json.loads(json.dumps(purchase), parse_float=Decimal))
    return json.loads(to_json(decision, detail="answer", lang=lang))["answer"]


@pytest.mark.parametrize("turns", [*dialogues()], ids=lambda turns: f"{turns[0]['title']} {turns[1]['launched_on']}")
def test_a_scripted_dialogue_gets_decides_answers(turns: list[dict[str, Any]]) -> None:
    undated, *dated = turns
    question = ask("decide", purchase=undated).document
    assert question["answer"] is None
    assert question["next"]["fact"] == "purchase.launched_on"
    for purchase in dated:
        reply = ask("decide", purchase=purchase)
        wanted = card(purchase)
        left_off = {path.removeprefix("answer.") for path in reply.document.get("left_off", ())}
        assert {key: value for key, value in reply.document["answer"].items() if key not in left_off} == {
            key: value for key, value in wanted.items() if key not in left_off
        }
        assert not left_off & {"text", "reservations", "procedure", "competition", "margin", "next", "signs", "safe"}
        assert len(reply.text) <= 3_000
        whole = dict(ask("decide", purchase=purchase, detail="full").document)
        assert whole.pop("receipt") == reply.document["receipt"]
        assert whole == json.loads(decide(json.loads(json.dumps(purchase), parse_float=Decimal)).to_json())


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    ("name", "arguments", "most"),
    [
        ("decide", {"purchase": LONG}, 3_000),
        ("next_question", {"purchase": {"title": "x", "launched_on": "2026-08-15"}}, 3_000),
        (
            "what_if",
            {"purchase": {"title": "x", "launched_on": "2026-08-15"}, "procedure": "innovative_purchase"},
            3_000,
        ),
        ("brief", {"dossier": {"purchase": LONG}}, 6_000),
        ("law_on", {"day": "2026-08-15"}, 3_000),
        ("verify_quote", {"article": "R2122-8", "figure": "40 000 €", "day": "2026-08-15"}, 3_000),
    ],
)
def test_answers_are_short_and_the_rest_is_there_on_request(
    name: str, arguments: dict[str, Any], most: int, lang: str
) -> None:
    reply = ask(name, **arguments, lang=lang)
    assert not reply.refused
    assert len(reply.text) <= most
    if "detail" in TOOLS[name].takes:
        whole = ask(name, **arguments, lang=lang, detail="full")
        assert len(whole.text) > len(reply.text)


def test_a_card_that_is_too_long_keeps_its_text_and_its_reservations() -> None:
    from qmi_rules.doors.mcp import tools

    document = {"answer": {"text": "t" * 500, "reservations": ["r" * 500], "ladder": ["l" * 300] * 9, "do": ["d"]}}
    short = tools._card_within(document, 1_500)
    assert len(tools._written(short)) <= 1_500
    assert short["answer"]["text"] == "t" * 500
    assert short["answer"]["reservations"] == ["r" * 500]
    assert short["left_off"] == ["answer.ladder"]
    assert short["answer"]["do"] == ["d"]


@pytest.mark.parametrize(
    ("name", "arguments", "asked"),
    [
        ("decide", {"purchase": {"title": "x"}}, "purchase.launched_on"),
        ("decide", {"purchase": {"title": "x", "launched_on": None}}, "purchase.launched_on"),
        ("decide", {"purchase": {"purchase": {"title": "x"}}}, "purchase.purchase.launched_on"),
        ("what_if", {"purchase": {"title": "x"}, "procedure": "books"}, "purchase.launched_on"),
        ("next_question", {"purchase": {"title": "x", "estimated_value": 1}}, "purchase.launched_on"),
        ("brief", {"dossier": {"purchase": {"title": "x"}}}, "dossier.purchase.launched_on"),
        ("law_on", {}, "day"),
        ("verify_quote", {"article": "R2122-8", "figure": "40 000 €"}, "day"),
    ],
)
def test_no_day_leads_to_a_question_and_never_to_today(name: str, arguments: dict[str, Any], asked: str) -> None:
    reply = ask(name, **arguments, lang="en")
    assert not reply.refused
    assert reply.document["next"]["fact"] == asked
    assert reply.document["next"]["question"] == "On which day is the consultation launched, or the notice sent?"
    assert date.today().isoformat() not in reply.text.replace(TABLE.edition, "")


@pytest.mark.parametrize(
    ("name", "arguments", "faults"),
    [
        ("decide", {}, [("required", "purchase")]),
        ("decide", {"purchase": SENSORS, "languge": "fr"}, [("unknown_key", "languge")]),
        ("decide", {"purchase": SENSORS, "lang": "de"}, [("unknown_choice", "lang")]),
        ("decide", {"purchase": SENSORS, "detail": "all"}, [("unknown_choice", "detail")]),
        (
            "decide",
            {"purchase": {"title": "", "estimated_value": -1}},
            [
                ("required", "purchase.title"),
                ("required", "purchase.launched_on"),
                ("out_of_range", "purchase.estimated_value"),
            ],
        ),
        ("decide", {"purchase": "{"}, [("not_json", "purchase")]),
        ("what_if", {"purchase": SENSORS, "procedure": "gre_a_gre"}, [("unknown_id", "procedure")]),
        ("brief", {"dossier": {"purchase": SENSORS, "projet": {}}}, [("unknown_key", "dossier.projet")]),
        ("law_on", {"day": "demain"}, [("not_a_date", "day")]),
        ("law_on", {"day": "2026-08-15", "about": "livres"}, [("unknown_id", "about")]),
        ("verify_quote", {"article": "R2122-8", "figure": "peu", "day": "2026-08-15"}, [("contradiction", "figure")]),
    ],
)
def test_faults_say_where_and_what_to_write_instead(
    name: str, arguments: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    reply = ask(name, **arguments)
    assert reply.refused
    assert reply.document["format"] == "qmi-rules/faults/1"
    assert {(one["code"], one["path"]) for one in reply.document["faults"]} == set(faults)
    assert all(one["message"] for one in reply.document["faults"])


def test_an_amount_that_travelled_as_a_binary_number_is_the_amount_that_was_written() -> None:
    whole = ask("decide", purchase={**SENSORS, "estimated_value": 59_999.99}, detail="full").document
    assert whole["estimated_value"] == "59999.99"


def test_an_object_sent_as_its_text_is_read() -> None:
    assert ask("decide", purchase=json.dumps(SENSORS)).document == ask("decide", purchase=SENSORS).document


def test_the_receipt_is_of_question_edition_and_answer_and_of_no_language() -> None:
    french, english = ask("decide", purchase=SENSORS), ask("decide", purchase=SENSORS, lang="en")
    assert french.document["answer"]["text"] != english.document["answer"]["text"]
    assert french.document["receipt"] == english.document["receipt"] == receipt_of(decide(SENSORS))
    other = {**SENSORS, "title": "Capteurs de bruit"}
    assert receipt_of(decide(other)) != receipt_of(decide(SENSORS))
    assert receipt_of(decide(SENSORS, known_on=date(2026, 8, 1))) != receipt_of(decide(SENSORS))


def test_brief_tells_the_card_and_each_room() -> None:
    dossier = {"purchase": SENSORS, "project": {"cost": "85000"}}
    reply = ask("brief", dossier=dossier)
    briefing = brief(read(dossier, Dossier))
    assert reply.document["answer"]["procedure"] == briefing.answer.procedure
    assert any("Financement" in line for line in reply.document["rooms"])
    assert reply.document["receipt"] == receipt_of(briefing.decision, briefing.answer, briefing.dossier)


def test_what_if_gives_the_librarys_answer() -> None:
    reply = ask("what_if", purchase=SENSORS, procedure="innovative_purchase", lang="en")
    assert reply.document["text"] == what_if(read(SENSORS, Purchase), "innovative_purchase").explain("en")


def test_the_law_of_a_day_in_short_and_of_one_thing() -> None:
    day = date(2026, 8, 15)
    short = ask("law_on", day=day.isoformat()).document
    law = LawOfTheDay(TABLE.in_force(day), day)
    told = {entry["id"] for entry in short["thresholds"]} | set(short["more"])
    assert told == {limit.id for limit in law.thresholds if limit.amounts}
    contested = next(entry for entry in short["thresholds"] if entry["id"] == "innovative_purchase")
    assert contested["contested"]
    assert contested["value"].count("HT") == 2
    one = ask("law_on", day=day.isoformat(), about="books").document
    assert [limit["id"] for limit in one["thresholds"]] == ["books"]
    assert one["rules"]


@pytest.mark.parametrize(
    ("article", "figure", "day", "verdict"),
    [
        ("R. 2122-8 du CCP", "60 000 € HT", "2026-08-15", "stands"),
        ("R2122-8", 60_000, "2026-08-15", "stands"),
        ("R2122-8", "40 000 €", "2026-08-15", "another_day"),
        ("article R. 2122-9-1", "100 000 €", "2026-08-15", "contested"),
        ("article R. 2122-9-1", "100 000 €", "2026-05-15", "stands"),
        ("R2122-9-1", "90 000 €", "2026-08-15", "another_figure"),
        ("R2182-1", "onze jours", "2026-08-15", "stands"),
        ("R2123-1", "20 %", "2026-08-15", "stands"),
        ("L2131-1 du CGCT", "15 jours", "2026-08-15", "no_figure"),
        ("R2122-99", "1 €", "2026-08-15", "unknown_article"),
    ],
)
def test_a_figure_quoted_for_an_article(article: str, figure: Any, day: str, verdict: str) -> None:
    reply = ask("verify_quote", article=article, figure=figure, day=day)
    assert reply.document["verdict"] == verdict == verify_quote(article, figure, date.fromisoformat(day)).verdict
    assert reply.document["stands"] is (verdict == "stands")
    assert bool(reply.document["found"]) is (verdict not in ("no_figure", "unknown_article"))


def test_a_contested_figure_is_told_with_the_readings_beside_it() -> None:
    check = verify_quote("R2122-9-1", "140 000 €", date(2026, 8, 15))
    assert check.verdict == "contested"
    assert {Decimal(100_000), Decimal(140_000)} == {
        one.value for one in check.found if one.series == "innovative_purchase"
    }


def test_what_a_user_wrote_steers_nothing() -> None:
    reply = ask("decide", purchase={**SENSORS, "title": "a\u202eb\x1b[31m"}, detail="full")
    assert "\u202e" not in reply.text
    assert "\x1b" not in reply.text
    assert json.loads(reply.text)["purchase"]["title"] == "a\u202eb\x1b[31m"
