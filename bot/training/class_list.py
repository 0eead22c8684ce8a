"""The list of a class sent back edited: who is taken off gives up their place, who is added is nominated.

Places are given by the rule of nominations, as in a chat; a changed state in the list changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.errors import BadFile, Refused, Stale
from bot.excel import cells
from bot.excel.cells import CellError
from bot.excel.reader import Column, Table, read_table
from bot.store import Reading, Tx, tried
from bot.training import (
    calendar,
    courses,
    enrolments,
    exports,
    nomination_import,
    nominations,
    rights,
    signing_up,
    undo_reach,
    upload_changes,
)
from bot.training.courses import Course
from bot.training.nominations import Verdict
from bot.training.roster_sheet import RowError
from bot.training.upload_changes import Change
from bot.training.upload_kinds import Kind, Report, Sender

KIND = "participants"
TAKEN_OFF = "taken_off"  # the reason kept when HR takes somebody off a class
COLUMNS = (
    Column("code", ("Mã cán bộ", "Mã CBCC", "Mã CBCCVC", "Staff code", "Code"), required=True),
    Column("name", ("Họ và tên", "Họ tên", "Name")),
    Column("state", ("Tình trạng", "Trạng thái", "State", "Status")),
)
_MARK = "Mã sổ"
_WORDS = "uploads/class_rows"


@dataclass
class Plan:
    """The staff codes of the list by row, what it says of their state, and rows that cannot be read."""

    table: Table
    codes: dict[str, int] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


@dataclass
class Difference:
    """What the list changes: whom it takes off (enrolment and name), what nominating the added ones comes to."""

    course: Course
    off: list[tuple[int, str]] = field(default_factory=list)
    added: list[Verdict] = field(default_factory=list)
    same: int = 0
    of: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def went_out(tx: Tx, clerk_id: int, course: Course, said: Callable[[str], str], now: int) -> str:
    """Keep who stands on the list of a class as a clerk sees it, and give the mark that the list carries.

    `said` gives the words of a state as the list tells it.
    """
    rows = await tx.fetch(
        f"""
        select p.id, p.code, e.state from enrolments e join people p on p.id = e.person_id
        where e.course_id = $1 and e.state in ('seat', 'hr', 'head', 'offered', 'waiting')
            and {rights.covered("p.unit_id", "$2")}
        """,  # noqa: S608 (constants)
        course.id,
        clerk_id,
    )
    lines = {str(row["id"]): {"code": row["code"], "state": said(row["state"])} for row in rows}
    return exports.mark(await exports.keep(tx, KIND, course.subject, clerk_id, lines, now))


def read(content: bytes, filename: str) -> Plan:
    """Read the list of a class. Raises BadFile, also for one without a mark: then it is another list."""
    table = read_table(content, filename, COLUMNS)
    if exports.number_in(table) is None or "state" not in table.columns:
        raise BadFile("files/missing_columns", filename=filename, sheet=table.sheet, names=[_MARK])
    plan = Plan(table)
    for row in table.rows:
        try:
            typed = "".join(cells.text(row.get("code")).split())
            code = typed.upper()
        except CellError as error:
            values = {"heading": COLUMNS[0].names[0], "value": error.value}
            plan.errors.append(RowError(row.number, error.reason, values, "files/cells"))
            continue
        if not code or code in plan.codes:
            reason = "twice" if code else "no_code"
            plan.errors.append(RowError(row.number, reason, {"row": plan.codes.get(code, 0)}, _WORDS))
            continue
        plan.codes[code] = row.number
        plan.typed[code] = typed
        plan.states[code] = cells.shown(row.get("state").value)
    return plan


async def compare(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Tell whom the list takes off and adds; leaves all as it is. Raises Stale for a list older than it may be."""
    export = await exports.of_table(tx, plan.table, KIND)
    if export is None or sender.person_id is None:
        raise Stale("uploads/class_unknown")
    course = await courses.find(tx, int(export.subject.partition(":")[2]))
    await rights.check_sees_course(tx, sender.person_id, course)
    difference = Difference(course, of=len(export.lines), errors=list(plan.errors))
    went_out = {line["code"].upper(): line["state"] for line in export.lines.values()}
    added = await _added(tx, plan, set(went_out), sender, difference)
    unreadable = any(error.reason not in ("twice", "not_yours", "unknown", "oneself") for error in difference.errors)
    for person_id in () if unreadable else export.lines:  # a row nobody can read may be anybody
        if export.lines[person_id]["code"].upper() not in plan.codes:
            await _take_off(tx, course, int(person_id), sender, difference)
    behind = await _weigh(tx, difference, list(added), sender)
    for verdict in difference.added:
        _explain(verdict, added[verdict.person.id], difference, behind=behind)
    difference.same = len(went_out.keys() & plan.codes.keys())
    for code in went_out.keys() & plan.codes.keys():
        if plan.states[code] != cells.shown(went_out[code]):
            difference.notes.append(RowError(plan.codes[code], "state_ignored", {}, _WORDS))
    return difference


