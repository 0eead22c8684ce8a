import hashlib
import io

import openpyxl

from bot.excel.writer import Sheet, write_workbook
from tests.results.classes import OVER, class_of, ledger, was_there
from tests.talking import Chat, Office, at

PDF = b"%PDF-1.7 a certificate"
PHOTO = b"\xff\xd8\xff\xe0 a certificate"


async def sent_in(chat: Chat, content: bytes = PDF, number: str = "12/CN") -> None:
    await chat.sends("/hoso")
    await chat.taps("Giờ học, chứng chỉ")
    await chat.taps("Chứng chỉ")
    await chat.taps("Nộp chứng chỉ")
    await chat.uploads("chung chi.pdf", content)
    chat.sees("Mời anh/chị gõ tên lớp")
    for words in ("Chuyển đổi số cơ bản", "Học viện B", number, "15/10/2026", "24"):
        await chat.sends(words)
    await chat.taps("Chuyển đổi số")
    chat.sees(f"Số {number}", "24 tiết", "15/10/2026")
    await chat.taps("Gửi")
    chat.sees("Đã gửi chứng chỉ")


async def test_an_outside_certificate_is_sent_in_confirmed_and_its_hours_join(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    await sent_in(lan)
    await office.settle()
    hr.sees("Lan", "nộp một chứng chỉ")
    await hr.taps("Xem chứng chỉ")
    hr.sees("Chuyển đổi số cơ bản", "chờ xác nhận", "SHA-256")
    await hr.taps("Mở tệp")
    assert hr.arrived[-1].attachments[0].content == PDF
    await hr.taps("Xác nhận")
    await office.settle()
    lan.sees("đã được xác nhận", "cộng 24 tiết vào năm 2026")
    await lan.sends("/hoso")
    lan.sees("24/40 tiết, còn thiếu 16 tiết")
    await hr.taps_data("cert_ok:1")
    hr.sees("đã được quyết định")
    assert await ledger(office, lan) == [("certificate", "completed", 240, None)]


async def test_a_refused_certificate_is_explained_and_can_be_sent_again(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    await sent_in(lan, PHOTO)
    await office.settle()
    await hr.taps("Xem chứng chỉ")
    await hr.taps("Từ chối")
    await hr.sends("Ảnh mờ, không đọc được số")
    await office.settle()
    lan.sees("chưa được nhận", "Ảnh mờ")
    assert await ledger(office, lan) == []
    await sent_in(lan, PHOTO)


async def test_a_photo_is_taken_and_what_is_no_picture_or_pdf_is_refused(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.taps_data("cert_send")
    await lan.uploads("virus.pdf", b"MZ\x90 not a pdf")
    lan.sees("không phải ảnh (JPG, PNG) hay PDF")
    await lan.sends_photo(PHOTO)
    lan.sees("Mời anh/chị gõ tên lớp")
    await lan.taps_data("cert_send")
    await lan.uploads("lon.pdf", b"%PDF-" + b"0" * 10 * 1024 * 1024)
    lan.sees("lớn hơn 10 MB")


async def test_bad_answers_are_asked_again_and_a_number_is_taken_once(office: Office) -> None:
    await office.person("Hoa", hr=True)
    lan, minh = await office.person("Lan"), await office.person("Minh")
    await sent_in(lan)
    await minh.taps_data("cert_send")
    await minh.uploads("a.pdf", PDF)
    minh.sees("Tệp này đã được nộp")
    await minh.uploads("b.pdf", PDF + b"2")
    for words in ("Tin học", "học viện b", "12/cn"):
        await minh.sends(words)
    minh.sees("đã có trong sổ")
    await minh.sends("13/CN")
    await minh.sends("31/02/2026")
    minh.sees("không phải ngày cấp hợp lệ")
    await minh.sends("01/01/2030")
    minh.sees("không phải ngày cấp hợp lệ")
    await minh.sends("01/10/2026")
    await minh.sends("-5")
    minh.sees("không phải số tiết")
    await minh.taps_data("cert_send_yes")
    minh.sees("làm lại từ đầu")


async def test_nobody_confirms_their_own_and_nobody_opens_anothers(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    await sent_in(hr)
    await hr.taps_data("cert_ok:1")
    hr.sees("không tự xác nhận")
    await lan.taps_data("cert:1")
    lan.sees("dành cho người được phân quyền")
    await lan.taps_data("cert_file:1")
    assert not lan.arrived[-1].attachments


async def completed(office: Office, hr: Chat, *people: Chat) -> int:
    course_id = await class_of(office, *people, pass_mark=0, institution="Trường Chính trị")
    for one in people:
        await was_there(office, one, course_id, 20)
    office.clock.move_to(OVER)
    await office.settle()
    await hr.taps_data(f"res_close_yes:{course_id}")
    return course_id


async def test_hr_issues_numbers_of_a_class_and_a_reissue_keeps_the_old(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await completed(office, hr, lan)
    await hr.taps_data(f"cert_class:{course_id}")
    await hr.taps("Lan")
    await hr.sends("01/2026")
    await hr.taps("Hôm nay")
    hr.sees("Đã cấp 1/1", "01/2026")
    await hr.taps("Lan")
    hr.sees("Cấp lại vì lý do gì")
    await hr.sends("In sai tên")
    await hr.sends("02/2026")
    await hr.sends("08/12/2026")
    hr.sees("02/2026")
    async with office.store.reading() as tx:
        rows = await tx.fetch("select number, state, reason from certificates order by id")
    assert [(r["number"], r["state"], r["reason"]) for r in rows] == [
        ("01/2026", "replaced", None),
        ("02/2026", "valid", "In sai tên"),
    ]
    assert len(await ledger(office, lan)) == 1
    await office.settle()
    assert [kind for _, kind, _ in lan.pushed].count("certificate_issued") == 1, (
        "the number that was replaced is not told"
    )
    lan.sees("được cấp lại chứng chỉ số 02/2026, ngày 08/12/2026", "20 tiết", "/hoso")
    await lan.taps_data("certs")
    lan.sees("02/2026", "01/2026", "đã cấp lại")


async def test_certificates_of_a_class_come_by_workbook_with_the_same_rules(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    await office.person("Minh", code="A2")
    nga = await office.person("Nga", code="A3")
    course_id = await completed(office, hr, lan, nga)
    headings = ["Mã lớp", "Mã cán bộ", "Họ và tên", "Số chứng chỉ", "Ngày cấp", "Nơi cấp"]
    rows = [
        ["DD1", "A1", "Lan", "05/TC", "08/12/2026", None],
        ["DD1", "A2", "Minh", "06/TC", "08/12/2026", None],
        ["DD1", "A1", "Lan", "07/TC", "08/12/2026", None],
        ["XX", "A1", "Lan", "08/TC", "08/12/2026", None],
        ["DD1", "A3", "Nga", "09/TC", "08/12/2031", None],
        ["DD1", "A4", "Chưa có", None, None, None],
    ]
    await hr.uploads("cc.xlsx", write_workbook([Sheet("Chứng chỉ", headings, rows)]))
    hr.sees("Cấp mới: 1", "“A2” chưa hoàn thành", "đã có ở dòng 2", "không có lớp “XX”", "“08/12/2031” chưa tới")
    await hr.taps("Ghi nhận")
    await office.settle()
    lan.sees("được cấp chứng chỉ số 05/TC, ngày 08/12/2026", "20 tiết")
    await hr.taps_data(f"cert_class_sheet:{course_id}")
    await hr.uploads("lai.xlsx", hr.arrived[-1].attachments[0].content)
    hr.sees("Không có gì thay đổi", "Giữ nguyên: 1")
    await hr.taps_data("desk_certs")
    await hr.taps("Sổ chứng chỉ")
    assert hr.arrived[-1].attachments


async def test_files_that_nobody_finished_sending_go_after_a_day(office: Office) -> None:
    from scheduler import housekeeping
    from tests.talking import ZONE

    lan = await office.person("Lan")
    await lan.taps_data("cert_send")
    await lan.uploads("a.pdf", PDF)
    office.clock.move_to(at("2026-11-25"))
    await housekeeping.tick(office.store, office.clock.now(), ZONE)
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from certificate_files") == 0


async def test_the_register_holds_every_certificate_with_the_checksum_of_its_file(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan", code="A1")
    await sent_in(lan)
    await hr.taps_data("cert_ok:1")
    await hr.taps_data("cert_register")
    book = openpyxl.load_workbook(io.BytesIO(hr.arrived[-1].attachments[0].content))
    headings, row = [[cell.value for cell in line] for line in list(book.worksheets[0].rows)[-2:]]
    told = dict(zip(headings, row, strict=True))
    assert (told["Số chứng chỉ"], told["Nơi cấp"], told["Mã cán bộ"], told["Số tiết"]) == (
        "12/CN",
        "Học viện B",
        "A1",
        24,
    )
    assert told["SHA-256 của tệp"] == hashlib.sha256(PDF).hexdigest()
    assert told["Tình trạng"] == "Có hiệu lực"
