"""MLflow's own pages over the store, on this machine only, with live charts while stages run."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType

from tutelage import runs
from tutelage.errors import Mistake
from tutelage.tracking import environment
from tutelage.tracking.sync import View

HOST = "127.0.0.1"
EVERY = 2.0  # seconds between two looks at the spool
START = 60.0  # seconds a server may take to answer


def serve(view: View, port: int) -> None:
    """Until Ctrl-C or SIGTERM. Raises Mistake for a port in use and a server that does not start, or ends."""
    if environment.is_server(view.uri):
        raise Mistake(f"MLFLOW_TRACKING_URI names a server, which has pages of its own; open {view.uri}")
    _free(port)
    signal.signal(signal.SIGTERM, _interrupt)
    said = _look(view, "")
    log = runs.SPOOL.parent / "server.log"
    server = _start(view, port, log)
    try:
        _await(server, port, log)
        print(f"MLflow: http://{HOST}:{port}/#/experiments?workflowType=machine_learning (Ctrl-C ends it)", flush=True)
        while server.poll() is None:
            time.sleep(EVERY)
            said = _look(view, said)
        raise Mistake(f"the server ended; {log} says why")
    except KeyboardInterrupt:
        print()
    finally:
        _end(server)


def _look(view: View, said: str) -> str:
    """Syncs and tells what stood against it, once."""
    message = view.attempt()
    if message not in ("", said):
        print(message, file=sys.stderr, flush=True)
    return message


def _start(view: View, port: int, log: Path) -> "subprocess.Popen[bytes]":
    log.parent.mkdir(parents=True, exist_ok=True)
    environment.settle()
    words = [sys.executable, "-m", "mlflow", "server", "--workers", "1", "--host", HOST, "--port", str(port)]
    words += ["--backend-store-uri", view.uri, "--default-artifact-root", (view.folder / "mlruns").as_uri()]
    with log.open("wb") as said:
        return subprocess.Popen(
            words,
            env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},  # 2 processes instead of 15
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes here, and from here to it
        )


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            said = getattr(error, "strerror", None) or error
            raise Mistake(f"port {port}: {said}; give another, --port {port % 60000 + 1}") from None


def _await(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=2):
            return
        time.sleep(0.2)
    raise Mistake(f"the server did not start; {log} says why")


def _end(server: "subprocess.Popen[bytes]") -> None:
    """All of its processes, its workers too."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
            return


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
