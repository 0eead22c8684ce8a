"""One office with a course under any order of steps: who is in it, and what is so at one moment. No rule is judged."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.chat.turns import Role, Speaker
from bot.errors import Explained
from bot.excel.cells import CellError
from bot.store import Reading, Tx
from bot.training import courses, sessions
from bot.training.calendar import Calendar
from bot.training.courses import Course
from bot.training.sessions import Session
from scheduler import milestones, offers, swaps
from tests.courses.classes import make_course
from tests.talking import MONDAY, ZONE, Office

DAYS = Calendar(ZONE)
ABOVE = {"Xã": "", "Phòng A": "Xã", "Tổ A1": "Phòng A", "Phòng B": "Xã"}
# The head of Phòng A is one of the people, Phòng B has none; Xoan has no chat.
PEOPLE = {
    "An": "Phòng A", "Bình": "Phòng A", "Chi": "Phòng A", "Dũng": "Tổ A1", "Giang": "Tổ A1",
    "Hoa": "Phòng B", "Khánh": "Phòng B", "Xoan": "Phòng B", "Thủ": "Phòng A",
}  # fmt: skip
CLERK = "Hạnh"
WEEKEND = ("An", "Dũng", "Hoa", "Xoan")  # may be reminded on days off: it is written before, and waits
DATES = (("2026-12-21", "07:30", "11:30"), ("2026-12-22", "07:30", "11:30"), ("2026-12-24", "13:30", "17:00"))
QUIET_DATES = (("2026-12-01", "13:30", "17:00"), ("2026-12-23", "07:30", "11:30"))
ACTIVE = ("head", "hr", "seat", "waiting", "offered")

Plain = dict[str, Any]  # a row
Deed = Callable[[Tx], Awaitable[object]]


@dataclass(frozen=True)
class View:
    """Everything that is so at `now`, as rows: nothing of the program's own sums is believed."""

    now: int
    course: Course
    quiet: Course
    tables: dict[str, list[Plain]]
    unit_of: dict[int, int]
    parent_of: dict[int, int | None]

    @cached_property
    def enrolments(self) -> list[Plain]:
        return [row for row in self.tables["enrolments"] if row["course_id"] == self.course.id]

    def of(self, *states: str) -> list[Plain]:
        """Give the enrolments in these states in the order of arrival; an offer counts while it can be taken."""
        found = [row for row in self.enrolments if row["state"] in states and not self.over(row)]
        return sorted(found, key=lambda row: (row["arrival"], row["id"]))

    def over(self, row: Plain) -> bool:
        return bool(row["state"] == "offered" and row["offer_expires_at"] <= self.now)

    @cached_property
    def stale(self) -> bool:
        """Tell whether time has ended an offer that nothing has cleared away yet."""
        return any(map(self.over, self.enrolments))

    def held(self, course_id: int) -> list[Session]:
        rows = [row for row in self.tables["sessions"] if row["course_id"] == course_id]
        return [one for one in map(sessions.session_of, rows) if not one.cancelled]

    @cached_property
    def alive(self) -> list[Course]:
        return [one for one in (self.course, self.quiet) if not one.cancelled]

    @cached_property
    def seats(self) -> set[tuple[int, int]]:
        """Give (course, person) of every seat."""
        return {(row["course_id"], row["person_id"]) for row in self.tables["enrolments"] if row["state"] == "seat"}

    def milestones(self, kind: str, state: str = "pending") -> list[Plain]:
        return [row for row in self.tables["milestones"] if row["kind"] == kind and row["state"] == state]

    def owed(self, kind: str, state: str = "pending") -> list[Plain]:
        return [row for row in self.tables["outbox"] if row["kind"] == kind and row["state"] == state]

    @cached_property
    def swaps(self) -> list[Plain]:
        return [row for row in self.tables["seat_swaps"] if row["state"] in ("asked", "head")]

    @cached_property
    def asked(self) -> list[Plain]:
        """Give who is asked by a change, has the seat still, and has said nothing."""
        said = {(row["change_id"], row["person_id"]) for row in self.tables["change_answers"]}
        seats = {row["id"] for row in self.of("seat")}
        rows = [row for row in self.tables["schedule_change_people"] if row["enrolment_id"] in seats]
        return [row for row in rows if (row["change_id"], row["person_id"]) not in said]

    @cached_property
    def tasks(self) -> dict[str, list[Plain]]:
        """Give what waits for somebody's answer; an offer that came too late may be answered as well."""
        offered = [row for row in self.enrolments if row["state"] == "offered"]
        found = {"offer": offered, "question": self.asked, "request": self.of("head", "hr"), "swap": self.swaps}
        return {kind: rows for kind, rows in found.items() if rows}

    def next_of(self, what: str) -> int | None:
        """Give when time by itself will change something next: an offer, the heads' time, a reminder, an answer."""
        own = {one.subject for one in self.held(self.course.id)}
        asked = {row["change_id"] for row in self.asked}
        dates = {
            "offer": [row["offer_expires_at"] for row in self.of("offered")],
            "heads": [row["due_at"] for row in self.milestones("approvals") if row["step"].startswith("over")],
            "reminder": [row["due_at"] for row in self.milestones("session") if row["subject"] in own],
            "answer": [row["answer_by"] or 0 for row in self.tables["schedule_changes"] if row["id"] in asked],
        }.get(what, [])
        return min((date for date in dates if date >= self.now), default=None)

    @cached_property
    def quotas(self) -> dict[int, int]:
        return {row["unit_id"]: row["places"] for row in self.tables["course_quotas"]}


