"""A chart of a funding plan with matplotlib (extra ``charts``): who pays what, as stacked bars, one a plan."""

from decimal import Decimal
from textwrap import fill
from typing import TYPE_CHECKING, Any

from qmi_rules.errors import DocumentError
from qmi_rules.funding import FundingPlan, Payer, Plan, segments
from qmi_rules.funding.bar import GRANT_COLOURS, minimum_words
from qmi_rules.funding.sentences import WHYS
from qmi_rules.integrations.charts.canvas import figure_class, plain
from qmi_rules.text import Language, language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HATCHES = {Payer.GRANT: "", Payer.PRIVATE: "//", Payer.COMMUNE: ".."}
"""The payers are told apart in print and by those who do not see the colours."""
_NARROWEST_LABEL = 0.08


def funding_chart(funding: FundingPlan, lang: str = "fr") -> "Figure":
    """Who pays what in the best plan and in its alternatives, with the minimum share of the authority as a line.

    Args:
        funding: The answer of `find_funding`.
        lang: Language of the labels.

    Raises:
        MissingExtraError: matplotlib is not installed.
        DocumentError: There is nothing to draw: the project costs nothing, or the aid is not known yet.
    """
    blank = figure_class()
    if not funding.cost:
        raise DocumentError("expected a project with a cost above 0, got one that costs nothing")
    if funding.waiting and not funding.plan.grants:
        raise DocumentError(
            "expected a plan with known aid: nothing can be counted yet, `missing` names the facts to fill"
        )
    say = language(lang)
    plans = (funding.plan, *funding.alternatives)
    figure = blank(figsize=(8.5, 1.9 + 0.8 * len(plans)), layout="constrained")
    plot: Any = figure.add_subplot()
    colours = _colours(plans, say)
    for row, plan in enumerate(plans):
        _bar(plot, row, plan, funding, colours, say)
    plot.set_yticks(range(len(plans)), [fill(plain(say(WHYS[plan.why])), 28) for plan in plans])
    plot.invert_yaxis()
    plot.set_xlim(0, float(funding.cost))
    plot.xaxis.set_major_formatter(lambda value, _: plain(say.euros(Decimal(round(value)))))
    plot.spines[["top", "right"]].set_visible(False)
    least = funding.plan.own_share_minimum
    if least:
        words = plain(minimum_words(least, say))
        plot.axvline(float(funding.cost - least), color="black", linestyle="--", linewidth=1.2, label=words)
    handles, labels = plot.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower center", fontsize=8, frameon=False, ncols=2)
    figure.suptitle(plain(say("Qui paie quoi")), fontsize=11)
    return figure


def _bar(
    plot: Any, row: int, plan: Plan, funding: FundingPlan, colours: dict[tuple[Payer, str], str], say: Language
) -> None:
    left = 0.0
    for part in segments(plan, say):
        width = float(part.amount)
        plot.barh(
            row,
            width,
            left=left,
            color=colours[part.payer, part.label],
            edgecolor="white",
            hatch=HATCHES[part.payer],
            label=plain(part.label),
        )
        if width >= _NARROWEST_LABEL * float(funding.cost):
            plot.text(
                left + width / 2,
                row,
                plain(say.euros(part.amount)),
                ha="center",
                va="center",
                fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )
        left += width


def _colours(plans: tuple[Plan, ...], say: Language) -> dict[tuple[Payer, str], str]:
    """The same payer has the same colour in every bar."""
    parts = dict.fromkeys((part.payer, part.label, part.colour) for plan in plans for part in segments(plan, say))
    grants = list(dict.fromkeys(label for payer, label, _ in parts if payer is Payer.GRANT))
    return {
        (payer, label): GRANT_COLOURS[grants.index(label) % len(GRANT_COLOURS)] if payer is Payer.GRANT else colour
        for payer, label, colour in parts
    }
