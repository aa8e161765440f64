"""A calendar as an ``.ics`` file (RFC 5545): all-day events that any agenda reads; written by hand, no dependency."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from qmi_rules.budget_calendar import CalendarCheck, CalendarConflict, Deadline, PlannedStep, Severity
from qmi_rules.errors import DocumentError, fault
from qmi_rules.model.schedule import StepId
from qmi_rules.pages import Language, language, visible
from qmi_rules.schema.faults import require, shown

_LONGEST_LINE = 75  # octets, the line break left out
_DOMAIN = "qmi-rules"


def to_ics(check: CalendarCheck, stamp: datetime | date, lang: str = "fr") -> str:
    """The steps, the deadlines and the conflicts that weigh as a calendar file.

    Args:
        check: The calendar.
        stamp: When the file is made: a `datetime` with its time zone, or a day. It is asked for because no clock is read,
            so that the same plan gives the same file.
        lang: Language of the texts.

    Returns:
        The text of the file, lines ended by CR LF. An event keeps its UID as long as title, commune, procedure and step
        stay the same: importing a new plan moves it instead of adding another.

    Raises:
        DocumentError: `check` is no `CalendarCheck`, `stamp` is no date, or a `datetime` without a time zone.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("check", check, CalendarCheck)
    say = language(lang)
    made = _stamp(stamp)
    plan = sha256("\0".join((check.title, check.insee_code or "", check.procedure)).encode()).hexdigest()[:20]
    events = [
        *_status(check, say),
        *(_step(step, say) for step in check.steps),
        *(_deadline(deadline, say) for deadline in check.deadlines),
        *_conflicts(check, say),
    ]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//qmi_rules//calendar//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(say('Calendrier : {title}', title=check.title))}",
    ]
    for name, first, last, summary, description in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{plan}-{name}@{_DOMAIN}",
            f"DTSTAMP:{made}",
            f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(summary)} – {_escaped(check.title)}",
            *([f"DESCRIPTION:{_escaped(description)}"] if description else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


_Event = tuple[str, date, date, str, str]


def _status(check: CalendarCheck, say: Language) -> Iterator[_Event]:
    """On the launch, that the procedure is not plainly open."""
    if check.procedure_remark is not None:
        launch = next(step for step in check.steps if step.id in (StepId.PUBLICATION, StepId.RECEIPT)).start
        yield "procedure-status", launch, launch, say("Procédure à vérifier"), check.procedure_remark.said(say)


def _step(step: PlannedStep, say: Language) -> _Event:
    ground = step.cited(say) or (say("estimation") if step.estimate and step.days else "")
    note = say(step.note) if step.note else ""
    return step.id, step.start, step.end, say(step.label), "\n".join(part for part in (ground, note) if part)


def _deadline(deadline: Deadline, say: Language) -> _Event:
    return f"deadline-{deadline.id}", deadline.by, deadline.by, say(deadline.label), deadline.cited(say)


def _conflicts(check: CalendarCheck, say: Language) -> Iterator[_Event]:
    """The conflicts of the plan that are more than information, on their first day."""
    seen: dict[str, int] = {}
    for entry in check.conflicts:
        if entry.severity is not Severity.INFORMATION and entry.about == "plan":
            seen[entry.code] = seen.get(entry.code, 0) + 1
            yield _conflict(entry, seen[entry.code], say)


def _conflict(entry: CalendarConflict, number: int, say: Language) -> _Event:
    text = entry.said(say) + (f"\n{entry.cited(say)}" if entry.legal_basis else "")
    return f"conflict-{entry.code}-{number}", entry.from_, entry.from_, say(entry.label), text


def _stamp(stamp: datetime | date) -> str:
    if isinstance(stamp, datetime):
        if stamp.tzinfo is None:
            words = "expected a time with its time zone, got {got}"
            raise DocumentError(fault("contradiction", "stamp", words, got=shown(stamp)))
        return f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if not isinstance(stamp, date):
        raise DocumentError(
            fault("not_a_date", "stamp", "expected a date or a time with its time zone, got {got}", got=shown(stamp))
        )
    return f"{stamp:%Y%m%d}T000000Z"


def _escaped(text: str) -> str:
    """A text value: control characters out, backslash, semicolon, comma and line break escaped."""
    lines = [visible(line) for line in text.split("\n")]
    return "\\n".join(line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines)


def _folded(line: str) -> str:
    """A line cut into pieces of at most 75 octets, never inside a character; the next ones begin with a space."""
    pieces, piece, room = [], "", _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _LONGEST_LINE - 1
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
