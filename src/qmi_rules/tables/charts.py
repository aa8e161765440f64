"""Pictures that SVG does not give elsewhere, with matplotlib (extra ``charts``): the law over time, its tiers and partition, scorecards side by side.

No picture belongs to a window or to a global state: ``threshold_ladder(…).savefig("ladder.png")``. A plan, a radar and the bar
of who pays what are SVG of their rooms (`to_svg`, `radar_svg`, `bar_svg`), which needs no package.
"""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.errors import DocumentError, MissingExtraError, fault
from qmi_rules.law import Certainty, Limit, Table, default_table
from qmi_rules.model import Buyer, BuyerKind, ContractType, Purchase
from qmi_rules.pages import Language, language, visible
from qmi_rules.procurement import decide
from qmi_rules.scoring import ComparedSolutions, Scorecard
from qmi_rules.scoring.radar import spokes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#1d4e89", "#b3261e", "#2e7d32", "#8a5a00", "#5e35b1", "#455a64")
STYLES = ("-", "--", "-.", ":", (0, (5, 1)))
"""The series are told apart in print and by those who do not see the colours."""
TIERS = ("direct_award", "innovative_purchase", "adapted_procedure", "open_procedure")
TIER_AMOUNTS = (Decimal(10_000), Decimal(10_000_000))
PARTITION_AMOUNTS = (Decimal(5_000), Decimal(1_000_000))
"""The lowest and the highest amount of a picture, EUR HT."""
MOST_CARDS = 4

_Tier = tuple[Decimal, Decimal, str]


