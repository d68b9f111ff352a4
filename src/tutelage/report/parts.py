"""What a section of the page consists of: words, tables, figures; page.html draws each kind once, for all sections."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from markupsafe import Markup

from tutelage.measure.significance import Difference, Interval

MINUS = "−"


@dataclass(frozen=True)
class Cell:
    """A number or a word of a table; `beside` stands after it, smaller: an interval, a unit."""

    text: str
    beside: str = ""
    tone: Literal["", "better", "worse", "open", "few"] = ""


@dataclass(frozen=True)
class Table:
    """Columns of words first, then columns of numbers, which are set flush right."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    words: int = 1  # columns of words
    note: str = ""
    folded: bool = False  # shown when asked for


@dataclass(frozen=True)
class Figures:
    """Drawings side by side where there is room."""

    kind: ClassVar[str] = "figures"
    drawings: Sequence[tuple[str, Markup]]  # a heading, and what figures.lines made
    caption: str


@dataclass(frozen=True)
class Words:
    """Paragraphs."""

    kind: ClassVar[str] = "words"
    paragraphs: Sequence[str]
    heading: str = ""


@dataclass(frozen=True)
class Facts:
    """Terms and what is said of each."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Maps:
    """Drawings of one map of nodes, and what page.js must know to say who sits where."""

    kind: ClassVar[str] = "maps"
    name: str
    drawings: Sequence[tuple[str, Markup]]
    caption: str
    told: Markup  # JSON that can end no element
    folded: bool = False  # shown when asked for


@dataclass(frozen=True)
class Explorer:
    """A plane of latent numbers, and what explorer.js must know to decode any point of it."""

    kind: ClassVar[str] = "explorer"
    name: str
    drawing: Markup
    shape: tuple[int, int, int]  # channel, height, width of what is decoded
    caption: str
    told: Markup  # JSON that can end no element


Part = Table | Maps | Explorer | Figures | Words | Facts


@dataclass(frozen=True)
class Section:
    """One section; its `answer` goes to the top of the page, before all sections."""

    title: str
    parts: Sequence[Part]
    answer: Sequence[Part] = field(default=())


def number(value: float, digits: int = 1, *, scale: float = 1, sign: bool = False) -> str:
    """A number for a reader: scaled, rounded, thousands apart, with a true minus sign."""
    told = f"{scale * value:{'+' if sign else ''},.{digits}f}"
    return told.replace("-", MINUS) if float(told.replace(",", "")) else f"{0:.{digits}f}"


def interval(value: Interval | None, digits: int = 1, *, scale: float = 1) -> Cell:
    """A mean, and [low, high] beside it; of one replicate there is no interval. Empty where nothing was measured."""
    if value is None:
        return Cell("")
    mean = number(value.mean, digits, scale=scale)
    return Cell(mean, _between(value.low, value.high, digits, scale, sign=False) if value.n > 1 else "")


def apart(value: Difference, digits: int = 1, *, scale: float = 1) -> str:
    """[low, high] of a difference; nothing of one replicate."""
    return _between(value.low, value.high, digits, scale, sign=True) if value.n > 1 else ""


def share(level: float) -> str:
    """A level as it is spoken of: 95 %."""
    return f"{100 * level:g}\N{NO-BREAK SPACE}%"


def series(words: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _between(low: float, high: float, digits: int, scale: float, *, sign: bool) -> str:
    return f"[{number(low, digits, scale=scale, sign=sign)}, {number(high, digits, scale=scale, sign=sign)}]"
