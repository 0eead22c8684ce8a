from bot.chat.events import Choice
from bot.training import rights, sending
from bot.training.calendar import Calendar
from tests.broadcasts.announcing import got, previewed, sent, to_all, written
from tests.talking import MONDAY, ZONE, Office, at

TEXT = "Nộp bản kê khai trước 15/12."


async def states(office: Office, broadcast_id: int = 1) -> list[str]:
    async with office.store.reading() as tx:
        rows = await tx.fetch(
            "select state from outbox where subject = $1 and kind = 'broadcast' order by id",
            f"broadcast:{broadcast_id}",
        )
    return [row["state"] for row in rows]


async def deliver(office: Office, count: int) -> None:
    """Let the first `count` people of the announcement have got it, as a pump under way would."""
    async with office.store.transaction() as tx:
        await tx.execute(
            "update outbox set state = 'sent' where id in (select id from outbox where kind = 'broadcast' and "
            "state = 'pending' and subject = 'broadcast:1' order by id limit $1)",
            count,
        )


async def test_the_rehearsal_counts_by_unit_and_names_those_without_a_chat(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, unit="Sở Nội vụ")
    await office.person("Lan")
    await office.person("Mai", linked=False)
    await previewed(hr)
    hr.sees("3 người ở 2 đơn vị", "Sở Nội vụ: 1", "Xã Trí Phải: 2 (1 chưa có chat)", "Chưa có chat: 1", "08:00")
    await hr.taps("Theo đơn vị")
    hr.sees("Xã Trí Phải: 2, qua chat 1")
    await hr.taps("Chưa có chat (Excel)")
    hr.sees("1 người chưa nhận được")
    assert hr.arrived[-1].attachments[0].name == "chua-co-chat-1.xlsx"


