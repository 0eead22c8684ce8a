from tests.legal.law_office import law, works_through
from tests.round_trip.editing import button, undoes
from tests.talking import Chat, Office, at


async def publishes(hr: Chat, text: str) -> None:
    await hr.uploads("luat.yaml", text.encode())
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi", "[Hoàn tác]")


async def clerk_and_reader(office: Office) -> tuple[Chat, Chat]:
    return await office.person("Hạnh", hr=True, audience="CB"), await office.person("Lan")


async def test_an_update_nobody_has_begun_is_closed_and_nobody_reminded(office: Office) -> None:
    hr, lan = await clerk_and_reader(office)
    await publishes(hr, law())
    await office.settle()
    lan.sees("Có cập nhật pháp luật mới")
    await undoes(hr)
    hr.sees("Đã hoàn tác luat.yaml", "trả lại 1 mục")
    told = len(lan.arrived)
    await office.time_passes(at("2026-12-21"), step=3600)
    assert len(lan.arrived) == told
    await lan.taps("Mở để đọc")
    lan.sees("Nội dung này đã đóng, không còn bắt buộc")


async def test_an_update_taken_back_is_published_anew_by_the_next_file(office: Office) -> None:
    hr, lan = await clerk_and_reader(office)
    await publishes(hr, law())
    await office.settle()
    await undoes(hr)
    office.clock.move_to(at("2026-11-25", "09:00"))
    await hr.uploads("luat.yaml", law().encode())
    hr.sees("Mới: 1")
    await hr.taps("Ghi nhận")
    told = len(lan.pushed)
    await office.settle()
    assert len(lan.pushed) == told + 1
    lan.sees("Có cập nhật pháp luật mới")
    await works_through(lan)


async def test_an_update_somebody_has_opened_stays_and_is_named(office: Office) -> None:
    hr, lan = await clerk_and_reader(office)
    await publishes(hr, law() + law(number="2/2026/QH16", title="Luật Hai"))
    undo = button(hr, "Hoàn tác")
    await lan.taps_data("law_card:1:0")
    await undoes(hr, undo)
    hr.sees("trả lại 1 mục", "để nguyên (1): Luật <Đất> & nhà")
    await works_through(lan)


async def test_mended_words_and_a_moved_deadline_go_back(office: Office) -> None:
    hr, lan = await clerk_and_reader(office)
    await publishes(hr, law())
    await works_through(lan)
    await publishes(hr, law(title="Luật Nhà", deadline="2026-12-27", mark=1).replace("Thẻ hai", "Thẻ 2"))
    await undoes(hr)
    hr.sees("trả lại 1 mục")
    await hr.taps_data("desk_law:1")
    hr.sees("Luật <Đất> & nhà", "20/12/2026")
    async with office.store.reading() as tx:
        assert "Thẻ hai" in await tx.fetchval("select cards from legal_versions")
        steps = await tx.fetch("select step from milestones where subject = 'legal:1' and state = 'pending'")
    assert "1d@2026-12-19" in [row["step"] for row in steps]
    assert "1d@2026-12-26" not in [row["step"] for row in steps]
    await hr.uploads("luat.yaml", law().encode())
    hr.sees("Không có gì thay đổi")


async def test_an_update_changed_again_since_stays(office: Office) -> None:
    hr, _ = await clerk_and_reader(office)
    await publishes(hr, law())
    undo = button(hr, "Hoàn tác")
    await publishes(hr, law(title="Luật Nhà"))
    await undoes(hr, undo)
    hr.sees("để nguyên (1): Luật Nhà")


async def test_a_document_amended_by_mistake_is_again_the_one_that_was_confirmed(office: Office) -> None:
    hr, lan = await clerk_and_reader(office)
    await publishes(hr, law())
    await works_through(lan)
    office.clock.move_to(at("2026-11-25", "09:00"))
    await publishes(hr, law(deadline="2026-12-30", more='sua_doi: "có"'))
    await office.settle()
    lan.sees("1/2026/QH16")
    await undoes(hr)
    hr.sees("trả lại 1 mục")
    async with office.store.reading() as tx:
        row = await tx.fetchrow("select version, amended_at from legal_updates")
        assert (row["version"], row["amended_at"]) == (1, None)
    told = len(lan.pushed)
    await office.time_passes(at("2026-12-21"), step=3600)
    assert len(lan.pushed) == told
    await publishes(hr, law(deadline="2026-12-30", more='sua_doi: "có"'))
    await office.settle()
    assert len(lan.pushed) == told + 1


async def test_an_amendment_somebody_has_begun_stays(office: Office) -> None:
    hr, lan = await clerk_and_reader(office)
    await publishes(hr, law())
    await works_through(lan)
    await publishes(hr, law(deadline="2026-12-30", more='sua_doi: "có"'))
    undo = button(hr, "Hoàn tác")
    await lan.taps_data("law_card:1:0")
    await undoes(hr, undo)
    hr.sees("để nguyên (1): Luật <Đất> & nhà")
