import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from bot.training import ratings
from tests.courses.classes import course, seated
from tests.talking import ZONE, Chat, Office, at

TITLE = 'Lớp <Luật> & "Đất đai"'
ENDED = at("2026-12-07", "11:30")


async def agrees_to_comments(office: Office, person: Chat) -> None:
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into consents (person_id, purpose, given, wording, chat_hash, at) "
            "values ($1, 'comments', 1, '1', 'test', $2)",
            person.person_id,
            office.clock.now(),
        )


async def class_of(office: Office, *names: str, title: str = TITLE) -> tuple[int, list[Chat]]:
    course_id = await course(office, title=title)
    people = [await office.person(name) for name in names]
    for person in people:
        await seated(office, person, course_id)
    return course_id, people


async def rates(person: Chat, *marks: int, comment: str = "") -> None:
    await person.sends("/danhgia")
    await person.taps("Lớp")
    for mark in marks:
        await person.taps(f"{mark}/5")
    if comment:
        await person.sends(comment)
    await person.taps("Gửi")
    person.sees("Cảm ơn anh/chị")


async def answers(office: Office) -> list[tuple[str, int]]:
    async with office.store.reading() as tx:
        rows = await tx.fetch("select item, value from rating_answers order by item, value")
    return [(row["item"], row["value"]) for row in rows]


def times(chat: Chat) -> list[tuple[str, str]]:
    kinds = ("rate_invite", "rate_reminder")
    return [
        (kind, datetime.fromtimestamp(instant, ZONE).strftime("%a %d %H:%M"))
        for instant, kind, _ in chat.pushed
        if kind in kinds
    ]


async def test_three_taps_after_the_last_session_and_thanks(office: Office) -> None:
    _, (lan,) = await class_of(office, "Lan")
    await office.time_passes(ENDED, step=1800)
    lan.sees("Lớp đã kết thúc", TITLE, "[Đánh giá]")
    await lan.taps("Đánh giá")
    lan.sees("Đánh giá nhanh 1/3: Nội dung khoá học", "[1/5 – rất kém]", "[5/5 – rất tốt]")
    await lan.taps("5/5")
    lan.sees("2/3: Phương pháp giảng dạy", "[Quay lại]")
    await lan.sends("4")
    lan.sees("3/3: Tính ứng dụng")
    await lan.taps("3/5")
    lan.sees("Nội dung khoá học: 5/5 – rất tốt", "Phương pháp giảng dạy: 4/5 – tốt", "[Gửi]")
    lan.sees_no("góp ý")
    assert await answers(office) == []
    await lan.taps("Gửi")
    lan.sees("Cảm ơn anh/chị", "không kèm tên")
    assert await answers(office) == [("noi_dung", 10), ("phuong_phap", 8), ("ung_dung", 6)]
    async with office.store.reading() as tx:
        draft = await tx.fetchval("select draft from dialogue where address = 'Lan'")
    assert draft == "{}"


async def test_going_back_changes_an_answer(office: Office) -> None:
    _, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    await lan.sends("/danhgia")
    lan.sees("1 lớp đã kết thúc chưa đánh giá", "Kết thúc thứ Hai 07/12/2026")
    await lan.taps(TITLE)
    await lan.taps("2/5")
    await lan.taps("Quay lại")
    lan.sees("1/3", "Anh/chị đã chọn: 2/5 – kém")
    for words in ("4/5", "4/5", "4/5", "Quay lại"):
        await lan.taps(words)
    lan.sees("3/3", "Anh/chị đã chọn: 4/5")
    await lan.taps("1/5")
    await lan.taps("Gửi")
    assert await answers(office) == [("noi_dung", 8), ("phuong_phap", 8), ("ung_dung", 2)]