def _figure_class() -> "type[Figure]":
    """matplotlib's figure, without pyplot and its global state.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("charts", "matplotlib") from None
    return Figure


def _plain(text: str) -> str:
    """A text that matplotlib takes as it stands: a dollar would begin a formula."""
    return visible(text).replace("$", r"\$")


def _edges(limits: Iterable[Decimal], amounts: tuple[Decimal, Decimal]) -> list[Decimal]:
    """The amounts at which the answer may change, from the lowest to the highest of a picture."""
    lowest, highest = amounts
    return [lowest, *sorted(amount for amount in limits if lowest < amount < highest), highest]


def _example(day: datetime.date, kind: ContractType, amount: Decimal, buyer: BuyerKind, innovative: bool) -> Purchase:
    """The purchase that a place of a picture stands for."""
    return Purchase(
        title=kind,
        launched_on=day,
        contract_type=kind,
        estimated_value=amount,
        buyer=Buyer(kind=buyer),
        innovative=innovative,
    )


# --- thresholds over time


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
    blank = _figure_class()
    table = table or default_table()
    if not 1 <= len(thresholds) <= len(STYLES) or until <= since:
        words = "expected one to {most} thresholds, and a last day after the first"
        raise DocumentError(fault("contradiction", "", words, most=len(STYLES)))
    if unknown := [name for name in thresholds if name not in table.thresholds]:
        raise DocumentError(
            fault("contradiction", "", "expected thresholds of the table, got {got}", got=", ".join(map(repr, unknown)))
        )
    say = language(lang)
    figure = blank(figsize=(9, 4.6), layout="constrained")
    plot: Any = figure.add_subplot()
    for position, name in enumerate(thresholds):
        _series(plot, position, [*_steps(table, name, since, until)], _plain(say(table.thresholds[name].label)), say)
    plot.set_ylim(bottom=0)
    plot.yaxis.set_major_formatter(lambda value, _: _plain(say.euros(Decimal(round(value)))))
    plot.grid(axis="y", color="#ddd")
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    plot.set_title(_plain(say("Les seuils dans le temps, en euros HT")), fontsize=11)
    handles, labels = plot.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower center", fontsize=8, frameon=False)
    return figure


def _steps(
    table: Table, name: str, since: datetime.date, until: datetime.date
) -> Iterable[tuple[datetime.date, datetime.date, Limit]]:
    """Each limit with the days on which it stands; the law changes oftener than one of its series does."""
    day = first = since
    while day <= until:
        law = table.in_force(day)
        limit = law.limit(name)
        day = min(law.until or until, until) + datetime.timedelta(days=1)
        if day > until or table.in_force(day).limit(name) != limit:
            yield first, day, limit
            first = day


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
                label=_plain(say("les sources divergent")),
            )
        if settled and limit.certainty is Certainty.UNVERIFIED:
            hollow = {"color": colour, "marker": "o", "fillstyle": "none", "linestyle": ""}
            plot.plot(
                [first], [float(limit.amounts[0])], label=_plain(say("non vérifié sur le texte officiel")), **hollow
            )
    plot.plot(days, values, color=colour, linestyle=style, linewidth=1.8, label=fill(label, 90))


# --- what is open at which amount


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
    blank = _figure_class()
    table = table or default_table()
    lowest, highest = TIER_AMOUNTS
    if unknown := [name for name in procedures if name not in table.procedures]:
        raise DocumentError(
            fault("contradiction", "", "expected procedures of the table, got {got}", got=", ".join(map(repr, unknown)))
        )
    say = language(lang)
    groups = _grouped({kind: _tiers(table, day, buyer, kind, procedures) for kind in ContractType})
    figure = blank(figsize=(9, 0.8 + 0.42 * len(groups) * (len(procedures) + 0.6)), layout="constrained")
    plot: Any = figure.add_subplot()
    names = {choice.id: say(choice.label) for choice in table.facts["contract_type"].choices}
    rows, ticks = 0.0, []
    for kinds, lanes in groups:
        title = say.all_of([names[kind] for kind in kinds])
        plot.text(float(lowest), rows - 0.55, _plain(title), fontsize=9, weight="bold", va="center")
        for name, tiers in lanes.items():
            for low, high, status in tiers:
                look = {"hatch": "//", "alpha": 0.35} if status == "undetermined" else {}
                colour = COLOURS[list(procedures).index(name) % len(COLOURS)]
                plot.barh(rows, float(high - low), left=float(low), height=0.6, color=colour, edgecolor="white", **look)
            ticks.append((rows, fill(_plain(say(table.procedures[name].label)), 44)))
            rows += 1
        rows += 0.9
    plot.set_xscale("log")
    plot.set_xlim(float(lowest), float(highest))
    plot.set_ylim(rows - 1.2, -1)
    plot.set_yticks([row for row, _ in ticks], [text for _, text in ticks], fontsize=8)
    limits = sorted(
        {edge for _, lanes in groups for tiers in lanes.values() for low, high, _ in tiers for edge in (low, high)}
    )
    shown = [edge for edge in limits if lowest < edge < highest]
    plot.set_xticks(
        [float(edge) for edge in shown],
        [_plain(say.euros(edge)) for edge in shown],
        rotation=35,
        ha="right",
        fontsize=8,
    )
    plot.set_xticks([], minor=True)
    plot.grid(axis="x", color="#ddd")
    plot.set_axisbelow(True)
    plot.spines[["top", "right"]].set_visible(False)
    plot.set_title(
        _plain(say("Ce qui est ouvert selon le montant (euros HT), le {date}", date=say.date(day))), fontsize=11
    )
    return figure


def _tiers(
    table: Table, day: datetime.date, buyer: BuyerKind, kind: ContractType, procedures: Sequence[str]
) -> dict[str, tuple[_Tier, ...]]:
    """For each procedure the spans of amounts in which it is open or undetermined."""
    law = table.in_force(day)
    amounts = {amount for name in table.thresholds for amount in law.limit(name).amounts}
    tiers: dict[str, list[_Tier]] = {name: [] for name in procedures}
    for low, high in pairwise(_edges(amounts, TIER_AMOUNTS)):
        decision = decide(_example(day, kind, low, buyer, innovative=True), table)
        for name, found in tiers.items():
            status = str(decision.option(name).status)
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


# --- the partition


@frozen(kw_only=True)
class Cell:
    """Days and amounts with one answer.

    Attributes:
        since: First day.
        until: Last day.
        low: Lowest amount, EUR HT.
        high: First amount beyond.
        lightest: Id of the lightest open procedure; None where none is.
        undetermined: Ids of lighter procedures of which the answer is not determined.
    """

    since: datetime.date
    until: datetime.date
    low: Decimal
    high: Decimal
    lightest: str | None
    undetermined: tuple[str, ...]


def partition_cells(
    since: datetime.date,
    until: datetime.date,
    contract_type: ContractType = ContractType.SUPPLIES,
    buyer: BuyerKind = BuyerKind.COMMUNE,
    innovative: bool = True,
    table: Table | None = None,
) -> tuple[Cell, ...]:
    """The partition that the picture shows: every change of law between two days, every limit between two amounts.

    Args:
        since: First day.
        until: Last day.
        contract_type: What is bought.
        buyer: Who buys.
        innovative: Whether the solution is innovative.
        table: The table; None = that of the package.
    """
    table = table or default_table()
    if until < since:
        raise DocumentError(
            fault("contradiction", "", "expected a last day from {since} on, got {got}", since=since, got=until)
        )
    found = []
    for law in table.segments():
        first, last = max(law.since or since, since), min(law.until or until, until)
        if first > last:
            continue
        amounts = {a for rule in law.rules for c in rule.when if c.threshold for a in law.limit(c.threshold).amounts}
        for low, high in pairwise(_edges(amounts, PARTITION_AMOUNTS)):
            decision = decide(_example(first, contract_type, low, buyer, innovative), table)
            lightest = decision.lightest
            order = table.procedures[lightest].order if lightest else math.inf
            lighter = tuple(
                option.procedure
                for option in decision.options
                if option.status == "undetermined"
                and not option.missing
                and option.definition.dispensed
                and option.definition.order < order
            )
            found.append(Cell(since=first, until=last, low=low, high=high, lightest=lightest, undetermined=lighter))
    return tuple(found)


def partition_chart(
    since: datetime.date,
    until: datetime.date,
    contract_type: ContractType = ContractType.SUPPLIES,
    buyer: BuyerKind = BuyerKind.COMMUNE,
    innovative: bool = True,
    table: Table | None = None,
    lang: str = "fr",
) -> "Figure":
    """The lightest open procedure in amount x time; hatched where a lighter one is not determined.

    Args:
        since: First day.
        until: Last day.
        contract_type: What is bought.
        buyer: Who buys.
        innovative: Whether the solution is innovative.
        table: The table; None = that of the package.
        lang: Language of the labels.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    blank = _figure_class()
    from matplotlib.dates import date2num
    from matplotlib.patches import Patch, Rectangle

    table = table or default_table()
    say = language(lang)
    cells = partition_cells(since, until, contract_type, buyer, innovative, table)
    order = [p for p in table.procedures if any(cell.lightest == p for cell in cells)]
    colours = dict(zip(order, COLOURS, strict=False))
    figure = blank(figsize=(9, 4.8), layout="constrained")
    plot: Any = figure.add_subplot()
    day = datetime.timedelta(days=1)
    number: Any = date2num
    for cell in cells:
        left, right = number(cell.since), number(cell.until + day)
        plot.add_patch(
            Rectangle(
                (left, float(cell.low)),
                right - left,
                float(cell.high - cell.low),
                facecolor=colours.get(cell.lightest or "", "#eeeeee"),
                edgecolor="white",
                linewidth=0,
                alpha=0.75,
                hatch="///" if cell.undetermined else None,
            )
        )
    plot.set_yscale("log")
    plot.set_xlim(number(since), number(until + day))
    plot.set_ylim(*map(float, PARTITION_AMOUNTS))
    limits = _apart({cell.low: cell.until for cell in sorted(_turning(cells), key=lambda cell: cell.until)})
    plot.set_yticks([float(a) for a in limits], [_plain(say.euros(a)) for a in limits], fontsize=8)
    plot.set_yticks([], minor=True)
    years = [datetime.date(year, 1, 1) for year in range(since.year, until.year + 2)]
    shown = [year for year in years if since <= year <= until + day]
    plot.set_xticks([number(year) for year in shown], [str(year.year) for year in shown], fontsize=8)
    plot.set_xlabel(_plain(say("jour de lancement")))
    plot.set_ylabel(_plain(say("valeur estimée du besoin (euros HT)")))
    handles = [Patch(facecolor=colours[p], alpha=0.75, label=_plain(say(table.procedures[p].label))) for p in order]
    handles.append(
        Patch(facecolor="white", edgecolor="black", hatch="///", label=_plain(say("une dispense est à vérifier")))
    )
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    plot.set_title(_plain(say("La procédure la plus légère, par montant et jour de lancement")), fontsize=11)
    return figure


