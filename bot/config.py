"""The settings: read once from the environment or `.env`, checked, then passed on. Nobody else reads them."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from bot.errors import SettingError

PUBLIC_API = "https://api.telegram.org"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Config:
    """Every setting of the program, as `.env.example` explains them."""

    bot_token: str = field(repr=False)
    telegram_api_url: str = PUBLIC_API
    database_url: str = field(default="sqlite:///data/bot.db", repr=False)
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    listen: tuple[str, int] = ("127.0.0.1", 8080)
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    log_level: str = "INFO"
    pushes_per_second: float = 25.0
    chat_pause: float = 1.0
    clock_file: Path | None = None

    @property
    def secrets(self) -> list[str]:
        """Give what no log line may show."""
        return [self.bot_token, self.webhook_secret]


def read(token_needed: bool = True, env_file: Path = Path(".env")) -> Config:
    """Read the settings; the environment wins over `env_file`. Raises SettingError with one clear line."""
    values = {**dotenv_values(env_file), **os.environ}

    def get(name: str, default: str = "") -> str:
        return (values.get(name) or "").strip() or default

    token = get("BOT_TOKEN")
    if token_needed and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", token):
        raise SettingError("BOT_TOKEN is missing or is not of the form 123456:ABC… (ask @BotFather for it)")
    return Config(
        bot_token=token,
        telegram_api_url=_url("TELEGRAM_API_URL", get("TELEGRAM_API_URL", PUBLIC_API)),
        database_url=_database(get("DATABASE_URL", "sqlite:///data/bot.db")),
        webhook_url=_url("WEBHOOK_URL", get("WEBHOOK_URL")),
        webhook_secret=_secret(get("WEBHOOK_URL"), get("WEBHOOK_SECRET")),
        listen=_listen(get("LISTEN", "127.0.0.1:8080")),
        timezone=_zone(get("TIMEZONE", "Asia/Ho_Chi_Minh")),
        log_level=_level(get("LOG_LEVEL", "INFO").upper()),
        pushes_per_second=_number("PUSHES_PER_SECOND", get("PUSHES_PER_SECOND", "25"), least=0.1),
        chat_pause=_number("CHAT_PAUSE", get("CHAT_PAUSE", "1"), least=0),
        clock_file=Path(get("CLOCK_FILE")) if get("CLOCK_FILE") else None,
    )


def _url(name: str, value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s]+", value):
        raise SettingError(f"{name} must begin with http:// or https://")
    return value.rstrip("/")


def _database(value: str) -> str:
    if not re.match(r"(sqlite:///.|postgres(ql)?://.)", value):
        raise SettingError("DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return value


def _secret(url: str, value: str) -> str:
    if url and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value):
        raise SettingError("WEBHOOK_SECRET must be 16 to 256 of A-Z a-z 0-9 _ - when WEBHOOK_URL is set")
    return value


def _listen(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) < 65536:
        raise SettingError("LISTEN must be host:port, for example 127.0.0.1:8080")
    return host, int(port)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingError(f"TIMEZONE {value!r} is not a time zone name such as Asia/Ho_Chi_Minh") from error


def _number(name: str, value: str, *, least: float) -> float:
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", value) or float(value) < least:
        raise SettingError(f"{name} must be a number from {least:g} on, for example 25 or 0.5")
    return float(value)


def _level(value: str) -> str:
    if value not in _LEVELS:
        raise SettingError(f"LOG_LEVEL must be one of {', '.join(_LEVELS)}")
    return value
