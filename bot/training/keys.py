"""Random keys of this database and the keyed hashes made with them. What is hashed, and why, is told by callers."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from bot.store import Tx

LENGTH = 32  # bytes


async def keyed_hash(tx: Tx, name: str, text: str) -> str:
    """Give the HMAC-SHA256 of `text` in hex under the key `name`, which is made when first asked for.

    A plain hash of eight digits could be undone in a second by trying all of them; without the key it cannot.
    """
    return (await hasher(tx, name))(text)


async def hasher(tx: Tx, name: str) -> Callable[[str], str]:
    """Give the function that `keyed_hash` is under the key `name`, for whoever hashes many things at once."""
    key = bytes.fromhex(await _key(tx, name))
    return lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


async def _key(tx: Tx, name: str) -> str:
    known: str | None = await tx.fetchval("select value from keys where name = $1", name)
    if known is not None:
        return known
    await tx.execute(
        "insert into keys (name, value) values ($1, $2) on conflict (name) do nothing", name, secrets.token_hex(LENGTH)
    )
    return str(await tx.fetchval("select value from keys where name = $1", name))
