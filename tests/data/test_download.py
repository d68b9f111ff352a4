"""Downloads from a server of our own that cuts, lies and forgets; nothing leaves 127.0.0.1."""

import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from tutelage.data import fetching
from tutelage.errors import Mistake

CONTENT = b"".join(hashlib.sha256(bytes([i & 255, i >> 8])).digest() for i in range(10_000))


class Server(ThreadingHTTPServer):
    """Serves one content under every path; what goes wrong is used up, an entry a request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.cuts: list[int] = []  # bytes of the body after which the connection ends
        self.refusals: list[int] = []  # statuses instead of an answer
        self.knows_ranges = True
        self.says_length = True
        self.starts_at_zero = False  # whatever part is asked for
        self.asked: list[str | None] = []
        self.address = f"http://127.0.0.1:{self.server_port}/numbers.bin"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers["Range"]
        self.server.asked.append(wanted)
        if self.server.refusals:
            self.send_error(self.server.refusals.pop(0))
            return
        start = 0
        if wanted and self.server.knows_ranges:
            start = 0 if self.server.starts_at_zero else int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(self.server.content):
                self.send_error(416)
                return
            self.send_response(206)
            last = len(self.server.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(self.server.content)}")
        else:
            self.send_response(200)
        body = self.server.content[start:]
        if self.server.says_length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cuts.pop(0)] if self.server.cuts else body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TUTELAGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TUTELAGE_MIRROR", raising=False)
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def fetch(tmp_path: Path, address: str) -> bytes:
    """What lies in the raw folder after a data set of one file, CONTENT, was fetched from that address."""
    file = {
        "name": "numbers.bin",
        "address": address,
        "bytes": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "unpack": False,
    }
    said = {"title": "Numbers", "classes": [], "licence": "none", "citation": "none", "note": "none"}
    catalogue = tmp_path / "catalogue.yaml"
    catalogue.write_text(yaml.safe_dump({"numbers": {**said, "source": "download", "files": [file]}}))
    fetching.fetch("numbers", tmp_path / "raw", catalogue)
    return (tmp_path / "raw" / "numbers.bin").read_bytes()


def mistake(tmp_path: Path, address: str) -> str:
    """The one line with which the fetch ends; it leaves no folder."""
    with pytest.raises(Mistake) as raised:
        fetch(tmp_path, address)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "raw").exists()
    assert not (tmp_path / ".raw.partly").exists()
    return str(raised.value)


def part(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "numbers" / "numbers.bin.part"


def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty mirror; the file's place in it."""
    monkeypatch.setenv("TUTELAGE_MIRROR", str(tmp_path / "mirror"))
    (tmp_path / "mirror" / "numbers").mkdir(parents=True)
    return tmp_path / "mirror" / "numbers" / "numbers.bin"


