"""What several tests stand on."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from xdist.scheduler import LoadScopeScheduling

sys.path.insert(0, str(Path(__file__).parent))

from tutelage.params import Compute

torch.set_num_threads(1)  # two tests at once, each on two threads, wait for each other


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """The pipeline's tests share one long reproduction: one worker has them all, and begins with them."""

    # pytest-xdist 3.8 marks groups by a name that pytest 9.2 reads no more, so that --dist loadgroup splits them.
    def _split_scope(self, nodeid: str) -> str:
        return "pipeline" if nodeid.startswith("tests/pipeline/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


_LEFT: dict[str, Any] = {}  # where a module's DRAWS stood once it was imported


@pytest.fixture(autouse=True)
def _rewound(request: pytest.FixtureRequest) -> None:
    """A module's DRAWS begin there for each test: what it draws does not hang on which others ran before."""
    draws = getattr(request.module, "DRAWS", None)
    if isinstance(draws, torch.Generator):
        draws.set_state(_LEFT.setdefault(request.module.__name__, draws.get_state()))
    elif isinstance(draws, np.random.Generator):
        draws.bit_generator.state = _LEFT.setdefault(request.module.__name__, draws.bit_generator.state)


@pytest.fixture(scope="session")
def compute() -> Compute:
    return Compute(device="cpu", precision="float32", matmul_precision="highest", threads=1)


@pytest.fixture
def doubles() -> object:
    """New tensors are in double precision for the length of a test."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)