async def test_a_comment_is_asked_only_of_those_who_agreed_and_kept_without_a_name(office: Office) -> None:
    _, (lan, hoa) = await class_of(office, "Lan", "Hoa")
    await agrees_to_comments(office, lan)
    office.clock.move_to(ENDED)
    await lan.sends("/danhgia")
    await lan.taps(TITLE)
    for _ in range(3):
        await lan.taps("5/5")
    lan.sees("gõ thêm góp ý trước khi gửi (không ghi tên)")
    await lan.sends("Rất <hay> & bổ ích")
    lan.sees("Góp ý: Rất <hay> & bổ ích")
    await lan.sends("Rất <hay> & 'thiết thực'")
    lan.sees("Góp ý: Rất <hay> & 'thiết thực'")
    await lan.taps("Gửi")
    await rates(hoa, 4, 4, 4)
    async with office.store.reading() as tx:
        rows = await tx.fetch("select text from rating_comments")
    assert [row["text"] for row in rows] == ["Rất <hay> & 'thiết thực'"]


async def test_consent_withdrawn_before_sending_keeps_no_comment(office: Office) -> None:
    _, (lan,) = await class_of(office, "Lan")
    await agrees_to_comments(office, lan)
    office.clock.move_to(ENDED)
    await lan.sends("/danhgia")
    await lan.taps(TITLE)
    for _ in range(3):
        await lan.taps("5/5")
    await lan.sends("Hay")
    async with office.store.transaction() as tx:
        await tx.execute("update consents set given = 0 where purpose = 'comments'")
    await lan.taps("Gửi")
    async with office.store.reading() as tx:
        assert await tx.fetchval("select count(*) from rating_comments") == 0
    assert len(await answers(office)) == 3


async def test_everybody_rates_once_whatever_is_tapped(office: Office) -> None:
    course_id, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    await rates(lan, 5, 5, 5)
    for old in (f"rate_send:{course_id}", f"rate_mark:{course_id}:1:0:1", f"rate_course:{course_id}"):
        await lan.taps_data(old)
        lan.sees("đã đánh giá lớp này rồi")
    assert len(await answers(office)) == 3
    await lan.sends("/danhgia")
    lan.sees("không có lớp nào chờ")


async def test_only_who_had_a_seat_may_rate_and_only_after_the_end_and_within_thirty_days(office: Office) -> None:
    course_id, (lan,) = await class_of(office, "Lan")
    hoa = await office.person("Hoa")
    await lan.taps_data(f"rate_course:{course_id}")
    lan.sees("chưa kết thúc")
    office.clock.move_to(ENDED)
    await hoa.taps_data(f"rate_course:{course_id}")
    hoa.sees("Chỉ người có tên trong danh sách lớp")
    office.clock.move_to(ENDED + ratings.OPEN)
    await lan.taps_data(f"rate_course:{course_id}")
    lan.sees("quá 30 ngày")
    await hoa.taps_data("rate_course:999")
    hoa.sees("Chỉ người")


async def test_forged_marks_and_an_unfinished_form_store_nothing(office: Office) -> None:
    course_id, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    for forged in (f"{course_id}:1:0:9", f"{course_id}:1:7:3", f"{course_id}:1:0:0", f"{course_id}:1:-1:3"):
        await lan.taps_data(f"rate_mark:{forged}")
        lan.sees("không còn dùng được")
    await lan.taps_data(f"rate_mark:{course_id}:99:0:3")
    lan.sees("1/3")
    await lan.taps("5/5")
    await lan.taps_data(f"rate_send:{course_id}")
    lan.sees("2/3")
    assert await answers(office) == []


async def test_a_double_tap_marks_one_item_only(office: Office) -> None:
    course_id, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    await lan.taps_data(f"rate_course:{course_id}")
    await lan.taps_data(f"rate_mark:{course_id}:1:0:5")
    await lan.taps_data(f"rate_mark:{course_id}:1:0:5")
    lan.sees("2/3")


async def test_one_invitation_one_reminder_then_silence(office: Office) -> None:
    _, (lan, hoa, _) = await class_of(office, "Lan", "Hoa", "Mai")
    await office.time_passes(ENDED, step=1800)
    await rates(hoa, 5, 5, 5)
    await office.time_passes(at("2026-12-20"), step=3600)
    assert times(lan) == [("rate_invite", "Mon 07 11:30"), ("rate_reminder", "Wed 09 11:30")]
    assert times(hoa) == [("rate_invite", "Mon 07 11:30")]
    lan.sees("Xin nhắc một lần")


