from tests.courses.classes import course
from tests.people_sheets import sheet
from tests.round_trip.test_courses_undone import HEADINGS, one
from tests.talking import Office


async def test_an_error_names_the_heading_that_the_sheet_itself_has(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    renamed = ["Bắt đầu" if name == "Giờ bắt đầu" else name for name in HEADINGS]
    await hr.uploads("lop.xlsx", sheet([*one()[:8], "25:99", *one()[9:]], headings=renamed))
    hr.sees(": Bắt đầu: ")
    hr.sees_no("Giờ bắt đầu")


async def test_an_old_mark_is_remarked_upon_in_its_own_row(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await course(office)
    await hr.taps_data("desk_uploads")
    await hr.taps("Danh sách cán bộ")
    (file,) = hr.arrived[-1].attachments
    async with office.store.transaction() as tx:
        await tx.execute("delete from exports")
    await hr.uploads("ds.xlsx", file.content)
    hr.sees("Dòng 2: ")
