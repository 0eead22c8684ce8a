from tests.courses.classes import course, seated
from tests.forms.papers import saved, word
from tests.people_sheets import sheet
from tests.round_trip.editing import deletes, edited, sets
from tests.talking import Chat, Office


async def english(office: Office) -> Chat:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    for name in ("An", "Bình", "Chi", "Dung", "Em", "Gia"):
        await office.person(name, unit="Xã Trí Phải", code=f"C-{name}")
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")
    return hr


async def test_a_staff_list_goes_out_and_comes_back_in_english(office: Office) -> None:
    hr = await english(office)
    await hr.taps_data("desk_uploads")
    await hr.taps("Staff list")
    (file,) = hr.arrived[-1].attachments
    content = edited(file.content, sets("An", "Chức vụ/chức danh", "Chủ tịch"))
    async with office.store.transaction() as tx:
        await tx.execute("update people set title = 'Bí thư' where name = 'An'")
    await hr.uploads("staff.xlsx", edited(content, deletes("Em")))
    hr.sees("0 changed, 0 added, 1 removed", "Changed by somebody else", "has changed the title")
    await hr.taps("Apply, mine counts")
    await hr.taps("Yes, remove 1")
    await hr.taps("Undo")
    await hr.taps("Yes")
    hr.sees("staff.xlsx is undone")


async def test_a_class_list_goes_out_and_comes_back_in_english(office: Office) -> None:
    hr = await english(office)
    course_id = await course(office, title="Land law")
    for name in ("An", "Bình", "Chi", "Dung", "Em", "Gia"):
        await seated(office, office.chat(name), course_id)
    await hr.taps_data(f"desk_class_sheet:{course_id}")
    (file,) = hr.arrived[-1].attachments
    await hr.uploads("class.xlsx", edited(file.content, deletes("Em")))
    hr.sees("People on Land law", "0 added, 1 removed")
    await hr.taps("Apply")
    await hr.taps("Yes, remove 1")
    await office.settle()
    office.chat("Em").sees("has taken you off the course Land law")


async def test_forms_and_papers_in_english(office: Office) -> None:
    hr = await english(office)
    course_id = await course(office, title="Land law")
    await seated(office, office.chat("An"), course_id)
    await hr.taps_data("desk_forms")
    await hr.taps("Add a form")
    await hr.sends("Letter")
    await hr.uploads("letter.docx", saved(word("{{ho_tenn}}")))
    hr.sees("do you mean {{ho_ten}}?")
    await hr.uploads("letter.docx", saved(word("{{ho_ten}}")))
    hr.sees("The form Letter is in: 1 marks")
    await hr.taps_data(f"papers:{course_id}")
    await hr.taps("Decision")
    hr.sees("does not tell: who organises, who pays")


async def test_units_merge_in_english(office: Office) -> None:
    hr = await english(office)
    await hr.taps_data("desk_mergers")
    await hr.taps("Choose units")
    await hr.taps("Xã Trí Phải")
    await hr.taps("Give the new name")
    await hr.sends("Sở Nội vụ")
    hr.sees("merge into Sở Nội vụ (there already)", "People who move: 6")
    await hr.taps("Apply")
    await hr.taps("Undo")
    hr.sees("units, people, rights and quotas are as they were")
    await hr.uploads("u.xlsx", sheet(("Xã Trí Phải", "Xã A"), ("Xã B", "Xã C"), headings=("Đơn vị cũ", "Đơn vị mới")))
    hr.sees("Renamed: 1", "There is no unit “Xã B”")
