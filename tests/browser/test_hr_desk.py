import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import xlsxwriter
from playwright.async_api import Browser, Locator, expect

from tests.browser.demo_page import Demo, bubble, on_duty, taps, types

pytestmark = pytest.mark.browser
COURSE = "Kỹ năng số cho công chức phường"


@pytest.fixture
async def demo(browser: Browser, tmp_path: Path) -> AsyncIterator[Demo]:
    async with on_duty(browser, tmp_path) as demo:
        yield demo


async def asked(device: Locator, question: str, *, answer: str = "", tap: tuple[str, ...] = ()) -> None:
    """Wait for a question of the form, then type or tap the answer."""
    await expect(bubble(device, question)).to_be_visible()
    if answer:
        await types(device, answer)
    await taps(device, *tap)


def nominated(*codes: str) -> bytes:
    """A workbook as an office writes it: a title, then the headings."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["DANH SÁCH CỬ HỌC VIÊN"])
    sheet.write_row(2, 0, ["STT", "Mã lớp", "Mã cán bộ"])
    for at, code in enumerate(codes, start=1):
        sheet.write_row(2 + at, 0, [at, "CDS26-01", code])
    book.close()
    return kept.getvalue()


async def create_course(hr: Locator) -> None:
    await types(hr, "/quanly")
    await taps(hr, "Lớp bồi dưỡng", "Tạo lớp, bản nháp", "Tạo lớp mới")
    await asked(hr, "Tên lớp là gì", answer=COURSE)
    await asked(hr, "nhóm nội dung nào", tap=("Xem tiếp$", "Chuyển đổi số$"))
    await asked(hr, "Lớp dành cho ai", tap=("Đã chọn: Cán bộ$", "Xong$"))
    await asked(hr, "bao nhiêu chỗ", tap=("30$",))
    await asked(hr, "Buổi học vào ngày nào", answer="30/11 8h-11h30")
    await asked(hr, "Học ở đâu", answer="Phòng họp tầng 2")
    await asked(hr, "thêm buổi nữa không", tap=("Xong$",))
    await asked(hr, "Hạn đăng ký là ngày nào", answer="27/11")
    await asked(hr, "Đã đủ để mở đăng ký", tap=("Mở đăng ký$",))
    await asked(hr, "Chuẩn bị mở lớp", tap=("Mở đăng ký$",))
    await expect(bubble(hr, "Đã mở đăng ký")).to_contain_text("0/30")


async def move_online(hr: Locator) -> None:
    await types(hr, "/quanly")
    await taps(hr, "Lớp bồi dưỡng", "CDS26-01")
    await taps(hr, "Thay đổi$", "Đổi lịch$", "Buổi 1", "Chuyển trực tuyến$")
    await asked(hr, "dán đường dẫn", answer="https://hop.vn/kynangso")
    await asked(hr, "Vì sao đổi", answer="Phòng họp sửa chữa")
    await asked(hr, "3 người sẽ được báo", tap=("Ghi nhận$",))
    await expect(bubble(hr, "Đã ghi lịch mới")).to_be_visible()


async def test_a_class_from_the_first_question_to_the_hours_of_who_was_there_on_the_page(demo: Demo) -> None:
    hr, lan = demo.phone("Tổ chức cán bộ"), demo.phone("Công chức").nth(1)
    await create_course(hr)

    workbook = {
        "name": "cu.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": nominated("DB0003", "DB0005", "DB0006"),
    }
    await hr.locator("input.pick-file").set_input_files([workbook])
    await expect(bubble(hr, "Xem trước, chưa ghi gì")).to_contain_text("Được giữ chỗ: 3 người")
    await taps(hr, "Ghi nhận$")
    await expect(bubble(lan, "đề cử anh/chị học lớp")).to_contain_text(COURSE)
    await taps(lan, "Nhận chỗ$")
    await expect(bubble(lan, "Đã có chỗ")).to_be_visible()

    await move_online(hr)
    await expect(bubble(lan, "đổi lịch (cũ → mới)")).to_contain_text(
        "Phòng họp tầng 2 → học trực tuyến tại https://hop.vn/kynangso"
    )
    await taps(lan, "Tôi còn đi được$")
    await expect(bubble(lan, "chỗ của anh/chị được giữ")).to_be_visible()

    await demo.passes(7, "+1 ngày")  # Monday the 30th, about eight
    await types(hr, "/diemdanh")
    await taps(hr, "30/11/2026 · Kỹ năng số", "Hiện mã$")
    shown = bubble(hr, "Mã điểm danh")
    found = re.search(r"\d \d \d \d", await shown.inner_text())
    assert found
    await types(lan, found[0].replace(" ", ""))
    await expect(bubble(lan, "Đã ghi nhận anh/chị có mặt")).to_be_visible()
    await taps(hr, "Mã mới$")
    await expect(bubble(hr, "Mã điểm danh")).to_contain_text("Đã có mặt: 1/1")
    await taps(hr, "Thôi hiện mã$")

    await demo.passes(4, "+1 giờ")
    await types(hr, "/quanly")
    await taps(hr, "Lớp bồi dưỡng", "CDS26-01", "Kết quả$", "Điêu Kim Hiền")
    await asked(hr, "gõ điểm", answer="8,5")
    await expect(bubble(hr, "8,5 – hoàn thành")).to_be_visible()

    await types(lan, "/hoso")
    await expect(bubble(lan, "Hồ sơ của anh/chị")).to_contain_text("Năm nay đã đạt 4/40 tiết, còn thiếu 36 tiết.")
    await taps(lan, "Giờ học, chứng chỉ$")
    await expect(bubble(lan, "Giờ học năm 2026")).to_contain_text(COURSE)
