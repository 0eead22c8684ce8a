import asyncio

import pytest

from bot.training import invites, people
from tests.talking import Chat, Office, at

HOUR, DAY = 3600, 86_400
NASTY = 'Lớp <Luật> & "Đất đai"'


async def code_for(office: Office, code: str, role: invites.GrantedRole = "official") -> str:
    async with office.store.transaction() as tx:
        return await invites.create(tx, code, role, office.clock.now())


async def phone_of(office: Office, person: Chat, number: str) -> None:
    async with office.store.transaction() as tx:
        await tx.execute("update people set phone = $2 where id = $1", person.person_id, number)


async def agrees(chat: Chat) -> None:
    for _ in range(3):
        await chat.taps("Đồng ý")


async def test_a_code_links_then_the_notice_and_three_questions_come_one_at_a_time(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    lan = office.chat("lan")
    await lan.sends("/start")
    lan.sees("mã mời 8 chữ số")
    assert lan.arrived[-1].share_contact == "Chia sẻ số điện thoại"
    await lan.sends(invites.grouped(await code_for(office, "TP01")))
    lan.sees("Thông báo về dữ liệu cá nhân", "bên thứ ba", "nước ngoài", "Câu 1/3", "[Đồng ý]", "[Không đồng ý]")
    await lan.sends("/lop")
    lan.sees("Câu 1/3")
    await lan.taps("Đồng ý")
    lan.sees("Câu 2/3")
    await lan.taps("Không đồng ý")
    lan.sees("Câu 3/3")
    await lan.taps("Đồng ý")
    lan.sees("Xong rồi")
    await lan.taps("Về đầu")
    lan.sees("Chào anh/chị Lan", "[Lớp đang mở]", "[Lịch của tôi]", "[Cập nhật pháp luật]", "[Đánh giá]", "[Hồ sơ]")
    lan.sees_no("Quản lý")


@pytest.mark.parametrize("typed", ["/start {}", "Liên kết {}", "LIENKET {}", "lienket {}", " {} "])
async def test_a_code_is_taken_from_an_opened_link_or_typed_words(office: Office, typed: str) -> None:
    await office.person("Lan", code="TP01", linked=False)
    await office.chat("lan").sends(typed.format(await code_for(office, "TP01")))
    office.chat("lan").sees("Câu 1/3")


async def test_refusing_the_first_question_unlinks_and_names_the_other_way(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    lan = office.chat("lan")
    await lan.sends(await code_for(office, "TP01"))
    await lan.taps("Không đồng ý")
    lan.sees("gỡ liên kết", "bằng giấy hoặc điện thoại")
    await lan.taps("Về đầu")
    lan.sees("chưa gắn với ai")
    await lan.taps_data("agree:link:1")
    lan.sees("chưa gắn với ai")


async def test_every_answer_is_kept_with_the_very_words_and_none_is_overwritten(office: Office) -> None:
    lan = await office.person("Lan", code="TP01", linked=False)
    chat = office.chat("lan")
    await chat.sends(await code_for(office, "TP01"))
    await agrees(chat)
    await chat.sends("/hoso")
    await chat.taps("Điều đã đồng ý")
    await chat.taps("Rút: nhắc ngày nghỉ")
    async with office.store.reading() as tx:
        rows = await tx.fetch(
            """
            select c.*, w.words from consents c join wordings w on w.version = c.wording
            where person_id = $1 order by id
            """,
            lan.person_id,
        )
    assert [(r["purpose"], r["given"]) for r in rows] == [
        ("link", 1), ("days_off", 1), ("comments", 1), ("days_off", 0),
    ]  # fmt: skip
    assert "Bên kiểm soát" in rows[0]["words"]
    assert "cả vào ngày nghỉ" in rows[3]["words"]
    assert "lan" not in rows[0]["chat_hash"]
    assert rows[0]["at"] == office.clock.now()


async def test_a_code_works_once(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    code = await code_for(office, "TP01")
    await office.chat("lan").sends(code)
    await office.chat("thief").sends(code)
    office.chat("thief").sees("đã được dùng rồi", "báo ngay")
    await office.chat("lan").sends("/start")
    office.chat("lan").sees("Câu 1/3")


async def test_a_code_expires_after_a_fortnight(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    code = await code_for(office, "TP01")
    office.clock.move_by(14 * DAY)
    await office.chat("lan").sends(code)
    office.chat("lan").sees("đã hết hạn")


async def test_a_newer_code_voids_the_older(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    old, new = await code_for(office, "TP01"), await code_for(office, "TP01")
    await office.chat("lan").sends(old)
    office.chat("lan").sees("thay bằng một mã mới hơn")
    await office.chat("lan").sends(new)
    office.chat("lan").sees("Câu 1/3")


async def test_the_code_itself_is_nowhere_in_the_database(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    code = await code_for(office, "TP01")
    async with office.store.reading() as tx:
        (row,) = await tx.fetch("select * from invites")
    assert not any(code in str(row[name]) for name in row.keys())  # noqa: SIM118 (a row is no mapping)


async def test_guessing_is_stopped_after_five_wrong_codes_even_with_the_right_one(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    code = await code_for(office, "TP01")
    wrong = f"{(int(code) + 1) % 10**8:08}"
    lan = office.chat("lan")
    for _ in range(5):
        await lan.sends(wrong)
        lan.sees("Mã này không đúng")
    await lan.sends(code)
    lan.sees("tạm dừng nhận mã", "09:00")
    office.clock.move_by(HOUR)
    await lan.sends(code)
    lan.sees("Câu 1/3")


async def test_ten_wrong_codes_a_day_are_the_end_of_the_day(office: Office) -> None:
    lan = office.chat("lan")
    for _ in range(2):
        for _ in range(5):
            await lan.sends("00000000")
        office.clock.move_by(HOUR)
    await lan.sends("00000000")
    lan.sees("tạm dừng nhận mã", "thứ Ba 24/11/2026")
    await office.chat("other").sends("00000000")
    office.chat("other").sees("Mã này không đúng")


async def test_a_new_code_moves_the_link_and_the_old_chat_is_told(office: Office) -> None:
    old = await office.person("Lan", code="TP01")
    await office.chat("new").sends(await code_for(office, "TP01"))
    office.chat("new").sees("chuyển sang cuộc trò chuyện này")
    await office.settle()
    old.sees("chuyển sang một cuộc trò chuyện khác", "báo ngay")
    await old.sends("/hoso")
    old.sees("chưa gắn với ai")
    await office.chat("new").sends("/hoso")
    office.chat("new").sees("Hồ sơ của anh/chị")


async def test_a_chat_of_somebody_else_is_not_taken_over_and_the_code_stays_good(office: Office) -> None:
    lan = await office.person("Lan", code="TP01")
    await office.person("Hoa", code="TP02", linked=False)
    code = await code_for(office, "TP02")
    await lan.sends(f"/start {code}")
    lan.sees("đang gắn với một người khác", "Huỷ liên kết")
    await office.chat("hoa").sends(code)
    office.chat("hoa").sees("Câu 1/3")


async def test_two_chats_that_use_one_code_at_the_same_time_leave_one_link(office: Office) -> None:
    await office.person("Lan", code="TP01", linked=False)
    code = await code_for(office, "TP01")
    await asyncio.gather(*(office.chat(f"c{n}").sends(code) for n in range(4)))
    seen = [office.chat(f"c{n}").last for n in range(4)]
    assert sum("Câu 1/3" in words for words in seen) == 1
    assert sum("đã được dùng rồi" in words for words in seen) == 3


async def test_the_own_shared_number_links_the_one_person_who_has_it(office: Office) -> None:
    person = await office.person("Lan", code="TP01", linked=False)
    await phone_of(office, person, "0912345678")
    lan = office.chat("lan")
    await lan.shares_contact("+84912345678", own=False)
    lan.sees("số điện thoại của chính anh/chị")
    await lan.shares_contact("+84 987 654 321")
    lan.sees("chưa có trong danh sách")
    await lan.shares_contact("84912345678")
    lan.sees("Câu 1/3")


async def test_a_number_that_two_people_have_links_nobody(office: Office) -> None:
    for name in ("Lan", "Hoa"):
        await phone_of(office, await office.person(name, linked=False), "0912345678")
    await office.chat("lan").shares_contact("0912345678")
    office.chat("lan").sees("nhiều người")


async def test_a_shared_number_never_moves_a_link(office: Office) -> None:
    lan = await office.person("Lan")
    await phone_of(office, lan, "0912345678")
    await office.chat("other").shares_contact("0912345678")
    office.chat("other").sees("đã liên kết ở một cuộc trò chuyện khác", "mã mời mới")
    await lan.sends("/hoso")
    lan.sees("Hồ sơ của anh/chị")


async def test_a_code_may_carry_rights(office: Office) -> None:
    await office.person("Hạnh", code="TP01", linked=False)
    await office.person("Tâm", code="TP02", linked=False)
    hr, head = office.chat("hr"), office.chat("head")
    await hr.sends(await code_for(office, "TP01", "hr"))
    await head.sends(await code_for(office, "TP02", "head"))
    for chat in (hr, head):
        await agrees(chat)
        await chat.taps("Về đầu")
    hr.sees("[Quản lý]")
    head.sees("[Chờ duyệt]")
    head.sees_no("Quản lý")


async def test_rights_wait_for_the_consent(office: Office) -> None:
    await office.person("Hạnh", code="TP01", linked=False)
    hr = office.chat("hr")
    await hr.sends(await code_for(office, "TP01", "hr"))
    await hr.sends("/quanly")
    hr.sees("Câu 1/3")


async def test_who_has_left_is_a_stranger(office: Office) -> None:
    lan = await office.person("Lan", code="TP01")
    code = await code_for(office, "TP01")
    async with office.store.transaction() as tx:
        await tx.execute("update people set active = 0 where id = $1", lan.person_id)
    await lan.sends("/hoso")
    lan.sees("chưa gắn với ai")
    await office.chat("new").sends(code)
    office.chat("new").sees("Mã này không đúng")


async def test_a_name_of_any_letters_survives_linking(office: Office) -> None:
    await office.person(NASTY, code="TP01", unit=NASTY, linked=False)
    lan = office.chat("lan")
    await lan.sends(await code_for(office, "TP01"))
    lan.sees(NASTY)
    await agrees(lan)
    await lan.taps("Về đầu")
    lan.sees(NASTY)
    await lan.sends("/hoso")
    lan.sees(f"Họ và tên: {NASTY}", f"Đơn vị: {NASTY}")


async def test_a_reminder_reaches_nobody_before_the_consent(office: Office) -> None:
    person = await office.person("Lan", code="TP01", linked=False)
    await office.chat("lan").sends(await code_for(office, "TP01"))
    async with office.store.reading() as tx:
        assert await people.chat_of(tx, person.person_id) is None
    await office.chat("lan").taps("Đồng ý")
    async with office.store.reading() as tx:
        assert await people.chat_of(tx, person.person_id) == office.chat("lan").address


async def test_forged_answers_to_the_questions_change_nothing(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.taps_data("agree:bank:1")
    lan.sees("không còn dùng được")
    await lan.taps_data("agree:link")
    lan.sees("không còn dùng được")
    await office.time_passes(at("2026-11-23", "08:15"))
    await lan.sends("/hoso")
    lan.sees("Hồ sơ của anh/chị")
