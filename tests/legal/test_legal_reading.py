from bot.training import legal
from tests.legal.law_office import law, publish, works_through
from tests.talking import Office, at


async def evidence(office: Office) -> list[tuple[int, int, int]]:
    async with office.store.reading() as tx:
        rows = await tx.fetch("select version, at, right_answers from legal_evidence order by id")
    return [(row["version"], row["at"], row["right_answers"]) for row in rows]


async def test_how_many_answers_have_to_be_right_is_told_as_one_says_it(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law(mark=1))
    await lan.sends("/phapluat")
    await lan.taps("1/2026/QH16")
    lan.sees("Cần trả lời đúng ít nhất 1 trong 2 câu")


async def test_cards_then_questions_then_the_confirmation_is_the_proof(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await lan.sends("/phapluat")
    lan.sees("Cập nhật pháp luật", "1 nội dung chưa xong", "1/2026/QH16", "Luật <Đất> & nhà", "hạn Chủ nhật 20/12/2026")
    lan.sees("còn 27 ngày")
    await lan.taps("1/2026/QH16")
    lan.sees("Cần trả lời đúng cả 2 câu")
    lan.sees("Hiệu lực từ 01/01/2026", "Thay thế: Luật cũ <1> & 2", "Đã đọc 0/2 thẻ", "[Bắt đầu đọc]")
    await lan.taps("Bắt đầu đọc")
    lan.sees("Thẻ 1/2", "Thẻ <một> & đầu")
    await lan.taps("Thẻ tiếp")
    lan.sees("Thẻ 2/2", "Thẻ hai", "[Thẻ trước] | [Trả lời câu hỏi]")
    await lan.taps("Trả lời câu hỏi")
    lan.sees("Câu 1/2", "Câu 1 <hỏi>?", "[sai & một]", "[đúng <một>]")
    await lan.taps("đúng <một>")
    lan.sees("Đúng.", "Vì <b>một</b>.", "[Câu tiếp]")
    await lan.taps("Câu tiếp")
    await lan.taps("đúng hai")
    lan.sees("đúng 2/2 câu")
    await lan.taps("Đến bước xác nhận")
    lan.sees("[Đã đọc, đã hiểu]")
    assert await evidence(office) == []
    await lan.taps("Đã đọc, đã hiểu")
    lan.sees("Đã ghi nhận", "Số: 1/2026/QH16, phiên bản 1", "thứ Hai 23/11/2026, 08:00", "Trả lời đúng: 2/2")
    assert await evidence(office) == [(1, at("2026-11-23"), 2)]
    await lan.sends("/phapluat")
    lan.sees("Đã xong ngày 23/11/2026", "hoàn thành tất cả")


async def test_a_missed_question_is_explained_at_once_and_asked_again_at_the_end(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await lan.sends("/phapluat")
    for words in ("1/2026", "Bắt đầu", "Thẻ tiếp", "Trả lời", "sai & một"):
        await lan.taps(words)
    lan.sees("Chưa đúng.", "Anh/chị chọn: sai & một", "Đáp án đúng: đúng <một>", "hỏi lại ở cuối")
    await lan.taps("Câu tiếp")
    lan.sees("Câu 2/2")
    await lan.taps("đúng hai")
    await lan.taps("Câu tiếp")
    lan.sees("Câu 1/2", "(hỏi lại)")
    await lan.taps("đúng <một>")
    lan.sees("[Đến bước xác nhận]")


async def test_the_place_is_kept_for_days_in_cards_and_in_questions(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await lan.sends("/phapluat")
    for words in ("1/2026", "Bắt đầu", "Thẻ tiếp"):
        await lan.taps(words)
    await lan.sends("/lich")
    office.clock.move_to(at("2026-12-02", "21:00"))
    await lan.sends("/phapluat")
    await lan.taps("1/2026")
    lan.sees("Đã đọc 2/2 thẻ")
    await lan.taps("Đọc tiếp")
    lan.sees("Câu 1/2")
    await lan.taps("đúng <một>")
    await lan.sends("/start")
    lan.sees("1 nội dung pháp luật chưa xong")
    office.clock.move_to(at("2026-12-05"))
    await lan.taps("Cập nhật pháp luật")
    await lan.taps("1/2026")
    lan.sees("đúng 1/2 câu hỏi")
    await lan.taps("Đọc tiếp")
    lan.sees("Câu 2/2")


async def test_a_typed_number_answers_and_long_answers_are_numbered_in_the_text(office: Office) -> None:
    lan = await office.person("Lan")
    long = "đúng một nhưng viết dài hơn một nút bấm có thể cho thấy"
    await publish(office, law().replace("đúng <một>", long))
    await lan.sends("/phapluat")
    for words in ("1/2026", "Bắt đầu", "Thẻ tiếp", "Trả lời"):
        await lan.taps(words)
    lan.sees(f"2. {long}", "[1. sai & một]")
    assert all(len(words) <= 32 for words, _ in lan.arrived[-1].menu)
    await lan.sends("2")
    lan.sees("Đúng.")


async def test_a_double_tap_shows_the_same_explanation_and_counts_once(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await lan.sends("/phapluat")
    for words in ("1/2026", "Bắt đầu", "Thẻ tiếp", "Trả lời"):
        await lan.taps(words)
    wrong, right = (data for _, data in lan.arrived[-1].menu[:2])
    await lan.taps_data(wrong)
    lan.sees("Chưa đúng.")
    await lan.taps_data(right)
    lan.sees("Chưa đúng.", "Anh/chị chọn: sai & một")
    await lan.taps("Câu tiếp")
    await lan.taps("đúng hai")
    await lan.taps_data(wrong)
    lan.sees("(hỏi lại)")
    await lan.taps_data(right)
    lan.sees("(hỏi lại)")


async def test_confirming_twice_keeps_the_first_proof(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await works_through(lan)
    office.clock.move_to(at("2026-11-24"))
    await lan.taps_data("law_confirm:1:1")
    lan.sees("thứ Hai 23/11/2026")
    assert len(await evidence(office)) == 1


async def test_forged_and_early_buttons_prove_nothing(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await lan.taps_data("law_confirm:1:1")
    lan.sees("Thẻ 1/2")
    await lan.taps_data("law_answer:1:1:0:1")
    lan.sees("Thẻ 1/2")
    for forged in ("law:999", "law_answer:1:1:0:99", "law_card:1:-5", "law_confirm:1:7", "law_go:1", "law:x"):
        await lan.taps_data(forged)
        lan.sees_no("sự cố")
    assert await evidence(office) == []


async def test_no_card_can_be_left_out_with_an_old_or_forged_button(office: Office) -> None:
    lan = await office.person("Lan")
    cards = '"Thẻ <một> & đầu"\n    - "Thẻ giữa"'
    await publish(office, law().replace('"Thẻ <một> & đầu"', cards))
    await lan.taps_data("law_card:1:0")
    await lan.taps_data("law_card:1:2")
    lan.sees("Thẻ giữa")


async def test_who_is_not_concerned_does_not_see_it(office: Office) -> None:
    teacher = await office.person("Mai", audience="VC")
    await publish(office, law())
    await teacher.sends("/phapluat")
    teacher.sees("chưa có nội dung nào dành cho anh/chị")
    await teacher.taps_data("law:1")
    teacher.sees("không còn dùng được")
    async with office.store.reading() as tx:
        assert await legal.titles(tx, teacher.person_id, 0) == []


async def test_the_list_is_paged_with_the_most_urgent_first_and_done_ones_last(office: Office) -> None:
    lan = await office.person("Lan")
    for day in range(1, 9):
        await publish(office, law(number=f"{day}/2026/QH16", deadline=f"2026-12-{20 - day}"))
    await works_through(lan, "8/2026/QH16")
    await lan.sends("/phapluat")
    numbers = [words.removeprefix("Chưa xong: ") for words, _ in lan.arrived[-1].menu[:6]]
    assert numbers == [f"{day}/2026/QH16" for day in range(7, 1, -1)]
    await lan.taps("Xem tiếp")
    lan.sees("Chưa xong: 1/2026/QH16", "Đã xong: 8/2026/QH16")


async def test_an_amended_law_begins_again_and_old_buttons_answer_nothing_of_it(office: Office) -> None:
    lan = await office.person("Lan")
    await publish(office, law())
    await works_through(lan)
    office.clock.move_to(at("2026-11-25"))
    await publish(office, law(more="sua_doi: true", deadline="2027-01-15").replace("Thẻ hai", "Thẻ hai mới"))
    await lan.sends("/phapluat")
    lan.sees("Chưa xong", "15/01/2027")
    await lan.taps("1/2026")
    lan.sees("lần sửa đổi thứ 1", "sửa đổi sau khi anh/chị xác nhận ngày 23/11/2026", "Đã đọc 0/2")
    await lan.taps_data("law_confirm:1:1")
    lan.sees("Thẻ 1/2")
    await works_through(lan)
    lan.sees("phiên bản 2")
    assert [version for version, _, _ in await evidence(office)] == [1, 2]


async def test_mending_a_slip_reopens_nothing_and_keeps_the_place(office: Office) -> None:
    lan, hoa = await office.person("Lan"), await office.person("Hoa")
    await publish(office, law())
    await works_through(lan)
    await hoa.sends("/phapluat")
    for words in ("1/2026", "Bắt đầu", "Thẻ tiếp", "Trả lời"):
        await hoa.taps(words)
    old = hoa.arrived[-1].menu[0][1]
    difference = await publish(office, law().replace("Câu 2 hỏi?", "Câu hai hỏi?"))
    assert [change.fields for change in difference.changed] == [("questions",)]
    await hoa.taps_data(old)
    hoa.sees("Câu 1/2")
    await lan.sends("/phapluat")
    lan.sees("Đã xong")


async def test_the_same_file_again_changes_nothing_even_with_amended_in_it(office: Office) -> None:
    await publish(office, law())
    again = await publish(office, law())
    assert (len(again.unchanged), len(again.changed), len(again.new)) == (1, 0, 0)
    amended = law(more="sua_doi: true")
    assert len((await publish(office, amended)).amended) == 1
    assert len((await publish(office, amended)).unchanged) == 1
