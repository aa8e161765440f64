"""Answers in, scorecard out: each answer read against its criterion; an unknown one widens the result and never counts as 0."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.errors import DocumentError, Phrase, Problem, fault
from qmi_rules.model.solution import CriterionAnswer, EvidenceFile, Solution, read_answers, read_solution
from qmi_rules.pages import message
from qmi_rules.schema import structure
from qmi_rules.schema.faults import joined, require, shown
from qmi_rules.schema.scalars import DAY
from qmi_rules.scoring.rubric import AnswerOption, Criterion, EvidenceRule, Kind, Leaning, Rubric, find_rubric, rubrics
from qmi_rules.scoring.scorecard import Given, Scorecard, ScoredCriterion, SeriesOfIndices


@frozen(kw_only=True)
class ReadAnswer:
    """What one answer comes to.

    Attributes:
        level: The answer in its canonical form; None = it counts as not known.
        labels: The answer in words, French; a date or a mark has none.
        bearing: For, against, neutral; None = not known, or a date with nothing to compare it with.
        cautions: Traps that this answer meets, each with its id, French.
        unsupported: True where the answer was set aside because it has no evidence.
    """

    level: Given = None
    labels: tuple[str, ...] = ()
    bearing: Leaning | None = None
    cautions: tuple[tuple[str, str], ...] = ()
    unsupported: bool = False


def score(rubric: Rubric | Path | str, answers: Mapping[str, object], *, as_of: date | None = None) -> Scorecard:
    """Read the answers to a rubric.

    Args:
        rubric: The id of a shipped rubric, a `Rubric`, or the path of a TOML file.
        answers: By criterion id: a level, or ``{level, evidence?, source?, on?, document?, by?}``. An absent criterion is unknown.
        as_of: The day against which dates are read ("sold for less than two years"), usually the day of launch.

    Raises:
        DocumentError: All faults at once, each with its path: an unknown criterion, a level off the scale, a bad address.
        TableError: The rubric's file does not load.

    >>> card = score("replicability", {"operational_ease": 2})
    >>> (card.low, card.high)
    (2, 14)
    """
    rubric = find_rubric(rubric)
    if as_of is not None and not DAY.test(as_of):
        raise DocumentError(DAY.refusal("as_of", as_of))
    given = read_answers(answers)
    by_id = {criterion.id: criterion for criterion in rubric.criteria}
    problems = [
        fault("unknown_id", str(name)[:200], "unknown criterion; expected one of {choices}", choices=tuple(by_id))
        for name in given
        if name not in by_id
    ]
    problems += [problem for name, answer in given.items() if name in by_id for problem in faults(by_id[name], answer)]
    if problems:
        raise DocumentError(problems)
    readings = {name: read(rubric, criterion, given.get(name), as_of) for name, criterion in by_id.items()}
    return _card(
        rubric,
        tuple(_scored(rubric, by_id[name], reading, given.get(name)) for name, reading in readings.items()),
        readings,
        as_of,
    )


def score_solution(solution: Solution, *files: Path | str, as_of: date | None = None) -> dict[str, Scorecard]:
    """Read the answers to every rubric of a solution.

    Args:
        solution: Answers by rubric id.
        files: Rubric files of the user's own; one that bears a shipped id replaces it.
        as_of: As for `score`.

    Raises:
        DocumentError: All faults at once, each with its path from the rubric's id.
    """
    require("solution", solution, Mapping)
    known = rubrics(*files)
    cards: dict[str, Scorecard] = {}
    problems: list[Problem] = []
    for name, answers in solution.items():
        if name not in known:
            problems.append(
                fault(
                    "unknown_id",
                    str(name)[:200],
                    "unknown rubric; expected one of {choices}, got {got}",
                    choices=", ".join(sorted(known)),
                    got=shown(name),
                )
            )
            continue
        try:
            cards[name] = score(known[name], answers, as_of=as_of)
        except DocumentError as error:
            problems += under(name, error)
    if problems:
        raise DocumentError(dict.fromkeys(problems))
    return cards


def score_document(
    rubric: Rubric | Path | str, document: Mapping[str, object], *, as_of: date | None = None
) -> Scorecard:
    """Read a document about a solution, whichever of three it is.

    Args:
        rubric: As for `score`.
        document: The answers of the rubric; or a solution, that is answers by rubric id; or an evidence file, whose day of
            launch stands for `as_of` where none is given.
        as_of: As for `score`.

    Raises:
        DocumentError: As `score`, with paths from the document's root; or the document holds no answers to this rubric.
    """
    rubric = find_rubric(rubric)
    if not isinstance(document, Mapping):
        raise DocumentError(fault("wrong_type", "", "expected an object, got {got}", got=shown(document)))
    if "solution" in document:
        file = structure(dict(document), EvidenceFile)
        return _part(rubric, file.solution, "solution", as_of or file.launched_on)
    if rubric.id in document and rubric.id not in {criterion.id for criterion in rubric.criteria}:
        return _part(rubric, read_solution(document), "", as_of)  # type: ignore[arg-type]
    return score(rubric, document, as_of=as_of)


def _part(rubric: Rubric, solution: Solution, root: str, as_of: date | None) -> Scorecard:
    path = f"{root}.{rubric.id}".removeprefix(".")
    if rubric.id not in solution:
        raise DocumentError(
            [
                fault(
                    "required",
                    path,
                    "required, but it is absent; there are answers to {choices}",
                    choices=", ".join(solution) or Phrase("no rubric"),
                )
            ]
        )
    try:
        return score(rubric, solution[rubric.id], as_of=as_of)
    except DocumentError as error:
        raise DocumentError(under(path, error)) from None


def under(root: str, error: DocumentError) -> list[Problem]:
    """The faults of a part of a document, with paths from the document's root; day and files are arguments, no part of it."""
    return [
        problem
        if problem.path == "as_of" or problem.path.startswith("files[")
        else problem.at(joined(root, problem.path))
        for problem in error.problems
    ]


