"""A block of params.yaml as a frozen, typed, complete object."""

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tutelage.errors import Mistake

FILE = Path("params.yaml")
T = TypeVar("T")


def _some(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:  # asked here, since a bound on the length would say of one wrong value that none is left, too
        raise ValueError("names nothing; write one value at least")
    return values


def _distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    twice = [value for i, value in enumerate(values) if value in values[:i]]
    if twice:
        raise ValueError(f"{twice[0]} stands there twice; once is enough")
    return values


Distinct = Annotated[tuple[T, ...], AfterValidator(_some), AfterValidator(_distinct)]
"""One value or more, none of them twice."""


class Block(BaseModel):
    """What one block of params.yaml must hold: every key stated, none guessed, no defaults."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Compute(Block):
    """Where and how exactly all stages compute."""

    device: Literal["cpu", "cuda"]
    precision: Literal["float32", "bfloat16"]  # of the forward pass; weights are always float32
    matmul_precision: Literal["highest", "high", "medium"]  # torch.set_float32_matmul_precision
    threads: PositiveInt  # of one fit; one and two give different last digits


class Budget(Block):
    """What every way of teaching may spend."""

    seeds: Distinct[NonNegativeInt]  # the replicates
    presentations: PositiveInt  # examples shown to the encoder in all
    batch_size: PositiveInt

    @property
    def steps(self) -> int:
        return max(1, self.presentations // self.batch_size)

    def of(self, presentations: int | None) -> "Budget":
        """The same with another number of presentations, where one is given."""
        return self if presentations is None else self.model_copy(update={"presentations": presentations})


class Encoder(Block):
    """The encoder f, the same for every way of teaching that sees images."""

    channels: Annotated[tuple[PositiveInt, PositiveInt], Field(description="of the two stride-2 convolutions")]
    kernel: PositiveInt  # side of both convolutions, odd
    groups: PositiveInt  # of GroupNorm; divides both channel counts
    grid: PositiveInt  # adaptive pooling leaves grid × grid cells
    width: PositiveInt  # numbers in a code

    @model_validator(mode="after")
    def _fits(self) -> "Encoder":
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel is {self.kernel}; it must be odd")
        if any(c % self.groups for c in self.channels):
            raise ValueError(f"groups is {self.groups}; it must divide both of channels {list(self.channels)}")
        return self


class Strengths(Block):
    """How strong the noise is under which autoencoders are examined."""

    gaussian: Distinct[NonNegativeFloat]  # standard deviations; a pixel is in [0, 1]
    masking: Distinct[Annotated[float, Field(ge=0, lt=1)]]  # shares of pixels set to 0


class Finetuned(Block):
    """How an encoder goes on learning in the exam, with a new head."""

    labels: tuple[PositiveInt, ...]  # some of the exam's
    steps: PositiveInt
    batch_size: PositiveInt  # or all labelled examples, where they are fewer
    learning_rate: PositiveFloat  # AdamW's at its highest
    weight_decay: NonNegativeFloat


class Exam(Block):
    """How codes are probed."""

    labels: Distinct[PositiveInt]  # in all, shared out among the classes; and all that there are
    finetuned: Finetuned
    strengths: Distinct[PositiveFloat]  # of the linear probe's L2 penalty, weakest first
    folds: Annotated[int, Field(ge=2)]  # of the cross-validation that chooses among them, inside the labels
    neighbours: PositiveInt  # of the other probe
    noise: Strengths

    @model_validator(mode="after")
    def _known(self) -> "Exam":
        if other := sorted(set(self.finetuned.labels) - set(self.labels)):
            raise ValueError(f"finetuned.labels has {other[0]}, and labels are {list(self.labels)}; take some of these")
        return self


class Uses(Block):
    """What an autoencoder's codes are put to."""

    steps: Distinct[PositiveFloat]  # of quantisation, in standard deviations of a code's numbers
    qualities: Distinct[Annotated[int, Field(ge=1, le=95)]]  # of JPEG and WebP
    first: PositiveInt  # so many are retrieved
    strengths: Distinct[NonNegativeFloat]  # noise on a code, in the same standard deviations
    shown: PositiveInt  # images in a picture


class Likelihoods(Block):
    """How variational autoencoders are examined."""

    images: PositiveInt  # of the test part, the first so many, for the importance-weighted estimate
    samples: PositiveInt  # of z for each of them
    active: PositiveFloat  # variance of a posterior mean over images above which a latent number counts as active
    shown: PositiveInt  # images on a side of a picture


Truncation = Annotated[float, Field(ge=0, le=1)]


class Walk(Block):
    """An animation of images side by side, each on a way of its own and back to where it began."""

    shown: PositiveInt
    stops: Annotated[int, Field(ge=2)]  # styles on a way
    steps: PositiveInt  # frames from one to the next
    milliseconds: PositiveInt  # a frame


class Styles(Block):
    """What is shown of a style-based generator."""

    truncations: Distinct[Truncation]  # ψ: 0 for the mean style, 1 for styles as they are drawn
    truncation: Truncation  # of the other pictures
    shown: PositiveInt  # images on a side of a picture
    walk: Walk


class Generation(Block):
    """How what makes images is judged."""

    samples: PositiveInt  # of each, at most: half of the test part where that is fewer
    neighbours: PositiveInt  # k: balls of precision, recall, density and coverage reach to the k-th nearest
    sigmas: Distinct[PositiveFloat]  # of Parzen windows; the validation part chooses
    components: PositiveInt  # of the Gaussian in PCA space
    codes: Annotated[tuple[str, ...], AfterValidator(_distinct)]  # autoencoders whose codes get a Gaussian
    even: Annotated[float, Field(ge=0, le=1)]  # entropy of the classes among samples, share of the most there can be
    shown: PositiveInt  # images across a picture

    def judged(self, there: int, features: int) -> int:
        """How many images of each are judged where there are so many. Raises Mistake where they are too few."""
        n, enough = min(self.samples, there), max(features, self.neighbours) + 1
        if n < enough:
            raise Mistake(
                f"{FILE}: generation.samples = {self.samples}, of which {n} can be had: encoder.width = {features} and "
                f"generation.neighbours = {self.neighbours} take {enough}, else a covariance is rank-deficient or a "
                "neighbour missing; raise samples and images.test, or lower those"
            )
        return n


class Decoder(Block):
    """The decoder g, the same for every way of teaching that gives images back."""

    hidden: PositiveInt  # units of its one hidden layer


B = TypeVar("B", bound=Block)


def load(path: Path = FILE) -> dict[str, Any]:
    """All of a params file as plain objects, by YAML 1.2 (`1e-4` is a number). Raises Mistake."""
    try:
        text = path.read_text(encoding="utf-8")
        blocks = YAML(typ="safe", pure=True).load(text)
    except FileNotFoundError:
        raise Mistake(f"{path} is missing; run this in the project's folder") from None
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise Mistake(f"{path}{place}: not YAML ({problem}); mend that line") from None
    if not isinstance(blocks, dict):
        raise Mistake(f"{path} holds no blocks; see the one in git")
    return blocks


def read(kind: type[B], block: str, path: Path = FILE) -> B:
    """The block of that name. Raises Mistake with a line for each thing that is wrong in it."""
    return parse(kind, block, load(path), path)


def parse(kind: type[B], block: str, blocks: Mapping[str, Any], path: Path = FILE) -> B:
    """The block of that name (`autoencoders.deep`: one of a family) among blocks already loaded."""
    value: Any = blocks
    for name in block.split("."):
        value = value.get(name, {}) if isinstance(value, Mapping) else {}
    try:
        # By way of JSON, in which pydantic's strict mode still lets a list be a tuple.
        return kind.model_validate_json(json.dumps(value, default=str))
    except ValidationError as error:
        raise Mistake("\n".join(f"{path}: {line}" for line in _lines(block, error))) from None


def nearest(word: object, words: Mapping[str, Any] | list[str]) -> str:
    """`; did you mean …?`, or nothing where no word is near."""
    near = difflib.get_close_matches(str(word), [str(w) for w in words], n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _lines(block: str, error: ValidationError) -> Iterator[str]:
    """One line a mistake; a misspelt key and the key then missing are one mistake."""
    problems = error.errors(include_url=False)
    missing = {".".join(map(str, p["loc"])): p for p in problems if p["type"] == "missing"}
    for problem in problems:
        key = ".".join([block, *map(str, problem["loc"])])
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(".".join(map(str, problem["loc"])), missing, n=1)
            missing.pop(near[0], None) if near else None
            yield f"{key} is no parameter" + (f"; did you mean {block}.{near[0]}?" if near else "; delete it")
        elif problem["type"] != "missing":
            message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
            given = "" if problem["type"] == "value_error" else f" = {json.dumps(problem['input'], default=str)}"
            yield f"{key}{given}: {message}"
    for key in missing:
        yield f"{block}.{key} is missing"
