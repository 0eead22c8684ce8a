import io

import docx
import openpyxl
import pytest

from bot.forms.number_words import in_words
from bot.training import forms as agency_forms
from bot.training import papers
from tests.courses.classes import course, seated
from tests.forms.papers import saved, word, workbook
from tests.talking import Chat, Office, at

TWO_DAYS = (("2026-12-07", "07:30", "11:30"), ("2026-12-09", "07:30", "11:30"))


async def classroom(office: Office, **fields: object) -> tuple[Chat, int]:
    """A clerk of the whole and a course with four learners of two units."""
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    async with office.store.transaction() as tx:
        await tx.execute("insert into agency (fact, value) values ('name', 'UBND tỉnh Điện Biên')")
    facts = {"title": "Luật Đất đai", "code": "L1", "institution": "Trường Chính trị tỉnh", "payer": "Ngân sách tỉnh",
             "document": "12/KH-UBND", "document_on": "2026-11-02", "sessions_at": TWO_DAYS, **fields}  # fmt: skip
    course_id = await course(office, **facts)
    for name, unit in (
        ("An", "Xã Trí Phải"),
        ("Bình", "Xã Trí Phải"),
        ("Chi", "Xã Mường Phăng"),
        ("Dung", "Xã Mường Phăng"),
    ):
        person = await office.person(name, unit=unit, title="Công chức")
        await seated(office, person, course_id)
    async with office.store.transaction() as tx:
        await tx.execute("update people set birth_year = 1985, gender = 'F', rank = 'Chuyên viên' where name = 'An'")
    return hr, course_id


def cells(chat: Chat) -> list[list[object]]:
    (file,) = chat.arrived[-1].attachments
    page = openpyxl.load_workbook(io.BytesIO(file.content)).active
    return [[cell.value for cell in line] for line in page.iter_rows()]


def words(chat: Chat) -> str:
    (file,) = chat.arrived[-1].attachments
    paper = docx.Document(io.BytesIO(file.content))
    told = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *told])


