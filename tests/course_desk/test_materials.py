from tests.course_desk.people import school, unit_id
from tests.courses.classes import course, seated
from tests.talking import Chat, Office, at


async def added(hr: Chat, course_id: int, name: str, content: bytes | str) -> None:
    await hr.taps_data(f"mt_add:{course_id}")
    await hr.sends(name)
    if isinstance(content, bytes):
        await hr.uploads("de-cuong.pdf", content)
    else:
        await hr.sends(content)


async def test_a_learner_opens_a_file_from_the_card_of_the_course(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    course_id = await course(office)
    await hr.taps_data(f"ce:{course_id}")
    await hr.taps("Tài liệu")
    await hr.taps("Thêm tài liệu")
    await hr.sends("Đề cương")
    await hr.uploads("de-cuong.pdf", b"ban mot")
    assert hr.sees("Đã ghi Đề cương, bản 1")
    await lan.taps_data(f"course:{course_id}")
    assert lan.sees_no("Tài liệu")
    await seated(office, lan, course_id)
    await lan.taps_data(f"course:{course_id}")
    await lan.taps("Tài liệu (1)")
    await lan.taps("Đề cương")
    assert lan.sees("bản 1, 23/11/2026", "Người gửi: Hạnh")
    assert [(a.name, a.content) for a in lan.arrived[-1].attachments] == [("de-cuong.pdf", b"ban mot")]


async def test_those_with_a_seat_hear_once_of_a_new_version(office: Office) -> None:
    hr, lan, mai = await office.person("Hạnh", hr=True), await office.person("Lan"), await office.person("Mai")
    course_id = await course(office)
    await seated(office, lan, course_id)
    await added(hr, course_id, "Đề cương", b"1")
    await office.settle()
    assert lan.pushed == []
    await added(hr, course_id, "đề cương", b"2")
    await added(hr, course_id, "Đề  cương", "https://example.vn/de-cuong")
    await office.settle()
    await office.settle()
    assert [kind for _, kind, _ in lan.pushed] == ["material_new"]
    assert lan.sees("Đề cương", "bản 3")
    assert mai.pushed == []
    await lan.taps("Mở tài liệu")
    assert lan.sees("Đường dẫn: https://example.vn/de-cuong")


async def test_the_news_waits_for_calm_hours_and_falls_away_when_the_material_is_withdrawn(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    course_id = await course(office)
    await seated(office, lan, course_id)
    await added(hr, course_id, "Đề cương", b"1")
    office.clock.move_to(at("2026-11-23", "22:00"))
    await added(hr, course_id, "Đề cương", b"2")
    await office.settle()
    assert lan.pushed == []
    await hr.taps_data("mt_one:2")
    await hr.taps("Gỡ tài liệu")
    await hr.taps("Gỡ tài liệu")
    await office.time_passes(at("2026-11-24", "10:00"))
    assert lan.pushed == []
    await lan.taps_data("mt_one:2")
    assert lan.sees("đã được gỡ")
    async with office.store.reading() as tx:
        states = await tx.fetch("select state, reason from outbox where kind = 'material_new'")
    assert [(row["state"], row["reason"]) for row in states] == [("skipped", "withdrawn")]


async def test_bad_material_is_refused_with_what_to_do(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office)
    await added(hr, course_id, "...", "x")
    assert hr.saw("Tên tài liệu cần có chữ")
    await added(hr, course_id, "Đề cương", "không phải đường dẫn")
    assert hr.sees("cần bắt đầu bằng https://")
    await hr.uploads("rong.pdf", b"")
    assert hr.sees("trống")
    await hr.sends("https://example.vn/a")
    assert hr.sees("Đã ghi Đề cương")


async def test_nobody_without_a_seat_opens_materials_and_a_foreign_school_adds_none(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    own, other = await school(office, "Giáo vụ", "Trường A"), await school(office, "Khác", "Trường B")
    course_id = await course(office, institution="Trường A", institution_id=1)
    await added(hr, course_id, "Đề cương", b"1")
    for data in (f"mt:{course_id}", "mt_one:1"):
        await lan.taps_data(data)
        assert lan.sees_no("Đề cương")
    for data in (f"mt:{course_id}", "mt_one:1", f"mt_add:{course_id}", "mt_renew:1", "mt_off:1:1"):
        await other.taps_data(data)
        assert other.sees_no("Đề cương")
    await added(own, course_id, "Lịch học", "https://example.vn/lich")
    assert own.sees("Đã ghi Lịch học")
    async with office.store.reading() as tx:
        refused = await tx.fetchval("select count(*) from audit where action = 'refused'")
        gone = await tx.fetchval("select count(*) from materials where withdrawn_at is not null")
    assert (refused, gone) == (7, 0)


async def test_a_school_names_the_room_of_its_own_course_once(office: Office) -> None:
    own, other = await school(office, "Giáo vụ", "Trường A"), await school(office, "Khác", "Trường B")
    course_id = await course(office, institution_id=1, place=None)
    await own.sends("/start")
    await own.taps("Lớp phụ trách")
    await own.taps("Lớp mẫu")
    await own.taps("Ghi nơi học buổi 1")
    await own.sends("Hội trường B")
    assert own.sees("Đã ghi nơi học buổi 1: Hội trường B")
    await own.taps_data("run_place:1")
    await own.sends("Phòng 9")
    assert own.sees("đã có nơi học")
    await other.taps_data("run_place:1")
    assert other.sees_no("Lớp mẫu")
    await other.taps_data(f"run_one:{course_id}")
    assert other.sees_no("Lớp mẫu")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select place, sequence from sessions")
    assert (row["place"], row["sequence"]) == ("Hội trường B", 1)
    assert await unit_id(office, "Xã Trí Phải")
