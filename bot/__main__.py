"""The command line: each command reads the settings, does one thing and says what it did. Rules are elsewhere."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot import commands, config, logs
from bot.config import Config
from bot.errors import BoiDuongError
from bot.training import deliveries

Work = Callable[[Config, argparse.Namespace], Awaitable[None]]


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    top = argparse.ArgumentParser(prog="python -m bot", description="Bồi Dưỡng: in-service training in a chat")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")

    def verb(name: str, work: Work, words: str, token: bool = False) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=words, description=words)
        added.set_defaults(work=work, token=token)
        return added

    verb("run", commands.run, "be on duty until SIGTERM", token=True)
    demo = verb("demo", commands.demo, "everything on this machine, phones in the browser, no token needed")
    demo.add_argument("--port", type=int, default=8800)
    verb("migrate", commands.migrate_only, "bring the database up to this program")
    taken = verb("import", commands.take_in, "take in a workbook or the year's legal updates")
    taken.add_argument("what", choices=commands.IMPORTS)
    taken.add_argument("file", type=Path)
    taken.add_argument("--dry-run", action="store_true", help="tell what would change, change nothing")
    invited = verb("invite", commands.invite, "print a one-time code and its t.me link")
    invited.add_argument("code", help="staff code of the HR list")
    invited.add_argument("--role", choices=("official", "head", "hr"), default="official")
    kept = verb("backup", commands.backup, "write a consistent copy of the database")
    kept.add_argument("file", type=Path)
    given = verb("export", commands.give_out, "write a list of this program's to a new workbook")
    given.add_argument("what", choices=commands.EXPORTS)
    given.add_argument("file", type=Path)
    owed = verb("outbox", commands.outbox, "show what became of every message, newest first; decide on late ones")
    owed.add_argument("--person", default="", metavar="CODE", help="only of this staff code")
    owed.add_argument("--subject", default="", help="only of this subject, for example session:17 or broadcast:3")
    owed.add_argument("--state", default="", choices=["", *deliveries.STATES], help="only in this state")
    late = owed.add_mutually_exclusive_group()
    late.add_argument("--release", action="store_true", help="send what waits for a yes after a long absence")
    late.add_argument("--drop", action="store_true", help="drop what waits for a yes")
    verb("doctor", commands.doctor, "check settings, database, Telegram and ticks")
    measured = verb("bench", commands.bench, "measure against bare loops and print ratios")
    measured.add_argument("--quick", action="store_true", help="fewer of everything: minutes become seconds")
    measured.add_argument("--only", default="", metavar="NAME", help="one measurement: " + ", ".join(commands.BENCHES))
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 2 for a wrong setting or file, 1 for any other known trouble."""
    options = parser().parse_args(argv)
    try:
        settings = config.read(token_needed=options.token)
        logs.set_up(settings.log_level, settings.secrets)
        asyncio.run(options.work(settings, options))
    except KeyboardInterrupt:
        return 130
    except BoiDuongError as error:
        print(commands.told(error), file=sys.stderr)
        return commands.exit_code(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
