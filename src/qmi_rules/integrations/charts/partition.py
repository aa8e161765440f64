"""A picture of the partition with matplotlib (extra ``charts``): the lightest open procedure, by amount and day of launch."""

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.contexts import Buyer, BuyerKind, ContractType, Purchase
from qmi_rules.errors import DocumentError
from qmi_rules.integrations.charts.canvas import figure_class, plain
from qmi_rules.law import Table, default_table
from qmi_rules.procurement import decide
from qmi_rules.text import language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#2e7d32", "#1d4e89", "#8a5a00", "#5e35b1", "#b3261e", "#455a64")
LOWEST, HIGHEST = Decimal(5_000), Decimal(1_000_000)


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
        raise DocumentError(f"expected a last day from {since} on, got {until}")
    found = []
    for law in table.segments():
        first, last = max(law.since or since, since), min(law.until or until, until)
        if first > last:
            continue
        amounts = {a for rule in law.rules for c in rule.when if c.threshold for a in law.limit(c.threshold).amounts}
        edges = [LOWEST, *sorted(a for a in amounts if LOWEST < a < HIGHEST), HIGHEST]
        for low, high in pairwise(edges):
            purchase = Purchase(
                title=contract_type,
                launched_on=first,
                contract_type=contract_type,
                estimated_value=low,
                buyer=Buyer(kind=buyer),
                innovative=innovative,
            )
            decision = decide(purchase, table)
            lightest = decision.lightest
            rank = table.procedures[lightest].rank if lightest else None
            lighter = tuple(
                option.procedure
                for option in decision.options
                if option.status == "undetermined"
                and not option.missing
                and option.definition.dispensed
                and (rank is None or (option.definition.rank or 0) < rank)
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
    blank = figure_class()
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
    plot.set_ylim(float(LOWEST), float(HIGHEST))
    limits = _apart({cell.low: cell.until for cell in sorted(_turning(cells), key=lambda cell: cell.until)})
    plot.set_yticks([float(a) for a in limits], [plain(say.euros(a)) for a in limits], fontsize=8)
    plot.set_yticks([], minor=True)
    years = [datetime.date(year, 1, 1) for year in range(since.year, until.year + 2)]
    shown = [year for year in years if since <= year <= until + day]
    plot.set_xticks([number(year) for year in shown], [str(year.year) for year in shown], fontsize=8)
    plot.set_xlabel(plain(say("jour de lancement")))
    plot.set_ylabel(plain(say("valeur estimée du besoin (euros HT)")))
    handles = [Patch(facecolor=colours[p], alpha=0.75, label=plain(say(table.procedures[p].label))) for p in order]
    handles.append(
        Patch(facecolor="white", edgecolor="black", hatch="///", label=plain(say("une dispense est à vérifier")))
    )
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    plot.set_title(plain(say("La procédure la plus légère, par montant et jour de lancement")), fontsize=11)
    return figure


def _turning(cells: tuple[Cell, ...]) -> list[Cell]:
    """The cells whose answer is not that of the cell just below."""
    below = {(cell.since, cell.high): (cell.lightest, cell.undetermined) for cell in cells}
    return [
        cell
        for cell in cells
        if cell.low > LOWEST and below.get((cell.since, cell.low)) != (cell.lightest, cell.undetermined)
    ]


def _apart(limits: dict[Decimal, datetime.date]) -> list[Decimal]:
    """The limits to write at the axis: of those too close to read, the one that was in force last."""
    written: list[Decimal] = []
    for amount in sorted(limits, key=lambda amount: limits[amount], reverse=True):
        if all(not Decimal("0.9") < amount / other < Decimal("1.1") for other in written):
            written.append(amount)
    return sorted(written)
