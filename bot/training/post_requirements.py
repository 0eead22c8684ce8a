"""What a post calls for (R44): the content groups that some people are to have learned, once or in every year.

Whom it concerns is everybody, those who lead, a group, or the holders of one post. Who lacks what: learning_gaps.
"""

from dataclasses import dataclass

from bot.errors import Stale
from bot.store import Reading, Row, Tx
from bot.training import audit, posts
from bot.training.courses import AUDIENCES, CATEGORIES

POST = "post"
GENERAL = ("all", "leaders", *AUDIENCES)  # whom a requirement may concern beside the holders of a post


@dataclass(frozen=True)
class Whom:
    """Whom a requirement concerns: `kind` of GENERAL, or 'post' with its number and name."""

    kind: str
    post_id: int = 0
    name: str = ""
    people: int = 0
    priority: bool = False


@dataclass(frozen=True)
class Requirement:
    """One content group that people are to have learned: in each calendar year, or once."""

    id: int
    whom: Whom
    category: str
    every_year: bool

    @property
    def key(self) -> str:
        """Give what tells this requirement from all others."""
        return f"{self.whom.kind}:{self.whom.post_id}:{self.category}"


# The people whom requirement r concerns, as a condition on p.
CONCERNS = """(r.whom = 'all' or r.whom = p.audience or r.whom = 'leaders' and p.leader = 1
    or r.whom = 'post' and r.post_id = (select s.post_id from post_spellings s where s.position = p.position))"""


async def whom(tx: Reading, kind: str, post_id: int) -> Whom:
    """Give whom a button means. Raises Stale."""
    if kind == POST:
        post = await posts.find(tx, post_id)
        return Whom(POST, post.id, post.name, post.people, post.priority)
    if kind not in GENERAL or post_id:
        raise Stale
    count: int = await tx.fetchval(
        """
        select count(*) from people p where p.active = 1
            and ($1 = 'all' or $1 = p.audience or $1 = 'leaders' and p.leader = 1)
        """,
        kind,
    )
    return Whom(kind, people=count)


async def everybody(tx: Tx, words: str = "") -> list[tuple[Whom, int]]:
    """Give whom requirements may concern, each with how many there are: the general ones, then posts.

    `words` gives the posts with these in their names alone.
    """
    await posts.learn(tx)
    rows = await tx.fetch("select whom, post_id, count(*) as n from post_requirements group by whom, post_id")
    counts = {(row["whom"], row["post_id"]): int(row["n"]) for row in rows}
    general = [] if words else [await whom(tx, kind, 0) for kind in GENERAL]
    of_posts = [Whom(POST, p.id, p.name, p.people, p.priority) for p in await posts.all_of(tx, words)]
    return [(one, counts.get((one.kind, one.post_id), 0)) for one in [*general, *of_posts]]


async def of_whom(tx: Reading, one: Whom) -> list[Requirement]:
    """Give what is required of them, in the order of the content groups."""
    rows = await tx.fetch("select * from post_requirements where whom = $1 and post_id = $2", one.kind, one.post_id)
    found = [Requirement(row["id"], one, row["category"], bool(row["every_year"])) for row in rows]
    return sorted(found, key=lambda r: CATEGORIES.index(r.category))


async def all_of(tx: Reading) -> list[Requirement]:
    """Give every requirement: the general ones, then by post."""
    rows = await tx.fetch(
        """
        select r.*, p.name as post, p.priority from post_requirements r
        left join posts p on r.whom = 'post' and p.id = r.post_id order by p.fold, r.id
        """
    )
    return sorted((_requirement(row) for row in rows), key=_order)


def _requirement(row: Row) -> Requirement:
    one = Whom(row["whom"], row["post_id"], row["post"] or "", priority=bool(row["priority"]))
    return Requirement(row["id"], one, row["category"], bool(row["every_year"]))


def _order(told: Requirement) -> tuple[int, int]:
    kinds = [*GENERAL, POST]
    place = kinds.index(told.whom.kind)
    return place, CATEGORIES.index(told.category) if told.whom.kind != POST else 0


async def put(tx: Tx, one: Whom, category: str, every_year: bool, by: int | None, now: int) -> bool:
    """Require a content group of some people; False when that was so. Raises Stale for an unknown group."""
    if category not in CATEGORIES:
        raise Stale
    await tx.lock("post requirements")
    old = next((r for r in await of_whom(tx, one) if r.category == category), None)
    if old is not None and old.every_year is every_year:
        return False
    await tx.execute(
        """
        insert into post_requirements (whom, post_id, category, every_year, by_person, at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (whom, post_id, category) do update set every_year = excluded.every_year,
            by_person = excluded.by_person, at = excluded.at
        """,
        one.kind,
        one.post_id,
        category,
        int(every_year),
        by,
        now,
    )
    told = None if old is None else {category: int(old.every_year)}
    await audit.record(tx, by, "post.require", _subject(one), now, old=told, new={category: int(every_year)})
    return True


async def drop(tx: Tx, one: Whom, category: str, by: int | None, now: int) -> bool:
    """Require a content group no more; False when it was not."""
    await tx.lock("post requirements")
    every_year: int | None = await tx.fetchval(
        "delete from post_requirements where whom = $1 and post_id = $2 and category = $3 returning every_year",
        one.kind,
        one.post_id,
        category,
    )
    if every_year is None:
        return False
    await audit.record(tx, by, "post.require", _subject(one), now, old={category: every_year}, new=None)
    return True


def _subject(one: Whom) -> str:
    return f"post:{one.post_id}" if one.kind == POST else f"group:{one.kind}"
