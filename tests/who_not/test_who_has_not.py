import io

from openpyxl import load_workbook

from bot.training import who_not
from bot.training.who_not import Missing
from tests.courses.classes import course, seated
from tests.legal.law_office import law, publish
from tests.talking import Office


async def test_one_word_shows_every_list_with_somebody_on_it(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    await office.person("Lan", unit="Xã A")
    await office.person("Bình", unit="Xã B", linked=False)
    await publish(office, law())
    await hr.sends("ai chưa?")
    hr.sees("[Chưa liên kết (1)]", "[Chưa học 1/2026/QH16 (2)]")
    await hr.taps("Chưa học")
    hr.sees("Chưa xong cập nhật pháp luật 1/2026/QH16: 2 người", "Xã A: Lan", "Xã B: Bình")
    await hr.taps("Tải tệp Excel")
    (sheet,) = load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [1, "XLan", "Lan", "Xã A"] in rows
    assert [2, "XBình", "Bình", "Xã B"] in rows


async def test_nobody_left_is_said_plainly(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await target(office, 0)
    await hr.sends("Ai chưa")
    hr.sees("không ai còn việc chưa làm")


async def target(office: Office, periods: int) -> None:
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into hour_targets (audience, year, hours, at) values ('CC', 2026, cast($1 as bigint), 0)", periods
        )


async def test_who_is_under_the_hours_of_the_year_is_one_tap_away_for_hr(office: Office) -> None:
    hr, head = await office.person("Hạnh", hr=True, audience="CB"), await office.person("Long", head=True)
    await office.person("Lan")
    await target(office, 24)
    await hr.sends("ai chưa")
    await hr.taps("Chưa đủ tiết năm 2026 (3)")
    hr.sees("Chưa đạt mức tiết năm 2026: 3 người", "Lan (Xã Trí Phải): 0/24", "Hạnh (Xã Trí Phải): 0/40")
    await head.sends("ai chưa")
    head.sees_no("Chưa đủ tiết")  # who stands where is HR's list


async def test_from_a_list_of_a_class_hr_goes_on_to_the_others_of_it(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True, unit="Xã B"), await office.person("Lan", unit="Xã A", linked=False)
    head = await office.person("Long", unit="Xã A", head=True)
    course_id = await course(office, title="Tin học")
    await seated(office, lan, course_id)
    await hr.taps_data(f"who_not_list:class_chat:{course_id}")
    hr.sees("Xã A: Lan")
    await hr.taps("Ai chưa? của lớp")
    hr.sees("Tin học", "[Chưa liên kết (1)]")
    await head.taps_data(f"who_not_list:class_chat:{course_id}")
    head.sees("Xã A: Lan")
    head.sees_no("của lớp")


async def test_a_head_sees_the_own_unit_only_and_others_search(office: Office) -> None:
    head = await office.person("Long", unit="Xã A", head=True, audience="CB")
    lan = await office.person("Lan", unit="Xã A")
    await office.person("Bình", unit="Xã B")
    await publish(office, law())
    await head.sends("ai chưa")
    await head.taps("Chưa học")
    head.sees("1 người", "Xã A: Lan")
    head.sees_no("Bình")
    await lan.sends("ai chưa")
    lan.sees("chưa tìm thấy")
    await lan.taps_data("who_not_list:law:1")
    lan.sees("dành cho người được phân quyền")
    lan.sees_no("Bình")


async def test_a_clerk_of_one_unit_sees_nobody_of_another(office: Office) -> None:
    clerk = await office.person("Hạnh", unit="Xã A", audience="CB")
    await office.person("Lan", unit="Xã A")
    await office.person("Bình", unit="Xã B")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 0 from people where name = 'Hạnh'"""
        )
    await publish(office, law())
    await clerk.taps_data("who_not_list:law:1")
    clerk.sees("1 người", "Xã A: Lan")
    clerk.sees_no("Bình")


async def test_heads_who_have_not_decided_are_listed_until_they_do(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Xã B")
    head = await office.person("Long", unit="Xã A", head=True)
    lan = await office.person("Lan", unit="Xã A")
    course_id = await course(office, capacity=2)
    await lan.taps_data(f"enrol:{course_id}")
    await hr.sends("ai chưa")
    await hr.taps("Chưa duyệt")
    hr.sees("1 người", "Xã A: Long")
    await head.sends("/duyet")
    await head.taps("Lan")
    await head.taps("Duyệt")
    await hr.taps_data(f"who_not_list:decide:{course_id}")
    hr.sees("không còn ai")


async def test_every_look_at_a_list_is_in_the_log(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    await office.person("Lan")
    await publish(office, law())
    await hr.taps_data("who_not_list:law:1")
    await hr.taps_data("who_not_file:law:1")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select by_person, action, subject from audit order by id")
    assert [(row["by_person"], row["action"], row["subject"]) for row in rows][-2:] == [
        (hr.person_id, "who_not.list", "law:1"),
        (hr.person_id, "who_not.export", "law:1"),
    ]


async def test_forged_kinds_and_things_are_answered_politely(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    for forged in ("who_not_list:secrets:1", "who_not_list:law:99", "who_not_file:receipt:5", "who_not_list:chat:7"):
        await hr.taps_data(forged)
        assert "không còn" in hr.last or "chỉ dành cho" in hr.last


async def test_the_lists_are_there_in_english(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    await office.person("Bình", linked=False)
    await publish(office, law())
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")
    await hr.sends("who has not")
    hr.sees("[Not linked (1)]", "[Not done: 1/2026/QH16 (1)]")
    await hr.taps("Not linked")
    hr.sees("cannot be reached through the assistant: 1 people", "Bình")


def test_a_unit_with_many_names_is_continued_on_a_line_of_its_own() -> None:
    people = [Missing(n, f"C{n}", "Nguyễn Văn A", "Đơn vị") for n in range(500)]
    lines = who_not.lines(people)
    assert all(line.startswith("Đơn vị: ") and len(line) <= 1200 for line in lines)
    assert sum(line.count("Nguyễn") for line in lines) == 500
    assert all(sum(len(line) + 1 for line in message) <= 1500 for message in who_not.messages(lines))
