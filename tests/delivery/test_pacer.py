import asyncio
import time

from bot.chat.events import Address
from bot.delivery.pacer import Pacer


def chat(number: int) -> Address:
    return Address("telegram", str(number))


async def test_pushes_leave_by_priority_then_in_order() -> None:
    pacer = Pacer(rate=500)
    left: list[int] = []

    async def push(number: int, priority: int) -> None:
        await pacer.push(chat(number), priority)
        left.append(number)

    await asyncio.gather(push(1, 2), push(2, 2), push(3, 1), push(4, 1))
    assert left == [3, 4, 1, 2]


async def test_pushes_keep_the_pace() -> None:
    pacer = Pacer(rate=100)
    began = time.monotonic()
    await asyncio.gather(*(pacer.push(chat(n), 1) for n in range(21)))
    assert time.monotonic() - began >= 20 / 100


async def test_what_a_stall_held_back_does_not_leave_all_at_once() -> None:
    now = [100.0]
    pacer = Pacer(rate=8, now=lambda: now[0])
    for _ in range(10):
        await pacer.leave()
    now[0] += 0.95
    one_more, another = (asyncio.create_task(pacer.leave()) for _ in range(2))
    await asyncio.sleep(0)
    assert not one_more.done()
    now[0] += 0.1
    await asyncio.wait_for(asyncio.gather(one_more, another), 5)


async def test_one_chat_is_written_to_once_a_second_while_others_go_on() -> None:
    now = [100.0]
    pacer = Pacer(rate=1000, now=lambda: now[0])
    await pacer.push(chat(1), 1)
    second = asyncio.create_task(pacer.push(chat(1), 1))
    now[0] += 0.5
    await pacer.push(chat(2), 1)
    assert not second.done()
    now[0] += 0.6
    await asyncio.wait_for(second, 5)


async def test_a_flood_pause_holds_pushes_for_the_whole_time() -> None:
    now = [100.0]
    pacer = Pacer(rate=1000, now=lambda: now[0])
    pacer.halt(0.05)
    pacer.halt(0.01)
    push = asyncio.create_task(pacer.push(chat(1), 1))
    await asyncio.sleep(0)
    assert not push.done()
    now[0] += 0.06
    await asyncio.wait_for(push, 5)


async def test_a_push_that_was_given_up_does_not_hold_the_others() -> None:
    pacer = Pacer(rate=1000)
    given_up = asyncio.create_task(pacer.push(chat(1), 1))
    other = asyncio.create_task(pacer.push(chat(2), 1))
    given_up.cancel()
    await asyncio.wait_for(other, 5)


async def test_a_few_replies_fit_beside_the_pushes_and_many_make_them_give_way() -> None:
    now = [100.0]
    pacer = Pacer(rate=25, now=lambda: now[0])
    for n in range(4):
        pacer.reply(chat(n))
    assert pacer._free_at <= now[0]
    for n in range(100):
        pacer.reply(chat(n))
    assert now[0] < pacer._free_at <= now[0] + 1


async def test_the_pause_of_a_chat_is_a_setting() -> None:
    pacer = Pacer(rate=1000, per_chat=0)
    await pacer.push(chat(1), 1)
    await asyncio.wait_for(pacer.push(chat(1), 1), 0.9)
