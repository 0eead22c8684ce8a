"""Announcements of HR: their words, file and settings while they are drafts; lists. Whom and sending are elsewhere."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from bot.chat.events import ReceivedFile, Text
from bot.chat.screens import Attachment
from bot.errors import BadFile, NotAllowed, Refused, Stale
from bot.folding import fold, tidy
from bot.store import Reading, Row, Tx
from bot.training import rights

LONGEST = 12_000  # characters: three messages
LARGEST_FILE = 10 * 1024 * 1024  # bytes
CUT_BY_PHONE = 4000  # a typed text this long was probably cut in two by the phone
TOPICS = ("required", "general")
_FILES_HELD = 2
_held: OrderedDict[str, bytes] = OrderedDict()  # the files being sent, by digest: not read again for each person


@dataclass(frozen=True)
class Broadcast:
    """One announcement; instants in UTC seconds. `html` is its text with formatting, safe to send."""

    id: int
    author_id: int
    text: str
    html: str
    same: str
    file_id: int | None
    kind: str
    groups: tuple[str, ...]
    topic: str
    receipt: bool
    question: str | None
    answers: tuple[str, ...]
    right_answer: int | None
    corrects_id: int | None
    edition: int
    state: str
    created_at: int
    scheduled_at: int | None
    sent_by: int | None
    started_at: int | None
    finished_at: int | None

    @property
    def subject(self) -> str:
        """Give the subject of its outbox rows and its planned start."""
        return f"broadcast:{self.id}"

    @property
    def card_subject(self) -> str:
        """Give the subject of its progress card."""
        return f"broadcast_card:{self.id}"

    @property
    def nudge_subject(self) -> str:
        """Give the subject of reminders to confirm it."""
        return f"broadcast_nudge:{self.id}"

    @property
    def body(self) -> Markup:
        """Give the words with their formatting."""
        return Markup(self.html)  # noqa: S704 (made by the messenger or by `escape`, never typed as markup)

    @property
    def title(self) -> str:
        """Give its first line, shortened."""
        first = self.text.strip().partition("\n")[0]
        return first if len(first) <= 60 else f"{first[:59]}…"

    @property
    def over(self) -> bool:
        """Tell whether nothing more of it will be sent."""
        return self.state in ("done", "cancelled")


@dataclass(frozen=True)
class FileFacts:
    """What is told about a kept file; `size` in bytes."""

    name: str
    photo: bool
    size: int


async def find(tx: Reading, broadcast_id: int) -> Broadcast:
    """Read an announcement. Raises Stale when there is none."""
    return _found(await tx.fetchrow("select * from broadcasts where id = $1", broadcast_id))


async def locked(tx: Tx, broadcast_id: int) -> Broadcast:
    """Read an announcement and hold it until the transaction ends."""
    return _found(await tx.fetchrow("select * from broadcasts where id = $1 for update", broadcast_id))


def _found(row: Row | None) -> Broadcast:
    if row is None:
        raise Stale
    return broadcast_of(row)


def broadcast_of(row: Row) -> Broadcast:
    """Read an announcement from a row of `broadcasts`."""
    plain = ("id", "author_id", "text", "html", "same", "file_id", "kind", "topic", "question", "right_answer")
    later = ("corrects_id", "edition", "state", "created_at", "scheduled_at", "sent_by", "started_at", "finished_at")
    return Broadcast(
        **{name: row[name] for name in (*plain, *later)},
        groups=tuple(row["groups"].split(",")) if row["groups"] else (),
        receipt=bool(row["receipt"]),
        answers=tuple(json.loads(row["answers"] or "[]")),
    )


def visible(clerk: str) -> str:
    """Give the SQL condition that person `clerk` may see an announcement b, with whoever it goes to.

    Their own, or of a colleague of their units whose rights reach no further than theirs; of anybody for the whole.
    """
    units = rights.units_of(clerk)
    granted = "select 1 from rights r where r.person_id = b.author_id and r.role = 'hr' and r.revoked_at is null"
    return f"""(b.author_id = {clerk} or b.sent_by = {clerk} or {rights.whole(clerk)}
        or exists (select 1 from people a where a.id = b.author_id and a.unit_id in ({units})) and exists ({granted})
            and not exists ({granted} and (r.unit_id is null or r.unit_id not in ({units}))))"""  # noqa: S608 (constants)


async def opened(tx: Reading, broadcast_id: int, clerk_id: int) -> Broadcast:
    """Read an announcement for a clerk. Raises NotAllowed when it is not theirs to see, Stale when there is none."""
    found = await find(tx, broadcast_id)
    if not await sees(tx, broadcast_id, clerk_id):
        raise NotAllowed(found.subject)
    return found


async def sees(tx: Reading, broadcast_id: int, clerk_id: int) -> bool:
    """Tell whether an announcement is a clerk's to see."""
    sql = f"select 1 as found from broadcasts b where id = $2 and {visible('$1')}"  # noqa: S608 (constants)
    return await tx.fetchval(sql, clerk_id, broadcast_id) is not None


