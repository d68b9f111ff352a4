"""Kinds of problems with privileged information, as an entry of `lupi` in params.yaml names them."""

from typing import Annotated, Literal

from annotated_types import Ge
from pydantic import ConfigDict, Field, PositiveInt, model_validator

from tutelage import params
from tutelage.data import problems
from tutelage.data.problems import Made, Split
from tutelage.errors import Mistake


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


Problem = Annotated[World | Series | Documents | Requests, Field(discriminator="kind")]


class Entry(params.Block):
    """Of an entry of `lupi` the problem alone: how it is learned is not asked here."""

    model_config = ConfigDict(extra="ignore")

    problem: Problem
