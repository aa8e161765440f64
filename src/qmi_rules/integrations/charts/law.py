"""Pictures of the law with matplotlib (extra ``charts``): thresholds over time, and what is open at which amount on a day."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Any

from qmi_rules.contexts import Buyer, BuyerKind, ContractType, Purchase
from qmi_rules.errors import DocumentError
from qmi_rules.integrations.charts.canvas import figure_class, plain
from qmi_rules.law import Certainty, Limit, Table, default_table
from qmi_rules.procurement import decide
from qmi_rules.text import Language, language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#1d4e89", "#b3261e", "#2e7d32", "#8a5a00", "#5e35b1")
STYLES = ("-", "--", "-.", ":", (0, (5, 1)))
"""The series are told apart in print and by those who do not see the colours."""
TIERS = ("direct_award", "innovative_purchase", "adapted_procedure", "open_procedure")
_LOWEST, _HIGHEST = Decimal(10_000), Decimal(10_000_000)
_Tier = tuple[Decimal, Decimal, str]


def threshold_ladder(
    thresholds: Sequence[str],
    since: datetime.date,
    until: datetime.date,
    table: Table | None = None,
    lang: str = "fr",
) -> "Figure":
    """Thresholds over time: a line a series, a band where the sources disagree, a hollow mark where the value is unverified.

    Args:
        thresholds: Ids of one to five series in euros.
        since: First day.
        until: Last day.
        table: The table; None = that of the package.
        lang: Language of the labels.

    Raises:
        MissingExtraError: matplotlib is not installed.
        DocumentError: A series is not in the table, there are none or too many, or the days are the wrong way round.
    """
    blank = figure_class()
    table = table or default_table()
    if not 1 <= len(thresholds) <= len(COLOURS) or until <= since:
        raise DocumentError(f"expected one to {len(COLOURS)} thresholds, and a last day after the first")
    if unknown := [name for name in thresholds if name not in table.thresholds]:
        raise DocumentError(f"expected thresholds of the table, got {', '.join(map(repr, unknown))}")
    say = language(lang)
    figure = blank(figsize=(9, 4.6), layout="constrained")
    plot: Any = figure.add_subplot()
    for position, name in enumerate(thresholds):
        _series(plot, position, [*_steps(table, name, since, until)], plain(say(table.thresholds[name].label)), say)
    plot.set_ylim(bottom=0)
    plot.yaxis.set_major_formatter(lambda value, _: plain(say.euros(Decimal(round(value)))))
    plot.grid(axis="y", color="#ddd")
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    plot.set_title(plain(say("Les seuils dans le temps, en euros HT")), fontsize=11)
    handles, labels = plot.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower center", fontsize=8, frameon=False)
    return figure


def _steps(
    table: Table, name: str, since: datetime.date, until: datetime.date
) -> Iterable[tuple[datetime.date, datetime.date, Limit]]:
    """The limit of each span of days without a change, from the first day to the last."""
    day = since
    while day <= until:
        law = table.in_force(day)
        end = min(law.until or until, until)
        yield day, end + datetime.timedelta(days=1), law.limit(name)
        day = end + datetime.timedelta(days=1)


def _series(
    plot: Any, position: int, steps: list[tuple[datetime.date, datetime.date, Limit]], label: str, say: Language
) -> None:
    colour, style = COLOURS[position], STYLES[position]
    days: list[datetime.date] = []
    values: list[float] = []
    for first, end, limit in steps:
        settled = len(limit.amounts) == 1
        days += [first, end]
        values += [float(limit.amounts[0]) if settled else float("nan")] * 2
        if limit.contested:
            low, high = float(limit.amounts[0]), float(limit.amounts[-1])
            plot.fill_between(
                [first, end],
                low,
                high,
                color=colour,
                alpha=0.25,
                hatch="//",
                label=plain(say("les sources divergent")),
            )
        if settled and limit.certainty is Certainty.UNVERIFIED:
            hollow = {"color": colour, "marker": "o", "fillstyle": "none", "linestyle": ""}
            plot.plot(
                [first], [float(limit.amounts[0])], label=plain(say("non vérifié sur le texte officiel")), **hollow
            )
    plot.plot(days, values, color=colour, linestyle=style, linewidth=1.8, label=fill(label, 90))


def tiers_chart(
    day: datetime.date,
    buyer: BuyerKind = BuyerKind.COMMUNE,
    procedures: Sequence[str] = TIERS,
    table: Table | None = None,
    lang: str = "fr",
) -> "Figure":
    """What is open at which amount on a day: a bar where a procedure is open, hatched where the answer is undetermined.

    The solution is taken to be innovative; every answer is that of `decide`.

    Args:
        day: The day of launch.
        buyer: Who buys.
        procedures: Ids of procedures, a line each.
        table: The table; None = that of the package.
        lang: Language of the labels.

    Raises:
        MissingExtraError: matplotlib is not installed.
        DocumentError: A procedure is not in the table.
    """
    blank = figure_class()
    table = table or default_table()
    if unknown := [name for name in procedures if name not in table.procedures]:
        raise DocumentError(f"expected procedures of the table, got {', '.join(map(repr, unknown))}")
    say = language(lang)
    groups = _grouped({kind: _tiers(table, day, buyer, kind, procedures) for kind in ContractType})
    figure = blank(figsize=(9, 0.8 + 0.42 * len(groups) * (len(procedures) + 0.6)), layout="constrained")
    plot: Any = figure.add_subplot()
    names = {choice.id: say(choice.label) for choice in table.facts["contract_type"].choices}
    rows, ticks = 0.0, []
    for kinds, lanes in groups:
        title = say.all_of([names[kind] for kind in kinds])
        plot.text(float(_LOWEST), rows - 0.55, plain(title), fontsize=9, weight="bold", va="center")
        for name, tiers in lanes.items():
            for low, high, status in tiers:
                look = {"hatch": "//", "alpha": 0.35} if status == "undetermined" else {}
                colour = COLOURS[list(procedures).index(name) % len(COLOURS)]
                plot.barh(rows, float(high - low), left=float(low), height=0.6, color=colour, edgecolor="white", **look)
            ticks.append((rows, fill(plain(say(table.procedures[name].label)), 44)))
            rows += 1
        rows += 0.9
    plot.set_xscale("log")
    plot.set_xlim(float(_LOWEST), float(_HIGHEST))
    plot.set_ylim(rows - 1.2, -1)
    plot.set_yticks([row for row, _ in ticks], [text for _, text in ticks], fontsize=8)
    limits = sorted(
        {edge for _, lanes in groups for tiers in lanes.values() for low, high, _ in tiers for edge in (low, high)}
    )
    shown = [edge for edge in limits if _LOWEST < edge < _HIGHEST]
    plot.set_xticks(
        [float(edge) for edge in shown],
        [plain(say.euros(edge)) for edge in shown],
        rotation=35,
        ha="right",
        fontsize=8,
    )
    plot.set_xticks([], minor=True)
    plot.grid(axis="x", color="#ddd")
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    plot.set_title(
        plain(say("Ce qui est ouvert selon le montant (euros HT), le {date}", date=say.date(day))), fontsize=11
    )
    return figure


def _tiers(
    table: Table, day: datetime.date, buyer: BuyerKind, kind: ContractType, procedures: Sequence[str]
) -> dict[str, tuple[_Tier, ...]]:
    """For each procedure the spans of amounts in which it is open or undetermined."""
    law = table.in_force(day)
    amounts = {amount for name in table.thresholds for amount in law.limit(name).amounts}
    edges = [_LOWEST, *sorted(amount for amount in amounts if _LOWEST < amount < _HIGHEST), _HIGHEST]
    tiers: dict[str, list[_Tier]] = {name: [] for name in procedures}
    for low, high in pairwise(edges):
        decision = decide(
            Purchase(
                title=kind,
                launched_on=day,
                contract_type=kind,
                estimated_value=low,
                buyer=Buyer(kind=buyer),
                innovative=True,
            ),
            table,
        )
        for name, found in tiers.items():
            status = str(decision[name].status)
            if status == "closed":
                continue
            if found and found[-1][1:] == (low, status):
                found[-1] = (found[-1][0], high, status)
            else:
                found.append((low, high, status))
    return {name: tuple(found) for name, found in tiers.items()}


def _grouped(
    tiers: dict[ContractType, dict[str, tuple[_Tier, ...]]],
) -> list[tuple[list[ContractType], dict[str, tuple[_Tier, ...]]]]:
    """Contract types with the same tiers are drawn once."""
    groups: list[tuple[list[ContractType], dict[str, tuple[_Tier, ...]]]] = []
    for kind, lanes in tiers.items():
        for kinds, same in groups:
            if same == lanes:
                kinds.append(kind)
                break
        else:
            groups.append(([kind], lanes))
    return groups
