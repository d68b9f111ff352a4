"""What several tests stand on."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))

from tutelage.params import Compute

torch.set_num_threads(1)  # two tests at once, each on two threads, wait for each other


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The pipeline's tests take longest, so that they begin first."""
    items.sort(key=lambda item: "pipeline" not in item.path.parts)


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
