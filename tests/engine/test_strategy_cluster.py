"""Which workers there are, by the environment, and how they meet."""

import json
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress

import pytest

from runner.engine.distributed import rendezvous
from runner.engine.distributed.address import free_addresses, listening, split
from runner.engine.distributed.cluster import Cluster, expand_hosts, find_cluster, follows_a_chief
from runner.engine.distributed.rendezvous import meet
from runner.engine.distributed.token import NONCE, PROOF, Token, find_token, make_token
from runner.errors import ClusterError
from schemas.hardware import Hardware
from tests.cli.program import LIMIT

pytestmark = pytest.mark.slow

SLURM = {
    "SLURM_STEP_NODELIST": "n[9-10],gpu01",
    "SLURM_STEP_TASKS_PER_NODE": "2(x2),1",
    "SLURM_PROCID": "3",
    "SLURM_JOB_ID": "123",
}
KUBERNETES = {"RECIPE_ADDRESS": "mnist-{index}.mnist:2222", "RECIPE_WORKERS": "3", "JOB_COMPLETION_INDEX": "2"}


def tf_config(kind: str = "worker", index: int = 1, **jobs: list[str]) -> dict[str, str]:
    return {"TF_CONFIG": json.dumps({"cluster": jobs, "task": {"type": kind, "index": index}})}


def test_tf_config_names_the_workers_and_this_one() -> None:
    found = find_cluster(tf_config(worker=["a:1", "b:2"]))
    assert found == Cluster("TF_CONFIG", ("a:1", "b:2"), 1)


def test_a_chief_in_tf_config_comes_before_the_workers() -> None:
    jobs = {"worker": ["a:1", "b:2"], "chief": ["c:3"]}
    assert find_cluster(tf_config("chief", 0, **jobs)).index == 0
    assert find_cluster(tf_config("worker", 1, **jobs)) == Cluster("TF_CONFIG", ("c:3", "a:1", "b:2"), 2)


def test_slurm_numbers_tasks_in_the_order_of_its_nodes() -> None:
    found = find_cluster(SLURM)
    port = int(found.workers[0].rpartition(":")[2])
    hosts = ("n9", "n9", "n10", "n10", "gpu01")
    offsets = (0, 1, 0, 1, 0)
    assert found == Cluster("Slurm", tuple(f"{h}:{port + i}" for h, i in zip(hosts, offsets, strict=True)), 3)


def test_two_slurm_jobs_on_one_host_have_ports_of_their_own() -> None:
    first, second = (find_cluster({**SLURM, "SLURM_JOB_ID": number}) for number in ("123", "124"))
    assert set(first.workers).isdisjoint(second.workers)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("n1", ["n1"]),
        ("n[1-3,7],m5", ["n1", "n2", "n3", "n7", "m5"]),
        ("a[08-11]", ["a08", "a09", "a10", "a11"]),
        ("node-a,node-b", ["node-a", "node-b"]),
    ],
)
def test_slurms_host_lists_are_written_out(text: str, hosts: list[str]) -> None:
    assert list(expand_hosts(text)) == hosts


def test_a_kubernetes_job_gives_each_pod_its_index() -> None:
    found = find_cluster(KUBERNETES)
    assert found == Cluster("Kubernetes", ("mnist-0.mnist:2222", "mnist-1.mnist:2222", "mnist-2.mnist:2222"), 2)


