import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.sandbox.phones import Phone
from bot.sandbox.server import Served
from bot.sandbox.world import World
from tests.sandbox.conftest import client


async def test_a_flood_answer_hits_only_the_calls_it_is_meant_for(bot: Bot, world: World, lan: Phone) -> None:
    minh = world.phone("Minh", started=True)
    world.faults.flood(7, times=2, method="sendMessage", chat_id=lan.id)
    await bot.send_message(minh.id, "a")
    await bot.send_chat_action(lan.id, "typing")
    for _ in range(2):
        with pytest.raises(RetryAfter, match="Retry in 0:00:07"):
            await bot.send_message(lan.id, "a")
    await bot.send_message(lan.id, "a")
    assert (lan.received_count, minh.received_count, world.faults.left) == (1, 1, 0)


async def test_a_bad_gateway_has_no_effect(bot: Bot, world: World, lan: Phone) -> None:
    world.faults.bad_gateway()
    with pytest.raises(NetworkError, match="Bad Gateway") as failed:
        await bot.send_message(lan.id, "a")
    assert not isinstance(failed.value, BadRequest)
    assert lan.received_count == 0


async def test_a_cut_before_loses_the_message_and_a_cut_after_does_not(bot: Bot, world: World, lan: Phone) -> None:
    world.faults.cut_before()
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(lan.id, "mất")
    assert lan.received_count == 0
    world.faults.cut_after()
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(lan.id, "đến nơi")
    assert lan.last.text == "đến nơi"


async def test_a_delayed_call_is_overtaken_by_the_next(bot: Bot, world: World, lan: Phone) -> None:
    world.faults.delay(0.3, method="sendMessage")
    call = asyncio.create_task(bot.send_message(lan.id, "chậm"))
    while world.faults.left:
        await bot.get_me()
    await bot.send_message(lan.id, "nhanh")
    assert lan.last.text == "nhanh"
    await call
    assert lan.last.text == "chậm"


async def test_polling_is_spared_unless_it_is_named(bot: Bot, world: World, lan: Phone) -> None:
    world.faults.bad_gateway()
    assert await bot.get_updates() == ()
    world.faults.clear()
    world.faults.bad_gateway(method="getUpdates")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_updates()


async def test_offline_breaks_every_call_and_the_waiting_poll_and_keeps_what_people_write(
    bot: Bot, world: World, lan: Phone
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    while not world.calls["getupdates"]:
        await bot.get_me()
    world.offline = True
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError):
        await bot.send_message(lan.id, "a")
    await lan.sends("vẫn viết được")
    world.offline = False
    (update,) = await bot.get_updates(timeout=20)
    assert update.message.text == "vẫn viết được"
    assert lan.received_count == 0


async def test_the_api_port_refuses_connections_while_offline(world: World, served: Served, lan: Phone) -> None:
    async with client(served.api_url, world.token) as bot:
        for _ in range(2):
            await bot.send_message(lan.id, "a")
            world.offline = True
            with pytest.raises(NetworkError, match="ConnectError"):
                await bot.send_message(lan.id, "b")
            world.offline = False
    assert lan.received_count == 2


async def test_latency_is_added_to_every_call(bot: Bot, world: World, lan: Phone) -> None:
    world.latency = 0.05
    loop = asyncio.get_running_loop()
    began = loop.time()
    await bot.send_message(lan.id, "a")
    assert loop.time() - began >= 0.05
