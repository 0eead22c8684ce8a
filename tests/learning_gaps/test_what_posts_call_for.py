import io

import openpyxl

from bot.training.courses import CATEGORIES
from tests.learning_gaps.posts_held import CLERK, LAND, holds, required, told
from tests.rights.agency import audited, clerk
from tests.talking import Chat, Office


async def by_chat(hr: Chat) -> None:
    await hr.sends("/quanly")
    await hr.taps("Giờ học")
    await hr.taps("Cần học theo vị trí")
    hr.sees("Chưa ghi vị trí nào cần học")
    await hr.taps("Vị trí nào cần học gì")
    await hr.taps("Công chức: chưa ghi")
    await hr.taps("Thêm nội dung")
    await hr.taps("Xem tiếp")
    await hr.taps("Pháp luật")
    hr.sees("Công chức học Pháp luật mỗi năm hay một lần là đủ?")
    await hr.taps("Mỗi năm")
    hr.sees("Đã ghi.", "• Pháp luật: mỗi năm")
    await hr.taps("Quay lại")
    await hr.taps("Tìm vị trí")
    await hr.sends("dia chinh")
    hr.sees("Vị trí có “dia chinh”: 1")
    await hr.taps(f"{LAND}: chưa ghi")
    hr.sees(f"{LAND}: 2 người")
    await hr.taps("Đặt làm vị trí ưu tiên")
    hr.sees("vị trí ưu tiên")
    await hr.taps("Thêm nội dung")
    await hr.taps("Quản lý nhà nước")
    await hr.taps("Một lần")
    hr.sees("• Quản lý nhà nước: một lần")


async def by_workbook(hr: Chat) -> None:
    await required(hr, ["Công chức", "Pháp luật", "Mỗi năm", None], ["địa chính - xây dựng", "QLNN", "một lần", "x"])


async def staffed(office: Office) -> Chat:
    hr = await office.person("Hạnh", unit="Sở Nội vụ", hr=True, audience="VC")
    await holds(office, "Lan", LAND)
    await holds(office, "Minh", "Địa chính - Xây dựng")
    await holds(office, "Nga", CLERK)
    return hr


async def facts(office: Office) -> tuple[list[tuple[object, ...]], list[str]]:
    async with office.store.reading() as tx:
        rows = await tx.fetch(
            """select r.whom, p.fold, r.category, r.every_year from post_requirements r
            left join posts p on p.id = r.post_id order by r.whom"""
        )
        first = await tx.fetch("select fold from posts where priority = 1")
    return [tuple(row) if isinstance(row, tuple) else tuple(dict(row).values()) for row in rows], [
        row["fold"] for row in first
    ]


WANTED = ([("CC", None, "PL", 1), ("post", "dia chinh xay dung", "QLNN", 0)], ["dia chinh xay dung"])


async def test_the_chat_and_the_workbook_write_the_same(office: Office) -> None:
    hr = await staffed(office)
    await by_chat(hr)
    assert await facts(office) == WANTED
    await hr.taps("Bỏ: Quản lý nhà nước")
    hr.sees("Đã bỏ.", "Chưa ghi nội dung cần học")
    await hr.taps("Thôi ưu tiên")
    await hr.taps_data("post_drop:CC:0:PL")
    assert await facts(office) == ([], [])
    await by_workbook(hr)
    assert await facts(office) == WANTED
    assert len(await audited(office, "post.require")) == 6


async def test_what_went_out_comes_back_unchanged_or_edited_and_can_be_undone(office: Office) -> None:
    hr = await staffed(office)
    await by_workbook(hr)
    await hr.taps_data("posts_sheet")
    (file,) = hr.arrived[-1].attachments
    await hr.uploads("lai.xlsx", file.content)
    hr.sees("Không có gì thay đổi", "Giữ nguyên: 2")
    hr.sees_no("[Ghi nhận]")

    book = openpyxl.load_workbook(io.BytesIO(file.content))
    page = book.worksheets[0]
    page.cell(page.max_row, 3).value, page.cell(page.max_row, 4).value = "Mỗi năm", None
    page.delete_rows(page.max_row - 1)
    page.append(["Lãnh đạo, quản lý", "Lãnh đạo, quản lý", "Một lần"])
    out = io.BytesIO()
    book.save(out)
    await hr.uploads("lai.xlsx", out.getvalue())
    hr.sees("1 đổi, 1 thêm, 1 bỏ", "Bỏ: Công chức: Pháp luật", "Đổi vị trí ưu tiên: 1")
    await hr.taps("Ghi nhận")
    assert (await facts(office))[0] == [("leaders", None, "LDQL", 0), ("post", "dia chinh xay dung", "QLNN", 1)]
    await hr.taps("Hoàn tác")
    await hr.taps("Có")
    assert await facts(office) == WANTED