def _turning(cells: tuple[Cell, ...]) -> list[Cell]:
    """The cells whose answer is not that of the cell just below."""
    below = {(cell.since, cell.high): (cell.lightest, cell.undetermined) for cell in cells}
    return [
        cell
        for cell in cells
        if cell.low > PARTITION_AMOUNTS[0] and below.get((cell.since, cell.low)) != (cell.lightest, cell.undetermined)
    ]


def _apart(limits: dict[Decimal, datetime.date]) -> list[Decimal]:
    """The limits to write at the axis: of those too close to read, the one that was in force last."""
    written: list[Decimal] = []
    for amount in sorted(limits, key=lambda amount: limits[amount], reverse=True):
        if all(not Decimal("0.9") < amount / other < Decimal("1.1") for other in written):
            written.append(amount)
    return sorted(written)


# --- scorecards


def bar_chart(cards: "Scorecard | ComparedSolutions | Mapping[str, Scorecard]", lang: str = "fr") -> "Figure":
    """The levels of up to four scorecards of one rubric as bars, one panel each; an unknown axis is an empty hatched bar.

    Raises:
        MissingExtraError: matplotlib is not installed.
        DocumentError: Nothing to draw: no card, more than four, or no axis with levels.
    """
    blank = _figure_class()
    shown = _named(cards, lang)
    say = language(lang)
    count = len(spokes(next(iter(shown.values())), lang))
    if not count:
        raise DocumentError(fault("required", "", "expected at least one axis with levels, got none"))
    figure = blank(figsize=(3.6 + 2.9 * len(shown), 1.2 + 0.55 * count), layout="constrained")
    panels: Any = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for plot, (name, card), colour in zip(panels, shown.items(), COLOURS, strict=False):
        axes = spokes(card, lang)
        top = max(axis.top for axis in axes)
        for row, axis in enumerate(axes):
            if axis.level is None:
                plot.barh(row, axis.top, color="none", edgecolor="#8a8a8a", hatch="////", linewidth=1)
                plot.text(
                    axis.top / 2,
                    row,
                    say("non renseigné"),
                    ha="center",
                    va="center",
                    backgroundcolor="white",
                    fontsize=8,
                )
            else:
                plot.barh(row, axis.level, color=colour)
                plot.text(axis.level + top * 0.03, row, f"{axis.level}/{axis.top}", va="center", fontsize=9)
        plot.set_yticks(range(count), [fill(_plain(axis.label), 34) for axis in axes])
        plot.set_xlim(0, top * 1.18)
        plot.set_xticks(range(top + 1) if top <= 10 else [0, top])
        plot.spines[["top", "right"]].set_visible(False)
        plot.set_title(name if len(shown) > 1 else "", fontsize=10)
    panels[0].invert_yaxis()
    figure.suptitle(_plain(language(lang)(next(iter(shown.values())).title)), fontsize=11)
    return figure


def _named(cards: "Scorecard | ComparedSolutions | Mapping[str, Scorecard]", lang: str) -> dict[str, Scorecard]:
    match cards:
        case Scorecard():
            shown = {_plain(language(lang)(cards.title)): cards}
        case ComparedSolutions():
            shown = {_plain(entry.name): entry.card for entry in cards.entries}
        case _:
            shown = {_plain(name): card for name, card in cards.items()}
    if not 1 <= len(shown) <= MOST_CARDS:
        words = "expected one to {most} scorecards on one chart, got {got}"
        raise DocumentError(fault("contradiction", "", words, most=MOST_CARDS, got=len(shown)))
    if len({card.rubric for card in shown.values()}) > 1:
        raise DocumentError(fault("contradiction", "", "expected scorecards of one rubric on one chart"))
    return shown