def test_tf_config_comes_before_the_scheduler() -> None:
    assert find_cluster({**SLURM, **KUBERNETES, **tf_config(worker=["a:1", "b:2"])}).source == "TF_CONFIG"
    assert find_cluster({**SLURM, **KUBERNETES}).source == "Kubernetes"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "no cluster was found"),
        ({"TF_CONFIG": "{"}, "TF_CONFIG is not"),
        ({"TF_CONFIG": "[]"}, "TF_CONFIG is not"),
        (tf_config("ps", 0, worker=["a:1"], ps=["b:1"]), "task.type is 'chief' or 'worker', got 'ps'"),
        (tf_config(worker=["a:1"]), "worker 1 is not one of 1"),
        (tf_config(worker=["a", "b:1"]), "host:port, got 'a'"),
        (tf_config(worker=["a:1", "a:1"]), "same address"),
        ({**KUBERNETES, "JOB_COMPLETION_INDEX": ""}, "JOB_COMPLETION_INDEX must be a whole number"),
        ({**KUBERNETES, "RECIPE_ADDRESS": "mnist:2222"}, "has {index} in its place"),
        ({**SLURM, "SLURM_PROCID": "x"}, "SLURM_PROCID must be a whole number"),
        ({**SLURM, "SLURM_STEP_TASKS_PER_NODE": "1(x2)"}, "3 nodes, but tasks for 2"),
    ],
)
def test_what_is_missing_or_wrong_is_named(environ: Mapping[str, str], said: str) -> None:
    with pytest.raises(ClusterError, match=said.replace("(", r"\(").replace("{", r"\{")):
        find_cluster(environ)


def test_a_worker_other_than_the_first_follows_a_chief() -> None:
    several = Hardware(strategy="multi_worker")
    assert follows_a_chief(several, tf_config(worker=["a:1", "b:2"]))
    assert not follows_a_chief(several, tf_config(index=0, worker=["a:1", "b:2"]))
    assert not follows_a_chief(several, {})
    assert not follows_a_chief(Hardware(), tf_config(worker=["a:1", "b:2"]))


class Clock:
    """The time of those who wait, which a test makes pass; so nobody comes too late because the machine is busy."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        time.sleep(0.01)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rendezvous, "time", clock)
    return clock


def test_all_workers_meet_whoever_comes_first() -> None:
    workers = tuple(free_addresses(3))
    met: list[int] = []

    def come(index: int) -> None:
        meet(Cluster("TF_CONFIG", workers, index), seconds=LIMIT)
        met.append(index)

    threads = [threading.Thread(target=come, args=(index,)) for index in (2, 0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LIMIT)
    assert sorted(met) == [0, 1, 2]


SECRET = Token("a secret of sixteen characters or more")


class Chief(threading.Thread):
    """The chief, waiting for other workers."""

    def __init__(self, clock: Clock, others: int = 1) -> None:
        super().__init__(daemon=True)
        self.workers = (free_addresses(1)[0], *(f"127.0.0.1:{port}" for port in range(1, 1 + others)))
        self.clock, self.said = clock, "all came"
        self.start()

    def run(self) -> None:
        try:
            meet(Cluster("TF_CONFIG", self.workers, 0), LIMIT, SECRET)
        except ClusterError as error:
            self.said = str(error)

    def connected(self) -> socket.socket:
        while self.is_alive():
            try:
                return socket.create_connection(split(self.workers[0]), timeout=LIMIT)
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise AssertionError(f"the chief does not listen: {self.said}")

    def in_the_end(self, *, late: bool = False) -> str:
        """What it said; ``late``: when its time was over."""
        if late:
            self.clock.now = LIMIT
        self.join(timeout=LIMIT)
        assert not self.is_alive()
        return self.said


def everything(guest: socket.socket) -> bytes:
    """What the chief says until it hangs up."""
    try:
        return b"".join(iter(lambda: guest.recv(4096), b""))
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "said",
    [b"1\n", b"GET / HTTP/1.1\r\n", b"\0" * PROOF, Token("another secret").proof(b"\0" * NONCE, 1), b"1" * 1_000_000],
    ids=["the number of a worker", "a scan", "zeros", "another secret", "more than is read"],
)
def test_a_stranger_is_sent_away_and_counts_for_nobody(said: bytes, clock: Clock) -> None:
    chief = Chief(clock)
    with chief.connected() as stranger:
        assert len(stranger.recv(NONCE)) == NONCE
        with suppress(ConnectionError):
            stranger.sendall(said)
        assert everything(stranger) == b""
    assert "missing: 1 (127.0.0.1:1)" in chief.in_the_end(late=True)


def test_an_answer_is_good_for_one_question_and_one_worker(clock: Clock) -> None:
    chief = Chief(clock)
    with chief.connected() as first, chief.connected() as second:
        first.recv(NONCE)
        asked = second.recv(NONCE)
        first.sendall(SECRET.proof(asked, 1))
        second.sendall(SECRET.proof(asked, 2))
        assert (everything(first), everything(second)) == (b"", b"")
    assert "missing: 1" in chief.in_the_end(late=True)


def test_strangers_that_stay_silent_keep_nobody_waiting(clock: Clock) -> None:
    chief = Chief(clock)
    with ExitStack() as stack:
        for _ in range(300):  # more than are let in
            stack.enter_context(chief.connected())
        meet(Cluster("TF_CONFIG", chief.workers, 1), LIMIT, SECRET)
    assert chief.in_the_end() == "all came"


def test_a_worker_takes_the_word_from_nobody_but_the_chief() -> None:
    """Somebody else has the chief's port, and says what a worker could wait for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

        def impostor() -> None:
            with suppress(OSError):
                while True:
                    guest, _ = server.accept()
                    with guest:
                        guest.sendall(b"\0" * NONCE)
                        guest.sendall(Token("").word(b"\0" * NONCE))

        threading.Thread(target=impostor, daemon=True).start()
        with pytest.raises(ClusterError, match="gave no start signal within 1 s"):
            meet(Cluster("TF_CONFIG", (address, "127.0.0.1:1"), 1), 1, SECRET)


