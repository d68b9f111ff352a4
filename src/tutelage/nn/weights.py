"""A module's weights as a safetensors file: plain arrays by name, nothing to unpickle."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from tutelage import runs
from tutelage.errors import Mistake


def keep(state: dict[str, Tensor], path: Path) -> None:
    """Writes a module's state; the same weights are the same bytes."""
    runs.write(path, save({name: weight.detach().cpu().contiguous() for name, weight in state.items()}))


def give(module: nn.Module, path: Path) -> None:
    """Gives the module the weights in the file. Raises Mistake for a file of another network, or damaged."""
    try:
        module.load_state_dict(load(path.read_bytes()))
    except FileNotFoundError:
        raise Mistake(f"{path} is missing; `dvc checkout` or `make repro` brings it back") from None
    except (SafetensorError, RuntimeError) as error:
        problem = " ".join(str(error).split())[:200]
        raise Mistake(f"{path} does not hold this network's weights ({problem}); run `make repro`") from None
