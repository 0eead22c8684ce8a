"""What became of everything that was owed, and who cannot be reached: for HR and operators. Nothing is sent here."""

from dataclasses import dataclass

from bot.store import Reading, Row
from bot.training import rights

WEEK = 7 * 86_400
STATES = ("pending", "sending", "sent", "skipped", "failed", "unknown")
MOST = 300  # rows that anybody pages through


@dataclass(frozen=True)
class Delivery:
    """One row of the outbox with the person it is for. `at` is when it ended, or is due; UTC seconds."""

    id: int
    kind: str
    subject: str
    state: str
    reason: str | None
    attempts: int
    created_at: int
    due_at: int
    wire_at: int | None
    settled_at: int | None
    person_id: int
    code: str
    name: str
    unit: str
    phone: str | None

    @property
    def at(self) -> int:
        """Give the instant that matters: of its end, else when it is due."""
        return self.due_at if self.settled_at is None else self.settled_at


@dataclass(frozen=True)
class Cut:
    """Somebody who gets nothing here: `why` is 'blocked', 'no consent' or 'no chat'."""

    person_id: int
    code: str
    name: str
    unit: str
    phone: str | None
    why: str
    since: int | None


async def counts(tx: Reading, since: int, clerk_id: int) -> dict[str, int]:
    """Count the rows of a clerk's people: what is open, and what has ended from `since` (UTC seconds) on, by state."""
    rows = await tx.fetch(
        f"""
        select o.state, count(*) as n from outbox o join people p on p.id = o.person_id
        where (o.settled_at is null or o.settled_at >= $1) and {rights.covered("p.unit_id", "$2")} group by o.state
        """,  # noqa: S608 (constants)
        since,
        clerk_id,
    )
    return dict.fromkeys(STATES, 0) | {row["state"]: row["n"] for row in rows}


_DELIVERY = """
    select o.id, o.kind, o.subject, o.state, o.reason, o.attempts, o.created_at, o.due_at, o.wire_at, o.settled_at,
        p.id as person_id, p.code, p.name, p.phone, u.name as unit
    from outbox o join people p on p.id = o.person_id join units u on u.id = p.unit_id
"""


async def listed(
    tx: Reading, *, code: str = "", subject: str = "", state: str = "", person_id: int = 0, since: int = 0,
    clerk_id: int | None = None,
) -> list[Delivery]:  # fmt: skip
    """Give the newest rows of a person, a subject, a state (an empty one means any), ended from `since` on or open.

    For a clerk those of the people whom their rights cover; without one, for the command line, all.
    """
    rows = await tx.fetch(
        f"""
        {_DELIVERY}
        where ($1 = '' or upper(p.code) = upper($1)) and ($2 = '' or o.subject = $2) and ($3 = '' or o.state = $3)
            and (cast($4 as bigint) = 0 or p.id = $4) and (o.settled_at is null or o.settled_at >= $5)
            and (cast($6 as bigint) is null or {rights.covered("p.unit_id", "$6")})
        order by o.id desc limit {MOST}
        """,
        code,
        subject,
        state,
        person_id,
        since,
        clerk_id,
    )
    return [_delivery(row) for row in rows]


async def find(tx: Reading, row_id: int) -> Delivery | None:
    """Give one row."""
    row = await tx.fetchrow(f"{_DELIVERY} where o.id = $1", row_id)
    return None if row is None else _delivery(row)


def _delivery(row: Row) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})


async def cut_off(tx: Reading, clerk_id: int) -> list[Cut]:
    """Give everybody at work whom a clerk's rights cover and who gets nothing here.

    Who blocked the assistant comes first, then who never agreed or linked. The same test as `people.chat_of`, for
    everybody at once.
    """
    rows = await tx.fetch(
        f"""
        select p.id as person_id, p.code, p.name, p.phone, u.name as unit, b.since,
            case when b.chats is null then 'no chat' when b.open = 0 then 'blocked' else 'no consent' end as why
        from people p join units u on u.id = p.unit_id
        left join (
            select person_id, count(*) as chats, max(unreachable_at) as since,
                sum(case when unreachable_at is null then 1 else 0 end) as open
            from accounts where person_id is not null group by person_id) b on b.person_id = p.id
        where p.active = 1 and (
            coalesce(b.open, 0) = 0 or coalesce((
                select c.given from consents c where c.person_id = p.id and c.purpose = 'link'
                order by c.id desc limit 1), 0) = 0)
            and {rights.covered("p.unit_id", "$1")}
        """,  # noqa: S608 (constants)
        clerk_id,
    )
    cut = [Cut(**{name: row[name] for name in Cut.__dataclass_fields__}) for row in rows]
    order = ("blocked", "no consent", "no chat")
    return sorted(cut, key=lambda c: (order.index(c.why), c.unit, c.name, c.person_id))
