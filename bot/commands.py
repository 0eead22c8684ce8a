"""What each command of the command line does. How commands are spelled is in __main__, the rules are below."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot import app
from bot.chat.rendering import Renderer
from bot.chat.screens import Screen
from bot.config import Config
from bot.errors import BadFile, BoiDuongError, Explained, SettingError
from bot.excel.writer import Sheet, write_workbook
from bot.messengers.telegram import Telegram
from bot.messengers.texts import plain
from bot.store import Store
from bot.store.migrate import pending
from bot.store.sqlite import SqliteStore
from bot.training import audit, audit_log, deliveries, invites, late, uploads
from bot.training.calendar import Calendar
from bot.training.deliveries import Delivery
from bot.training.upload_kinds import Report, Sender
from scheduler.heartbeat import ages
from scheduler.timetable import TIMETABLE

LANGUAGE = "vi"
LATE = 120  # seconds after which a tick counts as standing still


class NotWell(BoiDuongError):
    """The doctor found something that an operator must look at."""


EXPORTS = ("audit",)
IMPORTS = ("people", "courses", "legal", "history")
BENCHES = ("press", "broadcast", "unlimited", "reminders", "tick", "memory")
NEVER = 2**39  # seconds; what is paused is due later than that


async def run(settings: Config, options: argparse.Namespace) -> None:
    """Be on duty until SIGTERM or SIGINT."""
    await app.serve(settings)


async def demo(settings: Config, options: argparse.Namespace) -> None:
    """Run everything on this machine, with phones in the browser."""
    from bot import demo as whole  # the sandbox is no part of an assistant on duty

    await whole.run(settings, options.port)


async def bench(settings: Config, options: argparse.Namespace) -> None:
    """Measure against bare loops and print ratios."""
    from bot.bench import runs as measurements

    await measurements.measure(Console(), quick=options.quick, only=options.only)


async def migrate_only(settings: Config, options: argparse.Namespace) -> None:
    """Bring the database up to this program."""
    async with app.opened(settings):
        _say(settings, Screen("cli/migrated"))


async def take_in(settings: Config, options: argparse.Namespace) -> None:
    """Take in a file: what it changes is told, rows in error by their number; `--dry-run` changes nothing."""
    try:
        parsed = await uploads.read(options.file.read_bytes(), options.file.name)
    except OSError as error:
        raise SettingError(f"{options.file} cannot be read: {error.strerror}") from error
    if parsed.kind.name != options.what:
        raise SettingError(f"{options.file} is a list of another kind: {parsed.kind.name}")
    now = app.clock_of(settings).now()
    async with app.opened(settings) as store:
        if options.dry_run:
            async with store.transaction() as tx:
                report = await uploads.compare(tx, parsed, Sender(None, now, settings.timezone))
        else:
            with Progress(transient=True) as bar:
                job = bar.add_task(options.file.name, total=None)
                async with store.transaction() as tx:
                    sender = Sender(None, now, settings.timezone, lambda d, of: bar.update(job, completed=d, total=of))
                    report = await uploads.write(tx, parsed, sender)
    _tell(settings, report, done=not options.dry_run)


def _tell(settings: Config, report: Report, *, done: bool) -> None:
    renderer = Renderer(settings.timezone)
    remarks = [
        (told.number, renderer.words(LANGUAGE, told.template, told.reason, **told.values))
        for told in sorted([*report.errors, *report.notes], key=lambda told: told.number)
    ]
    wrong = len({told.number for told in report.errors})
    _say(
        settings, Screen(f"uploads/{report.kind}", done=done, report=report, wrong_rows=wrong, remarks=remarks, more=0)
    )


async def invite(settings: Config, options: argparse.Namespace) -> None:
    """Print a one-time code and, when the token is known, its t.me link."""
    async with app.opened(settings) as store, store.transaction() as tx:
        code = await invites.create(tx, options.code, options.role, app.clock_of(settings).now())
    name = await _bot_name(settings) if settings.bot_token else None
    _say(settings, Screen("cli/invited", code=invites.grouped(code), bare=code, bot=name))


async def _bot_name(settings: Config) -> str | None:
    telegram = Telegram(settings.bot_token, settings.telegram_api_url, polling=False)
    try:
        return await telegram.name()
    finally:
        await telegram.stop()


async def backup(settings: Config, options: argparse.Namespace) -> None:
    """Write a consistent copy of the database to a new file."""
    target: Path = options.file
    if await asyncio.to_thread(target.exists):
        raise SettingError(f"{target} exists already; name a new file")
    async with app.opened(settings, upgrade=False) as store:  # a copy of what is there, not of what comes next
        if not isinstance(store, SqliteStore):
            raise SettingError("backup copies SQLite files; for PostgreSQL use pg_dump")
        await store.copy_to(target)
    _say(settings, Screen("cli/backed_up", file=str(target)))


async def give_out(settings: Config, options: argparse.Namespace) -> None:
    """Write the log to a new workbook, formulas as text; that it was exported stands in the log."""
    target: Path = options.file
    if await asyncio.to_thread(target.exists):
        raise SettingError(f"{target} exists already; name a new file")
    renderer, now = Renderer(settings.timezone), app.clock_of(settings).now()
    title, *headings = (renderer.words(LANGUAGE, "log/sheet", name) for name in ("title", *audit_log.COLUMNS))
    async with app.opened(settings) as store, store.transaction() as tx:
        rows = await audit_log.rows(tx, settings.timezone)
        await audit.record(tx, None, "audit.export", f"file:{target.name}", now, new=len(rows))
    sheet = Sheet(title, headings, rows, notes=[title, renderer.words(LANGUAGE, "uploads/report", "note")])
    content = await asyncio.to_thread(write_workbook, [sheet], title=title, made_at=now)
    await asyncio.to_thread(_write, target, content)
    _say(settings, Screen("cli/exported", file=str(target), rows=len(rows)))


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        raise SettingError(f"{target} cannot be written: {error.strerror}") from error


async def doctor(settings: Config, options: argparse.Namespace) -> None:
    """Show whether database, ticks and Telegram are well. Raises NotWell naming what is not."""
    table, troubles = Table(show_header=False), []
    async with app.opened(settings, upgrade=False) as store:
        waiting = await pending(store)
        table.add_row(
            "database", f"{store.engine}, " + (f"to migrate: {', '.join(waiting)}" if waiting else "up to date")
        )
        if waiting:
            troubles.append("database")
        else:
            troubles += await _traffic(store, table, app.clock_of(settings).now())
    name = await _bot_name(settings) if settings.bot_token else None
    table.add_row(
        "telegram", f"reached as @{name}" if name else "not reached" if settings.bot_token else "no BOT_TOKEN"
    )
    Console().print(table)
    if name is None:
        troubles.append("telegram")
    if troubles:
        raise NotWell(f"not well: {', '.join(troubles)}")


async def _traffic(store: Store, table: Table, now: int) -> list[str]:
    """Show what waits and when each tick last ran; gives the ticks that stand still."""
    async with store.reading() as tx:
        undone = await tx.fetchval("select count(*) from inbox where done_at is null")
        owed = await tx.fetchval("select count(*) from outbox where state = 'pending' and due_at <= $1", now)
        table.add_row("inbox", f"{undone} not done")
        table.add_row("outbox", f"{owed} due and not sent")
        beats = await ages(tx, now)
    for tick, age in beats.items():
        table.add_row(f"tick {tick}", f"{age} s ago")
    return [f"tick {job.name}" for job in TIMETABLE if beats.get(job.name, LATE) > max(LATE - 1, 2 * job.every)]


async def outbox(settings: Config, options: argparse.Namespace) -> None:
    """Show the newest messages of a person, a subject, a state; or let go or drop what waits for a yes."""
    now = app.clock_of(settings).now()
    async with app.opened(settings) as store:
        if options.release or options.drop:
            async with store.transaction() as tx:
                count = await (late.release if options.release else late.drop)(tx, now)
            _say(settings, Screen("outbox/decided", done="release" if options.release else "drop", count=count))
            return
        async with store.reading() as tx:
            rows = await deliveries.listed(tx, code=options.person, subject=options.subject, state=options.state)
            waiting = await late.waiting(tx, now)
    if waiting is not None:
        _say(settings, Screen("outbox/held", held=waiting))
    Console(highlight=False, markup=False).print(_deliveries(rows, Calendar(settings.timezone)))


def _deliveries(rows: Sequence[Delivery], days: Calendar) -> Table:
    table = Table()
    for heading in ("id", "person", "kind", "subject", "state", "why", "tries", "due", "left", "ended"):
        table.add_column(heading, overflow="fold")  # shortened, a subject could not be asked for
    for row in rows:
        times = [None if at is None or at >= NEVER else f"{days.local(at):%Y-%m-%d %H:%M:%S}"
                 for at in (row.due_at, row.wire_at, row.settled_at)]  # fmt: skip
        person = f"{row.code} {row.name}"
        table.add_row(str(row.id), person, row.kind, row.subject, row.state, row.reason, str(row.attempts), *times)
    return table


def told(error: BoiDuongError) -> str:
    """Give the one line that tells an operator what went wrong: an explained refusal in words, else the cause."""
    if isinstance(error, Explained):
        renderer = Renderer(Config("").timezone)
        return renderer.words(LANGUAGE, error.screen, "text", **error.values)
    return str(error)


def exit_code(error: BoiDuongError) -> int:
    """Give 2 for a wrong setting or file, 1 for any other known trouble."""
    return 2 if isinstance(error, SettingError | BadFile) else 1


def _say(settings: Config, screen: Screen) -> None:
    text = Renderer(settings.timezone).render(screen, LANGUAGE).text
    Console(highlight=False, markup=False, soft_wrap=True).print(plain(text))
