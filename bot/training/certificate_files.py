"""Photos and PDFs of certificates as people sent them: checked, kept with SHA-256. What they prove is elsewhere."""

import hashlib
from dataclasses import dataclass

from bot.errors import Refused, Stale
from bot.store import Reading, Tx
from bot.training import scans

_KEPT_UNUSED = 86_400  # seconds that a file without a certificate is kept


@dataclass(frozen=True)
class Kept:
    """A file as it was sent."""

    id: int
    person_id: int
    filename: str
    photo: bool
    content: bytes
    sha256: str


async def keep(tx: Tx, person_id: int, content: bytes, now: int) -> int:
    """Keep a file and give its number; one never used goes after a day. Raises BadFile; Refused for one sent before."""
    kind, digest = scans.kind_of(content), hashlib.sha256(content).hexdigest()
    await purge(tx, now)
    there = await tx.fetchval(
        """
        select c.number from certificate_files f join certificates c on c.file_id = f.id
        where f.sha256 = $1 and c.state in ('waiting', 'valid')
        """,
        digest,
    )
    if there is not None:
        raise Refused("certificates/same_file")
    file_id: int = await tx.fetchval(
        """
        insert into certificate_files (person_id, filename, photo, content, sha256, at)
        values ($1, $2, $3, $4, $5, $6) returning id
        """,
        person_id,
        f"chung-chi-{digest[:8]}.{kind}",
        int(kind != "pdf"),
        content,
        digest,
        now,
    )
    return file_id


async def find(tx: Reading, file_id: int) -> Kept:
    """Read a file. Raises Stale when there is none."""
    row = await tx.fetchrow("select * from certificate_files where id = $1", file_id)
    if row is None:
        raise Stale
    content = bytes(row["content"])
    return Kept(row["id"], row["person_id"], row["filename"], bool(row["photo"]), content, row["sha256"])


async def purge(tx: Tx, now: int) -> int:
    """Let go of files that no certificate came of within a day."""
    return await tx.execute(
        """
        delete from certificate_files where at < $1
            and not exists (select 1 from certificates c where c.file_id = certificate_files.id)
        """,
        now - _KEPT_UNUSED,
    )
