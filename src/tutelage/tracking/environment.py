"""What MLflow must be told before it is imported, and where the store is."""

import os
import re
import socket
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tutelage import runs
from tutelage.errors import Mistake

SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",  # what it logs it also raises, and that is told in a line
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",  # our models are code in a file and plain arrays
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",  # a server that is down holds nobody up
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",  # seconds
}
PATIENCE = 2.0  # seconds for a server to take a connection


def settle() -> None:
    """Says it to this process and those it starts; what the user has set stands."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def store() -> str:
    """The address of the store: MLFLOW_TRACKING_URI, or mlflow.db at the root of the repository."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{runs.ROOT.resolve() / 'mlflow.db'}"


def database(uri: str) -> Path | None:
    """The file, where the store is one of SQLite."""
    return Path(unquote(uri.removeprefix("sqlite:///"))).absolute() if uri.startswith("sqlite:///") else None


def is_server(uri: str) -> bool:
    return uri.startswith(("http://", "https://"))


def shown(uri: str) -> str:
    """The address without the password that may stand in it."""
    return re.sub("//[^/@]*@", "//", uri)


def knock(uri: str) -> None:
    """Raises Mistake where nobody takes a connection."""
    address = urlsplit(uri)
    try:
        port = address.port or (443 if address.scheme == "https" else 80)
        socket.create_connection((address.hostname or "", port), PATIENCE).close()
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise Mistake(f"{shown(uri)} does not answer ({said}); start it, or unset MLFLOW_TRACKING_URI") from None