async def _added(tx: Reading, plan: Plan, went_out: set[str], sender: Sender, difference: Difference) -> dict[int, int]:
    """Give the rows of people who did not stand on the list, by person."""
    added: dict[int, int] = {}
    whole = await rights.covers(tx, sender.person_id or 0, None)
    for code, number in plan.codes.items():
        if code in went_out:
            continue
        row = await tx.fetchrow(
            "select id, name from people where (code = $1 or code = $2) and active = 1", code, plan.typed[code]
        )
        if row is None:
            reason = "unknown" if whole else "not_yours"  # whether there is a code is told to HR of the whole alone
            difference.errors.append(RowError(number, reason, {"code": code}, _WORDS))
        elif row["id"] == sender.person_id:
            difference.errors.append(RowError(number, "oneself", {}, "nominations/rows"))
        elif not await nominations.reaches(tx, sender.person_id or 0, row["id"], sender.now):
            difference.errors.append(RowError(number, "not_yours", {"code": code}, _WORDS))
            difference.refused.append(f"person:{row['id']}")
        else:
            added[row["id"]] = number
    return added


async def _weigh(tx: Tx, difference: Difference, added: list[int], sender: Sender) -> bool:
    """Weigh the added ones as if the others were off already, and tell whether freed places go to who waits before.

    Taking off is tried: a freed place goes first to whoever waits for it, and only then to a row of the list.
    """
    course = difference.course
    if not added or not difference.off:
        difference.added = await nominations.weigh(tx, course, added, sender.now)
        return False
    async with tried(tx):
        course = await courses.locked(tx, course.id)
        waiting = await _waiting(tx, course) - {number for number, _ in difference.off}
        await _let_go(tx, course, difference.off, sender)
        behind = bool(waiting - await _waiting(tx, course))
        difference.added = await nominations.weigh(tx, course, added, sender.now)
    return behind


async def _waiting(tx: Reading, course: Course) -> set[int]:
    return {enrolment.id for enrolment in await enrolments.with_state(tx, course.id, "waiting")}


async def _let_go(tx: Tx, course: Course, off: Sequence[tuple[int, str]], sender: Sender) -> None:
    days = await calendar.load(tx, sender.zone)
    for enrolment_id, _ in off:
        old = await enrolments.find(tx, enrolment_id)
        await signing_up.take_off(tx, course, old, sender.person_id or 0, TAKEN_OFF, sender.now, days)
        await upload_changes.note(tx, sender.upload_id, f"enrolment:{enrolment_id}", {"state": old.state}, None)


def _explain(verdict: Verdict, number: int, difference: Difference, *, behind: bool) -> None:
    if verdict.reason and not verdict.could_wait:
        values = {"clash": verdict.clash.title if verdict.clash else ""}
        difference.errors.append(RowError(number, verdict.reason, values, "nominations/rows"))
    elif verdict.reason:
        reason = "waits_behind" if behind else "waits"
        difference.notes.append(RowError(number, reason, {"name": verdict.person.name}, _WORDS))


async def _take_off(tx: Reading, course: Course, person_id: int, sender: Sender, difference: Difference) -> None:
    enrolment = await enrolments.latest(tx, person_id, course.id)
    if enrolment is None or not enrolment.active:
        return  # gone by themselves meanwhile
    await rights.check_person(tx, sender.person_id or 0, person_id)
    name = await tx.fetchval("select name from people where id = $1", person_id)
    difference.off.append((enrolment.id, name))


async def apply(tx: Tx, plan: Plan, sender: Sender) -> Difference:
    """Take off and nominate. Raises Refused when it takes another number off than the sender has said yes to."""
    told = await compare(tx, plan, sender)
    course, by = await courses.locked(tx, told.course.id), sender.person_id or 0
    difference = await compare(tx, plan, sender)
    if len(difference.off) != sender.removing:
        raise Refused("uploads/removal_unsure", count=len(difference.off))
    days = await calendar.load(tx, sender.zone)
    await _let_go(tx, course, difference.off, sender)
    wanted = [verdict.person.id for verdict in difference.added]
    if wanted:
        arrival = await enrolments.last_arrival(tx, course.id)
        difference.added = await nominations.nominate(
            tx, by, course.id, wanted, arrival, sender.now, days, may_wait=set(wanted)
        )
    for verdict in difference.added:
        enrolment = await enrolments.latest(tx, verdict.person.id, course.id) if verdict.became else None
        if enrolment is not None:
            new = {"state": enrolment.state}
            await upload_changes.note(tx, sender.upload_id, f"enrolment:{enrolment.id}", None, new)
    return difference


async def undo(tx: Tx, change: Change, sender: Sender) -> str | None:
    """Take one step of a list back as far as it is still so; gives the name of who stays as they are now, or None."""
    if change.old is None:
        return await nomination_import.undo(tx, change, sender)
    course = await courses.locked(tx, (await enrolments.find(tx, change.number)).course_id)
    enrolment = await enrolments.find(tx, change.number)
    if await undo_reach.covers(tx, change, sender):
        state, days = str(change.old["state"]), await calendar.load(tx, sender.zone)
        step = await signing_up.put_back(tx, course, enrolment, state, sender.person_id or 0, sender.now, days)
        if step is not None:
            await signing_up.tell_put_back(tx, course, enrolment.id, step, sender.now, days)
            return None
    return str(await tx.fetchval("select name from people where id = $1", enrolment.person_id))


def _report(filename: str, plan: Plan, difference: Difference) -> Report:
    counts = {
        "added": sum(not verdict.reason for verdict in difference.added),
        "waiting": sum(bool(verdict.reason) and verdict.could_wait for verdict in difference.added),
        "removed": len(difference.off),
        "same": difference.same,
    }
    names = {"course": [difference.course.title]}
    off = [name for _, name in difference.off]
    return Report(
        KIND, filename, counts, difference.errors, difference.notes, plan.table, names,
        removed=off, of=difference.of, refused=difference.refused,
    )  # fmt: skip


UPLOAD = Kind(KIND, read, compare, apply, _report, undo=undo)
