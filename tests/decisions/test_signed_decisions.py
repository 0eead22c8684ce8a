import hashlib
import io

import openpyxl

from bot.training import scans
from tests.courses.classes import SAMPLE, course, seated
from tests.rights.agency import audited, clerk
from tests.talking import Chat, Office

PDF = b"%PDF-1.7 Quyet dinh"
DAY = "02/11/2026"


async def desk(office: Office) -> tuple[Chat, Chat, int]:
    hr, lan = await office.person("Hạnh", unit="Sở Nội vụ", hr=True), await office.person("Lan")
    course_id = await course(office, title="Luật Đất đai", code="DD1")
    await seated(office, lan, course_id)
    return hr, lan, course_id


async def recorded(hr: Chat, course_id: int, number: str = "123/QĐ-UBND", day: str = DAY) -> None:
    await hr.taps_data(f"decision_new:{course_id}")
    await hr.sends(number)
    await hr.sends(day)


async def test_hr_records_a_signed_decision_and_the_learner_sees_its_number(office: Office) -> None:
    hr, lan, course_id = await desk(office)
    await hr.taps_data(f"papers:{course_id}")
    await hr.taps("Quyết định đã ký")
    hr.sees("Chưa ghi quyết định nào")
    await hr.taps("Ghi quyết định")
    hr.sees("Quyết định cử đi học lớp Luật Đất đai số bao nhiêu?")
    await hr.sends("123/QĐ-UBND")
    await hr.sends(DAY)
    hr.sees("Đã ghi quyết định.", "Quyết định số 123/QĐ-UBND, ký ngày 02/11/2026", "Chưa có bản chụp")
    await lan.taps_data(f"course:{course_id}")
    lan.sees("Quyết định cử đi học: số 123/QĐ-UBND, ngày 02/11/2026")
    minh = await office.person("Minh")
    await minh.taps_data(f"course:{course_id}")
    minh.sees_no("123/QĐ-UBND")


