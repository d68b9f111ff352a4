"""Competition between centres: where they start, who wins an example, how far a rule moves them.

A leading `*seed` axis, where there is one, holds centres that learn side by side.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def shrunk(start: float, end: float, progress: float) -> float:
    """start / (1 + (start/end − 1)·p), from start at p = 0 to end at p = 1; at end = start/3 MiniSom's p/(1 + 2t/T)."""
    return start / (1 + (start / end - 1) * progress)


def gaussian(r: Float[Tensor, "..."], radius: float) -> Float[Tensor, "..."]:
    """exp(−r²/2σ²); 0 below e⁻⁸⁰, since numbers near the least there are take a processor twenty times as long."""
    s = r.square().div_(-2 * radius**2)
    within = s > -80
    return s.clamp_(min=-80).exp_().mul_(within)


def random(
    count: int, features: int, generator: torch.Generator, dtype: torch.dtype = torch.float32
) -> Float[Tensor, "count features"]:
    """Uniform in ±1/(2MH), M features and H centres."""
    return (torch.rand(count, features, generator=generator, dtype=dtype) - 0.5) / (features * count)


def samples(x: Float[Tensor, "n m"], count: int, generator: torch.Generator) -> Float[Tensor, "count m"]:
    """As many examples, no two the same one."""
    return x[torch.randperm(len(x), generator=generator)[:count].to(x.device)]


class _Scores:
    """ρ² of examples to centres less what is the same for all centres, as one matrix product a block.

    With c the mean centre and v = w − c: ‖x − w‖² − ‖x − c‖² = ‖v‖² − 2(x − c)v. Rounding is as small as the spread of
    the centres, not as large as their distance from the origin.
    """

    WIDE = 32  # numbers of a row in multiples of so many: products of processors and GPUs cut them so

    def __init__(self, w: Float[Tensor, "k m"]) -> None:
        k, self.m = w.shape
        self.middle = w.mean(0)
        self.terms = w.new_zeros(k, -(-(self.m + 3) // self.WIDE) * self.WIDE)
        v = torch.sub(w, self.middle, out=self.terms[:, : self.m])
        self.length = v.square().sum(1)
        # ‖v‖² by a product with 1, in three parts: products may be of bfloat16 or TF32, and one has too few digits.
        first = self.length.bfloat16().to(w)
        second = (self.length - first).bfloat16().to(w)
        self.terms[:, self.m : self.m + 3] = torch.stack([first, second, self.length - first - second], 1)
        v.mul_(-2)

    def room(self, n: int) -> Float[Tensor, "n wide"]:
        """For a block of examples, with the ones."""
        room = self.terms.new_zeros(n, self.terms.shape[1])
        room[:, self.m : self.m + 3] = 1
        return room

    def winners(self, x: Float[Tensor, "n m"], room: Float[Tensor, "n wide"]) -> Int[Tensor, "n"]:
        """Of each example, which is left in `room` less c; of two that are equally near the first."""
        torch.sub(x, self.middle, out=room[:, : self.m])
        scores = room @ self.terms.T
        if scores.device.type == "cpu":  # twice as fast on one thread as torch's on two
            return torch.from_numpy(scores.numpy().argmin(1))
        return scores.min(1).indices


def winners(x: Float[Tensor, "n m"], w: Float[Tensor, "k m"]) -> Int[Tensor, "n"]:
    """argmin ρ(x, w_y), as exactly as products are: where two differ by less than their rounding, either."""
    scores = _Scores(w)
    return scores.winners(x, scores.room(len(x)))


def online(
    w: Float[Tensor, "*seed k m"], apart: Float[Tensor, "*seed k m"], pull: Float[Tensor, "*seed k"]
) -> Float[Tensor, "*seed k m"]:
    """w_y ← w_y + ηK·(x − w_y) for every y, in place; `apart` is x − w_y, `pull` is ηK."""
    return w.addcmul_(apart, pull.unsqueeze(-1))


def gather(
    x: Float[Tensor, "n m"], w: Float[Tensor, "k m"], block: int
) -> tuple[Float[Tensor, "k m"], Float[Tensor, "k"], Float[Tensor, ""]]:
    """Of each centre the sum and the number of the examples it wins, and of all the mean ρ² to the winner.

    Block by block: memory is flat in n.
    """
    scores = _Scores(w)
    m, room = scores.m, scores.room(min(block, len(x)))
    sums, cost = torch.zeros_like(scores.terms), x.new_zeros(())
    for part in x.split(block):
        here = room[: len(part)]
        sums.index_add_(0, scores.winners(part, here), here)  # the ones with them: a column counts
        cost += torch.linalg.vector_norm(here[:, :m], dim=1).square().sum()
    # Σ ‖x − c − v‖² = Σ ‖x − c‖² − 2Σ v(x − c) + Σ ‖v‖²
    moved, counts = sums[:, :m], sums[:, m].clone()
    cost += (scores.terms[:, :m] * moved).sum() + (counts * scores.length).sum()
    return moved + counts[:, None] * scores.middle, counts, cost.clamp(min=0) / len(x)