def test_a_file_is_downloaded_once(tmp_path: Path, server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    assert fetch(tmp_path, server.address) == CONTENT
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked == [None]
    assert not part(tmp_path).exists()
    assert capfd.readouterr().err == ""  # a bar is for a terminal


def test_a_truncated_download_goes_on_where_it_stopped(tmp_path: Path, server: Server) -> None:
    server.cuts = [200_000, 50_000]
    assert fetch(tmp_path, server.address) == CONTENT
    starts = [int(wanted.removeprefix("bytes=").removesuffix("-")) for wanted in server.asked if wanted]
    assert len(server.asked) == 3
    assert 180_000 < starts[0] <= 200_000
    assert 215_000 < starts[1] <= 250_000


def test_a_cut_is_seen_where_the_server_does_not_say_how_long_the_file_is(tmp_path: Path, server: Server) -> None:
    server.cuts, server.says_length = [100_000], False
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked == [None, "bytes=100000-"]


def test_a_download_cut_again_and_again_is_kept_for_the_next_run(tmp_path: Path, server: Server) -> None:
    server.cuts = [70_000, 0, 0, 0]
    said = mistake(tmp_path, server.address)
    have = part(tmp_path).stat().st_size
    assert "connection was cut" in said
    assert f"{have:,} of 320,000 bytes" in said
    assert len(server.asked) == 4
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked[-1] == f"bytes={have}-"


def test_a_whole_part_that_was_not_renamed_is_not_downloaded_again(tmp_path: Path, server: Server) -> None:
    part(tmp_path).parent.mkdir(parents=True)
    part(tmp_path).write_bytes(CONTENT)
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked == []


def test_a_server_that_ignores_ranges_sends_it_all_again(tmp_path: Path, server: Server) -> None:
    server.cuts, server.knows_ranges = [100_000], False
    assert fetch(tmp_path, server.address) == CONTENT
    assert len(server.asked) == 2


def test_a_part_that_starts_elsewhere_is_not_appended(tmp_path: Path, server: Server) -> None:
    server.cuts, server.starts_at_zero = [100_000], True
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked[-1] is None


def test_an_unknown_range_starts_over(tmp_path: Path, server: Server) -> None:
    part(tmp_path).parent.mkdir(parents=True)
    part(tmp_path).write_bytes(b"?" * 300)
    server.refusals = [416]
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked == ["bytes=300-", None]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (CONTENT[:-1] + b"?", r"has sha256 [0-9a-f]{12}…, not [0-9a-f]{12}…"),
        (CONTENT + b"?", r"is 320,001 bytes, not 320,000"),
    ],
)
def test_wrong_bytes_are_deleted_and_said(tmp_path: Path, server: Server, content: bytes, fault: str) -> None:
    server.content = content
    said = mistake(tmp_path, server.address)
    assert re.search(fault, said)
    assert "numbers.bin of numbers" in said
    assert server.address in said
    assert not part(tmp_path).exists()
    server.content = CONTENT
    assert fetch(tmp_path, server.address) == CONTENT


def test_an_address_without_the_file_is_asked_once(tmp_path: Path, server: Server) -> None:
    server.refusals = [404]
    said = mistake(tmp_path, server.address)
    assert "404 Not Found" in said
    assert server.address in said
    assert str(tmp_path / "cache" / "numbers" / "numbers.bin") in said
    assert len(server.asked) == 1


def test_a_server_in_trouble_is_asked_again(tmp_path: Path, server: Server) -> None:
    server.refusals = [503, 502]
    assert fetch(tmp_path, server.address) == CONTENT


def test_a_file_damaged_in_the_cache_is_fetched_again(tmp_path: Path, server: Server) -> None:
    fetch(tmp_path, server.address)
    (tmp_path / "cache" / "numbers" / "numbers.bin").write_bytes(CONTENT[::-1])
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked == [None, None]


def test_two_that_want_the_same_file_leave_it_whole(tmp_path: Path, server: Server) -> None:
    folders = [tmp_path / name for name in ("one", "other", "third")]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor() as threads:
        assert list(threads.map(lambda folder: fetch(folder, server.address), folders)) == [CONTENT] * 3
    assert server.asked == [None]


def test_without_network_or_mirror_it_says_where_to_put_the_file(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = mistake(tmp_path, nobody())
    assert "there is no connection" in said
    assert "TUTELAGE_MIRROR" in said
    assert f"put it at {tmp_path / 'cache' / 'numbers' / 'numbers.bin'}" in said


def test_a_mirror_goes_before_the_network(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror(tmp_path, monkeypatch).write_bytes(CONTENT)
    assert fetch(tmp_path, server.address) == CONTENT
    assert server.asked == []


def test_what_the_mirror_lacks_comes_by_the_network(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror(tmp_path, monkeypatch)
    server.refusals = [404]
    assert f"the mirror {tmp_path / 'mirror'} was asked" in mistake(tmp_path, server.address)
    assert fetch(tmp_path, server.address) == CONTENT


def test_a_damaged_file_in_the_mirror_is_named(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    place = mirror(tmp_path, monkeypatch)
    place.write_bytes(CONTENT[::-1])
    said = mistake(tmp_path, server.address)
    assert str(place) in said
    assert "has sha256" in said
    assert server.asked == []


def test_a_mirror_that_is_not_there_is_said(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTELAGE_MIRROR", str(tmp_path / "nowhere"))
    assert "nowhere, which is no folder" in mistake(tmp_path, server.address)


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/numbers.bin"
