"""Commands about a dossier: brief, score, calendar, funding, note."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from qmi_rules.briefing import DraftKind, brief, draft_of_note
from qmi_rules.budget_calendar import check_calendar
from qmi_rules.doors.cli.files import put
from qmi_rules.doors.cli.lines import Batch, answer_lines
from qmi_rules.doors.cli.options import (
    Day,
    File,
    Full,
    Law,
    Output,
    name,
    parsed,
    read_data,
    visible_lines,
    write,
)
from qmi_rules.errors import DocumentError, fault
from qmi_rules.funding import FondsDeConcours, find_funding, load_schemes
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.project import Project
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.pages import language, to_markdown, to_text
from qmi_rules.schema import structure
from qmi_rules.schema.faults import below, shown
from qmi_rules.schema.json_text import ParsedText
from qmi_rules.scoring import Questionnaire, evidence_of, find_rubric, justification_note, score_document

Out = Annotated[Path | None, Parameter()]


def register(app: App) -> None:
    """Add the commands."""
    app.command(brief_file, name="brief")
    app.command(score)
    app.command(calendar)
    app.command(funding)
    app.command(note)
    app.command(draft)


def brief_file(
    file: File,
    /,
    *,
    html: Out = None,
    md: Out = None,
    ics: Out = None,
    schemes: Out = None,
    rubric: tuple[Path, ...] = (),
    summary: Annotated[bool, Parameter(negative=())] = False,
    full: Full = False,
    batch: Batch = Batch(),
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Answer everything about the dossier of FILE: how to buy, duties, calendar, funding, evidence, what is open.

    Args:
        file: A Dossier document, or a Purchase document alone; "-" reads standard input.
        html: Write the report as one self-contained HTML file.
        md: Write the briefing as Markdown.
        ics: Write the calendar as an .ics file.
        schemes: A TOML file of funding schemes of your own, beside those of the package.
        rubric: A TOML file of a rubric of your own; may be given several times.
        summary: Print one page.
        full: Print the whole briefing, not only its card.
    """
    if batch.lines:
        given = {"html": html, "md": md, "ics": ics, "schemes": schemes, "rubric": rubric, "summary": summary}
        answer_lines("brief", file, batch, output, law, **given)
        return
    say = language(output.lang)
    try:
        own = load_schemes(schemes) if schemes is not None else None
        briefing = brief(dossier_of(file), law.load(), law.known_on, own, rubric)
    except DocumentError as error:
        raise DocumentError(error.problems, error.where or name(file)) from None
    if html is not None:
        from qmi_rules.briefing.report import to_html_report

        put(html, to_html_report(briefing, output.lang), inputs=[file], force=output.force)
    if md is not None:
        put(md, to_markdown(briefing.page(say)), inputs=[file], force=output.force)
    if ics is not None:
        from qmi_rules.budget_calendar.icalendar import to_ics

        if briefing.calendar is None:
            raise DocumentError(
                [
                    fault(
                        "contradiction",
                        "schedule",
                        "an .ics file needs the parts `commune` and `schedule` of the dossier",
                    )
                ],
                name(file),
            )
        # the launch is the stamp: the same dossier gives the same file, whenever it is written
        put(
            ics,
            to_ics(briefing.calendar, briefing.decision.purchase.launched_on, output.lang),
            inputs=[file],
            force=output.force,
        )
    if output.json:
        output.show(briefing)
    elif full:
        write(briefing.explain(output.lang))
    elif summary or html or md:
        write(to_text(briefing.summary(say)))
    else:
        more = [
            say("Tout le dossier : {command}", command=f"qmi-rules brief {file} --full"),
            say("En une page : {command}", command=f"qmi-rules brief {file} --summary"),
            say("À imprimer ou à envoyer : {command}", command=f"qmi-rules brief {file} --html dossier.html"),
        ]
        write(briefing.card(say) + "\n\n" + visible_lines(more))


def dossier_of(file: str) -> Dossier:
    """The dossier of a file; a Purchase document alone is a dossier with nothing else."""
    return _dossier(parsed(file))


def _dossier(text: ParsedText) -> Dossier:
    data = text.data
    if isinstance(data, dict) and "purchase" not in data and "title" in data:
        data = {"purchase": data}
    return text.structured(data, Dossier)


def score(
    rubric: str,
    file: File | None = None,
    /,
    *,
    template: Annotated[bool, Parameter(negative=())] = False,
    on: Day | None = None,
    output: Output = Output(),
) -> None:
    """Read the answers of FILE to RUBRIC: replicability, innovation_indices, parisandco_indices, innovscore, or a TOML file.

    Without FILE, or with --template: show the keys of RUBRIC, what each takes, and the document to fill (--json: it alone).

    Args:
        rubric: Id of a shipped rubric, or the path of a rubric's TOML file.
        file: The answers; the part `solution` of a dossier is taken out of it.
        template: Show the form instead of reading answers.
        on: Day against which dates of evidence are read; the day of launch of a dossier stands for it.
    """
    chosen = find_rubric(rubric)
    if file is None or template:
        form = Questionnaire(rubric=chosen)
        document = json.dumps(form.template, indent=2)
        output.say(form.template, f"{form.explain(output.lang)}\n{document}\n")
        return
    document = read_data(file)
    try:
        if isinstance(document, dict) and "purchase" in document:
            on = on or launch_of(document)
            document = answers_of(document, chosen.id)
        output.show(score_document(chosen, document, as_of=on))
    except DocumentError as error:
        raise DocumentError(error.problems, name(file)) from None


