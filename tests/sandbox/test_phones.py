import struct
import zlib

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest

from bot.sandbox.phones import Phone
from bot.sandbox.world import World

MENU = InlineKeyboardMarkup([[InlineKeyboardButton("Lớp đang mở", callback_data="lop")]])
CARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("✅ Đăng ký", callback_data="dk", style="success")],
        [
            InlineKeyboardButton("Chép", copy_text=CopyTextButton("x")),
            InlineKeyboardButton("Mở", url="https://a.vn"),
        ],
    ]
)


async def course(bot: Bot, update: Update) -> None:
    if update.callback_query:
        await update.callback_query.answer(f"Bấm {update.callback_query.data}")
        if update.callback_query.data == "lop":
            await update.callback_query.edit_message_text("Luật Đất đai", reply_markup=CARD)
        elif update.callback_query.data == "dk":
            await bot.send_message(update.effective_chat.id, "Chờ thủ trưởng duyệt")
    elif update.message:
        await update.message.reply_text(f"Chào {update.message.text}", reply_markup=MENU)


def picture(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x20\x80\x90" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_conversation_reads_like_one(lan: Phone, answers) -> None:
    answers(course)
    await lan.sends("/lop")
    greeting = await lan.sees("Chào", "/lop")
    assert lan.buttons == ["Lớp đang mở"]
    await lan.taps("Lớp đang")
    card = await lan.sees("Luật Đất đai")
    assert card is greeting
    assert lan.popup == "Bấm lop"
    assert lan.buttons == ["✅ Đăng ký", "Chép", "Mở"]
    await lan.taps("Đăng ký")
    await lan.sees("Chờ thủ trưởng duyệt")
    await lan.sees_no("Luật Đất đai")
    await lan.sees("Luật Đất đai", since_start=True)
    assert lan.received_count == 2
    assert [message.from_bot for message in lan.messages] == [False, True, True]


async def test_what_never_appears_is_told_with_the_last_messages(lan: Phone, answers) -> None:
    answers(course)
    await lan.sends("/lop")
    await lan.sees("Chào")
    lan.timeout = 0.01
    with pytest.raises(AssertionError, match=r"(?s)Lan waits for “Không có”.*\* #\d+ bot: Chào /lop.*\[Lớp đang mở\]"):
        await lan.sees("Không có")
    with pytest.raises(AssertionError, match="a button “Đăng ký”"):
        await lan.taps("Đăng ký")
    with pytest.raises(AssertionError, match="should not see"):
        await lan.sees_no("Chào")


async def test_a_tap_that_nobody_answers_fails(lan: Phone, bot: Bot) -> None:
    await bot.send_message(lan.id, "a", reply_markup=MENU)
    lan.timeout = 0.01
    with pytest.raises(AssertionError, match="an answer to the tap 'lop'"):
        await lan.taps("Lớp đang mở")


async def test_a_button_that_is_no_longer_shown_can_still_be_tapped(lan: Phone, answers) -> None:
    answers(course)
    await lan.sends("a")
    await lan.taps("Lớp đang mở")
    card = await lan.sees("Luật Đất đai")
    await lan.taps_old(card.id, "Lớp đang mở")
    assert await lan.sees_popup("Bấm lop")


async def test_a_forged_tap_brings_any_data(lan: Phone, answers) -> None:
    answers(course)
    await lan.taps_forged(b"\xff drop table")
    assert await lan.sees_popup("drop table") == "Bấm � drop table"


async def test_files_go_both_ways_unchanged(bot: Bot, lan: Phone, answers) -> None:
    async def give_back(bot: Bot, update: Update) -> None:
        document = update.message.document
        content = await (await document.get_file()).download_as_bytearray()
        await update.message.reply_document(bytes(content), filename=f"lại-{document.file_name}", caption="Của bạn")
        await update.message.reply_document(document.file_id)

    answers(give_back)
    content = bytes(range(256)) * 300
    await lan.uploads("danh sách cán bộ.xlsx", content, "gửi HR")
    assert await lan.gets_file("lại-danh sách") == content
    await lan.gets_messages(2)
    assert lan.last.document.name == "danh sách cán bộ.xlsx"
    assert (await lan.sees("Của bạn")).document.mime.endswith("spreadsheetml.sheet")


async def test_photos_go_both_ways(bot: Bot, lan: Phone) -> None:
    await lan.sends_photo(picture(40, 30))
    (update,) = await bot.get_updates()
    photo = update.message.photo[-1]
    assert (photo.width, photo.height) == (40, 30)
    sent = await bot.send_photo(lan.id, picture(8, 4), caption="Sơ đồ")
    again = await bot.send_photo(lan.id, sent.photo[-1].file_id)
    assert again.photo[-1].width == 8


async def test_a_file_over_twenty_megabytes_is_told_of_and_cannot_be_fetched(bot: Bot, lan: Phone) -> None:
    await lan.uploads("lớn.xlsx", bytes(20 * 1024 * 1024 + 1))
    (update,) = await bot.get_updates()
    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await update.message.document.get_file()


async def test_a_reply_keyboard_shares_the_contact_and_goes(bot: Bot, lan: Phone) -> None:
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Chia sẻ số", request_contact=True)], ["Bỏ qua"]])
    await bot.send_message(lan.id, "Số của bạn?", reply_markup=keyboard)
    assert lan.keys == ["Chia sẻ số", "Bỏ qua"]
    await lan.taps("Chia sẻ số")
    await lan.taps("Bỏ qua")
    shared, skipped = await bot.get_updates()
    assert shared.message.contact.user_id == lan.id
    assert skipped.message.text == "Bỏ qua"
    await bot.send_message(lan.id, "Cảm ơn", reply_markup=ReplyKeyboardRemove())
    assert lan.keys == []


async def test_the_menu_shows_the_narrowest_scope(bot: Bot, world: World, lan: Phone) -> None:
    minh = world.phone("Minh")
    await bot.set_my_commands([("lop", "Lớp đang mở")])
    await bot.set_my_commands([("lop", "Lớp"), ("lich", "Lịch")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("quanly", "Quản lý")], scope=BotCommandScopeChat(lan.id))
    assert [command["command"] for command in world.commands_in(lan.chat)] == ["quanly"]
    assert [command["command"] for command in world.commands_in(minh.chat)] == ["lop", "lich"]
    assert [command.command for command in await bot.get_my_commands()] == ["lop"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(lan.id))
    assert [command["command"] for command in world.commands_in(lan.chat)] == ["lop", "lich"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("Lớp", "Lớp đang mở")])
    assert await bot.set_my_description("Trợ lý")
    assert await bot.set_chat_menu_button()


async def test_people_keep_their_ids_and_memory_stays_bounded(bot: Bot, world: World, lan: Phone) -> None:
    assert lan.id == 7_100_000_001
    assert world.phone("Minh").id == lan.id + 1
    assert world.phone("Hà", user_id=5).id == 5
    world.limits = False
    for number in range(310):
        await bot.send_message(lan.id, str(number))
    assert len(lan.messages) == 300
    assert lan.received_count == 310


async def test_a_blocked_person_who_writes_again_has_unblocked(bot: Bot, lan: Phone) -> None:
    lan.blocks()
    await lan.starts()
    blocked, unblocked, message = await bot.get_updates()
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member.new_chat_member.status == "member"
    assert message.message.text == "/start"
