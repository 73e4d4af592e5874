"""A server that stands for MLflow's: it answers at once, and keeps what it was told. A program prints its address."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ID = "0123456789abcdef" * 2


@dataclass
class MlflowStub:
    """What a server was told: the few calls of its interface, with values kept once as MLflow's database keeps them."""

    uri: str = ""
    metrics: set[tuple[str, Any, int, int]] = field(default_factory=set)
    values: int = 0
    """How many it was sent, those that it had included."""
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: int = 0
    data: list[dict[str, Any]] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    began: int = 0
    runs: int = 0
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The runs above others, by their words, each with its ``run_id``, ``status``, tags, parameters and metrics."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of the last call."""
    calls: int = 0
    connections: int = 0
    broken: range = range(0)
    """The calls that it answers with 503."""
    most: int = 1 << 30
    """Bytes of a call that a proxy lets through."""
    extra: dict[str, str] = field(default_factory=dict)
    """Headers of every answer."""
    page: bytes = b""
    """What it answers to every call, in place of JSON."""
    cut: int = 0
    """The call of whose answer only a part is sent."""
    lost: int = 0
    """The call that it carries out without an answer."""

    def answer(self, path: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        run = {"info": {"run_id": ID, "run_name": "", "artifact_uri": "mlflow-artifacts:/7/x/artifacts"}}
        run["info"]["status"] = self.status[-1] if self.status else "RUNNING"
        call = path.partition("?")[0].removeprefix("/api/2.0/mlflow/")
        if (above := self.above(call, content)) is not None:
            return 200, above
        match call:
            case "experiments/get-by-name":
                return 404, {"message": "no such experiment"}
            case "experiments/create":
                return 200, {"experiment_id": "7"}
            case "runs/create":
                self.runs += 1
                self.began = content["start_time"]
                self.tags |= {one["key"]: one["value"] for one in content["tags"]}
                self.name = content["run_name"]
                return 200, {"run": run}
            case "runs/search":
                run["info"]["run_name"] = self.name if self.runs else ""
                there = self.runs and content["filter"] == f"attributes.start_time = {self.began}"
                return 200, {"runs": [run]} if there else {}
            case "runs/get" if not self.runs:
                return 404, {"message": "no such run"}
            case "runs/get":
                params = [{"key": key, "value": value} for key, value in self.parameters.items()]
                return 200, {"run": {**run, "data": {"params": params}}}
            case "runs/log-inputs":
                self.data += content["datasets"]
            case "runs/update":
                self.status.append(content["status"])
            case "runs/log-batch":
                assert len(content.get("metrics", ())) <= 1000
                assert len(content.get("params", ())) <= 100
                self.values += len(content.get("metrics", ()))
                for one in content.get("metrics", ()):
                    self.metrics.add((one["key"], one["value"], one["timestamp"], one["step"]))
                self.parameters |= {one["key"]: one["value"] for one in content.get("params", ())}
                self.tags |= {one["key"]: one["value"] for one in content.get("tags", ())}
        return 200, {}

    def above(self, call: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """The answer where a call concerns a run above others; None: it concerns another."""
        tags = {one["key"]: one["value"] for one in content.get("tags", ())}
        if call == "runs/create" and "recipe.group" in tags:
            made = {"run_id": f"{len(self.groups) + 1:032x}", "status": "RUNNING", "run_name": content["run_name"]}
            self.groups[tags["recipe.group"]] = {**made, "tags": tags, "params": {}, "metrics": set()}
            return {"run": {"info": made}}
        if call == "runs/search" and "recipe.group" in content["filter"]:
            found = self.groups.get(content["filter"].split("'")[1])
            info = {key: found[key] for key in ("run_id", "status", "run_name")} if found else {}
            return {"runs": [{"info": info}]} if info else {}
        group = next((one for one in self.groups.values() if one["run_id"] == content.get("run_id")), None)
        if group is None:
            return None
        group["status"] = content.get("status", group["status"])
        group["tags"] |= tags
        group["params"] |= {one["key"]: one["value"] for one in content.get("params", ())}
        group["metrics"] |= {
            (one["key"], one["value"], one["timestamp"], one["step"]) for one in content.get("metrics", ())
        }
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: MlflowStub

    def setup(self) -> None:
        super().setup()
        self.told.connections += 1

    def do_GET(self) -> None:
        self.do_POST()

    def do_PUT(self) -> None:
        self.told.uploads += 1
        self.told.files[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(200, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.told.calls += 1
        self.told.headers = dict(self.headers)
        if len(body) > self.told.most:
            self.reply(413, {})
            return
        if self.told.calls in self.told.broken:
            self.reply(503, {"message": "closed for today"})
            return
        status, answer = self.told.answer(self.path, json.loads(body or b"{}"))
        if self.told.calls == self.told.lost:
            self.close_connection = True
            return
        self.reply(status, answer)

    def reply(self, status: int, answer: dict[str, Any]) -> None:
        content = self.told.page or json.dumps(answer).encode()
        if self.told.calls == self.told.cut:
            content = content[:-1]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **self.told.extra}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def mlflow_stub() -> Iterator[MlflowStub]:
    """A server that runs as long as the block."""
    told = MlflowStub()
    handler = type("Told", (Handler,), {"told": told})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        told.uri = f"http://127.0.0.1:{http.server_port}"
        try:
            yield told
        finally:
            http.shutdown()
            thread.join()


if __name__ == "__main__":
    with mlflow_stub() as served:
        print(served.uri, flush=True)
        threading.Event().wait()
