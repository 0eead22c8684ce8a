from bot.excel.writer import Sheet, write_workbook
from bot.training import uploads
from bot.training.upload_kinds import Report, Sender
from tests.talking import DATA, ZONE, Office

DBP = DATA / "dien-bien-phu-dao-tao-2016-2017.xlsx"
HCM = DATA / "tphcm-cchc-2016-2020.xlsx"


async def taken_in(office: Office, content: bytes, filename: str, *, dry: bool = False) -> Report:
    parsed, sender = await uploads.read(content, filename), Sender(None, office.clock.now(), ZONE)
    if dry:
        async with office.store.reading() as tx:
            return await uploads.compare(tx, parsed, sender)
    async with office.store.transaction() as tx:
        return await uploads.write(tx, parsed, sender)


async def test_two_years_of_a_city_come_in_as_691_turns_once(office: Office) -> None:
    dry = await taken_in(office, DBP.read_bytes(), DBP.name, dry=True)
    assert (dry.kind, dry.counts["new"], dry.errors) == ("history", 691, [])
    assert sorted(dry.names["categories"]) == ["12 LDQL", "14 LLCT", "15 CMNV", "150 QLNN", "500 VTVL"]
    await taken_in(office, DBP.read_bytes(), DBP.name)
    again = await taken_in(office, DBP.read_bytes(), DBP.name)
    assert again.nothing
    assert again.counts["same"] == 691


async def test_ten_classes_come_in_with_their_1029_turns(office: Office) -> None:
    report = await taken_in(office, HCM.read_bytes(), HCM.name)
    assert (report.counts["turns"], report.counts["classes"], list(report.errors)) == (1029, 10, [])
    assert report.names["categories"] == ["1029 CCHC"]
    assert "CCHC-2016-1: 110" in report.names["classes"]
    assert (await taken_in(office, HCM.read_bytes(), HCM.name)).nothing


HEADINGS = ["Mã CBCC", "Họ và tên", "Đơn vị công tác", "Tên chương trình", "Mã loại", "Từ ngày", "Đến ngày", "Số tiết",
            "Kết quả"]  # fmt: skip


def history(*rows: list) -> bytes:
    return write_workbook([Sheet("Kết quả", HEADINGS, rows)])


async def test_rows_that_cannot_be_are_told_and_the_good_ones_kept(office: Office) -> None:
    report = await taken_in(
        office,
        history(
            ["A1", "Lan", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", "7,5", "Hoàn thành"],
            ["A1", "Lan", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", 40, "Hoàn thành"],
            ["A2", "Minh", "Xã A", "QLNN", "XYZ", "01/03/2017", "05/03/2017", 40, None],
            ["A3", "Mai", "Xã A", "QLNN", "QLNN", "31/02/2017", "05/03/2017", 40, None],
            ["A4", "Nga", "Xã A", "QLNN", "QLNN", "06/03/2017", "05/03/2017", 40, None],
            ["A5", "Oanh", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", "nhiều", None],
            ["A6", "Phúc", "Xã A", "QLNN", "QLNN", "01/03/2031", "05/03/2031", 40, None],
            ["A7", "Quý", "Xã A", "QLNN", "QLNN", "01/03/2017", "05/03/2017", -4, None],
        ),
        "cu.xlsx",
    )
    assert report.counts["new"] == 1
    reasons = sorted((error.number, error.reason) for error in report.errors)
    assert reasons == [(3, "twice"), (4, "category_unknown"), (5, "date_impossible"), (6, "ends_before_start"),
                       (7, "hours_wrong"), (8, "not_over"), (9, "hours_wrong")]  # fmt: skip


async def test_a_turn_told_otherwise_gets_a_new_row_and_the_old_one_stays(office: Office) -> None:
    lan = await office.person("Lan", code="A1", unit="Xã A")
    row = ["A1", "Lan", "Xã A", "Tin học", "CDS", "01/03/2026", "05/03/2026", 16, "Hoàn thành"]
    await taken_in(office, history(row), "a.xlsx")
    row[7] = 24
    report = await taken_in(office, history(row), "b.xlsx")
    assert (report.counts["new"], report.counts["changed"]) == (0, 1)
    async with office.store.reading() as tx:
        rows = await tx.fetch("select person_id, hours_tenths, ended_at from training_records order by id")
    assert [(r["person_id"], r["hours_tenths"], r["ended_at"] is None) for r in rows] == [
        (lan.person_id, 160, False),
        (lan.person_id, 240, True),
    ]


async def test_hr_exports_the_history_and_the_export_sent_back_changes_nothing(office: Office) -> None:
    hr = await office.person("Hoa", hr=True)
    await hr.uploads(HCM.name, HCM.read_bytes())
    hr.sees("1.029 lượt, 10 lớp", "Lượt mới: 1.029", "chưa ghi gì")
    await hr.taps("Ghi nhận")
    await hr.sends("/quanly")
    await hr.taps("Giờ học")
    await hr.taps("Lịch sử đào tạo")
    hr.sees("1.029 lượt", "2016: 206 lượt, 2 lớp (CCHC 206)", "2020: 206 lượt")
    await hr.taps("Xuất lịch sử")
    await hr.uploads("xuat.xlsx", hr.arrived[-1].attachments[0].content)
    hr.sees("1.029 lượt", "Không có gì thay đổi", "Giữ nguyên: 1.029")


async def test_hr_of_a_unit_brings_in_turns_of_their_own_people_only(office: Office) -> None:
    clerk = await office.person("Thu", unit="Xã A")
    await office.person("Lan", code="A1", unit="Xã A")
    await office.person("Xa", code="B1", unit="Xã B")
    async with office.store.transaction() as tx:
        await tx.execute(
            """insert into rights (person_id, role, unit_id, granted_at)
            select id, 'hr', unit_id, 1 from people where id = $1""",
            clerk.person_id,
        )
    rest = ["Tin học", "CDS", "01/03/2026", "05/03/2026", 16, None]
    await clerk.uploads(
        "a.xlsx", history(["A1", "Lan", "Xã A", *rest], ["B1", "Xa", "Xã B", *rest], ["C1", "Lạ", "Xã A", *rest])
    )
    clerk.sees("Lượt mới: 1", "Xa không thuộc đơn vị", "Lạ không thuộc đơn vị")