async def test_what_was_changed_since_stays_when_the_file_is_undone(office: Office) -> None:
    hr = await staffed(office)
    await by_workbook(hr)
    undo = next(data for label, data in hr.arrived[-1].menu if label == "Hoàn tác")
    await hr.taps_data("post_keep:CC:0:PL:0")
    await hr.taps_data(undo)
    await hr.taps("Có")
    hr.sees("Công chức")
    assert (await facts(office))[0] == [("CC", None, "PL", 0)]


async def test_rows_that_cannot_be_are_told_in_their_row(office: Office) -> None:
    hr = await staffed(office)
    rows = [
        ["Công chức", "Pháp luật", "Mỗi năm", None],
        ["CC", "PL", "Một lần", None],
        ["Công chức", "Nấu ăn", "Mỗi năm", None],
        ["Viên chức", "PL", "hai năm", None],
        ["Viên chức", "PL", "Mỗi năm", "x"],
        [None, "PL", "Mỗi năm", None],
        ["???", "PL", "Mỗi năm", None],
        ["Kế toán", "CDS", "Một lần", "?"],
        ["Tài chính", "CDS", "Một lần", None],
        ['=1+1', "CDS", "Một lần", None],
        ["Văn phòng – thống kê", None, None, None],
    ]  # fmt: skip
    await hr.uploads("can-hoc.xlsx", told(*rows))
    hr.sees("Xem trước", "Dòng lỗi, để lại: ")
    text = hr.last
    for words in ("Nội dung này đã có ở dòng 2", "không có nội dung “Nấu ăn”", "không phải Mỗi năm hay Một lần"):
        assert words in text
    await hr.taps("Ghi nhận")
    whoms = [row[:3] for row in (await facts(office))[0]]
    assert ("CC", None, "PL") in whoms
    assert ("post", "tai chinh", "CDS") in whoms
    assert len(whoms) <= 3


async def test_a_post_that_nobody_holds_yet_is_kept_with_a_remark(office: Office) -> None:
    hr = await staffed(office)
    await hr.uploads("can-hoc.xlsx", told(["Kế toán", "CDS", "Một lần", None]))
    hr.sees("chưa có ai ở vị trí “Kế toán”", "0 đổi, 1 thêm, 0 bỏ")
    await hr.taps("Ghi nhận")
    await hr.taps_data("posts")
    hr.sees("Mọi người")
    await hr.taps_data("posts:1")
    hr.sees("Kế toán: 1 nội dung")


async def test_only_hr_of_the_whole_says_what_posts_call_for(office: Office) -> None:
    hr = await staffed(office)
    await by_workbook(hr)
    mai = await clerk(office, "Mai", "Xã Trí Phải")
    await mai.uploads("can-hoc.xlsx", told(["Viên chức", "PL", "Mỗi năm", "x"]))
    mai.sees("chỉ người quản lý toàn cơ quan")
    mai.sees_no("[Ghi nhận]")
    for data in ("posts", "post:CC:0", "post_drop:CC:0:PL", "post_keep:CC:0:CDS:1", "post_first:1:0", "posts_sheet"):
        await mai.taps_data(data)
    assert await facts(office) == WANTED
    assert ("refused", "choice:post_drop") in await audited(office, "refused")


async def test_forged_buttons_are_told_to_be_stale(office: Office) -> None:
    hr = await staffed(office)
    for data in ("post:post:999", "post:CC:7", "post:xx:0", "post_keep:CC:0:XX:1", "post_term:CC:0:XX", "gaps_of:XX",
                 "gaps_hint:XX:1", "post_first:999:1"):  # fmt: skip
        await hr.taps_data(data)
        hr.sees_no("sự cố")
    assert await facts(office) == ([], [])


async def test_every_name_of_a_content_group_is_read_back(office: Office) -> None:
    hr = await staffed(office)
    for category in CATEGORIES:
        await hr.taps_data(f"post_keep:all:0:{category}:0")
    await hr.taps_data("posts_sheet")
    await hr.uploads("lai.xlsx", hr.arrived[-1].attachments[0].content)
    hr.sees("Không có gì thay đổi", f"Giữ nguyên: {len(CATEGORIES)}")
