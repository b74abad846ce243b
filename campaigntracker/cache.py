"""The shared cache: Redis, and files where Redis does not answer, so that nobody is kept from signing in."""

import logging
import time
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

AWAY_SECONDS = 30.0
"""After a failure Redis is left alone for so long: nobody waits for it, and what is written can be read."""


class RedisOrFiles(RedisCache):
    """Redis as Django has it. While it is away or full, one folder counts for all processes of this machine:
    throttling goes on, from nought. `files`, among the options, is that folder."""

    _away_until = 0.0  # of the process: each thread has a cache of its own

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        files = options.pop("files")
        super().__init__(server, {**params, "OPTIONS": options})
        self._files = FileBasedCache(files, {**params, "OPTIONS": {}})

    def _or_files(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() > RedisOrFiles._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                log.warning("Redis is away (%s): the cache is in files meanwhile.", type(error).__name__)
                RedisOrFiles._away_until = time.monotonic() + AWAY_SECONDS
        return getattr(self._files, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_files("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._or_files("clear")