async def test_a_course_that_ends_on_a_friday_night_invites_on_monday(office: Office) -> None:
    course_id = await course(office, sessions_at=(("2026-12-11", "18:00", "21:00"),))
    lan = await office.person("Lan")
    await seated(office, lan, course_id)
    await office.time_passes(at("2026-12-20"), step=1800)
    assert times(lan) == [("rate_invite", "Mon 14 07:30"), ("rate_reminder", "Wed 16 07:30")]


async def test_the_menu_counts_what_waits_to_be_rated(office: Office) -> None:
    _, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    await lan.sends("/start")
    lan.sees("1 lớp chờ anh/chị đánh giá")


async def test_nothing_stored_can_tell_who_answered_what_or_when(office: Office) -> None:
    _, people = await class_of(office, *"ABCDEF")
    office.clock.move_to(ENDED)
    for place, person in enumerate(people):
        await rates(person, place % 5 + 1, 3, 3)
    async with office.store.reading() as tx:
        for table, columns in (
            ("rating_answers", {"id", "course_id", "questionnaire", "version", "item", "value", "counted"}),
            ("rating_comments", {"id", "course_id", "questionnaire", "version", "text", "counted"}),
            ("rating_receipts", {"course_id", "person_id"}),
        ):
            rows = await tx.fetch(f"select * from {table}")
            assert all(set(row.keys()) == columns for row in rows)
        rows = await tx.fetch("select id from rating_answers")
        assert len({row["id"] for row in rows}) == 18
        assert all(len(row["id"]) == 32 for row in rows)
        dialogues = await tx.fetch("select draft from dialogue")
        assert all(row["draft"] == "{}" for row in dialogues)
        if office.store.engine == "sqlite":
            made = await tx.fetch("select sql from sqlite_master where name like 'rating_%' and type = 'table'")
            assert all("without rowid" in row["sql"] for row in made)
        else:
            writers = await tx.fetch(
                "select xmin::text as writer from rating_answers union select xmin::text from rating_receipts"
            )
            assert len(writers) == 1


async def test_hr_sees_nothing_below_five_forms_and_is_told_why(office: Office) -> None:
    course_id, people = await class_of(office, *"ABCDE")
    hr = await office.person("Hạnh", hr=True)
    for person in people:
        await agrees_to_comments(office, person)
    office.clock.move_to(ENDED)
    for person in people[:4]:
        await rates(person, 5, 5, 5, comment="Góp ý bí mật")
    await hr.taps_data("desk_ratings")
    hr.sees(TITLE, "4/5 phiếu")
    await hr.taps(TITLE)
    hr.sees("Đã nhận 4/5 phiếu", "dưới 5 phiếu có thể đoán ra ai trả lời")
    for forged in (f"desk_rating_words:{course_id}:0", f"desk_rating_file:{course_id}"):
        await hr.taps_data(forged)
        hr.sees("dưới 5 phiếu")
        hr.sees_no("bí mật")
        assert hr.arrived[-1].attachments == []
    await rates(people[4], 5, 5, 5)
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("Số phiếu: 5/5 (100 %)", "Nội dung khoá học: 10,0/10 – Tốt")


async def test_one_more_form_changes_no_figure_until_there_are_five_more(office: Office) -> None:
    course_id, people = await class_of(office, *"ABCDEFGHIK")
    hr = await office.person("Hạnh", hr=True)
    for person in people:
        await agrees_to_comments(office, person)
    office.clock.move_to(ENDED)
    for person in people[:5]:
        await rates(person, 5, 5, 5)
    for place, person in enumerate(people[5:], start=6):
        await hr.taps_data(f"desk_rating:{course_id}")
        hr.sees(f"Số phiếu: {place - 1}/10", "Nội dung khoá học: 10,0/10", "Có 0 góp ý")
        await rates(person, 1, 1, 1, comment="Lời của người thứ sáu" if place == 6 else "")
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("Số phiếu: 10/10", "Nội dung khoá học: 6,0/10", "Có 1 góp ý")
    hr.sees_no("chưa tính")


