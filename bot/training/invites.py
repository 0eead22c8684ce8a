"""One-time codes and shared phone numbers: how a chat proves whose it is. What it may do then is told by people."""

import re
import secrets
from dataclasses import dataclass
from typing import Literal

from bot.chat.events import Address
from bot.errors import Refused
from bot.excel.cells import Cell, CellError, phone
from bot.folding import fold
from bot.store import Reading, Row, Tx
from bot.training import accounts, people, rights, units
from bot.training.keys import keyed_hash

GrantedRole = Literal["official", "head", "hr"]

LIVES = 14 * 86_400  # seconds
HOUR, DAY = 3600, 86_400
WRONG_AN_HOUR = 5
# Hitting one of 1,200 live codes by guessing takes some 80,000 tries: at this pace more than twenty years of a chat.
WRONG_A_DAY = 10
_CODE = re.compile(r"(?:lien ?ket )?((?:[0-9] ?){8})")

Kind = Literal[
    "linked", "moved", "granted", "wrong", "wait", "expired", "used", "replaced", "other_person", "no_phone",
    "several_phones", "phone_taken", "not_own",
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How a claim ended: `person_id` when the chat is that person's now, `until` when to wait (UTC seconds)."""

    kind: Kind
    person_id: int | None = None
    until: int = 0


def code_in(text: str) -> str | None:
    """Give the eight digits of "1234 5678", "1234-5678" or "LIENKET 12345678"; None for any other text."""
    found = _CODE.fullmatch(fold(text))
    return found[1].replace(" ", "") if found else None


def grouped(code: str) -> str:
    """Give a code as it is shown: "1234 5678"."""
    return f"{code[:4]} {code[4:]}"


async def create(tx: Tx, person_code: str, role: GrantedRole, now: int) -> str:
    """Make a code of eight digits for the person with that staff code; older codes of theirs are void from now on.

    Raises Refused when there is no such active person.
    """
    person_id = await tx.fetchval(
        "select id from people where code in ($1, upper($1)) and active = 1 for update", person_code.strip()
    )
    if person_id is None:
        raise Refused("people/unknown_code", code=person_code)
    return await _new_code(tx, person_id, role, now)


async def create_for_unit(tx: Tx, unit_id: int, now: int) -> list[tuple[people.Person, str]]:
    """Make a code for every active person of a unit who has no chat yet, as `create` does; gives (person, code)."""
    rows = await tx.fetch(
        """
        select p.*, u.name as unit from people p join units u on u.id = p.unit_id
        where p.unit_id = $1 and p.active = 1 and not exists (select 1 from accounts a where a.person_id = p.id)
        order by p.fold, p.id
        """,
        unit_id,
    )
    return [(people.person_of(row), await _new_code(tx, row["id"], "official", now)) for row in rows]


async def _new_code(tx: Tx, person_id: int, role: GrantedRole, now: int) -> str:
    await tx.execute(
        "update invites set voided_at = $2 where person_id = $1 and used_at is null and voided_at is null",
        person_id,
        now,
    )
    while True:
        code = f"{secrets.randbelow(10**8):08}"
        if await _write(tx, code, person_id, role, now):
            return code


async def _write(tx: Tx, code: str, person_id: int, role: str, now: int) -> bool:
    """Write a code; False when these digits were given out before."""
    written = await tx.execute(
        """
        insert into invites (code_hash, person_id, role, created_at, expires_at) values ($1, $2, $3, $4, $5)
        on conflict (code_hash) do nothing
        """,
        await keyed_hash(tx, "invites", code),
        person_id,
        role,
        now,
        now + LIVES,
    )
    return written > 0


async def redeem(tx: Tx, address: Address, code: str, now: int) -> Outcome:
    """Let a chat use a code. A code that does not fit is counted against the chat, whatever was wrong with it."""
    until = await _waits_until(tx, address, now)
    if until:
        return Outcome("wait", until=until)
    invite = await tx.fetchrow(
        """
        select i.* from invites i join people p on p.id = i.person_id and p.active = 1
        where i.code_hash = $1 for update of i
        """,
        await keyed_hash(tx, "invites", code),
    )
    refusal = _refusal(invite, now)
    if invite is None or refusal:
        await _count_wrong(tx, address, now)
        return Outcome(refusal or "wrong")
    return await _use(tx, address, invite, now)


def _refusal(invite: Row | None, now: int) -> Kind | None:
    if invite is None:
        return "wrong"
    if invite["used_at"] is not None:
        return "used"
    if invite["voided_at"] is not None:
        return "replaced"
    return "expired" if invite["expires_at"] <= now else None


async def _use(tx: Tx, address: Address, invite: Row, now: int) -> Outcome:
    person_id = invite["person_id"]
    present = await accounts.owner(tx, address)
    if present not in (None, person_id):
        return Outcome("other_person")
    await tx.execute("update invites set used_at = $2 where id = $1", invite["id"], now)
    moved = await accounts.attach(tx, address, person_id, now)
    if invite["role"] == "hr":
        await rights.grant_hr(tx, person_id, now)
    elif invite["role"] == "head":
        person = await people.find(tx, person_id)
        await units.set_head(tx, person.unit_id, person_id)
    if present == person_id:
        return Outcome("granted", person_id)
    return Outcome("moved" if moved else "linked", person_id)


async def claim_by_phone(tx: Tx, address: Address, number: str, own: bool, now: int) -> Outcome:
    """Let a chat claim the one active person whose listed number it shared; it never moves a link."""
    if not own:
        return Outcome("not_own")
    found = await _with_phone(tx, number)
    if len(found) != 1:
        return Outcome("several_phones" if found else "no_phone")
    (person_id,) = found
    present = await accounts.owner(tx, address)
    if present not in (None, person_id):
        return Outcome("other_person")
    await tx.fetchrow("select id from people where id = $1 for update", person_id)
    if await accounts.chat_on(tx, person_id, address.platform) not in (None, address):
        return Outcome("phone_taken")
    await accounts.attach(tx, address, person_id, now)
    return Outcome("granted" if present else "linked", person_id)


async def _with_phone(tx: Reading, number: str) -> list[int]:
    try:
        listed = phone(Cell(number))
    except CellError:
        return []
    rows = await tx.fetch("select id from people where phone = $1 and active = 1", listed)
    return [row["id"] for row in rows]


async def _waits_until(tx: Reading, address: Address, now: int) -> int:
    """Give when this chat may try again; 0 when it may now."""
    rows = await tx.fetch(
        "select at from invite_attempts where platform = $1 and address = $2 and at > $3 order by at desc",
        address.platform,
        address.id,
        now - DAY,
    )
    wrong = [row["at"] for row in rows]
    waits = [wrong[WRONG_AN_HOUR - 1] + HOUR] if len(wrong) >= WRONG_AN_HOUR else []
    waits += [wrong[WRONG_A_DAY - 1] + DAY] if len(wrong) >= WRONG_A_DAY else []
    return max((until for until in waits if until > now), default=0)


async def _count_wrong(tx: Tx, address: Address, now: int) -> None:
    await tx.execute("delete from invite_attempts where at < $1", now - DAY)
    await tx.execute(
        "insert into invite_attempts (platform, address, at) values ($1, $2, $3)", address.platform, address.id, now
    )
