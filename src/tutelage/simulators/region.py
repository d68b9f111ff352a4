"""What a simulator is asked about: its parameters, and the region of them where a surrogate is taught."""

from typing import NamedTuple


class Parameter(NamedTuple):
    """A column of a simulator's table, and its range in the region."""

    name: str
    unit: str
    low: float
    high: float
    ends: bool = False  # low or high, and nothing between
