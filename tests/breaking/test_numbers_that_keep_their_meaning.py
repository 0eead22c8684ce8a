from tests.courses.classes import course
from tests.talking import Office, at


async def test_an_explanation_leaves_the_open_buttons_open(office: Office) -> None:
    lan = await office.person("Lan")
    await course(office, title="Luật Đất đai")
    await lan.sends("/lop")
    await lan.sends("99")
    lan.sees("lựa chọn")
    await lan.sends("1")
    lan.sees("Luật Đất đai", "Đăng ký")


async def test_a_reminder_does_not_take_over_the_numbers_of_somebody_in_the_middle(office: Office) -> None:
    lan = await office.person("Lan")
    await course(office, title="Luật Đất đai", needs_head=0)
    await course(office, title="Tin học", needs_head=0, sessions_at=(("2026-12-21", "07:30", "11:30"),))
    await lan.sends("/lop")
    await lan.taps("Luật Đất đai")
    await lan.taps("Đăng ký")
    office.clock.move_to(at("2026-12-04", "18:59"))
    await lan.sends("/lop")
    office.clock.move_to(at("2026-12-04", "19:00"))
    await office.settle()
    lan.sees("Nhắc lịch")
    await lan.sends("2")
    lan.sees("Tin học", "Đăng ký")


async def test_the_first_number_on_ones_own_course_gives_no_seat_up(office: Office) -> None:
    lan = await office.person("Lan")
    course_id = await course(office, title="Luật Đất đai", needs_head=0)
    await lan.taps_data(f"enrol:{course_id}")
    await lan.taps_data(f"course:{course_id}")
    assert lan.arrived[-1].menu[0][0] != "Huỷ đăng ký"
    assert lan.arrived[-1].menu[-1][0] == "Huỷ đăng ký"


async def test_a_typed_yes_answers_a_question_of_consent_and_anything_else_repeats_it(office: Office) -> None:
    lan = await office.person("Lan")
    async with office.store.transaction() as tx:
        await tx.execute("delete from consents")
    await lan.sends("/start")
    lan.sees("Câu 1/3")
    await lan.sends("để xem đã")
    lan.sees("Câu 1/3")
    await lan.sends("ok")
    lan.sees("Câu 2/3")
    await lan.sends("không")
    lan.sees("Câu 3/3")
