import pytest

from tests.course_desk.people import clerk, unit_id
from tests.courses.classes import course
from tests.talking import Office


async def drafted(office: Office, unit: str) -> None:
    """A draft of a clerk of `unit`, number 1."""
    hr = await clerk(office, f"HR {unit}", unit)
    await hr.taps_data("cd_new")
    await hr.sends("Lớp kín của xã")


@pytest.mark.parametrize(
    "data",
    ["cd:1", "cd_next:1", "cd_ask:1:title", "cd_pick:1:tags:PL", "cd_set:1:mode:truc_tiep", "cd_known:1:lecturer:1",
     "cd_skip:1:title", "cd_drop:1:1", "cd_sessions:1", "cd_s_ask:1:0:day", "cd_s_set:1:0:span:07:30", "cd_s:1:0",
     "cd_s_drop:1:0", "cd_s_same:1:1", "cd_s_done:1", "cd_open:1", "cd_publish:1", "cd_more:1", "cd_more:1:who"],
)  # fmt: skip
async def test_a_draft_of_another_unit_is_out_of_reach(office: Office, data: str) -> None:
    await drafted(office, "Xã A")
    other = await clerk(office, "Bình", "Xã B")
    await other.taps_data(data)
    assert other.sees_no("Lớp kín")
    await other.taps_data("desk_drafts")
    assert other.sees("Chưa có bản nháp nào")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from course_drafts where closed_at is null") == 1


@pytest.mark.parametrize(
    "data",
    ["ce:{}", "ce_more:{}", "ce_more:{}:who", "ce_ask:{}:title", "cd_copy:{}", "cc:{}", "cc_tick:{}:money", "cx:{}"],
)
async def test_a_course_of_another_unit_is_out_of_reach(office: Office, data: str) -> None:
    course_id = await course(office, title="Lớp kín", owner_unit_id=await unit_id(office, "Xã A"))
    other = await clerk(office, "Bình", "Xã B")
    await other.taps_data(data.format(course_id))
    assert other.sees_no("Lớp kín")
    assert other.arrived[-1].attachments == []
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select by_person from audit where action = 'refused'")
        assert await tx.fetchval("select count(*) from course_checks") == 0
    assert row is not None


async def test_a_course_of_the_whole_is_read_but_not_changed_by_a_clerk_of_a_unit(office: Office) -> None:
    course_id = await course(office, title="Lớp của tỉnh")
    other = await clerk(office, "Bình", "Xã B")
    await other.taps_data(f"ce:{course_id}")
    assert other.sees("Lớp của tỉnh", "người của đơn vị mở lớp mới sửa được")
    assert other.sees_no("Sửa:")
    await other.taps_data(f"ce_set:{course_id}:mode:truc_tuyen")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select mode from courses") == "truc_tiep"
    await other.taps_data("cx_all")
    assert other.sees("Chưa có lớp nào thuộc quyền")


async def test_a_clerks_course_by_chat_belongs_to_their_unit_and_is_given_to_no_other(office: Office) -> None:
    hr = await clerk(office, "Bình", "Xã B")
    await unit_id(office, "Xã A")
    await hr.taps_data("cd_new")
    await hr.taps_data("cd_ask:1:owner")
    await hr.sends("Xã A")
    assert hr.sees("không có quyền")
    await hr.taps("Để trống")
    assert hr.sees("không có quyền")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select owner_unit_id from course_drafts") == await unit_id_of(tx, "Xã B")
    for key, words in (("title", "Lớp xã B"), ("capacity", "9"), ("deadline", "3/12")):
        await hr.taps_data(f"cd_ask:1:{key}")
        await hr.sends(words)
    for data in ("cd_set:1:kind:lop", "cd_set:1:category:PL", "cd_set:1:mode:truc_tiep", "cd_set:1:audience:CC,VC"):
        await hr.taps_data(data)
    await hr.taps_data("cd_s_ask:1:0:day")
    for words in ("7/12", "7h30-11h30", "Phòng 1"):
        await hr.sends(words)
    await hr.taps_data("cd_open:1")
    await hr.taps("Mở đăng ký")
    assert hr.sees("Lớp xã B", "PL26-01")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select owner_unit_id from courses") == await unit_id_of(tx, "Xã B")


async def unit_id_of(tx, name: str) -> int:
    return int(await tx.fetchval("select id from units where name = $1", name))


async def test_forged_buttons_of_the_form_change_nothing(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    course_id = await course(office)
    await hr.taps_data("cd_new")
    for data in ("cd_set:1:id:7", "cd_set:1:sessions:x", f"ce_set:{course_id}:code:X", f"ce_ask:{course_id}:sessions",
                 "cd_s_set:1:5:day:7/12", "cd_s_set:1:0:state:x", f"cc_tick:{course_id}:gold", "cd_s_ask:1:-1:day",
                 "lecturer_kind:1:boss", "cd_known:1:title:1", "cd_more:1:gold",
                 f"ce_more:{course_id}:gold"):  # fmt: skip
        await hr.taps_data(data)
        assert hr.sees("không còn")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select fields from course_drafts") == "{}"


async def test_the_form_speaks_english_too(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await course(office, title="Một")
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")
    await hr.taps_data("cd_new")
    await hr.sends("Land law")
    assert hr.sees("Question 2 of 6", "Which category is it in?")
    await hr.taps_data("cd_ask:1:kind")
    assert hr.sees("What kind of event is it?", "Study visit")
    await hr.taps("Course")
    assert hr.sees("Written: Kind.", "Title: Land law", "Still missing: Category, Groups", "[Give: Deadline]")
    await hr.taps_data("cd_ask:1:audience")
    assert hr.sees("Chosen: ", "then Done")
    await hr.taps_data("cd_s_ask:1:0:day")
    for words in ("7/12 7:30-11:30", "Room 2"):
        await hr.sends(words)
    assert hr.sees("Session 1 is written", "Is there another session?")
    for card, topics in (("cd:1", "cd_more:1"), ("ce:1", "ce_more:1")):
        await hr.taps_data(card)
        assert hr.sees("Change: Title", "More details")
        await hr.taps_data(topics)
        assert hr.sees("details", "[Who may come]")
        for data in [data for _, data in hr.arrived[-1].menu if data.startswith(topics)]:
            await hr.taps_data(data)
            assert hr.sees("Change: ", "More details")
