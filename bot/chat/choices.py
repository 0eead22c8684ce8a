"""The 64 bytes behind a button: a name and its arguments, both ways. What a choice does is not here."""

from urllib.parse import quote, unquote

LIMIT = 64  # bytes; Telegram's bound for callback data


def encode(name: str, *args: int | str) -> str:
    """Give `name:arg:arg`. Raises ValueError when it would not fit into 64 bytes."""
    data = ":".join([name, *(quote(str(a), safe=" ,.") for a in args)])
    if len(data.encode()) > LIMIT:
        raise ValueError(f"choice {data!r} is longer than {LIMIT} bytes")
    return data


def decode(data: str) -> tuple[str, list[str]]:
    """Give the name and the arguments as text. Never fails: forged bytes give a name that nobody has."""
    name, *args = data.split(":")
    return name, [unquote(a) for a in args]
