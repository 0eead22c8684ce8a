from tests.courses.classes import course, state_of
from tests.nominations.test_heads_nominate import nominated, unit_of_three
from tests.rights.agency import audited
from tests.talking import Office


async def test_a_head_takes_a_nomination_back_and_reads_whose_and_how_many_are_left(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, title="Luật Đất đai")
    await nominated(long, course_id, lan)
    await nominated(long, course_id, minh)
    await office.settle()
    await long.taps_data(f"nominate:{course_id}")
    long.sees("đang đề cử 2 người")
    await long.taps("Đã đề cử")
    await long.taps("Rút đề cử Lan")
    long.sees("Rút đề cử Lan học lớp Luật Đất đai?", "sẽ được báo")
    await long.taps("Rút đề cử")
    long.sees("Đã rút đề cử Lan.", "Lan: đã rút đề cử", "Minh: chờ trả lời", "Đang đề cử 1 người")
    long.sees_no("[Rút đề cử Lan]")
    await office.settle()
    lan.sees("đã được rút lại")
    assert await state_of(office, lan, course_id) == ["cancelled"]
    await long.taps("Quay lại")
    long.sees("đang đề cử 1 người")
    assert await audited(office, "nomination.withdraw") == [("nomination.withdraw", f"course:{course_id}")]


async def test_who_declined_or_left_is_not_counted(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, title="Luật Đất đai")
    await nominated(long, course_id, lan)
    await nominated(long, course_id, minh)
    await office.settle()
    await lan.taps("Nhường chỗ")
    await lan.taps("Nhường chỗ")
    await long.taps_data(f"nominate:{course_id}")
    long.sees("đang đề cử 1 người")


async def test_a_nomination_that_was_answered_or_is_anothers_is_not_taken_back(office: Office) -> None:
    long, lan, _ = await unit_of_three(office)
    hr = await office.person("Hoa", hr=True, unit="Sở Nội vụ")
    course_id = await course(office, title="Luật Đất đai")
    await nominated(long, course_id, lan)
    await office.settle()
    await hr.taps_data("nominate_back:1:1")
    hr.sees("người được phân quyền")
    await lan.taps("Nhận chỗ")
    await long.taps_data("nominate_back:1:1")
    long.sees("không còn dùng được")
    assert await state_of(office, lan, course_id) == ["seat"]


async def test_the_place_that_becomes_free_is_offered_on(office: Office) -> None:
    long, lan, minh = await unit_of_three(office)
    course_id = await course(office, title="Luật Đất đai", capacity=1)
    await nominated(long, course_id, lan)
    await minh.taps_data(f"enrol:{course_id}")
    await long.taps_data("nominate_back:1:1")
    await office.settle()
    minh.sees("vừa có chỗ trống dành cho anh/chị")
    assert not lan.saw("đề cử")  # it was taken back before it had been told
