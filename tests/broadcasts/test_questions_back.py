from bot.training import rights
from tests.broadcasts.announcing import sent
from tests.talking import MONDAY, Chat, Office, at


async def asks(lan: Chat, text: str = "Nộp ở đâu ạ?") -> None:
    await lan.taps("Hỏi lại")
    await lan.sends(text)


async def test_a_question_goes_to_the_clerk_who_sent_it_and_the_answer_comes_back(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    lan = await office.person("Lan", unit="Xã Trí Phải")
    await sent(office, hr)
    await lan.taps("Hỏi lại")
    lan.sees("Người trả lời: Hạnh")
    await lan.sends("Nộp ở đâu ạ?")
    lan.sees("Đã chuyển câu hỏi tới Hạnh")
    await office.settle()
    hr.sees("Lan (Xã Trí Phải) hỏi về", "Nộp ở đâu ạ?")
    assert not hoa.saw("Nộp ở đâu ạ?")
    await hr.taps("Trả lời")
    await hr.sends("Nộp tại phòng 205.")
    hr.sees("Đã trả lời Lan")
    await office.settle()
    lan.sees("Hạnh trả lời câu hỏi của anh/chị", "Nộp tại phòng 205.", "Hỏi tiếp")


async def test_a_question_is_answered_once(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    await asks(lan)
    await office.settle()
    await hr.taps("Trả lời")
    await hoa.taps_data("q_answer:1")
    await hr.sends("Phòng 205.")
    await hoa.sends("Phòng 206.")
    hoa.sees("đã có người trả lời")
    await office.settle()
    assert not lan.saw("Phòng 206.")


async def test_questions_of_a_clerk_who_left_go_to_everybody_with_hr_rights(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    async with office.store.transaction() as tx:
        await rights.revoke_hr(tx, hr.person_id, MONDAY)
    await asks(lan)
    lan.sees("Đã chuyển câu hỏi tới Hoa")
    await office.settle()
    hoa.sees("Lan", "Nộp ở đâu ạ?")


async def test_five_open_questions_are_enough(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    for number in range(5):
        await asks(lan, f"Câu hỏi {number}")
    await lan.taps("Hỏi lại")
    lan.sees("5 câu hỏi chờ trả lời")
    await hr.taps_data("desk_questions:0")
    hr.sees("Câu hỏi chờ trả lời", "Câu hỏi 0")
    await hr.taps_data("q_answer:1")
    await hr.sends("Xong.")
    await lan.taps("Hỏi lại")
    lan.sees("Mời anh/chị gõ câu hỏi")


async def test_a_question_at_night_waits_for_the_morning(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    office.clock.move_to(at("2026-11-23", "22:00"))
    await asks(lan)
    lan.sees("nhận vào thứ Tư 25/11/2026, 07:30")
    await office.settle()
    hr.sees_no("Nộp ở đâu ạ?")
    await office.time_passes(at("2026-11-25", "07:30"), step=3600)
    hr.sees("Nộp ở đâu ạ?")


async def test_a_question_that_is_too_long_can_be_shortened(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    await asks(lan, "a" * 1001)
    lan.sees("dài quá 1.000 ký tự")
    await lan.sends("Ngắn thôi")
    lan.sees("Đã chuyển câu hỏi")


async def test_only_who_got_an_announcement_can_ask_about_it(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sent(office, hr)
    late = await office.person("Đến sau")
    await late.taps_data("ask_back:1")
    late.sees("Nút này không còn dùng được")
