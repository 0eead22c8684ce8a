from bot.excel.writer import Sheet, write_workbook
from tests.broadcasts.announcing import got, written
from tests.courses.classes import course, seated
from tests.talking import Chat, Office

TEXT = "Nộp bản kê khai trước 15/12."


async def sends_it(office: Office, hr: Chat) -> None:
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()


async def test_units_come_with_those_below_them(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    lan = await office.person("Lan", unit="Xã Trí Phải")
    mai = await office.person("Mai", unit="Trường Trí Phải")
    tam = await office.person("Tâm", unit="Xã Khác")
    async with office.store.transaction() as tx:
        await tx.execute(
            """update units set parent_id = (select id from units where name = 'Xã Trí Phải')
            where name = 'Trường Trí Phải'"""
        )
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Đơn vị")
    await hr.taps("Xã Khác")
    hr.sees("Đã chọn: Xã Khác", "✓ Xã Khác")
    await hr.taps("Xã Khác")
    await hr.taps("Xã Trí Phải")
    await hr.taps("Xong")
    hr.sees("đơn vị (cả đơn vị trực thuộc): Xã Trí Phải", "2 người")
    await hr.taps("Xong")
    await sends_it(office, hr)
    assert [got(chat, TEXT) for chat in (lan, mai, tam)] == [1, 1, 0]


async def test_a_group_narrows_whatever_was_chosen(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan", audience="VC")
    mai = await office.person("Mai", audience="CC")
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Chỉ viên chức")
    hr.sees("mọi người – chỉ nhóm viên chức", "1 người")
    await hr.taps("Xong")
    await sends_it(office, hr)
    assert [got(chat, TEXT) for chat in (lan, mai)] == [1, 0]


async def test_leaders_only(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    async with office.store.transaction() as tx:
        await tx.execute("update people set leader = 1 where id = $1", lan.person_id)
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Lãnh đạo")
    hr.sees("lãnh đạo, quản lý – 1 người")


async def test_people_with_a_seat_on_a_course(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await office.person("Mai")
    course_id = await course(office)
    await seated(office, lan, course_id)
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Người của một lớp")
    await hr.taps_data(f"bc_pick:1:course:{course_id}:0")
    await hr.taps("Xong")
    hr.sees("người có chỗ ở lớp", "1 người")


async def test_people_who_have_not_done_a_legal_update(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into legal_updates
                (id, number, title, fold, effective_on, deadline, pass_mark, digest, published_at)
            values (1, '171', 'Nghị định 171', 'nghi dinh 171', '2026-01-01', 1900000000, 1, '', 1)"""
        )
        await tx.execute("insert into legal_audience values (1, 'CC')")
        await tx.execute(
            """insert into legal_evidence (person_id, update_id, version, at, right_answers, questions)
            values ($1, 1, 1, 1, 1, 1)""",
            lan.person_id,
        )
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Chưa xong pháp luật")
    await hr.taps("Nghị định 171")
    await hr.taps("Xong")
    hr.sees("người chưa xong cập nhật: Nghị định 171", "1 người")
    await hr.taps("Xong")
    await sends_it(office, hr)
    assert [got(chat, TEXT) for chat in (hr, lan)] == [2, 0]  # with the preview


async def test_pasted_codes_with_the_unknown_ones_named(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan", code="CB001")
    mai = await office.person("Mai", code="CB002")
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Danh sách mã")
    await hr.sends("cb001, SAI9\nSAI10")
    hr.sees("Đã nhận 1 người", "SAI9, SAI10")
    await hr.taps("Dùng danh sách này")
    await hr.taps("Xong")
    await sends_it(office, hr)
    assert [got(chat, TEXT) for chat in (lan, mai)] == [1, 0]


async def test_codes_nobody_has_are_refused_and_asked_for_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Lan", code="CB001")
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Danh sách mã")
    await hr.sends("SAI9")
    hr.sees("Không có ai mang các mã: SAI9")
    await hr.sends("CB001")
    hr.sees("danh sách mã cán bộ – 1 người")


async def test_a_workbook_with_a_column_of_codes(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Lan", code="CB001")
    await office.person("Mai", code="CB002")
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Danh sách mã")
    sheet = Sheet("DS", ["STT", "Họ và tên", "Mã cán bộ"], [[1, "Lan", "CB001"], [2, "Mai", "CB002"]])
    await hr.uploads("ds.xlsx", write_workbook([sheet]))
    hr.sees("danh sách mã cán bộ – 2 người")


async def test_a_workbook_without_codes_says_what_is_missing(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Danh sách mã")
    await hr.uploads("ds.xlsx", write_workbook([Sheet("DS", ["STT", "Họ và tên"], [[1, "Lan"]])]))
    hr.sees("Mã CBCC")


async def test_an_audience_of_nobody_is_refused(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr)
    await hr.taps("Xem trước")
    await office.settle()
    hr.sees("Không có ai nhận tin này")
    await hr.taps_data("bc:1")
    await hr.taps("Người nhận")
    await hr.taps("Lãnh đạo")
    await hr.taps("Xong")
    await hr.taps("Xem trước")
    await office.settle()
    hr.sees("Không có ai nhận tin này")
    hr.sees_no("[Gửi]")
    await hr.taps_data("bc_send:1:3:0")
    assert not hr.saw("Đã bắt đầu gửi")


async def test_who_turned_general_news_off_is_left_out_and_counted(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await lan.sends("/hoso")
    await lan.taps("Tin nhận được")
    lan.sees("Tin chung của cơ quan: đang nhận", "không tắt được", "nghĩa vụ hằng năm")
    await lan.taps("Tắt: tin chung")
    lan.sees("Tin chung của cơ quan: đã tắt")
    await written(hr)
    await hr.taps("Đổi thành tin chung")
    await hr.taps("Người nhận")
    await hr.taps("Mọi người")
    await hr.taps("Xong")
    await hr.taps("Xem trước")
    await office.settle()
    hr.sees("Gửi cho 1 người", "Đã tắt tin chung, không nhận: 1")
    await hr.taps("Gửi")
    await office.settle()
    assert got(lan, TEXT) == 0
    await lan.taps("Bật: tin chung")
    lan.sees("Tin chung của cơ quan: đang nhận")


async def test_what_is_required_reaches_those_who_turned_general_news_off(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await lan.taps_data("topic_set:general:0")
    await written(hr)
    await hr.taps("Người nhận")
    await hr.taps("Mọi người")
    await hr.taps("Xong")
    await sends_it(office, hr)
    assert got(lan, TEXT) == 1


async def test_a_locked_topic_cannot_be_turned_off(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.taps_data("topic_set:laws:0")
    lan.sees("Nút này không còn dùng được")
