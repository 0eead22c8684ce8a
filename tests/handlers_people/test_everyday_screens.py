import pytest

from tests.talking import Office, at

EMOJI = "😀" * 4096


async def test_the_language_changes_at_once_and_stays(office: Office) -> None:
    stranger = office.chat("stranger")
    await stranger.sends("/start")
    await stranger.taps("Language")
    await stranger.taps("English")
    stranger.sees("I speak English from now on")
    await stranger.sends("/start")
    stranger.sees("8-digit invite code")
    await stranger.sends("/ngonngu")
    await stranger.taps("Tiếng Việt")
    stranger.sees("Từ giờ tôi dùng tiếng Việt")


async def test_a_forged_language_is_refused(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.taps_data("speak:../vi")
    lan.sees("không còn dùng được")


async def test_help_names_what_each_role_can_do(office: Office) -> None:
    lan, hr = await office.person("Lan"), await office.person("Hạnh", hr=True, head=True)
    await lan.sends("/trogiup")
    lan.sees("/lop", "/hoso")
    lan.sees_no("/quanly")
    await hr.sends("/trogiup")
    hr.sees("/quanly", "/duyet")
    await office.chat("stranger").sends("/trogiup")
    office.chat("stranger").sees("mã mời 8 chữ số")


async def test_the_home_screen_counts_what_waits(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    await lan.sends("/start")
    lan.sees("Hiện không có việc nào")
    await lan.sends("/hoso")
    await lan.taps("Yêu cầu sửa")
    await lan.sends("Tôi sinh năm 1986")
    await hr.sends("/start")
    hr.sees("Anh/chị còn 1 việc", "1 việc của bộ phận tổ chức cán bộ")


async def test_leaving_ends_whatever_was_going_on(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.sends("/hoso")
    await lan.taps("Yêu cầu sửa")
    await lan.sends("huỷ")
    lan.sees("Chào anh/chị Lan")
    await lan.sends("Tôi sinh năm 1986")
    lan.sees("chưa tìm thấy")


async def test_a_request_for_correction_is_answered_within_two_working_days(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan <b>")
    await office.time_passes(at("2026-11-27", "09:00"))
    await lan.sends("/hoso")
    await lan.taps("Yêu cầu sửa")
    await lan.sends("Tôi sinh năm <1986> & không phải 1985")
    lan.sees("thứ Ba 01/12/2026")
    await office.settle()
    hr.sees("Yêu cầu của Lan <b>", "Tôi sinh năm <1986> & không phải 1985")
    await hr.taps("Trả lời")
    await hr.sends("Đã sửa thành 1986 <cảm ơn>")
    await office.settle()
    lan.sees("Trả lời: Đã sửa thành 1986 <cảm ơn>")
    await hr.taps_data("request_answer:1")
    await hr.sends("Lần nữa")
    hr.sees("đã có người trả lời")


async def test_a_request_that_was_answered_is_not_announced_any_more(office: Office) -> None:
    hr, other = await office.person("Hạnh", hr=True), await office.person("Hoa", hr=True)
    lan = await office.person("Lan")
    await office.time_passes(at("2026-11-28", "21:00"))
    await lan.sends("/hoso")
    await lan.taps("Yêu cầu sửa")
    await lan.sends("Sai tên")
    await hr.sends("/quanly")
    await hr.taps("Yêu cầu sửa")
    await hr.taps("Lan")
    await hr.taps("Trả lời")
    await hr.sends("Đã sửa")
    await office.time_passes(at("2026-11-30", "09:00"))
    assert other.pushed == []
    assert [kind for _, kind, _ in lan.pushed] == ["request_answered"]


async def test_a_request_of_4096_emoji_is_refused_and_still_awaited(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.sends("/hoso")
    await lan.taps("Yêu cầu sửa")
    await lan.sends(EMOJI)
    lan.sees("dài quá 1.000 chữ")
    await lan.sends_voice()
    lan.sees("chỉ đọc được chữ")
    await lan.sends("Sai tên")
    lan.sees("Đã gửi yêu cầu")


async def test_withdrawing_takes_one_tap_and_says_what_changes(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.sends("/hoso")
    await lan.taps("Điều đã đồng ý")
    lan.sees("thôi nhắn", "chưa hỏi")
    await lan.taps("Đồng ý: góp ý")
    lan.sees("[Rút: góp ý]")
    await lan.taps("Rút: nhận tin")
    lan.sees("gỡ liên kết")
    await lan.sends("/hoso")
    lan.sees("chưa gắn với ai")


async def test_unlinking_is_asked_once_more(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.sends("/hoso")
    await lan.taps("Huỷ liên kết")
    lan.sees("mã mời mới")
    await lan.taps("Thôi")
    lan.sees("Hồ sơ của anh/chị")
    await lan.taps("Huỷ liên kết")
    await lan.taps("Huỷ liên kết")
    lan.sees("gỡ liên kết")


@pytest.mark.parametrize("text", [EMOJI, "<b>", "'; drop table people; --", "%", "_", "🙂"])
async def test_any_free_text_gets_an_answer(office: Office, text: str) -> None:
    lan = await office.person("Lan")
    await lan.sends(text)
    lan.sees("chưa tìm thấy")
    await office.chat("stranger").sends(text)
    office.chat("stranger").sees("chưa gắn với ai")


async def test_an_unknown_command_shows_help(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.sends("/abc")
    lan.sees("Tôi giúp được gì")
