"""What a person sees of a fit: a bar with loss and time left on a terminal, a line an epoch elsewhere."""

import sys
from collections.abc import Hashable, Sequence
from statistics import fmean

from tqdm import tqdm

from tutelage import runs


class Progress:
    """The fits of one stage, `steps` steps in all, told as they go; all that is told goes to the spool too."""

    def __init__(self, stage: runs.Stage, steps: int) -> None:
        self.stage, self.steps = stage, steps
        self.taken: dict[Hashable, int] = {}
        self.bar = tqdm(total=steps, unit=" steps") if sys.stderr.isatty() else None

    def tell(
        self, arm: str, seeds: Sequence[int], seen: Sequence[dict[str, float]], *, fit: Hashable, taken: int
    ) -> None:
        """What was seen of each seed, now that `taken` steps of this fit are done; fits may go side by side."""
        self.taken[fit] = taken
        done = sum(self.taken.values())
        for seed, terms in zip(seeds, seen, strict=True):
            self.stage.log(arm, seed, int(terms["step"]), {name: v for name, v in terms.items() if name != "step"})
        title = f"{self.stage.name} {arm}, seed {', '.join(map(str, seeds))}"
        means = {name: fmean(terms[name] for terms in seen) for name in seen[0] if name != "step"}
        if self.bar is None:
            told = ", ".join(f"{name} {value:.4g}" for name, value in means.items())
            print(f"{title}: {told} ({done:,} of {self.steps:,} steps)", flush=True)
            return
        self.bar.set_description(title, refresh=False)
        self.bar.set_postfix_str(", ".join(f"{v:.4f}" for name, v in means.items() if "loss" in name), refresh=False)
        self.bar.update(done - self.bar.n)
        if done == self.steps:
            self.bar.close()
