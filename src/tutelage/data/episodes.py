"""Episodes: a few classes, of each a few examples to learn from and others to ask about. Vinyals et al., 2016."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from tutelage.data.batches import Batch
from tutelage.errors import Mistake


class Size(NamedTuple):
    """How large an episode is."""

    way: int  # classes
    shots: int  # examples of each with their labels
    queries: int  # others of each, to be told

    @property
    def examples(self) -> int:
        return self.way * (self.shots + self.queries)


class Members:
    """Where the examples of each class lie in one tensor, so that episodes are drawn without a loop over examples."""

    def __init__(self, y: Int[Tensor, "n"], names: Sequence[str] | None = None) -> None:
        classes, number, self.counts = y.cpu().unique(return_inverse=True, return_counts=True)
        self.names = [names[c] if names else str(c) for c in classes.tolist()]
        rank = torch.arange(len(y)) - (self.counts.cumsum(0) - self.counts)[number.sort(stable=True).values]
        self.rows = torch.full((len(classes), int(self.counts.max())), -1)
        order = number.argsort(stable=True)
        self.rows[number[order], rank] = order

    def fits(self, size: Size, key: str, where: str) -> None:
        """Raises Mistake, naming block and part, for more ways than classes, or more examples than a class has."""
        way, each = size.way, size.shots + size.queries
        if way > len(self.names) or len(self.names) < 2:
            raise Mistake(
                f"params.yaml: {key}.way asks for {way} classes, and {where} has {len(self.names)} "
                f"({', '.join(self.names[:9])}); an episode takes two or more, and no more than there are"
            )
        for name, count in zip(self.names, self.counts.tolist(), strict=True):
            if each > count:
                raise Mistake(
                    f"params.yaml: {key}.shots and {key}.queries ask for {size.shots} + {size.queries} examples of "
                    f"each class, and class {name} has {count} in {where}; ask for fewer"
                )

    def draw(self, size: Size, episodes: int, draws: Generator) -> Int[Tensor, "episode way example"]:
        """Positions of examples: in each episode other classes, in each class no example twice, the shots first."""
        classes = torch.rand(episodes, len(self.names), generator=draws).topk(size.way).indices
        ticket = torch.rand(episodes, size.way, self.rows.shape[1], generator=draws)
        rows = self.rows[classes]
        return rows.gather(2, ticket.masked_fill(rows < 0, -1).topk(size.shots + size.queries).indices)


class Episodes:
    """A source for the loop: `episode` [way, shots + queries, …], its classes counted as they were drawn."""

    per_epoch = 1

    def __init__(self, x: Float[Tensor, "n ..."], members: Members, episode: Size, draws: Generator) -> None:
        self.x, self.members, self.episode, self.draws = x, members, episode, draws
        self.size = episode.examples

    def draw(self) -> Batch:
        (rows,) = self.members.draw(self.episode, 1, self.draws)
        return {"episode": self.x[rows.to(self.x.device)]}

    def state(self) -> list[Tensor]:
        return [self.draws.get_state()]

    def restore(self, state: Sequence[Tensor]) -> None:
        self.draws.set_state(state[0])
