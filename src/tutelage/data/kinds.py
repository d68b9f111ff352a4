"""Kinds of problems with privileged information, as an entry of `lupi` in params.yaml names them."""

from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Ge
from pydantic import ConfigDict, Field, PositiveInt, model_validator

from tutelage import params
from tutelage.data import problems
from tutelage.data.problems import Made, Split
from tutelage.errors import Mistake

YOURS = Path("data/yours")  # where your own tables lie
Description = Literal["poetic", "yin_yang"]


class World(params.Block):
    """One of the worlds of Lopez-Paz et al.; a split is a world drawn anew."""

    kind: Literal["worlds"]
    world: Literal["clean_labels", "clean_features", "largest_features"]  # of the other one x* is some columns of x
    dim: Annotated[int, Ge(3)]  # numbers in x

    def split(self, made: Made | None, *, labels: int, asked: int, split: int) -> Split:
        return problems.world(self.world, dim=self.dim, labels=labels, asked=asked, split=split)


class Series(params.Block):
    """Mackey and Glass's series: whether it will be higher than now; a split is a series of its own."""

    kind: Literal["series"]
    history: PositiveInt  # points in x
    horizon: PositiveInt  # steps ahead
    around: PositiveInt  # points in x* before the one asked about, and as many after it; fewer than horizon

    @model_validator(mode="after")
    def _apart(self) -> "Series":
        if self.around >= self.horizon:
            raise ValueError(f"around is {self.around}; it must be below horizon, {self.horizon}, or x* is in x too")
        return self

    def split(self, made: Made | None, *, labels: int, asked: int, split: int) -> Split:
        sizes = {"labels": labels, "asked": asked, "split": split}
        return problems.series(history=self.history, horizon=self.horizon, around=self.around, **sizes)


class Filed(params.Block):
    """A kind whose examples stage `problem` makes once, of files or of a package; `makers` says how."""

    def source(self) -> str | None:
        """The data set of data/catalogue.yaml that is fetched; None where nothing is."""
        return None

    def split(self, made: Made | None, *, labels: int, asked: int, split: int) -> Split:
        if made is None:
            raise Mistake("the problem's examples are missing; run `make repro`, which makes them")
        return problems.drawn(made.examples, labels=labels, asked=asked, split=split)


class Documents(Filed):
    """What a text is about, or how it is meant; x* is a part of it that is not there when asked, or a better one."""

    kind: Literal["documents"]
    name: Literal["scipy", "tweet-sentiment"]  # the docstrings of the SciPy that is installed; of the catalogue
    columns: PositiveInt  # to which words are hashed

    def source(self) -> str | None:
        return None if self.name == "scipy" else self.name


class Requests(Filed):
    """Whether a text answers or bears out what is asked of it; x* is where in it, or what was concluded."""

    kind: Literal["requests"]
    name: Literal["xquad", "eraser-fever", "pubmedqa"]  # of the catalogue
    columns: PositiveInt  # to which words are hashed

    def source(self) -> str:
        return self.name


class Images(Filed):
    """Which class an image is of; x is an image of a few averages, x* the whole of it."""

    kind: Literal["images"]
    name: str  # of data/catalogue.yaml
    classes: params.Distinct[str] | None  # those that are told apart; null: all there are
    side: PositiveInt  # averages on a side of x

    def source(self) -> str:
        return self.name


class Poems(Filed):
    """A five or an eight, x* what is said of it by hand; only 100 have that, and teach."""

    kind: Literal["poems"]
    description: Description

    def source(self) -> str:
        return "mnist-plus"


class Protein(Filed):
    """The architecture of a protein, which says its class too; x is its sequence, x* its secondary structure."""

    kind: Literal["protein"]

    def source(self) -> str:
        return "protein"


class Ett(Filed):
    """Whether the oil of a transformer will be hotter; x is what was, x* what is around the hour asked about."""

    kind: Literal["ett"]
    history: PositiveInt  # hours in x
    horizon: PositiveInt  # hours ahead
    around: PositiveInt  # hours in x* before the one asked about, and as many after it; fewer than horizon

    def source(self) -> str:
        return "ett"

    @model_validator(mode="after")
    def _apart(self) -> "Ett":
        if self.around >= self.horizon:
            raise ValueError(f"around is {self.around}; it must be below horizon, {self.horizon}, or x* is in x too")
        return self


class Table(Filed):
    """Your own."""

    kind: Literal["table"]
    file: str  # NAME.csv or NAME.parquet in data/yours
    x: params.Distinct[str]  # columns that are there when asked
    privileged: params.Distinct[str]  # columns that are there while learning only
    y: str  # the column to be told, of classes
    group: str | None  # a column by which rows belong together, such as a patient's; null: each by itself

    @model_validator(mode="after")
    def _apart(self) -> "Table":
        if Path(self.file).name != self.file or Path(self.file).suffix not in (".csv", ".parquet"):
            raise ValueError(f"file is {self.file}; write the name of a .csv or .parquet in {YOURS}, without a folder")
        for column in self.privileged:
            if column in self.x:
                raise ValueError(
                    f"{column} is in x and in privileged too; it is there when asked, leave it out of privileged"
                )
        for part, columns in (("x", self.x), ("privileged", self.privileged)):
            if self.y in columns:
                raise ValueError(f"{self.y} is to be told, and is in {part} too; leave it out there")
        if self.y == self.group:
            raise ValueError(f"{self.y} is to be told, and is the group too; write another group, or null")
        return self

    def named(self) -> tuple[str, ...]:
        """All columns that have a use."""
        return (*self.x, *self.privileged, self.y, *(() if self.group is None else (self.group,)))


Problem = Annotated[
    World | Series | Documents | Requests | Images | Poems | Protein | Ett | Table, Field(discriminator="kind")
]


class Entry(params.Block):
    """Of an entry of `lupi` the problem alone: how it is learned is not asked here."""

    model_config = ConfigDict(extra="ignore")

    problem: Problem