async def draft(tx: Tx, broadcast_id: int, clerk_id: int) -> Broadcast:
    """Read a draft that this clerk may work on: their own, or one left by somebody without HR rights, now theirs.

    Raises NotAllowed when it is not theirs to see, Stale when it is a colleague's, or no draft any more.
    """
    await opened(tx, broadcast_id, clerk_id)
    found = await locked(tx, broadcast_id)
    if found.state != "draft" or (found.author_id != clerk_id and await _is_clerk(tx, found.author_id)):
        raise Stale("broadcasts/no_draft")
    if found.author_id != clerk_id:
        await tx.execute("update broadcasts set author_id = $2 where id = $1", broadcast_id, clerk_id)
    return await find(tx, broadcast_id)


async def _is_clerk(tx: Reading, person_id: int) -> bool:
    row = await tx.fetchrow(
        "select 1 as found from rights r join people p on p.id = r.person_id and p.active = 1 "
        "where r.person_id = $1 and r.role = 'hr' and r.revoked_at is null",
        person_id,
    )
    return row is not None


async def listed(tx: Reading, clerk_id: int) -> list[Broadcast]:
    """Give everything this clerk may see, the newest first: drafts are seen by their author, while that is a clerk."""
    rows = await tx.fetch(
        f"""
        select * from broadcasts b where {visible("$1")} and (b.text <> '' or b.file_id is not null)
            and (b.state <> 'draft'
            or b.author_id = $1
            or not exists (select 1 from rights r where r.person_id = b.author_id
                and r.role = 'hr' and r.revoked_at is null))
        order by b.id desc
        """,  # noqa: S608 (constants)
        clerk_id,
    )
    return [broadcast_of(row) for row in rows]


async def begin(tx: Tx, clerk_id: int, now: int) -> int:
    """Give an empty draft of this clerk: the one begun before and never filled, or a new one."""
    found: int | None = await tx.fetchval(
        """
        select min(id) from broadcasts
        where author_id = $1 and state = 'draft' and text = '' and file_id is null and kind = ''
        """,
        clerk_id,
    )
    if found is not None:
        return found
    made: int = await tx.fetchval(
        "insert into broadcasts (author_id, created_at, updated_at) values ($1, $2, $2) returning id", clerk_id, now
    )
    return made


async def correct(tx: Tx, broadcast_id: int, clerk_id: int, now: int) -> int:
    """Begin a correction to exactly those who got an announcement. Raises Refused while that is still going out."""
    wrong = await opened(tx, broadcast_id, clerk_id)
    if not wrong.over:
        raise Refused("broadcasts/not_over")
    made: int = await tx.fetchval(
        """
        insert into broadcasts (author_id, kind, topic, corrects_id, created_at, updated_at)
        values ($1, 'got', $2, $3, $4, $4) returning id
        """,
        clerk_id,
        wrong.topic,
        wrong.id,
        now,
    )
    return made