def _scored(
    rubric: Rubric, criterion: Criterion, reading: ReadAnswer, answer: CriterionAnswer | None
) -> ScoredCriterion:
    answer = answer or CriterionAnswer()
    sources = {source.id: source for source in rubric.sources}
    return ScoredCriterion(
        id=criterion.id,
        label=criterion.label,
        level=reading.level,
        level_label=" ; ".join(reading.labels) or None,
        evidence=answer.evidence,
        source=answer.source,
        on=answer.on,
        document=answer.document,
        by=answer.by,
        icon=criterion.icon,
        series=criterion.series,
        top=criterion.top,
        weight=criterion.counted if rubric.total is not None else 0,
        bearing=reading.bearing,
        origin=criterion.origin or rubric.origin,
        certainty=criterion.certainty or rubric.certainty,
        sources=tuple(sources[name] for name in criterion.sources),
        labels=reading.labels,
    )


def _card(
    rubric: Rubric, criteria: tuple[ScoredCriterion, ...], readings: Mapping[str, ReadAnswer], as_of: date | None
) -> Scorecard:
    total = rubric.total
    known = sum(c.weight * c.number for c in criteria if c.number is not None)
    unknown = sum(c.width for c in criteria if c.number is None)
    series = _indices(rubric, criteria) if rubric.body_of_evidence else ()
    cautions = _cautions(rubric, criteria, readings, series)
    return Scorecard(
        rubric=rubric.id,
        criteria=criteria,
        low=known if total else None,
        high=known + unknown if total else None,
        maximum=rubric.maximum,
        missing=_missing(rubric, criteria),
        convention=total is not None and total.convention,
        unsupported=tuple(name for name, reading in readings.items() if reading.unsupported),
        series=series,
        cautions=tuple(cautions),
        caution_ids=tuple(cautions.values()),
        as_of=as_of,
        title=rubric.title,
        owner=rubric.owner,
        origin=rubric.origin,
        certainty=rubric.certainty,
        edition=rubric.edition,
        notice=rubric.notice,
        reading=rubric.reading,
        total_label=total.label if total else None,
        total_note=total.note if total else None,
        sources=rubric.sources,
    )


def _missing(rubric: Rubric, criteria: tuple[ScoredCriterion, ...]) -> tuple[str, ...]:
    """The unknown criteria: the widest part of the total first, series that only support last, then the rubric's order."""
    supporting = {series.id for series in rubric.series if series.supporting_only}
    unknown = [c for c in criteria if c.level is None]
    return tuple(c.id for c in sorted(unknown, key=lambda c: (-c.width, c.series in supporting)))


def _indices(rubric: Rubric, criteria: tuple[ScoredCriterion, ...]) -> tuple[SeriesOfIndices, ...]:
    def ids(series: str, bearing: Leaning | None) -> tuple[str, ...]:
        return tuple(c.id for c in criteria if c.series == series and c.bearing is bearing)

    return tuple(
        SeriesOfIndices(
            id=series.id,
            label=series.label,
            supporting_only=series.supporting_only,
            speaks_for=ids(series.id, Leaning.FOR),
            speaks_against=ids(series.id, Leaning.AGAINST),
            informs=ids(series.id, Leaning.NEUTRAL),
            open=ids(series.id, None),
        )
        for series in rubric.series
    )


COMPANY_ALONE = message(
    "Tous les indices favorables viennent de l'entreprise : aucun ne porte encore sur la solution elle-même, qui seule doit être innovante."
)
UNDATED = message(
    "Une date a été donnée, mais pas le jour auquel la comparer : donnez le jour du lancement (--on en ligne de commande, as_of en Python) et l'ancienneté sera lue."
)


