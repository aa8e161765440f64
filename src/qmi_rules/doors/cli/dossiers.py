"""Commands about a dossier that are more than a question: score, note, draft."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from qmi_rules.briefing import DraftKind, brief, draft_of_note
from qmi_rules.doors.answers import dossier_of, scored
from qmi_rules.doors.cli.options import Day, File, Law, Output, name, parsed, put, read_data, write
from qmi_rules.errors import DocumentError
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.pages import language, to_markdown
from qmi_rules.schema import structure
from qmi_rules.scoring import Questionnaire, evidence_of, find_rubric, justification_note

Out = Annotated[Path | None, Parameter()]


def register(app: App) -> None:
    """Add the commands."""
    app.command(score)
    app.command(note)
    app.command(draft)


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
        output.show(scored(chosen, document, on))
    except DocumentError as error:
        raise DocumentError(error.problems, name(file)) from None


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
            made = brief(dossier_of(text), law.load(), law.known_on).draft(kind)
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
