import pytest

from bot.messengers.formatting import html_of
from bot.training import broadcasts
from tests.broadcasts.announcing import got, previewed, sent, to_all, written
from tests.talking import Office

TEXT = "Nộp bản kê khai trước 15/12."


async def test_an_announcement_reaches_everybody_as_it_was_previewed(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan", unit="Xã Trí Phải")
    await previewed(hr, TEXT)
    hr.sees("2", "Nhận được qua chat: 2", "[Gửi]", "Hẹn giờ")
    shown = hr.arrived[-2]
    await hr.taps("Gửi")
    await office.settle()
    assert got(lan, TEXT) == 1
    assert lan.arrived[-1].text == shown.text
    assert hr.saw("Đã gửi xong")


async def test_formatting_is_kept_and_typed_markup_stays_text(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    await hr.taps("Soạn thông báo")
    await hr.writes(
        "Hạn <b gấp\nmai & kia", html_of("Hạn <b gấp\nmai & kia", [{"type": "bold", "offset": 0, "length": 3}])
    )
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    assert "<b>Hạn</b> &lt;b gấp\nmai &amp; kia" in hr.arrived[-2].text


async def test_broken_markup_typed_by_the_clerk_stays_text(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr, "Lớp <Luật> & <b dở dang")
    assert "Lớp &lt;Luật&gt; &amp; &lt;b dở dang" in lan.arrived[-1].text


async def test_lines_and_paragraphs_of_the_text_are_kept(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await sent(office, hr, "Kính gửi anh chị,\n\nNgày mai họp.\nTrân trọng.")
    assert "Kính gửi anh chị,\n\nNgày mai họp.\nTrân trọng." in lan.arrived[-1].text


async def test_an_empty_text_is_asked_for_again(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr, " \u200b ")
    hr.sees("Tôi chỉ đọc được chữ")
    await hr.sends(TEXT)
    hr.sees("Thông báo (nháp)", TEXT)


async def test_a_text_that_is_too_long_is_refused_with_its_length(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr, "a" * (broadcasts.LONGEST + 1))
    hr.sees("12.001 ký tự", "12.000")


async def test_what_a_phone_cut_in_two_is_put_together(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await written(hr, "A" * 4096)
    hr.sees("cắt làm đôi")
    await hr.sends("phần cuối")
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()
    assert lan.arrived[-1].text == "A" * 4096 + "\n\nphần cuối"


async def test_a_draft_waits_for_days_and_each_clerk_has_their_own(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    hoa = await office.person("Hoa", hr=True)
    await written(hr, "Bản nháp của Hạnh")
    await hr.sends("/start")
    await written(hoa, "Bản nháp của Hoa")
    office.clock.move_to(office.clock.now() + 5 * 86_400)
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    hr.sees("Bản nháp của Hạnh", "nháp")
    hr.sees_no("Bản nháp của Hoa")
    await hr.taps("Bản nháp của Hạnh")
    hr.sees("Bản nháp được giữ lại")
    await hoa.taps_data("bc:1")
    hoa.sees("của đồng nghiệp khác")


async def test_a_photo_is_stored_once_and_goes_with_the_text(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    lan = await office.person("Lan")
    await written(hr)
    await hr.sends_photo(b"\xff\xd8 a picture")
    hr.sees("Kèm: photo.jpg")
    await to_all(hr)
    await hr.taps("Xem trước")
    await office.settle()
    await hr.taps("Gửi")
    await office.settle()
    (picture,) = lan.arrived[-1].attachments
    assert (picture.photo, picture.content, len(picture.key)) == (True, b"\xff\xd8 a picture", 64)


@pytest.mark.parametrize("photo", [False, True])
async def test_a_file_or_photo_of_twelve_megabytes_is_refused_and_the_draft_stays(office: Office, photo: bool) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr)
    large = bytes(12 * 2**20)
    await (hr.sends_photo(large) if photo else hr.uploads("anh.png", large))
    hr.sees("12 MB", "quá mức 10 MB")
    hr.sees_no("Kèm:")
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    hr.sees("Nộp bản kê khai")


async def test_a_file_can_come_before_the_words(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    await hr.taps("Soạn thông báo")
    await hr.uploads("ke-hoach.pdf", b"%PDF")
    hr.sees("Đã có: ke-hoach.pdf", "Mời anh/chị gõ nội dung")
    await hr.sends(TEXT)
    hr.sees("Kèm: ke-hoach.pdf", TEXT)
    await hr.taps("Bỏ tệp kèm")
    hr.sees_no("ke-hoach.pdf")


async def test_a_photo_that_nobody_awaits_is_not_read_as_a_workbook(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.sends_photo(b"\xff\xd8")
    hr.sees("Tôi chưa xem được nội dung này")


async def test_a_deleted_draft_is_gone(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await written(hr)
    await hr.taps("Xoá nháp")
    await hr.taps("Xoá")
    hr.sees("Chưa có thông báo nào")


async def test_others_cannot_reach_the_announcements(office: Office) -> None:
    lan = await office.person("Lan")
    await lan.taps_data("desk_broadcasts")
    lan.sees("dành cho người được phân quyền")


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("a b", [{"type": "bold", "offset": 2, "length": 1}], "a <b>b</b>"),
        ("😀 b", [{"type": "italic", "offset": 3, "length": 1}], "😀 <i>b</i>"),
        ("x\ny", [{"type": "bold", "offset": 0, "length": 3}], "<b>x</b>\n<b>y</b>"),
        ("<i>", [{"type": "underline", "offset": 0, "length": 3}], "&lt;i&gt;"),
        ("xem", [{"type": "text_link", "offset": 0, "length": 3, "url": 'https://a.vn/?"<'}],
         '<a href="https://a.vn/?&quot;&lt;">xem</a>'),
        ("xem", [{"type": "text_link", "offset": 0, "length": 3, "url": "javascript:1"}], "xem"),
        ("abc", [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}],
         "<b>a</b><b><i>b</i></b><i>c</i>"),
    ],
)  # fmt: skip
def test_telegrams_entities_become_the_small_html(text: str, entities: list[dict[str, object]], html: str) -> None:
    assert html_of(text, entities) == html
