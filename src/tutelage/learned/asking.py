"""A model and what it can be asked: arrays in, arrays out, brought to its input as what it learned from was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, UInt8
from numpy import ndarray
from torch import Tensor

from tutelage.data import shapes
from tutelage.data.shapes import Resize
from tutelage.errors import Mistake
from tutelage.learned import models
from tutelage.learned.models import Kept
from tutelage.nn import descriptions

ABILITIES = ("encode", "predict")


@dataclass(frozen=True)
class Model:
    """Weights given back, and what their description says of examples and answers."""

    kept: Kept

    @cached_property
    def about(self) -> dict[str, Any]:
        return descriptions.read(self.kept.folder)

    @cached_property
    def learner(self) -> Any:
        return models.load(*self.kept)

    @property
    def shape(self) -> tuple[int, int, int] | None:
        """Channel, height, width of the images it takes; None where it takes rows of a table."""
        told = self.about.get("shape")
        return None if told is None else (told[0], told[1], told[2])

    @property
    def features(self) -> list[str]:
        """The columns of the rows that it takes."""
        told: list[str] = self._table["features"]
        return told

    @property
    def answers(self) -> list[str]:
        """The names of what `predict` tells: the probability of each class, or numbers and how sure each is."""
        if "answers" in self.about:
            named: list[str] = self.about["answers"]
            return [*named, *(f"±({name})" for name in named)]
        return [f"p({name})" for name in self.classes]

    @property
    def classes(self) -> list[str]:
        """The classes that it tells apart; none where it answers with numbers."""
        counted = self.about.get("classes", {}).get(self.kept.arm, [])
        return [self.about["images"]["classes"][number] for number in counted]

    @property
    def rule(self) -> Resize | None:
        """How images of any size came to its own; None where they had to have it."""
        told = self.about["images"]["resize"]
        return None if told is None else Resize.model_validate(told)

    def can(self, ability: str) -> bool:
        return hasattr(self.learner, ability)

    def must(self, ability: str) -> None:
        """Raises Mistake, which names who can, where it cannot."""
        if not self.can(ability):
            others = [name for name in models.stages() if _can(name, ability)]
            raise Mistake(f"{self.kept.name} cannot {ability}; {', '.join(others) or 'nobody here'} can")

    def takes(self, shape: Sequence[int], name: str) -> None:
        """Raises Mistake where an image of that channel, height, width and name is none for it."""
        assert self.shape is not None
        if shape[0] != self.shape[0]:
            raise Mistake(f"{name} has {_count(shape[0], 'channel')}; {self.kept.name} takes {self.shape[0]}")
        if self.rule is None and tuple(shape[1:]) != self.shape[1:]:
            own = f"{self.kept.name} was taught images of {_sides(self.shape)} as they are; scale it to that"
            raise Mistake(f"{name} has {_sides(shape)}; {own}")

    def pixels(self, images: Sequence[UInt8[ndarray, "c h w"]], names: Sequence[str]) -> UInt8[ndarray, "n c h w"]:
        """Images by the rule of those it learned from. Raises Mistake, which names the image, for another shape."""
        for image, name in zip(images, names, strict=True):
            self.takes(image.shape, name)
        return shapes.uniform(images, self.rule)

    def encode(self, examples: ndarray) -> Float[ndarray, "n width"]:
        """Codes of images in uint8, as `pixels` leaves them, or of rows of features."""
        return self._asked(self.learner.encode, examples)

    def predict(self, examples: ndarray) -> Float[ndarray, "n answer"]:
        """`answers` to the same."""
        if "answers" in self.about:
            from tutelage.paradigms import surrogate

            return np.concatenate(surrogate.told(self.learner, np.asarray(examples, dtype=np.float64)), axis=1)
        return np.exp(self._asked(self.learner.predict, examples))

    @property
    def _table(self) -> dict[str, Any]:
        told: dict[str, Any] = self.about["tables"][self.kept.arm]
        return told

    def _asked(self, ask: Callable[[Tensor], Tensor], examples: ndarray) -> Float[ndarray, "n number"]:
        with torch.no_grad():
            told: Float[ndarray, "n number"] = ask(self._tensor(examples)).float().numpy()
        return told

    def _tensor(self, examples: ndarray) -> Float[Tensor, "n ..."]:
        if self.shape is not None:
            return torch.from_numpy(np.ascontiguousarray(examples)).to(torch.float32).div_(255)
        centre, scale = (np.array(self._table[name], dtype=np.float64) for name in ("centre", "scale"))
        return torch.from_numpy(((examples - centre) / scale).astype(np.float32))


def _can(name: str, ability: str) -> bool:
    """Whether the models of that stage can: the first of them is asked."""
    try:
        folder, arm, seed = models.kept(models.MODELS.joinpath(*name.split("@")))[0]
        return hasattr(models.load(folder, arm, seed), ability)
    except (Mistake, IndexError):
        return False


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _sides(shape: Sequence[int]) -> str:
    return f"{shape[1]} × {shape[2]} pixels"
