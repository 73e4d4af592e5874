"""Files at an address: fetched where the person allows it alone, and compared with the copy that is there."""

import hashlib
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from runner.data.access import DataAccess
from runner.data.paths import named_files
from runner.data.remote import remote_file
from runner.errors import DataError

PLACE = ("data", "files")
CARS = b"mpg,weight\n18,3504\n15,3693\n"


class Server(ThreadingHTTPServer):
    """Gives its files, and notes what it was asked."""

    files: dict[str, bytes]
    asked: list[tuple[str, str, int]]
    announced: int | None = None

    def note(self, method: str, path: str, status: int) -> None:
        self.asked.append((method, path, status))


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        etag = f'"{hashlib.sha256(content or b"").hexdigest()[:8]}"'
        if self.path == "/down.csv":
            self.answer(302, b"", Location="http://localhost/cars.csv")
        elif content is None:
            self.answer(404, b"")
        elif self.headers.get("If-None-Match") == etag:
            self.answer(304, b"")
        else:
            self.answer(200, content, ETag=etag)

    def do_HEAD(self) -> None:
        content = self.server.files.get(self.path)
        self.answer(404 if content is None else 200, b"" if content is None else content, head=True)

    def answer(self, status: int, content: bytes, *, head: bool = False, **headers: str) -> None:
        self.server.note(self.command, self.path, status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Last-Modified", formatdate(0, usegmt=True))
        self.send_header("Content-Length", str(self.server.announced or len(content)))
        self.end_headers()
        if not head:
            self.wfile.write(content)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Over TLS, with a certificate that this process trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the server's certificate, is not installed")
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    made += ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem"), "-subj", "/CN=localhost"]
    subprocess.run([*made, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    found = Server(("localhost", 0), Handler)
    found.files, found.asked = {"/data/cars.csv": CARS}, []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    found.socket = context.wrap_socket(found.socket, server_side=True)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


def address(server: Server, path: str = "/data/cars.csv") -> str:
    return f"https://localhost:{server.server_address[1]}{path}"


def test_nothing_is_fetched_without_permission_and_a_copy_serves_without_it(server: Server) -> None:
    with pytest.raises(DataError, match="nothing may be fetched") as caught:
        remote_file(address(server), PLACE, network=False)
    assert (caught.value.code, caught.value.place) == ("R550", PLACE)
    assert "--allow-network" in caught.value.help[0]
    assert server.asked == []
    path = remote_file(address(server), PLACE, network=True)
    assert (path.name, path.read_bytes()) == ("cars.csv", CARS)
    assert remote_file(address(server), PLACE, network=False) == path
    assert server.asked == [("GET", "/data/cars.csv", 200)]


def test_a_copy_is_fetched_anew_only_if_the_server_has_another(server: Server) -> None:
    path = remote_file(address(server), PLACE, network=True)
    remote_file(address(server), PLACE, network=True)
    assert [status for *_, status in server.asked] == [200, 304]
    server.files["/data/cars.csv"] = CARS + b"16,3433\n"
    assert remote_file(address(server), PLACE, network=True) == path
    assert path.read_bytes() == CARS + b"16,3433\n"
    path.write_bytes(CARS)  # of another size than was noted: fetched again, and not asked with its ETag
    remote_file(address(server), PLACE, network=True)
    assert path.read_bytes() == CARS + b"16,3433\n"
    assert [status for *_, status in server.asked] == [200, 304, 200, 200]


def test_what_fails_leaves_the_copy_as_it_was(server: Server) -> None:
    path = remote_file(address(server), PLACE, network=True)
    server.files["/data/cars.csv"], server.announced = b"broken", 100
    with pytest.raises(DataError, match="cannot be fetched: the connection ended after 6 of 100 bytes"):
        remote_file(address(server), PLACE, network=True)
    assert path.read_bytes() == CARS
    server.announced = None
    for name, says in (("/none.csv", "the server answered 404"), ("/down.csv", "redirected to .* not https")):
        with pytest.raises(DataError, match=says):
            remote_file(address(server, name), PLACE, network=True)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("http://example.org/cars.csv", "addresses of https://, s3://, gs://"),
        ("https://me:secret@example.org/cars.csv", "without user, query or fragment"),
        ("s3://bucket/cars.csv?endpoint_override=evil.example", "without user, query or fragment"),
        ("s3://bucket", "an address is s3://PLACE/FILE"),
        ("gs://bucket/part-*.csv", "an address names one file"),
    ],
)
def test_addresses_are_plain(name: str, says: str) -> None:
    with pytest.raises(DataError, match=says) as caught:
        remote_file(name, PLACE, network=True)
    assert caught.value.code == "R550"


def test_addresses_stand_among_paths(server: Server, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_bytes(CARS)
    access = DataAccess(network=True).within(tmp_path)
    found = named_files(["more.csv", address(server)], access, PLACE)
    assert [path.name for path in found] == ["more.csv", "cars.csv"]
    with pytest.raises(DataError) as caught:
        named_files(["more.csv", "s3://bucket/x.csv"], DataAccess().within(tmp_path), PLACE)
    assert caught.value.place == (*PLACE, 1)


class Store(Handler):
    """As an object store answers: the same for HEAD and GET, in ranges."""

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        if content is None:
            self.answer(404, b"")
            return
        asked = self.headers.get("Range")
        first, last = (int(n) for n in asked.split("=")[1].split("-")) if asked else (0, len(content) - 1)
        part = content[first : last + 1]
        span = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
        self.answer(206 if asked else 200, part, head=self.command == "HEAD", **{"Content-Range": span})

    def do_HEAD(self) -> None:
        self.do_GET()


def test_an_object_store_is_asked_for_what_has_another_size(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Server(("127.0.0.1", 0), Store)
    found.files, found.asked = {"/bucket/cars.csv": CARS}, []
    threading.Thread(target=found.serve_forever, daemon=True).start()
    settings = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{found.server_address[1]}", "AWS_ACCESS_KEY_ID": "a"}
    settings |= {"AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    try:
        path = remote_file("s3://bucket/cars.csv", PLACE, network=True)
        assert path.read_bytes() == CARS
        remote_file("s3://bucket/cars.csv", PLACE, network=True)
        assert [method for method, *_ in found.asked].count("GET") == 1
        found.files["/bucket/cars.csv"] = CARS + b"16,3433\n"
        assert remote_file("s3://bucket/cars.csv", PLACE, network=True).read_bytes() == CARS + b"16,3433\n"
        with pytest.raises(DataError, match="cannot be fetched"):
            remote_file("s3://bucket/none.csv", PLACE, network=True)
    finally:
        found.shutdown()
        found.server_close()
