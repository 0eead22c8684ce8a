import asyncio

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox.phones import Phone
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.world import World


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(bot: Bot, lan: Phone) -> None:
    await lan.sends("một")
    await lan.sends("hai")
    first, second = await bot.get_updates()
    assert [first.message.text, second.message.text] == ["một", "hai"]
    assert second.update_id == first.update_id + 1
    (again,) = await bot.get_updates(limit=1)
    assert again.update_id == first.update_id
    (left,) = await bot.get_updates(offset=second.update_id)
    assert left.message.text == "hai"
    assert await bot.get_updates(offset=second.update_id + 1) == ()


async def test_a_long_poll_waits_for_the_first_update(bot: Bot, lan: Phone) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await bot.get_me()
    assert not poll.done()
    await lan.sends("đây")
    (update,) = await poll
    assert update.message.text == "đây"
    assert update.effective_user.full_name == "Lan"
    assert update.effective_chat.id == lan.id


async def test_a_poll_without_updates_ends_empty_after_its_timeout() -> None:
    assert await UpdateQueue(1).poll(0, 100, 0.01) == []


async def test_the_older_of_two_polls_is_told_that_there_is_another(bot: Bot, lan: Phone) -> None:
    async with asyncio.TaskGroup() as group:
        older = group.create_task(_conflict(bot))
        while lan.world.calls["getupdates"] < 1:
            await bot.get_me()
        newer = group.create_task(bot.get_updates(timeout=20))
        assert "terminated by other getUpdates request" in await older
        await lan.sends("chào")
    assert newer.result()[0].message.text == "chào"


async def _conflict(bot: Bot) -> str:
    with pytest.raises(Conflict) as refused:
        await bot.get_updates(timeout=20)
    return refused.value.message


async def test_only_the_kinds_asked_for_are_kept(bot: Bot, lan: Phone) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    await lan.sends("không ai nghe")
    lan.blocks()
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert update.my_chat_member.old_chat_member.status == "member"


async def test_the_same_update_can_be_delivered_twice(bot: Bot, world: World, lan: Phone) -> None:
    await lan.sends("một lần")
    (first,) = await bot.get_updates()
    world.repeat_last_update()
    (again,) = await bot.get_updates(offset=first.update_id + 1)
    assert again.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_a_negative_offset_keeps_only_the_newest(bot: Bot, lan: Phone) -> None:
    for word in ("một", "hai", "ba"):
        await lan.sends(word)
    (newest,) = await bot.get_updates(offset=-1)
    assert newest.message.text == "ba"
    assert len(await bot.get_updates()) == 1


async def test_everything_a_person_sends_arrives_as_telegram_sends_it(bot: Bot, lan: Phone) -> None:
    await lan.starts("abc-1")
    await lan.sends_photo(b"\xff\xd8jpeg", "ảnh")
    await lan.sends_voice()
    await lan.sends_sticker()
    await lan.shares_contact()
    await lan.shares_contact(own=False, number="0999")
    start, photo, voice, sticker, own, other = [update.message for update in await bot.get_updates()]
    assert start.text == "/start abc-1"
    assert start.parse_entities(["bot_command"]) == {start.entities[0]: "/start"}
    assert photo.photo[-1].file_size == 6
    assert photo.caption == "ảnh"
    assert voice.voice.duration.total_seconds() == 3
    assert sticker.sticker.emoji == "👍"
    assert (own.contact.user_id, own.contact.phone_number) == (lan.id, "0912345678")
    assert (other.contact.user_id, other.contact.phone_number) == (None, "0999")


async def test_a_text_longer_than_4096_characters_leaves_in_pieces(bot: Bot, lan: Phone) -> None:
    await lan.sends("😀" * 4096)
    await lan.sends("a" * 5000)
    assert [len(update.message.text) for update in await bot.get_updates()] == [4096, 4096, 904]
