import asyncio
import sqlite3

from tests.stories.conftest import Town


async def test_what_is_said_while_telegram_is_gone_is_answered_when_it_is_back(town: Town) -> None:
    lan = await town.person("Lan")
    await town.opens()
    await lan.sends("/trogiup")
    await lan.sees("Tôi giúp được gì")
    town.world.offline = True
    await lan.sends("/ngonngu")
    await lan.sends("/trogiup")
    await town.until(lambda: town.mode == "webhook" or "no updates taken" in town.log, "the loss of Telegram")
    town.world.offline = False
    lan.timeout = 30
    await lan.sees("ngôn ngữ")
    await lan.sees("Tôi giúp được gì")
    await town.until_stored("select count(*) = 3 as done from inbox where done_at is not null and reply is null")


async def test_a_database_that_somebody_else_holds_for_some_seconds_loses_nothing(polled_town: Town) -> None:
    town = polled_town
    lan = await town.person("Lan")
    await town.opens()
    held = await asyncio.to_thread(_hold, town) if town.database.startswith("sqlite") else None
    await lan.sends("/trogiup")
    if held is not None:
        await town.until(lambda: "locked" in town.log, "the busy database")
        await asyncio.to_thread(held.close)
    lan.timeout = 30
    await lan.sees("Tôi giúp được gì")


def _hold(town: Town) -> sqlite3.Connection:
    """Take the one write lock of the file, as a backup tool or a second program might."""
    connection = sqlite3.connect(
        town.database.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
    )
    connection.execute("begin immediate")
    return connection
