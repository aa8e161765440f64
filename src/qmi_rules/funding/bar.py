"""Who pays what as a stacked bar, an inline SVG element without any package."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from html import escape

from attrs import frozen

from qmi_rules.funding.plan import PaymentPlan
from qmi_rules.pages import Language, visible

WIDTH = 640
NARROW = 500
"""Below this width the amount of a part stands under its name."""
BAR = 40
GRANT_COLOURS = ("#0b5c8a", "#3f7d20", "#7a3e9d", "#1f7a7a", "#8a5a00")
PRIVATE_COLOUR = "#b35900"
OWN_COLOUR = "#6b6b6b"
_LETTER = 7.0
"""Room for one letter of a label."""
_LABEL = 24
"""Half the room that a percentage takes."""


class Payer(StrEnum):
    """Who pays a part of the cost."""

    GRANT = "grant"
    PRIVATE = "private"
    COMMUNE = "commune"


@frozen(kw_only=True)
class Segment:
    """One part of the bar.

    Attributes:
        payer: Who pays.
        label: The name in the reader's language.
        amount: EUR HT.
        colour: CSS colour.
    """

    payer: Payer
    label: str
    amount: Decimal
    colour: str


def segments(plan: PaymentPlan, say: Language) -> tuple[Segment, ...]:
    """The parts of a plan, the grants first and the commune last; what pays nothing is left out."""
    parts = [
        *(
            (
                Payer.GRANT,
                scheme_or_name(grant.label, grant.scheme, say),
                grant.amount,
                GRANT_COLOURS[i % len(GRANT_COLOURS)],
            )
            for i, grant in enumerate(plan.grants)
        ),
        (Payer.PRIVATE, say("Financement privé"), plan.private_funding, PRIVATE_COLOUR),
        (Payer.COMMUNE, say("À la charge de la collectivité"), plan.own_share, OWN_COLOUR),
    ]
    return tuple(
        Segment(payer=payer, label=label, amount=amount, colour=colour)
        for payer, label, amount, colour in parts
        if amount > 0
    )


def scheme_or_name(label: str, scheme: str | None, say: Language) -> str:
    """The name of a grant: that of a scheme is translated, a name that the user gave stands as it is."""
    return label if scheme is None else say(label)


def bar(plan: PaymentPlan, cost: Decimal, say: Language, width: int = WIDTH) -> str:
    """Who pays what, as an SVG element to put into a page; it carries its own text for screen readers."""
    parts = segments(plan, say)
    title = escape(say("Qui paie quoi"))
    words = "; ".join(f"{visible(part.label)}: {say.euros(part.amount)}" for part in parts)
    height = BAR + 34 + _row(width) * len(parts)
    drawn = "\n".join(_drawn(plan, cost or Decimal(1), parts, say, width))
    return (
        f'<svg class="qmi-funding-bar" role="img" lang="{escape(say.code)}" viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg">\n<title>{title}</title>\n<desc>{escape(words)}</desc>\n{drawn}\n</svg>'
    )


def _row(width: int) -> int:
    return 42 if width < NARROW else 24


def _drawn(plan: PaymentPlan, cost: Decimal, parts: tuple[Segment, ...], say: Language, whole: int) -> Iterator[str]:
    left = Decimal(0)
    least = plan.own_share_minimum
    line = (1 - least / cost) * whole if least > 0 else None
    for part in parts:
        width = part.amount / cost * whole
        yield (
            f'<rect x="{left:.1f}" y="0" width="{width:.1f}" height="{BAR}" fill="{part.colour}" '
            'stroke="#fff" stroke-width="1"/>'
        )
        if width > 50:
            middle = left + width / 2
            if line is not None and abs(line - middle) < _LABEL < line - left:
                middle = line - _LABEL  # beside the line of the least share, not under it
            yield (
                f'<text x="{middle:.1f}" y="{BAR / 2 + 5:.0f}" text-anchor="middle" font-size="13" '
                f'font-family="sans-serif" fill="#fff">{escape(say.percent((part.amount / cost).quantize(Decimal("0.001"))))}</text>'
            )
        left += width
    if line is not None:
        words = say("à droite du trait : la part minimale, {amount}", amount=say.euros(least))
        yield (
            f'<line x1="{line:.1f}" y1="-2" x2="{line:.1f}" y2="{BAR + 6}" stroke="#000" stroke-width="2" stroke-dasharray="4 3"/>'
        )
        yield (
            f'<text x="{whole}" y="{BAR + 18}" text-anchor="end" font-size="12" font-family="sans-serif" '
            f'fill="#222">{escape(words)}</text>'
        )
    for i, part in enumerate(parts):
        y = BAR + 34 + _row(whole) * i
        label = visible(part.label)
        amount = say.euros(part.amount)
        room = int((whole - 24) / _LETTER) - (0 if whole < NARROW else len(amount) + 3)
        shown = label if len(label) <= room else label[: room - 1] + "…"
        below = f'<tspan x="24" dy="17">{escape(amount)}</tspan>' if whole < NARROW else f" — {escape(amount)}"
        yield f'<rect x="0" y="{y}" width="16" height="16" fill="{part.colour}"/>'
        yield (
            f'<text x="24" y="{y + 13}" font-size="13" font-family="sans-serif" fill="#222">'
            f"{escape(shown)}{below}</text>"
        )
