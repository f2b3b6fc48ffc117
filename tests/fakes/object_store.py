"""The parts of S3 and DynamoDB that unpack_logs needs, over HTTP; objects are files, not in memory."""

import shutil
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

LISTED = (
    "<ListBucketResult><Contents><Key>{}</Key><Size>{}</Size><LastModified>2023-11-14T22:13:20Z</LastModified>"
    "</Contents></ListBucketResult>"
)


class ObjectStore(ThreadingHTTPServer):
    """Objects are files in `folder`, by key; a copied object has its reason in a file beside it."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.folder = folder
        self.said: list[bytes] = []  # of entries for the table of calls

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def file(self, key: str) -> Path:
        where = self.folder / key
        where.parent.mkdir(parents=True, exist_ok=True)
        return where


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ObjectStore

    def do_GET(self) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        if "list-type" in query:
            file = self.server.file(query["prefix"])
            return self._answer(LISTED.format(query["prefix"], file.stat().st_size) if file.is_file() else "<L/>")
        file = self._file()
        self.send_response(200)
        self.send_header("Content-Length", str(file.stat().st_size))
        self.end_headers()
        try:
            with file.open("rb") as content:
                shutil.copyfileobj(content, self.wfile, 1 << 16)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        return None

    def do_PUT(self) -> None:
        source = self.headers.get("x-amz-copy-source")
        if source:
            key = source.partition("/")[2]
            shutil.copyfile(self.server.file(key), self._file())
            Path(f"{self._file()}.reason").write_text(self.headers["x-amz-meta-rejected"])
            return self._answer("<CopyObjectResult/>")
        if self.headers.get("If-None-Match") == "*" and self._file().exists():
            return self._answer("<Error><Code>PreconditionFailed</Code></Error>", 412)
        left = int(self.headers["Content-Length"])
        with self._file().open("wb") as content:
            while left:
                left -= content.write(self.rfile.read(min(left, 1 << 16)))
        return self._answer("")

    def do_DELETE(self) -> None:
        self._file().unlink()
        self._answer("")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "PutItem" in self.headers["X-Amz-Target"]:
            self.server.said.append(body)
        self._answer('{"Items": [], "Count": 0, "MessageId": "m"}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _file(self) -> Path:
        return self.server.file(urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).split("/", 2)[2])

    def _answer(self, body: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    with ObjectStore(folder) as store:
        serving = Thread(target=store.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield store
        finally:
            store.shutdown()
            serving.join()
