"""The page of the rubrics: every axis and question with its levels, whose words they are, and what is added up."""

from collections.abc import Iterator

from qmi_rules.pages import Link, markdown_line
from qmi_rules.scoring import rubrics as shipped

from .writer import Writer


def rubrics(w: Writer) -> Iterator[str]:
    """Every shipped rubric."""
    for rubric in shipped().values():
        yield w.place("rubric", rubric.id)
        yield f"## {w.text(rubric.title)}\n"
        yield f"`{rubric.id}` · {w.text(rubric.owner)} · {w.certainty(rubric.certainty)}\n"
        yield w.text(rubric.notice) + "\n"
        if rubric.reading:
            yield w.text(rubric.reading) + "\n"
        if rubric.total is not None:
            yield f"- {w('Total')} : {w.text(rubric.total.label)} (0 – {rubric.maximum}). {w.text(rubric.total.note or '')}"
        yield from (f"- {w('À savoir')} : {w.text(caution)}" for caution in rubric.cautions)
        yield from w.table(
            ("Identifiant", "Question", "Réponses", "Certitude", "À savoir"),
            (
                [
                    f"`{criterion.id}`",
                    w.text(criterion.label),
                    " ; ".join(
                        [
                            *(f"{level.level} = {w.text(level.label)}" for level in criterion.levels),
                            *(f"`{option.id}` = {w.text(option.label)}" for option in criterion.options),
                            *([f"0 – {criterion.highest}"] if criterion.highest else []),
                        ]
                    ),
                    w.certainty(criterion.certainty or rubric.certainty),
                    w.text(criterion.caution) if criterion.caution else "",
                ]
                for criterion in rubric.criteria
            ),
        )
        yield f"{w('Sources')} :\n"
        yield from (
            "- " + markdown_line([Link(w.say(source.title), source.url) if source.url else w.say(source.title)])
            for source in rubric.sources
        )
