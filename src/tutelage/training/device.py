"""The device, and arithmetic that gives the same bytes twice."""

import ctypes
import os
from contextlib import AbstractContextManager, suppress

import torch
from threadpoolctl import threadpool_limits

from tutelage.errors import Mistake
from tutelage.params import Compute


def ready(compute: Compute) -> torch.device:
    """Sets threads, precision and determinism before any work. Raises Mistake where there is no such device."""
    if compute.device == "cuda" and not torch.cuda.is_available():
        raise Mistake("params.yaml: compute.device is cuda, and torch sees no GPU here; write cpu")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it cuBLAS sums in any order
    torch.set_num_threads(compute.threads)
    threadpool_limits(compute.threads)  # NumPy's and SciPy's too: one for each of several processes is many
    torch.set_float32_matmul_precision(compute.matmul_precision)
    torch.set_deterministic_debug_mode("error")  # use_deterministic_algorithms imports a compiler for it, 0.6 s
    torch.backends.cudnn.benchmark = False
    _keep_freed_memory()
    return torch.device(compute.device)


def autocast(compute: Compute) -> AbstractContextManager[object]:
    """The forward pass in bfloat16 where params say so.

    No cast of a weight is kept: within one update an adversary moves, and is then asked again.
    """
    bfloat16 = compute.precision == "bfloat16"
    return torch.autocast(compute.device, torch.bfloat16, enabled=bfloat16, cache_enabled=False)


def _keep_freed_memory() -> None:
    """What one step frees stays ours for the next; as it comes, glibc gives it back and asks again, page by page."""
    trim_threshold, mmap_threshold = -1, -3  # of glibc's malloc.h
    with suppress(OSError, AttributeError, TypeError):  # another C library needs none of this
        libc = ctypes.CDLL(None)
        libc.mallopt(trim_threshold, 2**30)
        libc.mallopt(mmap_threshold, 2**25)