async def write(tx: Tx, broadcast: Broadcast, typed: Text, now: int, *, more: bool = False) -> Broadcast:
    """Give a draft its words, or put `more` of them at its end. Raises Refused when empty or too long."""
    text, html = typed.text.strip(), (typed.html or escape(typed.text)).strip()
    if not tidy(text):
        raise Refused("broadcasts/empty")
    if more and broadcast.text:
        text, html = f"{broadcast.text}\n\n{text}", f"{broadcast.html}\n\n{html}"
    if len(text) > LONGEST:
        raise Refused("broadcasts/too_long", limit=LONGEST, found=len(text))
    await tx.execute(
        "update broadcasts set text = $2, html = $3, same = $4 where id = $1", broadcast.id, text, html, _same(text)
    )
    return await changed(tx, broadcast, now)


def _same(text: str) -> str:
    return hashlib.sha256((fold(text) or text).encode()).hexdigest()


async def changed(tx: Tx, broadcast: Broadcast, now: int) -> Broadcast:
    """Note that a draft was changed, so that it must be previewed again; give it as it is now."""
    await tx.execute(
        "update broadcasts set edition = edition + 1, updated_at = $2 where id = $1 and state = 'draft'",
        broadcast.id,
        now,
    )
    return await find(tx, broadcast.id)


async def attach(tx: Tx, broadcast: Broadcast, file: ReceivedFile, now: int) -> Broadcast:
    """Give a draft its one photo or file, in place of an earlier one. Raises BadFile when empty or too large."""
    size = len(file.content)
    if not 0 < size <= LARGEST_FILE:
        limit = LARGEST_FILE // 2**20
        raise BadFile("broadcasts/file_too_large", filename=file.name, size_mb=-(-size // 2**20), limit_mb=limit)
    file_id = await tx.fetchval(
        """
        insert into broadcast_files (name, photo, digest, size, content) values ($1, $2, $3, $4, $5) returning id
        """,
        file.name,
        int(file.photo),
        hashlib.sha256(file.content).hexdigest(),
        size,
        file.content,
    )
    return await _put_file(tx, broadcast, file_id, now)


async def detach(tx: Tx, broadcast: Broadcast, now: int) -> Broadcast:
    """Take the file off a draft."""
    return await _put_file(tx, broadcast, None, now)


async def _put_file(tx: Tx, broadcast: Broadcast, file_id: int | None, now: int) -> Broadcast:
    await tx.execute("update broadcasts set file_id = $2 where id = $1", broadcast.id, file_id)
    if broadcast.file_id is not None:
        await tx.execute("delete from broadcast_files where id = $1", broadcast.file_id)
    return await changed(tx, broadcast, now)


async def file_facts(tx: Reading, broadcast: Broadcast) -> FileFacts | None:
    """Tell about the file of an announcement, without reading it."""
    row = await tx.fetchrow("select name, photo, size from broadcast_files where id = $1", broadcast.file_id)
    return None if row is None else FileFacts(row["name"], bool(row["photo"]), row["size"])


async def picture(tx: Reading, broadcast: Broadcast) -> Attachment | None:
    """Give the file of an announcement, as it is sent; read from the database once for many people."""
    if broadcast.file_id is None:
        return None
    row = await tx.fetchrow("select name, photo, digest from broadcast_files where id = $1", broadcast.file_id)
    if row is None:
        return None
    content = _held.get(row["digest"])
    if content is None:
        content = bytes(await tx.fetchval("select content from broadcast_files where id = $1", broadcast.file_id))
        _held[row["digest"]] = content
        while len(_held) > _FILES_HELD:
            _held.popitem(last=False)
    return Attachment(row["name"], content, bool(row["photo"]), row["digest"])


async def set_topic(tx: Tx, broadcast: Broadcast, topic: str, now: int) -> Broadcast:
    """Say whether a draft is required reading or general news. Raises Stale for anything else."""
    if topic not in TOPICS:
        raise Stale
    await tx.execute("update broadcasts set topic = $2 where id = $1", broadcast.id, topic)
    return await changed(tx, broadcast, now)


async def drop(tx: Tx, broadcast: Broadcast) -> None:
    """Delete a draft with its file."""
    await tx.execute("delete from broadcast_targets where broadcast_id = $1", broadcast.id)
    await tx.execute("delete from broadcasts where id = $1 and state = 'draft'", broadcast.id)
    await tx.execute("delete from broadcast_files where id = $1", broadcast.file_id)