async def test_a_double_tap_sends_nothing_twice(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await previewed(hr)
    await hr.taps("Gửi")
    await hr.taps("Gửi")
    hr.sees("Tin này đã bắt đầu gửi", "Không ai nhận thêm")
    await office.settle()
    assert got(lan, TEXT) == 1
    assert await states(office) == ["sent", "sent"]


async def test_a_draft_changed_since_the_preview_must_be_previewed_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Viết thêm")
    await hr.sends("Và mang theo bản chính.")
    await hr.taps("Gửi")
    hr.sees("đã đổi sau khi xem trước")


async def test_rights_lost_between_preview_and_send_stop_it(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Hoa", hr=True)
    lan = await office.person("Lan")
    await previewed(hr)
    async with office.store.transaction() as tx:
        await rights.revoke_hr(tx, hr.person_id, MONDAY)
    await hr.taps("Gửi")
    hr.sees("dành cho người được phân quyền")
    await office.settle()
    assert got(lan, TEXT) == 0


async def test_a_colleague_takes_over_the_draft_of_somebody_without_rights(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    await written(hr)
    async with office.store.transaction() as tx:
        await rights.revoke_hr(tx, hr.person_id, MONDAY)
    await hoa.sends("/quanly")
    await hoa.taps("Thông báo")
    await hoa.taps("Nộp bản kê khai")
    hoa.sees("Thông báo (nháp)")


async def test_two_clerks_with_the_same_words_are_each_told(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    lan = await office.person("Lan")
    await previewed(hr)
    await previewed(hoa, "Nộp bản kê khai, trước 15/12")
    await hr.taps("Gửi")
    await hoa.taps("Gửi")
    hoa.sees("Tin giống hệt", "bởi Hạnh", "Chưa gửi gì thêm")
    await office.settle()
    assert hr.saw("Hoa cũng định gửi tin giống hệt")
    assert got(lan, "Nộp bản kê khai") == 1
    await hoa.taps("Vẫn gửi")
    await office.settle()
    assert got(lan, "Nộp bản kê khai") == 2


async def test_the_same_words_within_seven_days_are_asked_about_and_later_not(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await sent(office, hr)
    await previewed(hr)
    hr.sees("Tin giống hệt đã gửi thứ Hai 23/11/2026", "Vẫn gửi")
    office.clock.move_to(at("2026-12-01"))
    await previewed(hr)
    hr.sees_no("Tin giống hệt")


async def test_the_card_is_edited_in_place_and_the_end_is_told_once(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Lan")
    await office.person("Mai", linked=False)
    await previewed(hr)
    await hr.taps("Gửi")
    before = len(hr.arrived)
    await office.settle()
    cards = [m.text for m in hr.arrived[before:] if "▓" in m.text]
    assert len(cards) == 1
    assert "▓▓▓▓▓▓▓▓▓▓ 100 % (3/3)" in cards[0]
    assert "Không liên lạc được: 1" in cards[0]
    await office.settle()
    assert not hr.saw("Đã gửi xong “")  # the card, still looked at, says so


async def test_the_end_of_a_long_sending_is_told_once_beside_the_card(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Gửi")
    office.clock.move_to(office.clock.now() + 60)
    for _ in range(2):
        await office.settle()
    assert sum("Đã gửi xong “" in m.text for m in hr.arrived) == 1


async def test_where_messages_can_be_edited_a_sending_is_one_message_from_the_tap_to_the_end(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await previewed(hr)
    (data,) = [data for words, data in hr.arrived[-1].menu if words == "Gửi"]
    before, place = len(hr.arrived), len(hr.arrived) - 1
    answer = await office.take(hr.address, Choice(data, str(place)))
    assert answer is not None
    assert "Đang gửi" in answer.text
    await office.settle()  # the first look comes before the card of the start has gone out
    office.clock.move_to(office.clock.now() + 10)
    await office.settle()
    assert "Đã gửi xong" in hr.arrived[place].text
    assert got(hr, TEXT) == 2  # the sample and their own copy
    assert len(hr.arrived) == before + 1
    assert got(lan, TEXT) == 1


async def test_pausing_holds_what_waits_and_going_on_sends_the_rest_once(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await office.person("Mai")
    await previewed(hr)
    await hr.taps("Gửi")
    await deliver(office, 1)
    await hr.taps_data("bc:1")
    hr.sees("Đang gửi", "33 % (1/3)", "Đang chờ: 2 – còn khoảng 1 phút")
    await hr.taps("Tạm dừng")
    hr.sees("Tạm dừng", "Tiếp tục")
    await office.time_passes(at("2026-11-25", "09:00"), step=7200)
    assert await states(office) == ["sent", "pending", "pending"]
    await hr.taps_data("bc:1")
    await hr.taps("Tiếp tục")
    await office.settle()
    assert await states(office) == ["sent"] * 3
    assert got(lan, TEXT) == 1


async def test_a_row_that_comes_back_while_paused_is_held_as_well(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Gửi")
    await hr.taps_data("bc_pause:1")
    async with office.store.transaction() as tx:
        await tx.execute("update outbox set due_at = $1 where kind = 'broadcast' and subject = 'broadcast:1'", MONDAY)
    await office.settle()
    assert await states(office) == ["pending"]


async def test_cancelling_while_sending_reaches_nobody_else(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await office.person("Lan")
    mai = await office.person("Mai")
    await previewed(hr)
    await hr.taps("Gửi")
    await deliver(office, 2)
    await hr.taps_data("bc:1")
    await hr.taps("Huỷ")
    hr.sees("Còn 1 người chưa nhận")
    await hr.taps("Huỷ gửi")
    hr.sees("Đã huỷ", "Đã gửi: 2", "Không gửi nữa: 1")
    await office.settle()
    assert got(mai, TEXT) == 0
    await hr.taps_data("bc_go:1")
    hr.sees("Đã huỷ")


async def test_a_planned_announcement_goes_out_at_its_time(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await previewed(hr)
    await hr.taps("Hẹn giờ")
    await hr.sends("25/11/2026 14:30")
    hr.sees("Đã hẹn gửi thứ Tư 25/11/2026, 14:30")
    await office.time_passes(at("2026-11-25", "14:15"))
    assert got(lan, TEXT) == 0
    await office.time_passes(at("2026-11-25", "14:30"))
    assert got(lan, TEXT) == 1


async def test_whoever_comes_before_the_planned_time_gets_it_too(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Hẹn giờ")
    await hr.sends("25/11/2026 14:30")
    lan = await office.person("Lan")
    await office.time_passes(at("2026-11-25", "14:30"))
    assert got(lan, TEXT) == 1


async def test_a_time_in_the_past_or_at_tet_is_told_and_a_calm_one_proposed(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Hẹn giờ")
    await hr.sends("20/11/2026 08:00")
    hr.sees("đã qua")
    await hr.sends("mai nhé")
    hr.sees("Tôi chưa hiểu “mai nhé”")
    await hr.sends("06/02/2027 09:00")
    hr.sees("ngày lễ, Tết", "Hẹn ")
    await hr.sends("25/11/2026 22:00")
    hr.sees("Hẹn thứ Năm 26/11/2026, 07:30")
    await hr.taps("Hẹn thứ Năm")
    hr.sees("Đã hẹn gửi thứ Năm 26/11/2026, 07:30")


async def test_a_forged_time_at_night_is_refused(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    edition = next(data for _, data in hr.arrived[-1].menu if data.startswith("bc_send")).split(":")[2]
    await hr.taps_data(f"bc_at:1:{edition}:0:{at('2026-11-24', '23:00')}")
    hr.sees("ngoài giờ")
    assert not hr.saw("Đã hẹn gửi")


async def test_a_plan_can_be_taken_off(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await previewed(hr)
    await hr.taps("Hẹn giờ")
    await hr.sends("25/11/2026 14:30")
    await hr.taps("Bỏ hẹn")
    hr.sees("Thông báo (nháp)")
    await office.time_passes(at("2026-11-25", "16:00"), step=3600)
    assert got(lan, TEXT) == 0


async def test_a_plan_of_a_clerk_who_lost_their_rights_waits_for_hr(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    await previewed(hr)
    await hr.taps("Hẹn giờ")
    await hr.sends("25/11/2026 14:30")
    async with office.store.transaction() as tx:
        await rights.revoke_hr(tx, hr.person_id, MONDAY)
    await office.time_passes(at("2026-11-25", "14:30"), step=3600)
    assert got(hoa, TEXT) == 0
    hoa.sees("chưa được gửi", "không còn quyền quản lý")


async def test_a_start_missed_by_a_day_is_asked_about(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Hẹn giờ")
    await hr.sends("25/11/2026 14:30")
    office.clock.move_to(at("2026-11-26", "15:00"))
    await office.settle()
    hr.sees("chưa được gửi", "ngừng chạy quá lâu")


async def test_at_night_the_clerk_chooses_between_the_morning_and_urgency(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await previewed(hr)
    office.clock.move_to(at("2026-11-23", "21:00"))
    await hr.taps("Gửi")
    hr.sees("Bây giờ ngoài giờ", "Gửi thứ Tư 25/11/2026, 07:30", "Gửi ngay")
    await office.settle()
    assert got(lan, TEXT) == 0
    await hr.taps("Gửi ngay")
    await office.settle()
    assert got(lan, TEXT) == 1


async def test_the_rehearsal_at_night_offers_the_next_calm_time(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    office.clock.move_to(at("2026-11-28", "10:00"))
    await previewed(hr)
    hr.sees("Bây giờ ngoài giờ", "thứ Hai 30/11/2026, 07:30")
    await hr.taps("Gửi thứ Hai")
    await office.time_passes(at("2026-11-30", "07:30"), step=3600)
    assert got(lan, TEXT) == 1


async def test_a_correction_goes_to_exactly_those_who_got_the_first(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    mai = await office.person("Mai", linked=False)
    await sent(office, hr)
    async with office.store.transaction() as tx:
        await tx.execute(
            "insert into accounts (platform, address, person_id, linked_at) values ('telegram', 'Mai', $1, 1)",
            mai.person_id,
        )
        await tx.execute(
            """insert into consents (person_id, purpose, given, wording, chat_hash, at)
            values ($1, 'link', 1, '', '', 1)""",
            mai.person_id,
        )
    await hr.taps("Đính chính")
    hr.sees("đúng những người đã nhận tin trước")
    await hr.sends("Hạn đúng là 20/12.")
    hr.sees("đính chính", "những người đã nhận tin trước (2 người)")
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()
    assert (got(lan, "Hạn đúng là 20/12."), got(mai, "Hạn đúng là 20/12.")) == (1, 0)
    assert "Đính chính" in lan.arrived[-1].text


async def test_what_is_still_going_out_cannot_be_corrected_yet(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await previewed(hr)
    await hr.taps("Gửi")
    await hr.taps_data("bc_correct:1")
    hr.sees("chưa gửi xong")


async def test_the_message_names_nobody_else(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr)
    lan.sees_no("Hạnh")


def test_a_typed_time_is_read_either_way_round() -> None:
    days = Calendar(ZONE)
    for text in ("25/11/2026 14:30", "14:30 25/11/2026", "25-11-2026 14h30", "25/11/2026, 14:30"):
        assert sending.typed_time(text, days, MONDAY) == at("2026-11-25", "14:30"), text
    for text in ("", "31/02/2027 08:00", "24/11/2026", "24/11/2026 25:00", "23/11/2026 07:00", "24/11/2036 08:00"):
        assert sending.typed_time(text, days, MONDAY) is None, text


async def test_everything_can_be_typed_instead_of_tapped(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await written(hr)
    await to_all(hr)
    await hr.sends("xem trước")
    await office.settle()
    await hr.sends("gửi")
    await office.settle()
    assert got(lan, TEXT) == 1
