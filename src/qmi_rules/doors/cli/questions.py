"""The commands that are questions, made from the rows of the operations: one document, or with ``--lines`` many of them, a line each."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, Literal, Optional

from cyclopts import App, Parameter

from qmi_rules.doors.answers import Terms, answered_line, ask
from qmi_rules.doors.cli.options import (
    Day,
    File,
    Full,
    Law,
    Output,
    name,
    parsed,
    put,
    visible_lines,
    write,
)
from qmi_rules.doors.operations import OPERATIONS, Command, Operation, OperationOption, named
from qmi_rules.errors import DocumentError, UnknownNameError, fault
from qmi_rules.pages import Explained, Language, language, to_markdown, to_text
from qmi_rules.pages.harmless import escaped
from qmi_rules.schema import LARGEST_DOCUMENT

if TYPE_CHECKING:
    from qmi_rules.briefing import Briefing
    from qmi_rules.budget_calendar import CalendarCheck
    from qmi_rules.procurement import Decision
    from qmi_rules.procurement.modification import Modification

LONGEST_LINE: Final = 4 * LARGEST_DOCUMENT
"""Bytes of a line that are kept: as many as the largest document may take in UTF-8, and one more shows that it is too long."""


@Parameter(name="*")
@dataclass(frozen=True)
class Batch:
    """A file of many documents.

    Attributes:
        lines: FILE holds one JSON document a line; answer each on a line, in order, faults in place with the line's number.
        detail: With --lines: full (the whole document) or answer (its head and card).
    """

    lines: Annotated[bool, Parameter(negative=())] = False
    detail: Literal["answer", "full"] = "full"


def register(app: App, command: str = "") -> None:
    """Add one of the commands, or all of them: each loads what its options are made of."""
    for operation in [OPERATIONS[command]] if command in OPERATIONS else OPERATIONS.values():
        if operation.command is not None:
            app.command(_command(operation, operation.command), name=operation.name, help=operation.command.summary)


def _command(operation: Operation, row: Command) -> Callable[..., None]:
    """A function whose signature tells cyclopts what the row says."""
    options = operation.through("command")

    shared: list[tuple[str, type]] = [("batch", Batch)] * row.lines + [("output", Output)] + [("law", Law)] * row.law
    file = Annotated[File, Parameter(help=row.file)] if row.file else File
    arguments = [
        Argument("file", Argument.POSITIONAL_ONLY, annotation=file),
        *sorted((_argument(option) for option in options), key=lambda one: one.kind),
        *(Argument(key, Argument.KEYWORD_ONLY, annotation=cls, default=cls()) for key, cls in shared),
    ]
    signature = Signature(arguments)

    def command(*args: Any, **kwargs: Any) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        asked = {option.name: given[option.name] for option in options}
        law = given["law"] if row.law else Law(known_on=given["known_on"])
        if row.lines and given["batch"].lines:
            alone = [one.name for one in arguments if asked.get(one.name, one.default) != one.default]
            _answer_lines(operation, given["file"], given["batch"], given["output"], law, alone)
        else:
            _answer(operation, given["file"], given["output"], law, asked)

    command.__signature__ = signature  # type: ignore[attr-defined]
    return command


def _argument(option: OperationOption) -> Argument:
    place = Argument.POSITIONAL_ONLY if option.names_something else Argument.KEYWORD_ONLY
    kinds: dict[str, tuple[Any, Any]] = {
        "text": (str | None, None),
        "day": (Optional[Day], None),  # noqa: UP045 - the operator knows no annotated type
        "flag": (Full, False),
        "file": (Path | None, None),
        "files": (tuple[Path, ...], ()),
    }
    if option.names_something:
        kind, usual = str, Argument.empty
    elif option.kind == "choice":
        kind = named(option.of)
        usual = next(iter(kind))
    else:
        kind, usual = kinds[option.kind]
    annotation = Annotated[kind, Parameter(help=option.with_example)]  # type: ignore[valid-type]  # made while it runs
    return Argument(option.name, place, annotation=annotation, default=usual)


def _answer(operation: Operation, file: str, output: Output, law: Law, given: dict[str, Any]) -> None:
    """Answer one document: on standard output, and in the files that were asked for."""
    say = language(output.lang)
    terms = Terms(table=law.load(), known_on=law.known_on, lang=say.code, options=given)
    try:
        result = ask(operation, parsed(file), terms)
        for option in operation.options:
            if option.writer and (path := given[option.name]) is not None:
                put(path, named(option.writer)(result, say.code), inputs=[file], force=output.force)
    except UnknownNameError:
        raise
    except DocumentError as error:
        raise DocumentError(error.problems, error.where or name(file)) from None
    show: Callable[..., None] = _SHOWS.get(operation.name, _show)
    show(result, file, output, say, given)


# --- what is shown of a result


def _show(result: Explained, file: str, output: Output, say: Language, given: Mapping[str, Any]) -> None:
    output.show(result)


def _show_decision(decision: "Decision", file: str, output: Output, say: Language, given: Mapping[str, Any]) -> None:
    if given["written"] is not None:
        output.show(decision.written(given["written"]))
    elif given["procedure"] is not None:
        output.show(decision.option(given["procedure"]))
    elif output.json:
        output.show(decision)
    elif given["full"]:
        command = f"qmi-rules decide {file} --procedure open_procedure"
        told = say("Ce qu'une autre procédure oblige à faire : {command}", command=command)
        write(decision.explain(say.code) + "\n" + visible_lines([told]))
    else:
        way = decision.answer.procedure
        more = [
            say("Toute l'explication : {command}", command=f"qmi-rules decide {file} --full"),
            # without an amount no procedure is the answer, whose duties would be worth a look
            say("Répondre à ce qui manque : {command}", command=f"qmi-rules ask {file}")
            if way is None or decision.answer.ladder
            else say("Ce qu'elle oblige à faire : {command}", command=f"qmi-rules decide {file} --procedure {way}"),
            say("Ce qui changerait la réponse : {command}", command=f"qmi-rules what-if {file} innovative_purchase"),
        ]
        write(decision.answer.explain(say.code) + "\n" + visible_lines(more))


def _show_briefing(briefing: "Briefing", file: str, output: Output, say: Language, given: Mapping[str, Any]) -> None:
    if output.json or given["full"]:
        output.show(briefing)
    elif given["summary"] or given["html"] or given["md"]:
        write(to_text(briefing.summary(say)))
    else:
        more = [
            say("Tout le dossier : {command}", command=f"qmi-rules brief {file} --full"),
            say("En une page : {command}", command=f"qmi-rules brief {file} --summary"),
            say("À imprimer ou à envoyer : {command}", command=f"qmi-rules brief {file} --html dossier.html"),
        ]
        write(briefing.card(say) + "\n\n" + visible_lines(more))


def _show_modification(
    modification: "Modification", file: str, output: Output, say: Language, given: Mapping[str, Any]
) -> None:
    if given["full"] or output.json:
        output.show(modification)
    else:
        more = say("Toute l'explication : {command}", command=f"qmi-rules modify {file} --full")
        write(modification.answer.explain(say.code) + "\n" + visible_lines([more]))


_SHOWS: Final[Mapping[str, Callable[..., None]]] = {
    "decide": _show_decision,
    "brief": _show_briefing,
    "modify": _show_modification,
}


def markdown(result: Explained, lang: str) -> str:
    """A result as Markdown."""
    return to_markdown(result.page(language(lang)))


def calendar_file(check: "CalendarCheck", lang: str) -> str:
    """A calendar as an .ics file; the launch is its stamp: the same dossier gives the same file, whenever it is written."""
    from qmi_rules.budget_calendar.icalendar import to_ics

    return to_ics(check, check.launched_on, lang)


def calendar_of_briefing(briefing: "Briefing", lang: str) -> str:
    """The calendar of a dossier as an .ics file.

    Raises:
        DocumentError: The dossier has none.
    """
    if briefing.calendar is None:
        words = "an .ics file needs the parts `commune` and `schedule` of the dossier"
        raise DocumentError(fault("contradiction", "schedule", words))
    return calendar_file(briefing.calendar, lang)


# --- many documents, a line each


def _answer_lines(operation: Operation, file: str, batch: Batch, output: Output, law: Law, alone: list[str]) -> None:
    """Answer every line of a file, or of standard input, as soon as it is read; no more than one is held.

    A line with faults has them in its place and stops nothing.

    Args:
        operation: The question.
        file: The file; ``-`` is standard input.
        batch: How much of each answer.
        output: The language.
        law: The law.
        alone: Options that were given; one that is for a single document is refused.

    Raises:
        DocumentError: One of those options was given.
        OSError: The file cannot be read, or the answers cannot be written.
    """
    if refused := [option for option in alone if option not in ("full", "known_on")]:
        words = "this is an option for one document, not for --lines"
        raise DocumentError([fault("contradiction", "--" + one.replace("_", "-"), words) for one in refused])
    terms = Terms(table=law.load(), known_on=law.known_on, lang=language(output.lang).code, detail=batch.detail)
    with _opened(file) as stream:
        for number, line in enumerate(_lines(stream), 1):
            write(escaped(answered_line(operation, line, number, terms)) + "\n")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        if sys.stdin is None:
            raise DocumentError(fault("required", "", "is closed"), name(file))
        yield sys.stdin.buffer
        return
    if "\0" in file:  # a name that no file can have
        raise DocumentError(fault("required", "", "cannot be read: {why}", why="embedded null byte"), file)
    with Path(file).open("rb") as stream:
        yield stream


def _lines(stream: BinaryIO) -> Iterator[bytes | str]:
    """The lines without their ends; of one that is too long only so much that this is seen."""
    while line := stream.readline(LONGEST_LINE + 1):
        rest = line
        while (
            not rest.endswith(b"\n") and len(rest) > LONGEST_LINE
        ):  # what follows belongs to the same line: read past it
            rest = stream.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            yield line.decode("utf-8", "replace")  # cut within a character: what is said of it is that it is too long
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r")