class World:
    """The office, its people, one course that things are done to and a quiet one that nobody touches."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people: list[int] = []
        self.of_head: list[int] = []  # those of them on whom the head decides
        self.hr = self.head = Speaker(0, "", 0, frozenset())
        self.course_id = self.quiet_id = self.arrivals = 0
        self.floor: dict[str, int] = {}  # what earlier runs have left

    @property
    def now(self) -> int:
        return self.office.clock.now()

    def arrival(self) -> int:
        self.arrivals += 1
        return self.arrivals

    async def begin(self, **course: Any) -> View:
        """Begin with fresh courses; whatever an earlier run left is out of the way."""
        self.office.clock.move_to(MONDAY)
        if CLERK not in self.office.chats:
            await self._settle_in()
        ids = {name: chat.person_id for name, chat in self.office.chats.items()}
        self.people = [ids[name] for name in PEOPLE]
        self.of_head = [ids[name] for name, unit in PEOPLE.items() if name != "Thủ" and unit != "Phòng B"]
        known = (Role.LINKED, Role.OFFICIAL)
        self.hr = Speaker(ids[CLERK], CLERK, 1, frozenset({*known, Role.HR, Role.HR_ALL}))
        self.head = Speaker(ids["Thủ"], "Thủ", 1, frozenset({*known, Role.HEAD}))
        async with self.office.store.transaction() as tx:
            await self._set_aside(tx)
            self.course_id = await make_course(tx, MONDAY, title="Lớp", sessions_at=DATES, **course)
            self.quiet_id = await make_course(tx, MONDAY, title="Lớp khác", sessions_at=QUIET_DATES)
            for person_id in self.people[::3]:
                await tx.execute(
                    """insert into enrolments (course_id, person_id, state, arrival, requested_at, seated_at)
                    values ($1, $2, 'seat', 1, $3, $3)""",
                    self.quiet_id, person_id, MONDAY,
                )  # fmt: skip
        return await self.look()

    async def _settle_in(self) -> None:
        await self.office.person(CLERK, unit="Xã", hr=True)
        for name, unit in PEOPLE.items():
            await self.office.person(name, unit=unit, head=name == "Thủ", linked=name != "Xoan")
        async with self.office.store.transaction() as tx:
            for name in WEEKEND:
                await tx.execute(
                    """insert into consents (person_id, purpose, given, wording, chat_hash, at)
                    values ($1, 'days_off', 1, '1', 'test', 1)""",
                    self.office.chats[name].person_id,
                )
            for unit, above in ABOVE.items():
                await tx.execute(
                    "update units set parent_id = (select id from units where name = $2) where name = $1", unit, above
                )

    async def _set_aside(self, tx: Tx) -> None:
        await tx.execute("update courses set state = 'cancelled'")
        await tx.execute("update enrolments set state = 'withdrawn'")
        await tx.execute("update seat_swaps set state = 'void'")
        await tx.execute("update milestones set state = 'withdrawn'")
        await tx.execute("update outbox set state = 'skipped'")
        for table in ("milestones", "outbox", "enrolments", "schedule_changes"):
            self.floor[table] = await tx.fetchval(f"select coalesce(max(id), 0) from {table}")

    async def attempt(self, deed: Deed) -> bool:
        """Do one thing in one transaction; False when a rule says no."""
        try:
            async with self.office.store.transaction() as tx:
                await deed(tx)
        except (Explained, CellError):
            return False
        return True

    async def tick(self) -> None:
        """Let the scheduler do what is due; nobody is told yet."""
        for job in (offers.tick, swaps.tick, milestones.tick):
            await job(self.office.store, self.now, ZONE)

    async def deliver(self) -> None:
        """Let the scheduler do what is due, a second later, and tell everybody what is owed to them."""
        self.office.clock.move_by(1)
        await self.tick()
        await self.office.settle()

    async def look(self) -> View:
        async with self.office.store.reading() as tx:
            units = await tx.fetch("select id, parent_id from units")
            staff = await tx.fetch("select id, unit_id from people")
            return View(
                self.now,
                await courses.find(tx, self.course_id),
                await courses.find(tx, self.quiet_id),
                {name: [_plain(row) for row in rows] for name, rows in (await self._rows(tx)).items()},
                {row["id"]: row["unit_id"] for row in staff},
                {row["id"]: row["parent_id"] for row in units},
            )

    async def _rows(self, tx: Reading) -> dict[str, list[Any]]:
        new = {
            name: await tx.fetch(f"select * from {name} where id > $1 order by id", self.floor[name])
            for name in ("milestones", "outbox", "enrolments", "schedule_changes")
        }
        of_course = {
            name: await tx.fetch(f"select * from {name} where course_id in ($1, $2)", self.course_id, self.quiet_id)
            for name in ("sessions", "course_quotas")
        }
        of_change = {
            name: await tx.fetch(f"select * from {name} where change_id > $1", self.floor["schedule_changes"])
            for name in ("schedule_change_people", "schedule_change_lines", "change_answers")
        }
        of_enrolment = {
            name: await tx.fetch(f"select * from {name} where enrolment_id > $1 order by id", self.floor["enrolments"])
            for name in ("seat_swaps", "enrolment_history")
        }
        return new | of_course | of_change | of_enrolment


def _plain(row: Any) -> Plain:
    plain = dict(row)
    return plain | {"args": json.loads(plain["args"])} if isinstance(plain.get("args"), str) else plain