async def test_the_list_of_learners_is_one_tap_from_the_class(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.taps_data(f"desk_course:{course_id}")
    await hr.taps("Tệp, văn bản")
    await hr.taps("Văn bản")
    hr.sees("4 người đã có chỗ")
    await hr.taps("Danh sách cử học viên")
    hr.sees("Danh sách cử học viên lớp Luật Đất đai: 4 người")
    assert hr.arrived[-1].attachments[0].name == "Danh sách cử học viên - L1.xlsx"
    rows = cells(hr)
    assert [row[1] for row in rows[9:13]] == ["Chi", "Dung", "An", "Bình"]
    assert rows[11] == [3, "An", None, 1985, "Công chức", "Xã Trí Phải", "Chuyên viên", None, None, None]
    told = "STT|Họ và tên|Năm sinh|None|Chức vụ|Đơn vị|Ngạch|Trình độ|Điện thoại|Ghi chú"
    assert "|".join(map(str, rows[7])) == told
    assert str(rows[5][0]).startswith("Trường Chính trị tỉnh; ngày 07/12/2026 đến ngày 09/12/2026; tại")
    assert rows[13][0] == "Tổng cộng: 4 người."


async def test_the_decision_states_who_what_who_organises_when_where_and_who_pays(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.taps_data(f"paper:{course_id}:0:decision")
    hr.sees("Quyết định cử đi học lớp Luật Đất đai: 4 người")
    hr.sees_no("chưa có")
    told = words(hr)
    for fact in ("Cử 4 (bốn) cán bộ", "“Luật Đất đai”", "Đơn vị tổ chức: Trường Chính trị tỉnh", "Phòng họp số 2",
                 "Thời gian: ngày 07/12/2026 đến ngày 09/12/2026",
                 "Kinh phí đi học do ngân sách tỉnh chi trả theo", "An", "UBND tỉnh Điện Biên",
                 "số 12/KH-UBND ngày 02/11/2026", "Trực tiếp"):  # fmt: skip
        assert fact in told
    assert "{{" not in told


async def test_what_a_decision_lacks_is_named(office: Office) -> None:
    hr, course_id = await classroom(office, institution=None, payer=None)
    await hr.taps_data(f"paper:{course_id}:0:decision")
    hr.sees("chưa có: đơn vị tổ chức, nguồn kinh phí")
    assert "Kinh phí đi học do ……… chi trả" in words(hr)


async def test_a_list_of_one_unit_has_its_people_only(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.taps_data(f"papers:{course_id}")
    await hr.taps("Theo từng đơn vị")
    await hr.taps("Xã Trí Phải (2)")
    hr.sees("Chỉ Xã Trí Phải: 2 người")
    await hr.taps("Danh sách cử học viên")
    assert [row[1] for row in cells(hr)[9:11]] == ["An", "Bình"]
    assert cells(hr)[11][0] == "Tổng cộng: 2 người."


async def test_a_class_without_learners_has_no_papers(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data(f"paper:{await course(office)}:0:list")
    hr.sees("chưa có ai")


async def test_a_head_gets_the_list_of_their_own_people(office: Office) -> None:
    _, course_id = await classroom(office)
    head, stand_in = await office.person("Long", unit="Xã Trí Phải", head=True), await office.person("Mai")
    await head.sends("/duyet")
    await head.taps("Danh sách cử đi học")
    await head.taps("Luật Đất đai")
    assert [row[1] for row in cells(head)[9:11]] == ["An", "Bình"]
    await head.taps_data(f"head_paper:{await course(office)}")
    head.sees("người được phân quyền")
    async with office.store.transaction() as tx:
        unit_id = await tx.fetchval("select id from units where head_id = $1", head.person_id)
        await tx.execute(
            """insert into acting_heads (unit_id, person_id, from_at, until_at, created_at)
            values ($1, $2, $3, $4, $3)""",
            unit_id, stand_in.person_id, office.clock.now(), at("2026-12-01"),
        )  # fmt: skip
    await stand_in.taps_data(f"head_paper:{course_id}")
    assert [row[1] for row in cells(stand_in)[9:11]] == ["An", "Bình"]


async def test_hr_replaces_a_form_fetches_it_and_goes_back_to_the_built_in_one(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.sends("/quanly")
    await hr.taps("Thiết lập")
    await hr.taps("Biểu mẫu")
    hr.sees("Danh sách cử học viên: mẫu có sẵn")
    await hr.taps("Danh sách cử học viên")
    await hr.taps("Tải mẫu về")
    assert hr.arrived[-1].attachments[0].name == "danh-sach-cu-hoc-vien.xlsx"
    await hr.taps("Thay mẫu")
    await hr.uploads("Mau so 5.xlsx", saved(workbook(("MẪU SỐ 5 – {{ten_lop}}",), ("{{stt}}", "{{ho_ten}}"))))
    hr.sees("Đã nhận mẫu Mau so 5: 3 dấu, dòng học viên được lặp")
    await hr.taps_data(f"paper:{course_id}:0:list")
    assert cells(hr)[:2] == [["MẪU SỐ 5 – Luật Đất đai", None], [1, "Chi"]]
    await hr.taps_data("desk_forms")
    hr.sees("Danh sách cử học viên: Mau so 5")
    await hr.taps("Danh sách cử học viên")
    await hr.taps("Bỏ mẫu này")
    hr.sees("Danh sách cử học viên: mẫu có sẵn")


async def test_a_further_form_of_the_agency_is_a_button_on_every_class(office: Office) -> None:
    hr, course_id = await classroom(office)
    await hr.taps_data("desk_forms")
    await hr.taps("Thêm mẫu")
    hr.sees("Mẫu này tên là gì?")
    await hr.sends("Giấy mời")
    await hr.uploads("giay-moi.docx", saved(word("Kính mời {{ho_ten}} dự {{ten_lop}} tại {{noi_hoc}}")))
    hr.sees("Đã nhận mẫu Giấy mời")
    await hr.taps_data(f"papers:{course_id}")
    await hr.taps("Giấy mời")
    assert hr.arrived[-1].attachments[0].name == "Giấy mời - L1.docx"
    assert "Kính mời An dự Luật Đất đai tại Phòng họp số 2" in words(hr)


async def test_a_form_with_unknown_marks_is_named_and_may_be_sent_again(office: Office) -> None:
    hr, _ = await classroom(office)
    await hr.taps_data("form_new:own")
    await hr.sends("Thư mời")
    await hr.uploads("a.docx", saved(word("{{ho_tenn}} {{mat_khau}}")))
    hr.sees("chưa nhận", "{{ho_tenn}}: ý anh/chị là {{ho_ten}}?", "{{mat_khau}}")
    await hr.taps("Các dấu")
    hr.sees("{{trinh_do}}", "vẫn chờ tệp mẫu")
    await hr.uploads("a.docx", saved(word("chưa có dấu nào")))
    hr.sees("chưa có dấu nào để điền", "[Các dấu]")
    await hr.uploads("a.docx", saved(word("{{ho_ten}}")))
    hr.sees("Đã nhận mẫu Thư mời")


async def test_a_form_may_be_replaced_and_renamed_whatever_its_file_is_called(office: Office) -> None:
    hr, course_id = await classroom(office)
    for name in ("Giấy mời", "Thông báo"):
        await hr.taps_data("form_new:own")
        await hr.sends(name)
        await hr.uploads("a.docx", saved(word("{{ho_ten}}")))
    await hr.taps_data("desk_forms")
    await hr.taps("Giấy mời")
    await hr.taps("Thay mẫu")
    hr.sees("gửi tệp mẫu Giấy mời")
    await hr.uploads("giay-moi-2.docx", saved(word("{{ten_lop}}")))
    hr.sees("Đã nhận mẫu Giấy mời")
    await hr.taps_data("desk_forms")
    await hr.taps("Giấy mời")
    hr.sees("giay-moi-2.docx")
    await hr.taps("Đổi tên")
    await hr.sends("Thông báo")
    hr.sees("Đã có mẫu tên Thông báo")
    await hr.sends("Giấy mời học")
    hr.sees("Giấy mời học", "[Đổi tên]")
    await hr.taps_data(f"papers:{course_id}")
    hr.sees("[Giấy mời học]", "[Thông báo]")


async def test_the_name_of_a_form_that_is_there_is_taken_with_a_word(office: Office) -> None:
    hr, _ = await classroom(office)
    for told in ("Mẫu này tên là gì", "Đã có mẫu tên Giấy mời; tệp anh/chị gửi sẽ thay"):
        await hr.taps_data("form_new:own")
        await hr.sends("x" * (agency_forms.LONGEST_NAME + 1))
        hr.sees("dài quá 60 chữ")
        await hr.sends("Giấy mời")
        assert hr.saw(told)
        await hr.uploads("a.docx", saved(word("{{ho_ten}}")))
    await hr.taps_data("desk_forms")
    hr.sees("Mẫu khác của cơ quan: 1")


async def test_days_and_groups_fit_into_the_words_of_a_form(office: Office) -> None:
    hr, course_id = await classroom(office, payer="Đơn vị cử đi")
    async with office.store.transaction() as tx:
        await tx.execute("update people set audience = 'HDLD' where name = 'An'")
    await hr.taps_data("form_new:own")
    await hr.sends("Giấy mời")
    await hr.uploads("a.docx", saved(word("Từ {{ngay_hoc}}", "{{ho_ten}}: {{doi_tuong}}")))
    await hr.taps_data(f"papers:{course_id}")
    await hr.taps("Giấy mời")
    told = words(hr)
    assert "Từ 07/12/2026 đến ngày 09/12/2026" in told
    assert "An: HĐLĐ" in told
    await hr.taps_data(f"paper:{course_id}:0:decision")
    assert "Kinh phí đi học do đơn vị cử đi chi trả theo quy định." in words(hr)


@pytest.mark.parametrize(
    ("payer", "within"),
    [("Ngân sách tỉnh", "ngân sách tỉnh"), ("Sở Nội vụ", "Sở Nội vụ"), ("UBND xã", "UBND xã"), (None, None)],
)
def test_who_pays_is_written_as_within_a_sentence(payer: str | None, within: str | None) -> None:
    assert papers.payer_within(payer) == within


async def test_every_mark_is_listed_and_every_form_that_comes_along_has_known_ones(office: Office) -> None:
    from bot import forms

    hr, _ = await classroom(office)
    await hr.taps_data("form_marks")
    for mark in agency_forms.MARKS:
        hr.sees(f"{{{{{mark}}}}}")
    for purpose in agency_forms.BUILT_IN:
        built_in = agency_forms.built_in(purpose)
        assert forms.check(built_in.content, built_in.filename, agency_forms.MARKS).marks


async def test_forms_are_the_business_of_hr_of_the_whole(office: Office) -> None:
    _, course_id = await classroom(office)
    clerk, lan = await office.person("Ca", unit="Xã Trí Phải"), await office.person("Lan")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where id = $1""",
            clerk.person_id,
        )
        other = await tx.fetchval("select unit_id from people where name = 'Chi'")
    await clerk.sends("/quanly")
    clerk.sees_no("Biểu mẫu")
    await clerk.taps_data("form_new:list")
    clerk.sees("người được phân quyền")
    await clerk.taps_data(f"paper:{course_id}:0:list")
    assert [row[1] for row in cells(clerk)[9:11]] == ["An", "Bình"]
    for data in (f"paper:{course_id}:{other}:list", "form_fetch:0:list"):
        await clerk.taps_data(data)
        clerk.sees("người được phân quyền")
    await lan.taps_data(f"paper:{course_id}:0:list")
    lan.sees("người được phân quyền")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"), (5, "năm"), (10, "mười"), (15, "mười lăm"), (21, "hai mươi mốt"), (11, "mười một"),
        (105, "một trăm lẻ năm"), (1196, "một nghìn một trăm chín mươi sáu"), (1005, "một nghìn không trăm lẻ năm"),
        (2_000_000, "hai triệu"), (12_050_300, "mười hai triệu không trăm năm mươi nghìn ba trăm"),
    ],
)  # fmt: skip
def test_numbers_are_told_in_words(number: int, said: str) -> None:
    assert in_words(number) == said
