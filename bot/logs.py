"""How the program logs: one format, and no secret in any line. What is logged stands where it happens."""

import logging
import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\b\d{3,}:[A-Za-z0-9_-]{20,}")
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]+):([^@\s]+)@")


class RedactingFormatter(logging.Formatter):
    """Hides tokens, passwords and named secrets in the whole rendered line, its traceback included.

    HTTP clients log URLs with the token, `repr(bot)` prints it and exceptions carry it, so hiding happens
    on the final text instead of on the arguments.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [s for s in secrets if s]

    def format(self, record: logging.LogRecord) -> str:
        """Render the record and hide what must not be read."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _PASSWORD.sub(r"\1:***@", _TOKEN.sub("***", line))


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to standard error from `level` on, with secrets hidden; the HTTP libraries only when they warn."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("aiohttp", "httpx", "httpcore", "telegram", "apscheduler", "asyncio", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
