import pytest
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, RetryAfter

from bot.sandbox.phones import Phone
from bot.sandbox.server import Served
from bot.sandbox.world import World
from tests.sandbox.conftest import Stopwatch, client


def keys(*rows: int, data: str = "a") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)] * width for width in rows])


def one(**kind: object) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", **kind)]])


# What is sent to sendMessage, and what Telegram says about it.
MESSAGES = {
    "an empty text": ({"text": ""}, "Message text is empty"),
    "a text of blanks": ({"text": " \n "}, "Text must be non-empty"),
    "a text of empty tags": ({"text": "<b></b>", "parse_mode": "HTML"}, "Text must be non-empty"),
    "4,097 letters": ({"text": "a" * 4097}, "Message is too long"),
    "2,049 emoji, which are 4,098 units": ({"text": "😀" * 2049}, "Message is too long"),
    "an unknown tag": ({"text": "<x>a</x>", "parse_mode": "HTML"}, 'Unsupported start tag "x" at byte offset 0'),
    "a tag that is not closed": (
        {"text": "<b>a", "parse_mode": "HTML"},
        'Can\'t find end tag corresponding to start tag "b"',
    ),
    "tags that cross": (
        {"text": "<b>ă<i>b</b></i>", "parse_mode": "HTML"},
        'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"',
    ),
    "an end without a start": ({"text": "a</b>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
    "a bare <": ({"text": "1 < 2", "parse_mode": "HTML"}, 'Unsupported start tag "" at byte offset 2'),
    "a < at the end": ({"text": "đến <", "parse_mode": "HTML"}, "Unclosed start tag at byte offset 7"),
    "a tag cut off": ({"text": '<a href="x', "parse_mode": "HTML"}, "Unclosed start tag at byte offset 0"),
    "a name with brackets": (
        {"text": 'Lớp <Luật> & "Đất đai"', "parse_mode": "HTML"},
        'Unsupported start tag "luật" at byte offset 6',
    ),
    "another parse mode": ({"text": "*a*", "parse_mode": "MarkdownV3"}, "Unsupported parse_mode"),
    "65 bytes of data": ({"text": "a", "reply_markup": keys(1, data="a" * 65)}, "Button_data_invalid"),
    "22 letters of 3 bytes": ({"text": "a", "reply_markup": keys(1, data="ệ" * 22)}, "Button_data_invalid"),
    "empty data": ({"text": "a", "reply_markup": one(callback_data="")}, "Button_data_invalid"),
    "101 buttons": ({"text": "a", "reply_markup": keys(*[8] * 12, 5)}, "Reply markup is too long"),
    "9 buttons in a row": ({"text": "a", "reply_markup": keys(9)}, "Reply_markup_invalid"),
    "a link to nowhere": ({"text": "a", "reply_markup": one(url="http://localhost")}, "Wrong HTTP URL"),
    "a button that does nothing": (
        {"text": "a", "reply_markup": one()},
        "Text buttons are unallowed in the inline keyboard",
    ),
    "nothing to copy": ({"text": "a", "reply_markup": one(copy_text=CopyTextButton(""))}, "Button_copy_text_invalid"),
}


@pytest.mark.parametrize("case", MESSAGES)
async def test_a_message_that_telegram_would_refuse_is_refused(case: str, bot: Bot, lan: Phone) -> None:
    sent, why = MESSAGES[case]
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(lan.id, **sent)
    assert why.lower() in refused.value.message.lower()
    assert lan.received_count == 0


async def test_what_telegram_takes_is_taken(bot: Bot, lan: Phone) -> None:
    await bot.send_message(lan.id, "😀" * 2048, reply_markup=keys(*[8] * 12, 4, data="ệ" * 21))
    text = (
        '<b>1 &lt; 2</b> &amp; <a href="https://example.org/?a=1&amp;b=2">Đất</a> &#39;<i><u>x</u></i>&#x1F600; &copy;'
    )
    message = await bot.send_message(lan.id, text, parse_mode="HTML")
    assert message.text == "1 < 2 & Đất 'x😀 &copy;"
    assert message.entities[1].url == "https://example.org/?a=1&b=2"
    assert message.parse_entities(["bold", "italic"]) == {message.entities[0]: "1 < 2", message.entities[3]: "x"}


async def test_an_end_tag_may_not_hide_in_a_long_text_of_tags(bot: Bot, lan: Phone) -> None:
    await bot.send_message(lan.id, "<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(lan.id, "<b>" + "a" * 4097 + "</b>", parse_mode="HTML")


async def test_a_caption_of_more_than_1024_units_is_refused(bot: Bot, lan: Phone) -> None:
    await bot.send_document(lan.id, b"x", filename="a.txt", caption="a" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(lan.id, b"x", filename="a.txt", caption="a" * 1025)


async def test_a_photo_that_is_no_picture_is_refused(bot: Bot, lan: Phone) -> None:
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(lan.id, b"no picture")


async def test_an_unknown_file_id_is_refused(bot: Bot, lan: Phone) -> None:
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_document(lan.id, "BQACnothing")
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("BQACnothing")


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, lan: Phone) -> None:
    sent = await bot.send_message(lan.id, "<b>a</b>", parse_mode="HTML", reply_markup=keys(1))
    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content"):
        await bot.edit_message_text("<b>a</b> ", lan.id, sent.message_id, parse_mode="HTML", reply_markup=keys(1))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(lan.id, sent.message_id, reply_markup=keys(1))
    edited = await bot.edit_message_text("a", lan.id, sent.message_id)
    assert edited.text == "a"
    assert edited.edit_date is not None
    assert lan.buttons == []


async def test_what_cannot_be_edited_is_not(bot: Bot, lan: Phone) -> None:
    theirs = await lan.sends("của tôi")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("a", lan.id, theirs.id)
    mine = await bot.send_message(lan.id, "a")
    with pytest.raises(BadRequest, match="no caption in the message to edit"):
        await bot.edit_message_caption(lan.id, mine.message_id, caption="b")
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await bot.edit_message_text("b", lan.id, mine.message_id, reply_markup=ReplyKeyboardMarkup([["x"]]))
    await bot.delete_message(lan.id, mine.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("b", lan.id, mine.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(lan.id, mine.message_id)


async def test_a_file_has_a_caption_to_edit_and_no_text(bot: Bot, lan: Phone) -> None:
    sent = await bot.send_document(lan.id, b"x", filename="a.txt", caption="trước")
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("b", lan.id, sent.message_id)
    edited = await bot.edit_message_caption(lan.id, sent.message_id, caption="<i>sau</i>", parse_mode="HTML")
    assert edited.caption_html == "<i>sau</i>"
    assert (await lan.sees("sau", "a.txt")).document is not None


async def test_a_message_older_than_two_days_stays(bot: Bot, world: World, lan: Phone) -> None:
    sent = await bot.send_message(lan.id, "a")
    world.clock.move_by(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await bot.delete_message(lan.id, sent.message_id)


async def test_a_tap_is_answered_once_and_within_fifteen_seconds(bot: Bot, lan: Phone, stopwatch: Stopwatch) -> None:
    from bot.sandbox import actions

    message = await bot.send_message(lan.id, "a", reply_markup=keys(1))
    first, second = (actions.tap(lan.world, lan.chat, lan.chat.messages[message.message_id], "a") for _ in range(2))
    await bot.answer_callback_query(first, "Đã ghi")
    assert lan.popup == "Đã ghi"
    too_old = "Query is too old and response timeout expired or query id is invalid"
    with pytest.raises(BadRequest, match=f"(?i)^{too_old}$"):
        await bot.answer_callback_query(first)
    stopwatch.seconds += 15.1
    with pytest.raises(BadRequest, match=f"(?i)^{too_old}$"):
        await bot.answer_callback_query(second)
    with pytest.raises(BadRequest, match=f"(?i)^{too_old}$"):
        await bot.answer_callback_query("12345")


async def test_a_chat_that_cannot_be_reached_says_why(bot: Bot, world: World, lan: Phone) -> None:
    stranger = world.phone("Người lạ")
    with pytest.raises(Forbidden, match=r"^Forbidden: bot can't initiate conversation with a user$"):
        await bot.send_message(stranger.id, "a")
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(42, "a")
    lan.blocks()
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(lan.id, "a")
    lan.unblocks()
    await bot.send_message(lan.id, "a")
    lan.deactivates()
    with pytest.raises(Forbidden, match=r"^Forbidden: user is deactivated$"):
        await bot.send_chat_action(lan.id, "typing")


async def test_more_than_a_burst_to_one_chat_has_to_wait(bot: Bot, lan: Phone, stopwatch: Stopwatch) -> None:
    for number in range(lan.world.pace.burst):
        await bot.send_message(lan.id, str(number))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(lan.id, "quá nhanh")
    assert refused.value.message == "Flood control exceeded. Retry in 0:00:01"
    stopwatch.seconds += 1
    await bot.send_message(lan.id, "một tin mỗi giây")
    with pytest.raises(RetryAfter):
        await bot.send_message(lan.id, "quá nhanh")
    assert lan.received_count == lan.world.pace.burst + 1


async def test_more_than_thirty_messages_in_a_second_have_to_wait(bot: Bot, world: World, stopwatch: Stopwatch) -> None:
    people = [world.phone(f"Người {number}", started=True) for number in range(32)]
    for person in people[:30]:
        await bot.send_message(person.id, "a")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[30].id, "a")
    stopwatch.seconds += 1
    await bot.send_message(people[30].id, "a")
    world.limits = False
    for _ in range(40):
        await bot.send_message(people[31].id, "a")


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(bot: Bot, served: Served) -> None:
    for token, why in (("123456:another-token-altogether", "Unauthorized"), ("no-token", "Not Found")):
        with pytest.raises(InvalidToken) as refused:
            async with client(served.url, token):
                raise AssertionError(f"{token} was let in")
        assert str(refused.value.__cause__) == why
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendSmoke")