async def test_its_scan_is_kept_once_with_its_checksum_and_can_be_opened(office: Office) -> None:
    hr, lan, course_id = await desk(office)
    await recorded(hr, course_id)
    await hr.taps("Gửi bản chụp")
    await hr.uploads("qd.docx", b"PK\x03\x04 no scan")
    hr.sees("không phải ảnh")
    await hr.uploads("qd.pdf", PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    hr.sees("Đã nhận bản chụp.", digest)
    await hr.taps("Mở bản chụp")
    assert hr.arrived[-1].attachments[0].content == PDF
    await hr.taps_data("decision_attach:1")
    await hr.uploads("khac.pdf", PDF + b"2")
    await hr.taps_data("decision:1")
    hr.sees(digest)
    assert await audited(office, "decision.open") == [("decision.open", "decision:1")]
    await lan.taps_data("decision_open:1")
    assert lan.arrived[-1].attachments == []
    assert scans.LARGEST == 10 * 1024 * 1024


async def test_wrong_numbers_and_days_are_asked_again(office: Office) -> None:
    hr, _, course_id = await desk(office)
    await hr.taps_data(f"decision_new:{course_id}")
    for wrong in ("không số", "1" * 61):
        await hr.sends(wrong)
        hr.sees("Số quyết định phải có chữ số")
    await hr.sends("5/QĐ")
    for wrong in ("hôm kia", "31/02/2026", "24/11/2026", "01/01/1926"):
        await hr.sends(wrong)
        hr.sees("không phải ngày ký hợp lệ")
    await hr.taps_data(f"decision_today:{course_id}")
    hr.sees("ký ngày 23/11/2026")
    await recorded(hr, course_id, "5/qđ", "23/11/2026")
    hr.sees("đã được ghi cho lớp")


async def test_a_mistake_is_taken_out_and_may_be_recorded_anew(office: Office) -> None:
    hr, _, course_id = await desk(office)
    await recorded(hr, course_id)
    await hr.taps("Ghi nhầm, bỏ")
    await hr.taps("Bỏ khỏi sổ")
    hr.sees("Chưa ghi quyết định nào")
    await hr.taps_data("decision_withdraw:1:1")
    assert len(await audited(office, "decision.withdraw")) == 1
    await hr.taps_data("decision:1")
    hr.sees("Đã bỏ khỏi sổ")
    await recorded(hr, course_id)
    hr.sees("Đã ghi quyết định.")


async def test_the_register_is_searched_and_fetched(office: Office) -> None:
    hr, _, course_id = await desk(office)
    other = await course(office, title="Tiếng Anh", code="TA1")
    for number in range(1, 8):
        await recorded(hr, other, f"{number}/QĐ-SNV")
    await recorded(hr, course_id)
    await hr.taps_data("desk_certs")
    await hr.taps("Sổ quyết định")
    hr.sees("8 quyết định, trang 1/2")
    await hr.taps("Tìm quyết định")
    await hr.sends("luat dat dai")
    hr.sees("1 quyết định có “luat dat dai”")
    await hr.taps("Tìm quyết định")
    await hr.sends("999")
    hr.sees("Không có quyết định nào")
    await hr.taps("Tải sổ (Excel)")
    content = hr.arrived[-1].attachments[0].content
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    found = [row[0].value for row in page.iter_rows() if row[0].value]
    assert found[-8:] == ["123/QĐ-UBND", *(f"{n}/QĐ-SNV" for n in range(7, 0, -1))]
    await hr.uploads("so.xlsx", content)
    hr.sees("là bảng để xem")


async def test_a_clerk_of_a_unit_reads_those_of_the_whole_and_changes_the_own_alone(office: Office) -> None:
    hr, _, course_id = await desk(office)
    mai = await clerk(office, "Mai", "Xã Trí Phải")
    await recorded(hr, course_id)
    await mai.taps_data("decision:1")
    mai.sees("123/QĐ-UBND")
    mai.sees_no("Gửi bản chụp")
    for data in (f"decision_new:{course_id}", "decision_attach:1", "decision_withdraw:1:1"):
        await mai.taps_data(data)
        mai.sees_no("123/QĐ-UBND")
    assert len(await audited(office, "refused")) == 3


async def test_the_paper_of_a_decision_on_a_class_of_the_whole_is_not_opened_by_a_clerk_of_a_unit(
    office: Office,
) -> None:
    hr, _, course_id = await desk(office)
    mai = await clerk(office, "Mai", "Xã Trí Phải")
    await recorded(hr, course_id)
    await hr.taps("Gửi bản chụp")
    await hr.uploads("qd.pdf", PDF)
    await mai.taps_data("decision:1")
    mai.sees_no("Mở bản chụp")
    await mai.taps_data("decision_open:1")
    assert mai.arrived[-1].attachments == []


async def test_a_class_brought_in_by_a_file_stays_when_a_decision_hangs_on_it(office: Office) -> None:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True)
    await hr.uploads(SAMPLE.name, SAMPLE.read_bytes())
    await hr.taps("Ghi nhận")
    undo = next(data for label, data in hr.arrived[-1].menu if label == "Hoàn tác")
    async with office.store.reading() as tx:
        course_id = await tx.fetchval("select min(id) from courses")
    await recorded(hr, course_id)
    await hr.taps_data(undo)
    hr.sees_no("sự cố")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from courses where id = $1", course_id) == 1


async def test_in_english(office: Office) -> None:
    hr, lan, course_id = await desk(office)
    for chat in (hr, lan):
        await chat.sends("/ngonngu")
        await chat.taps("English")
    await recorded(hr, course_id)
    hr.sees("The decision is recorded.")
    await lan.taps_data(f"course:{course_id}")
    lan.sees("Decision: 123/QĐ-UBND")
    await hr.taps_data("decisions_all")
    hr.sees("1 decisions")
