"""A Redis that can be killed, emptied and filled up, and comes back at the same address."""

import subprocess
from pathlib import Path
from typing import Any

import redis

from script.broker import Broker, forget_broker, send_config, wait_for


class RedisServer:
    """Without a journal: what it had is gone once it is killed."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.broker.url

    @property
    def folder(self) -> Path:
        return self.broker.folder

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.broker.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )
        send_config(self.process, self.broker.config.replace("appendonly yes", "appendonly no"))
        assert not wait_for(self.url, process=self.process)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def say(self, *words: str) -> object:
        with redis.Redis.from_url(self.url) as client:
            return client.execute_command(*words)

    def used(self) -> int:
        """Bytes of memory."""
        return int(self._knows("memory", "used_memory"))

    def evicted(self) -> int:
        """How many keys it threw away to make room."""
        return int(self._knows("stats", "evicted_keys"))

    def _knows(self, section: str, name: str) -> Any:
        with redis.Redis.from_url(self.url) as client:
            told: Any = client.info(section)
            return told[name]

    def forget(self) -> None:
        self.kill()
        forget_broker(self.broker)
