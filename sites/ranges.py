"""Figures that must lie within a range."""

from collections.abc import Mapping


def check_ranges(ranges: Mapping[str, tuple[float, float, float]]) -> None:
    """Refuse figures outside their range, all at once.

    Parameters
    ----------
    ranges : name to (value, lowest, highest)
        In the unit of the name.

    Raises
    ------
    ValueError
        With every figure that lies outside.

    Examples
    --------
    >>> check_ranges({"losses": (1.5, 0.0, 0.99)})
    Traceback (most recent call last):
    ValueError: losses is 1.5, outside 0 to 0.99
    """
    wrong = [
        f"{name} is {value:g}, outside {low:g} to {high:g}"
        for name, (value, low, high) in ranges.items()
        if not low <= value <= high
    ]
    if wrong:
        raise ValueError("; ".join(wrong))