def _cautions(
    rubric: Rubric,
    criteria: tuple[ScoredCriterion, ...],
    readings: Mapping[str, ReadAnswer],
    series: tuple[SeriesOfIndices, ...],
) -> dict[str, str]:
    """The rubric's own, those of the answers and series met, and those that only the whole shows; each once, with its id."""
    answered = {c.series for c in criteria if c.level is not None}
    favourable = [item for item in series if item.speaks_for]
    found = [
        *((f"{rubric.id}-{number}", caution) for number, caution in enumerate(rubric.cautions, 1)),
        *(caution for reading in readings.values() for caution in reading.cautions),
        *((item.id, item.caution) for item in rubric.series if item.caution is not None and item.id in answered),
    ]
    if favourable and all(item.supporting_only for item in favourable):
        found.append(("company_alone", COMPANY_ALONE))
    if any(c.level is not None and c.bearing is None for c in criteria) and series:
        found.append(("undated", UNDATED))
    cautions: dict[str, str] = {}
    for name, text in found:
        cautions.setdefault(text, name)
    return cautions


# --- one answer


def faults(criterion: Criterion, answer: CriterionAnswer) -> Iterator[Problem]:
    """What is wrong with an answer; paths from the criterion's id."""
    if not answer.known:
        return
    if (expected := _expected(criterion, answer.level)) is not None:
        yield fault(
            "contradiction",
            f"{criterion.id}.level",
            "expected {expected}, got {got}",
            expected=expected,
            got=shown(answer.level),
        )
    for name in criterion.requires:
        if getattr(answer, name) is None:
            yield fault("required", f"{criterion.id}.{name}", "required for this criterion, but it is absent")


def read(rubric: Rubric, criterion: Criterion, answer: CriterionAnswer | None, as_of: date | None) -> ReadAnswer:
    """What an answer without `faults` comes to."""
    if answer is None or not answer.known:
        return ReadAnswer()
    if rubric.evidence is EvidenceRule.REQUIRED and not answer.supported:
        return ReadAnswer(unsupported=True)
    own = () if criterion.caution is None else ((criterion.id, criterion.caution),)
    level = answer.level
    match criterion.kind:
        case Kind.LEVELS:
            step = criterion.levels[level]
            return ReadAnswer(level=level, labels=(step.label,), bearing=step.bearing, cautions=own)
        case Kind.MARK:
            return ReadAnswer(level=level, bearing=Leaning.NEUTRAL, cautions=own)
        case Kind.DATE:
            return ReadAnswer(level=level, bearing=_age(criterion, date.fromisoformat(level), as_of), cautions=own)
    chosen = _chosen(criterion, level)
    return ReadAnswer(
        level=tuple(option.id for option in chosen) if criterion.kind is Kind.SEVERAL else chosen[0].id,
        labels=tuple(option.label for option in chosen),
        bearing=_together(chosen),
        cautions=own + tuple((f"{criterion.id}-{o.id}", o.caution) for o in chosen if o.caution is not None),
    )


def _word(level: Any) -> Any:
    """True and false are other ways to write yes and no."""
    return {True: "yes", False: "no"}[level] if isinstance(level, bool) else level


def _chosen(criterion: Criterion, level: Any) -> tuple[AnswerOption, ...]:
    """The chosen options in the rubric's order, whatever the order of the answer."""
    ids = level if isinstance(level, tuple) else (_word(level),)
    return tuple(option for option in criterion.options if option.id in ids)


def _together(options: tuple[AnswerOption, ...]) -> Leaning:
    """Several ticks speak for if one does; ticks that pull both ways only inform."""
    bearings = {option.bearing for option in options} - {Leaning.NEUTRAL}
    return bearings.pop() if len(bearings) == 1 else Leaning.NEUTRAL


def _age(criterion: Criterion, since: date, as_of: date | None) -> Leaning | None:
    """Less than so many years: the anniversary itself is no longer less."""
    if as_of is None:
        return None
    return criterion.recent if as_of < since + relativedelta(years=criterion.within_years or 0) else criterion.older


def _expected(criterion: Criterion, level: Any) -> Phrase | None:
    """What the criterion takes, if the level is not of it."""
    ids = [option.id for option in criterion.options]
    match criterion.kind:
        case Kind.LEVELS | Kind.MARK:
            top = criterion.top or 0
            fits = type(level) is int and 0 <= level <= top
            return None if fits else Phrase("a whole number from 0 to {top}, or unknown", {"top": top})
        case Kind.DATE:
            return (
                None if isinstance(level, str) and _is_day(level) else Phrase('a date such as "2024-03-31", or unknown')
            )
        case Kind.YES_NO:
            return None if isinstance(level, (bool, str)) and _word(level) in ids else Phrase("yes, no or unknown")
        case Kind.CHOICE:
            return (
                None
                if isinstance(level, str) and level in ids
                else Phrase("one of {choices}, or unknown", {"choices": ids})
            )
        case Kind.SEVERAL:
            given = level if isinstance(level, tuple) else (level,)
            fits = (
                bool(given)
                and all(isinstance(item, str) and item in ids for item in given)
                and len(set(given)) == len(given)
            )
            alone = len(given) == 1 or "none" not in given
            return (
                None
                if fits and alone
                else Phrase("one or more of {choices}, each once (none stands alone), or unknown", {"choices": ids})
            )


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and 1900 <= date.fromisoformat(value).year <= 2100
    except ValueError:
        return False