async def test_what_is_left_when_rating_is_over_counts_but_for_a_single_form(office: Office) -> None:
    course_id, people = await class_of(office, *"ABCDEFG")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDED)
    for person in people[:6]:
        await rates(person, *((1, 1, 1) if person is people[5] else (5, 5, 5)))
    office.clock.move_to(ENDED + 31 * 86_400)
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("Nội dung khoá học: 10,0/10", "Kết quả tính trên 5 phiếu; 1 phiếu mới hơn chưa tính")
    office.clock.move_to(ENDED + 86_400)
    await rates(people[6], 1, 1, 1)
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("Kết quả tính trên 5 phiếu; 2 phiếu mới hơn chưa tính")
    office.clock.move_to(ENDED + 31 * 86_400)
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("Số phiếu: 7/7", "Nội dung khoá học: 7,7/10")


async def test_hr_gets_means_bands_rate_comments_and_the_same_as_a_workbook(office: Office) -> None:
    course_id, people = await class_of(office, *"ABCDEF")
    hr = await office.person("Hạnh", hr=True)
    await agrees_to_comments(office, people[0])
    office.clock.move_to(ENDED)
    for place, person in enumerate(people[:5]):
        await rates(person, 5, 4 if place else 1, 1, comment="=1+1 <Hay> & tốt" if place == 0 else "")
    await hr.sends("/quanly")
    await hr.taps("Kết quả đánh giá")
    await hr.taps(TITLE)
    hr.sees("Số phiếu: 5/6 (83 %)", "Nội dung khoá học: 10,0/10 – Tốt", "Phương pháp giảng dạy: 6,8/10 – Khá")
    hr.sees("Tính ứng dụng vào công việc: 2,0/10 – Yếu", "Chung: 6,3/10 – Khá", "Có 1 góp ý")
    await hr.taps("Xem góp ý")
    hr.sees("=1+1 <Hay> & tốt", "Không kèm tên")
    await hr.taps_data(f"desk_rating_file:{course_id}")
    sent = hr.arrived[-1].attachments[0]
    assert sent.name == f"danh-gia-{course_id}-07-12-2026.xlsx"
    figures, comments = load_workbook(io.BytesIO(sent.content)).worksheets
    rows = [[cell.value for cell in row] for row in figures.iter_rows()]
    assert rows[0][0] == f"Kết quả đánh giá: {TITLE} (L1)"
    assert [2, "Phương pháp giảng dạy", "đề án", 5, 6.8, "Khá"] in rows
    assert rows[-1][4:] == [6.27, "Khá"]
    assert [cell.value for cell in comments[2]] == [1, "'=1+1 <Hay> & tốt"]


async def test_only_hr_sees_results(office: Office) -> None:
    course_id, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    for forged in ("desk_ratings", f"desk_rating:{course_id}", f"desk_rating_file:{course_id}"):
        await lan.taps_data(forged)
        lan.sees("dành cho người được phân quyền")


async def test_results_are_shown_only_for_courses_that_are_over(office: Office) -> None:
    course_id = await course(office)
    hr = await office.person("Hạnh", hr=True)
    await hr.taps_data("desk_ratings")
    hr.sees("Chưa có lớp nào kết thúc")
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("không còn dùng được")


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_whole_form_can_be_filled_in_by_typing_numbers(office: Office, language: str) -> None:
    _, (lan,) = await class_of(office, "Lan")
    office.clock.move_to(ENDED)
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = $1", language)
    await lan.taps_data("rate")
    for number in "15341":  # the course, three marks, send
        await lan.sends(number)
    assert await answers(office) == [("noi_dung", 10), ("phuong_phap", 6), ("ung_dung", 8)]


async def test_hr_reads_results_in_english_too(office: Office) -> None:
    course_id, people = await class_of(office, *"ABCDE")
    hr = await office.person("Hạnh", hr=True)
    office.clock.move_to(ENDED)
    for person in people:
        await rates(person, 5, 5, 4)
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")
    await hr.taps_data("desk_ratings")
    hr.sees("5/5 forms")
    await hr.taps_data(f"desk_rating:{course_id}")
    hr.sees("Overall: 9.3/10 – Very good")
    await hr.taps_data(f"desk_rating_words:{course_id}:0")
    hr.sees("There are none.")
    await hr.taps_data(f"desk_rating_file:{course_id}")
    assert hr.arrived[-1].attachments[0].name == f"rating-{course_id}-07-12-2026.xlsx"