def test_a_worker_that_left_is_missing_again_and_may_come_back(clock: Clock) -> None:
    chief = Chief(clock, others=2)
    with chief.connected() as first:
        first.sendall(SECRET.proof(first.recv(NONCE), 1))
    with chief.connected() as other:
        other.sendall(SECRET.proof(other.recv(NONCE), 2))
        other.settimeout(0.5)
        with pytest.raises(TimeoutError):  # the first is not here
            other.recv(PROOF)
        other.settimeout(LIMIT)
        meet(Cluster("TF_CONFIG", chief.workers, 1), LIMIT, SECRET)
        assert len(other.recv(PROOF)) == PROOF
    assert chief.in_the_end() == "all came"


def listens_at(address: str) -> set[str]:
    """The addresses that a chief of this address can be reached at."""
    with listening(address) as server:
        return {server.getsockname()[0]}


def test_a_chief_on_the_loopback_device_is_not_reachable_from_elsewhere() -> None:
    assert listens_at(free_addresses(1)[0]) == {"127.0.0.1"}
    port = split(free_addresses(1)[0])[1]
    assert listens_at(f"localhost:{port}") <= {"127.0.0.1", "::1"}


def test_a_chief_whose_name_is_not_known_here_listens_everywhere() -> None:
    port = split(free_addresses(1)[0])[1]
    assert listens_at(f"no-such-name.invalid:{port}") == {"0.0.0.0"}


@pytest.mark.parametrize("text", ["", "short"])
def test_workers_on_several_machines_need_a_secret(text: str) -> None:
    cluster = Cluster("Slurm", ("n1:2222", "n2:2222"), 0)
    with pytest.raises(ClusterError, match=r"RECIPE_TOKEN (is not set|has 5 characters)"):
        find_token(cluster, {"RECIPE_TOKEN": text})
    assert isinstance(find_token(cluster, {"RECIPE_TOKEN": make_token()}), Token)


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("", 0)) as held:
        port = held.getsockname()[1]
        with pytest.raises(ClusterError, match=rf"port {port} cannot be opened"):
            meet(Cluster("TF_CONFIG", (f"127.0.0.1:{port}", "b:1"), 0), seconds=1)
