"""Numbers that may be known only within bounds.

A quantity is a pair `(low, high)`; `high` may be infinite. An unknown quantity is `None`, which is not zero. Comparisons answer
`True`, `False`, or `None` when the bounds straddle the line.
"""

from __future__ import annotations

from math import inf
from typing import Any, Optional, Tuple

Quantity = Tuple[float, float]
Truth = Optional[bool]


def quantity(raw: Any) -> Quantity:
    """Read a number or a `[min, max]` pair (`max` may be None) into `(low, high)`.

    >>> quantity(82)
    (82, 82)
    >>> quantity([10000, None])
    (10000, inf)
    """
    if isinstance(raw, (list, tuple)):
        low, high = raw
        return (low, inf if high is None else high)
    return (raw, raw)


def at_least(x: Quantity, line: Quantity) -> Truth:
    """Whether `x >= line`, for every value both may take."""
    if x[0] >= line[1]:
        return True
    if x[1] < line[0]:
        return False
    return None


def below(x: Quantity, line: Quantity) -> Truth:
    """Whether `x < line`: exactly on the line is not below it."""
    reached = at_least(x, line)
    return None if reached is None else not reached


def above(x: Quantity, line: Quantity) -> Truth:
    """Whether `x > line`."""
    return below(line, x)


def at_most(x: Quantity, line: Quantity) -> Truth:
    """Whether `x <= line`."""
    return at_least(line, x)


def scaled(x: Quantity, factor: Quantity) -> Quantity:
    """The product of two non-negative quantities."""
    return (x[0] * factor[0] if x[0] and factor[0] else 0, x[1] * factor[1] if x[1] and factor[1] else 0)


def plus(x: Quantity, y: Quantity) -> Quantity:
    """The sum of two quantities."""
    return (x[0] + y[0], x[1] + y[1])


def capped(x: Quantity, cap: Quantity) -> Quantity:
    """`min(x, cap)`, for every value both may take."""
    return (min(x[0], cap[0]), min(x[1], cap[1]))


def spoken(x: Quantity) -> str:
    """A quantity as a person says it: `501—584`, `10000 以上`, `82`.

    >>> spoken((501.4, 583.3))
    '501—583'
    """
    low = _digits(x[0])
    if x[1] == inf:
        return f"{low} 以上"
    high = _digits(x[1])
    return low if low == high else f"{low}—{high}"


def _digits(value: float) -> str:
    return str(int(round(value))) if abs(value - round(value)) < 0.005 or abs(value) >= 100 else f"{value:.1f}"