def launch_of(dossier: dict[str, Any]) -> date | None:
    """The day of launch that a dossier tells, if it tells one: what else stands in its purchase is not asked for here."""
    purchase = dossier["purchase"]
    day = purchase.get("launched_on") if isinstance(purchase, dict) else None
    try:
        return None if day is None else structure(day, date)
    except DocumentError as error:
        raise DocumentError(below("purchase.launched_on", error.problems)) from None


def answers_of(dossier: dict[str, Any], rubric: str) -> Any:
    """The answers that a dossier gives to a rubric; none where it has none yet."""
    solution = dossier.get("solution")
    if solution is None:
        return {}
    if not isinstance(solution, dict):
        raise DocumentError(
            [fault("contradiction", "solution", "expected answers by rubric id, got {got}", got=shown(solution))]
        )
    answers = solution.get(rubric)
    return {} if answers is None else answers


def note(file: File, /, *, html: Out = None, md: Out = None, output: Output = Output()) -> None:
    """Write the justification note that a buyer keeps when using the innovative purchase.

    Args:
        file: A Dossier document, or an EvidenceFile document, which holds more of what the note needs.
        html: Write it as a page to print on A4.
        md: Write it as Markdown.
    """
    data = read_data(file)
    try:
        if isinstance(data, dict) and "purchase" in data:
            made = justification_note(evidence_of(structure(data, Dossier)))
        else:
            made = justification_note(structure(data, EvidenceFile))
    except DocumentError as error:
        raise DocumentError(error.problems, name(file)) from None
    if html is not None:
        put(html, made.document(output.lang), inputs=[file], force=output.force)
    if md is not None:
        put(md, made.explain(output.lang, "markdown"), inputs=[file], force=output.force)
    output.show(made)


def draft(
    kind: DraftKind, file: File, /, *, md: Out = None, docx: Out = None, output: Output = Output(), law: Law = Law()
) -> None:
    """Draft a document to sign: the council's deliberation, the mayor's decision by delegation, the justification note.

    It is written as Markdown on standard output, unless --md or --docx says where. What the dossier does not say is left blank.

    Args:
        kind: deliberation, decision or justification.
        file: A Dossier document, or a Purchase document alone; for the justification, an EvidenceFile document too.
        md: Write it as Markdown.
        docx: Write it for a word processor (extra `office`).
    """
    say = language(output.lang)
    try:
        text = parsed(file)
        if kind is DraftKind.JUSTIFICATION and isinstance(text.data, dict) and "purchase" not in text.data:
            made = draft_of_note(justification_note(text.structured(text.data, EvidenceFile), table=law.load()))
        else:
            made = brief(_dossier(text), law.load(), law.known_on).draft(kind)
    except DocumentError as error:
        raise DocumentError(error.problems, error.where or name(file)) from None
    if md is not None:
        put(md, to_markdown(made.page(say)), inputs=[file], force=output.force)
    if docx is not None:
        from qmi_rules.briefing.office import to_docx

        put(docx, to_docx(made, output.lang), inputs=[file], force=output.force)
    if output.json:
        output.show(made)
    elif md is None and docx is None:
        write(to_markdown(made.page(say)))


def calendar(
    file: File,
    /,
    *,
    html: Out = None,
    ics: Out = None,
    batch: Batch = Batch(),
    output: Output = Output(),
    law: Law = Law(),
) -> None:
    """Plan the purchase of a dossier: steps back from the wanted day, launch-by date, what stands in the way.

    Args:
        file: A Dossier document with the parts `purchase`, `commune` and `schedule`.
        html: Write the plan with its Gantt picture as one self-contained HTML file.
        ics: Write the plan as an .ics file.
    """
    if batch.lines:
        answer_lines("calendar", file, batch, output, law, html=html, ics=ics)
        return
    dossier = dossier_of(file)
    if missing := [part for part in ("commune", "schedule") if getattr(dossier, part) is None]:
        raise DocumentError(
            [fault("required", part, "required for a calendar, but it is absent") for part in missing], name(file)
        )
    assert dossier.commune is not None
    assert dossier.schedule is not None
    try:
        check = check_calendar(dossier.purchase, dossier.commune, dossier.schedule, law.load(), law.known_on)
    except DocumentError as error:
        raise DocumentError(error.problems, name(file)) from None
    if html is not None:
        from qmi_rules.briefing.report import to_html_calendar

        put(html, to_html_calendar(check, output.lang), inputs=[file], force=output.force)
    if ics is not None:
        from qmi_rules.budget_calendar.icalendar import to_ics

        put(ics, to_ics(check, dossier.purchase.launched_on, output.lang), inputs=[file], force=output.force)
    output.show(check)


def funding(
    file: File,
    /,
    *,
    schemes: Out = None,
    fonds_de_concours: FondsDeConcours = FondsDeConcours.NOT_BINDING,
    known_on: Day | None = None,
    batch: Batch = Batch(),
    output: Output = Output(),
) -> None:
    """Find who may help to pay for the project of FILE (a Project document, or a dossier with the part `project`).

    Args:
        file: The document.
        schemes: A TOML file of schemes of your own, beside those of the package.
        fonds_de_concours: How the plan reads the open question; both readings are shown.
        known_on: Take only what was published by this day.
    """
    if batch.lines:
        reading = fonds_de_concours is not FondsDeConcours.NOT_BINDING
        answer_lines("funding", file, batch, output, Law(known_on=known_on), schemes=schemes, fonds_de_concours=reading)
        return
    text = parsed(file)
    data, root = text.data, ""
    if isinstance(data, dict) and "purchase" in data:
        data, root = data.get("project", {}), "project"
    table = load_schemes(schemes) if schemes is not None else None
    project = text.structured(data, Project, root)
    try:
        found = find_funding(project, table, known_on=known_on, fonds_de_concours=fonds_de_concours)
    except DocumentError as error:
        raise DocumentError(below(root, error.problems), name(file)) from None
    output.show(found)
