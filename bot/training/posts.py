"""Posts (vị trí việc làm) as staff lists spell them, and which come first. What they call for: post_requirements."""

from dataclasses import dataclass

from bot.errors import Stale
from bot.folding import fold, tidy
from bot.store import Reading, Row, Tx
from bot.training import audit

LONGEST = 120  # letters of a post's name


@dataclass(frozen=True)
class Post:
    """A post with how many people at work hold it; `priority`: a sensitive one, whose holders come first (R12)."""

    id: int
    name: str
    priority: bool
    people: int = 0


_HOLDERS = """(select count(*) from people h join post_spellings s on s.position = h.position
    where s.post_id = posts.id and h.active = 1)"""


async def learn(tx: Tx) -> None:
    """Take note of every spelling that the staff list has and posts do not know yet."""
    rows = await tx.fetch(
        """
        select distinct position from people where position is not null and position <> ''
            and position not in (select position from post_spellings) order by position
        """
    )
    for row in rows:
        post_id = await called(tx, row["position"])
        if post_id:
            await tx.execute(
                "insert into post_spellings (position, post_id) values ($1, $2) on conflict do nothing",
                row["position"],
                post_id,
            )


async def called(tx: Tx, name: str) -> int:
    """Give the number of the post of that name, new if need be; 0 for a name without a letter."""
    if not fold(name):
        return 0
    await tx.execute(
        "insert into posts (fold, name) values ($1, $2) on conflict (fold) do nothing", fold(name), tidy(name)[:LONGEST]
    )
    number: int = await tx.fetchval("select id from posts where fold = $1", fold(name))
    return number


async def named(tx: Reading, name: str) -> Post | None:
    """Give the post of that name, however it is spelled."""
    row = await tx.fetchrow(f"select *, {_HOLDERS} as holders from posts where fold = $1", fold(name))  # noqa: S608 (constant)
    return None if row is None else _post(row)


async def find(tx: Reading, post_id: int) -> Post:
    """Read one post. Raises Stale."""
    row = await tx.fetchrow(f"select *, {_HOLDERS} as holders from posts where id = $1", post_id)  # noqa: S608 (constant)
    if row is None:
        raise Stale
    return _post(row)


async def all_of(tx: Reading, words: str = "") -> list[Post]:
    """Give the posts that somebody holds or that something is told of, those with most holders first.

    `words` narrows to names with these in them, diacritics apart.
    """
    rows = await tx.fetch(
        f"""
        select * from (select posts.*, {_HOLDERS} as holders from posts) told
        where (holders > 0 or priority = 1 or exists (select 1 from post_requirements r
                where r.whom = 'post' and r.post_id = told.id))
            and fold like '%' || $1 || '%'
        order by holders desc, fold
        """,  # noqa: S608 (constant)
        fold(words).replace("%", "").replace("_", ""),
    )
    return [_post(row) for row in rows]


async def set_priority(tx: Tx, post_id: int, priority: bool, by: int | None, now: int) -> bool:
    """Let the holders of a post come first in lists of gaps, or not; False when it was so."""
    old = (await find(tx, post_id)).priority
    if old is priority:
        return False
    await tx.execute("update posts set priority = $2 where id = $1", post_id, int(priority))
    await audit.record(tx, by, "post.priority", f"post:{post_id}", now, old=int(old), new=int(priority))
    return True


def _post(row: Row) -> Post:
    return Post(row["id"], row["name"], bool(row["priority"]), int(row["holders"]))
