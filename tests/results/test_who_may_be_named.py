from bot.training import hours, money
from tests.results.classes import OVER, class_of, was_there
from tests.rights.agency import audited, clerk, unit_id
from tests.talking import Chat, Office

ENTRIES = (
    "res_one:{course}:{person}", "res_resit:{course}:{person}", "res_pass:{course}:{person}:1",
    "res_vouch:{course}:{person}", "money_items:{course}:{person}", "money_payer:{course}:{person}:travel",
    "money_next:{course}:{person}:travel:paid", "cert_issue:{course}:{person}", "cert_today:{course}:{person}",
)  # fmt: skip


async def unit_class(office: Office, *learners: Chat) -> tuple[Chat, int]:
    """A clerk of Xã A and a course of that unit."""
    mai = await clerk(office, "Mai", "Xã A")
    return mai, await class_of(office, *learners, owner_unit_id=await unit_id(office, "Xã A"))


async def test_somebody_of_another_unit_who_is_not_on_the_class_is_named_nowhere_and_logged(office: Office) -> None:
    oanh = await office.person("Oanh", unit="Xã B")
    mai, course_id = await unit_class(office)
    for entry in ENTRIES:
        await mai.taps_data(entry.format(course=course_id, person=oanh.person_id))
        mai.sees("dành cho người được phân quyền")
    assert await audited(office, "refused") == [("refused", f"person:{oanh.person_id}")] * len(ENTRIES)
    assert not mai.saw("Oanh")


async def test_somebody_of_ones_own_who_is_not_on_the_class_is_no_forbidden_person(office: Office) -> None:
    lan = await office.person("Lan", unit="Xã A")
    mai, course_id = await unit_class(office)
    for entry in ENTRIES:
        await mai.taps_data(entry.format(course=course_id, person=lan.person_id))
        mai.sees_no("Lan")
    assert await audited(office, "refused") == []


async def test_a_guest_of_another_unit_who_is_on_the_class_is_marked_like_the_others(office: Office) -> None:
    guest = await office.person("Oanh", unit="Xã B")
    mai, course_id = await unit_class(office, guest)
    office.clock.move_to(OVER)
    await mai.taps_data(f"res_one:{course_id}:{guest.person_id}")
    await mai.sends("8")
    mai.sees("Đã ghi cho Oanh: 8,0")
    await mai.taps_data(f"money_items:{course_id}:{guest.person_id}")
    mai.sees("Kinh phí của Oanh")
    assert await audited(office, "refused") == []


async def test_who_gives_up_the_seat_while_an_amount_is_asked_for_gets_none(office: Office) -> None:
    lan = await office.person("Lan", unit="Xã A")
    mai, course_id = await unit_class(office, lan)
    await mai.taps_data(f"money_plan:{course_id}:{lan.person_id}:travel:unit")
    async with office.store.transaction() as tx:
        await tx.execute("update enrolments set state = 'withdrawn' where person_id = $1", lan.person_id)
    await mai.sends("200k")
    mai.sees_no("Đã ghi")
    async with office.store.reading() as tx:
        assert await money.of_person(tx, lan.person_id) == []


async def test_nobody_is_asked_for_the_number_of_a_certificate_before_the_course_is_completed(office: Office) -> None:
    lan = await office.person("Lan", unit="Xã A")
    mai, course_id = await unit_class(office, lan)
    await was_there(office, lan, course_id, 4)
    office.clock.move_to(OVER)
    await mai.taps_data(f"res_close_yes:{course_id}")
    await mai.taps_data(f"cert_issue:{course_id}:{lan.person_id}")
    mai.sees("chưa hoàn thành lớp")


async def test_forged_items_steps_and_groups_ask_for_nothing(office: Office) -> None:
    hr, lan = await office.person("Hoa", hr=True), await office.person("Lan")
    course_id = await class_of(office, lan)
    who = f"{course_id}:{lan.person_id}"
    for data in (f"money_payer:{who}:gold", f"money_plan:{who}:travel:king", f"money_other:{who}:travel:planned",
                 f"money_next:{who}:travel:planned", "hours_target:XX:2026", "hours_target:CC:0"):  # fmt: skip
        await hr.taps_data(data)
        hr.sees("không còn dùng được")
        await hr.sends("5")
        hr.sees_no("Đã ghi")
    async with office.store.reading() as tx:
        assert set((await hours.targets(tx, 2026)).values()) == {hours.TARGET}
