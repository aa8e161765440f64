"""The calendar file: read back by a real reader, and each trap of the format on its own."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from calendar_examples import checked
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from qmi_rules.budget_calendar import CalendarCheck
from qmi_rules.budget_calendar.icalendar import to_ics
from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError, UnsupportedLocaleError

STAMP = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TITLE = "Capteurs \\ air; été, « hiver »\nsuite — " + "é" * 60
ANSWER = checked({"title": TITLE, "estimated_value": 300_000}, procedure="open_procedure", wanted_on=date(2028, 3, 1))


def events(text: str) -> dict[str, object]:
    return {
        str(event["UID"]).partition("-")[2].partition("@")[0]: event
        for event in Calendar.from_ical(text).walk("VEVENT")
    }


def test_a_real_reader_finds_every_step_on_its_days() -> None:
    found = events(to_ics(ANSWER, STAMP))
    for step in ANSWER.steps:
        event = found[step.id]
        assert event.decoded("DTSTART") == step.start  # type: ignore[attr-defined]
        assert event.decoded("DTEND") == step.end + timedelta(days=1)  # type: ignore[attr-defined]
        assert str(event["SUMMARY"]).startswith(printed(step.label))  # type: ignore[index]
    assert {f"deadline-{deadline.id}" for deadline in ANSWER.deadlines} <= set(found)
    weighing = [c for c in ANSWER.conflicts if c.severity != "information" and c.about == "plan"]
    assert len([name for name in found if name.startswith("conflict-")]) == len(weighing)


def test_a_title_with_every_special_sign_survives() -> None:
    shown = str(events(to_ics(ANSWER, STAMP))["start"]["SUMMARY"])  # type: ignore[index]
    assert shown.endswith(" – " + TITLE.replace("\n", "\\n").replace("\\n", "\n"))


def test_events_last_whole_days_and_a_step_of_one_day_ends_the_next() -> None:
    lines = to_ics(ANSWER, STAMP).split("\r\n")
    starts = [line for line in lines if line.startswith("DTSTART")]
    assert starts
    assert all(
        line.startswith("DTSTART;VALUE=DATE:") and len(line) == len("DTSTART;VALUE=DATE:20270101") for line in starts
    )
    ends = [line for line in lines if line.startswith("DTEND")]
    assert all(end.split(":")[1] > start.split(":")[1] for start, end in zip(starts, ends, strict=True))
    assert events(to_ics(ANSWER, STAMP))["publication"].decoded("DTEND") == ANSWER["publication"].end + timedelta(
        days=1
    )  # type: ignore[attr-defined]


def test_lines_have_75_octets_at_most_and_each_decodes_on_its_own() -> None:
    raw = to_ics(ANSWER, STAMP).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode()


def test_the_same_plan_gives_the_same_file_and_a_new_plan_keeps_its_uids() -> None:
    assert to_ics(ANSWER, STAMP) == to_ics(ANSWER, STAMP)
    moved = checked(
        {"title": TITLE, "estimated_value": 300_000}, procedure="open_procedure", wanted_on=date(2028, 4, 3)
    )
    uids = [
        {str(e["UID"]) for n, e in events(to_ics(a, STAMP)).items() if "conflict" not in n} for a in (ANSWER, moved)
    ]  # type: ignore[index]
    assert uids[0] == uids[1]
    other = checked({"estimated_value": 300_000}, procedure="open_procedure", wanted_on=date(2028, 3, 1))
    assert not uids[0] & {str(e["UID"]) for e in events(to_ics(other, STAMP)).values()}  # type: ignore[index]


def test_uids_are_unique_in_a_file() -> None:
    raw = to_ics(checked({"launched_on": date(2026, 11, 2)}, wanted_on=date(2028, 1, 20)), STAMP)
    uids = [line for line in raw.split("\r\n") if line.startswith("UID:")]
    assert len(uids) == len(set(uids))


@pytest.mark.parametrize(
    ("stamp", "shown"),
    [
        (STAMP, "20261124T093000Z"),
        (datetime(2026, 11, 24, 1, 0, tzinfo=timezone(timedelta(hours=2))), "20261123T230000Z"),
        (date(2026, 11, 24), "20261124T000000Z"),
    ],
)
def test_the_stamp_is_the_callers(stamp: datetime | date, shown: str) -> None:
    lines = to_ics(ANSWER, stamp).split("\r\n")
    assert {line for line in lines if line.startswith("DTSTAMP")} == {f"DTSTAMP:{shown}"}


@pytest.mark.parametrize("stamp", [datetime(2026, 11, 24), "2026-11-24", None])
def test_a_stamp_without_a_zone_is_refused(stamp: object) -> None:
    with pytest.raises(DocumentError, match="time zone"):
        to_ics(ANSWER, stamp)  # type: ignore[arg-type]


def test_another_language_is_refused() -> None:
    with pytest.raises(UnsupportedLocaleError):
        to_ics(ANSWER, STAMP, "xx")


@given(st.text(min_size=1, max_size=120).filter(lambda text: bool(text.strip())))
def test_any_title_is_read_back_without_breaking_the_file(title: str) -> None:
    answer = _titled(title.replace("\0", "x"))
    text = to_ics(answer, STAMP)
    assert len(events(text)) == text.count("BEGIN:VEVENT\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def _titled(title: str) -> CalendarCheck:
    from attrs import evolve

    return evolve(ANSWER, title=title)
