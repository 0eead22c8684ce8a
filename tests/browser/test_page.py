from pathlib import Path

import pytest
from playwright.async_api import expect
from telegram import Bot

from bot.clock import FixedClock
from bot.sandbox.phones import Phone
from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.talking import MONDAY, at

pytestmark = pytest.mark.browser


def phone(page, person: Phone):
    return page.locator(f'.phone[data-phone="{person.id}"]')


async def types(device, text: str) -> None:
    await device.get_by_label("Tin nhắn").fill(text)
    await device.get_by_label("Gửi", exact=True).click()


async def test_a_person_starts_types_and_taps_and_the_message_changes_in_place(bot: Bot, lan: Phone, open_page) -> None:
    page = await open_page()
    device = phone(page, lan)
    await device.get_by_role("button", name="Bắt đầu").click()
    await expect(device.locator(".message")).to_have_count(2)
    await types(device, "bạn\nhai dòng <b>thật</b>")
    greeting = device.locator(".message", has_text="Chào bạn")
    await expect(greeting).to_contain_text("hai dòng <b>thật</b>")
    await greeting.get_by_role("button", name="Lớp đang mở").click()
    await expect(device.locator(".message").nth(3).locator("b")).to_have_text("Luật Đất đai")
    await expect(device.locator(".message")).to_have_count(4)
    await expect(device.locator(".message").nth(3)).to_contain_text("đã sửa")
    await device.get_by_role("button", name="Trợ giúp").click()
    await expect(device.locator(".popup")).to_contain_text("Hãy bấm một nút")
    await device.get_by_role("button", name="Đã hiểu").click()
    await expect(device.locator(".popup")).to_be_hidden()


async def test_a_file_goes_up_and_comes_down_unchanged(bot: Bot, minh: Phone, open_page, tmp_path: Path) -> None:
    page = await open_page()
    device = phone(page, minh)
    file = tmp_path / "danh sách.xlsx"
    file.write_bytes(bytes(range(256)) * 40)
    async with page.expect_file_chooser() as chooser:
        await device.get_by_label("Gửi tệp", exact=True).click()
    await (await chooser.value).set_files(file)
    card = device.get_by_role("link", name="lai-danh sách.xlsx")
    await expect(card).to_contain_text("10 KB")
    async with page.expect_download() as download:
        await card.click()
    saved = await download.value
    assert saved.suggested_filename == "lai-danh sách.xlsx"
    assert Path(await saved.path()).read_bytes() == file.read_bytes()


async def test_the_small_menu_sends_a_contact_a_voice_and_blocks(bot: Bot, lan: Phone, minh: Phone, open_page) -> None:
    page = await open_page()
    device = phone(page, minh)
    await types(device, "số")
    await device.get_by_role("button", name="Chia sẻ số", exact=True).click()
    await expect(device.locator(".message").last).to_contain_text("Số 0900000000")
    await expect(device.get_by_role("button", name="Chia sẻ số", exact=True)).to_be_hidden()
    await device.get_by_label("Thêm").click()
    await device.get_by_role("button", name="Gửi tin thoại").click()
    await expect(device.locator(".message", has_text="Tin thoại")).to_be_visible()
    await device.get_by_label("Thêm").click()
    await device.get_by_role("button", name="Chặn bot").click()
    await device.get_by_role("button", name="Bỏ chặn bot").click()
    await expect(device.get_by_label("Tin nhắn")).to_be_visible()
    assert not minh.chat.blocked


async def test_the_commands_of_the_chat_are_in_its_menu(bot: Bot, minh: Phone, open_page) -> None:
    page = await open_page()
    await bot.set_my_commands([("lop", "Lớp đang mở")])
    device = phone(page, minh)
    await device.get_by_label("Danh sách lệnh").click()
    await device.get_by_role("button", name="/lop Lớp đang mở").click()
    await expect(device.locator(".message").last).to_contain_text("Chào /lop")


async def test_the_slip_of_paper_types_its_code(bot: Bot, lan: Phone, open_page) -> None:
    page = await open_page()
    device = phone(page, lan)
    await device.get_by_role("button", name="Bắt đầu").click()
    await device.locator(".slip").click()
    await expect(device.get_by_label("Tin nhắn")).to_have_value("1234 5678")
    lan.note = ""
    await expect(device.locator(".slip")).to_be_hidden()


async def test_the_time_machine_moves_everybody_and_finds_the_next_reminder(
    bot: Bot, world: World, due: list[int], open_page
) -> None:
    due.append(at("2026-11-30", "07:00"))
    page = await open_page()
    now = page.get_by_label("Ngày giờ giả lập")
    await expect(now).to_have_text("thứ Hai 23/11/2026, 08:00")
    await page.get_by_role("button", name="+1 giờ").click()
    await expect(now).to_have_text("thứ Hai 23/11/2026, 09:00")
    await page.get_by_role("button", name="+1 ngày").click()
    await expect(now).to_have_text("thứ Ba 24/11/2026, 09:00")
    await page.get_by_role("button", name="Đến lời nhắc tiếp theo").click()
    await expect(now).to_have_text("thứ Hai 30/11/2026, 07:00")
    assert world.clock.now() == due[0] > MONDAY
    following = page.get_by_role("button", name="Đến lời nhắc tiếp theo")
    await expect(following).to_be_disabled()
    await expect(following).to_contain_text("chưa có lời nhắc nào đang chờ")


async def test_telegram_can_be_cut_off_and_comes_back(world: World, minh: Phone, open_page) -> None:
    page = await open_page()
    switch = page.get_by_role("switch", name="Cắt mạng Telegram")
    await page.get_by_text("Cắt mạng Telegram").click()
    await expect(switch).to_be_checked()
    await types(phone(page, minh), "vẫn gửi được")
    await expect(phone(page, minh).locator(".message")).to_have_count(1)
    assert world.offline
    await page.get_by_text("Cắt mạng Telegram").click()
    await expect(switch).not_to_be_checked()
    assert not world.offline


async def test_nothing_that_is_said_becomes_markup_of_the_page(bot: Bot, minh: Phone, open_page) -> None:
    page = await open_page()
    text = "&lt;script&gt;alert(1)&lt;/script&gt; <a href='javascript:alert(1)'>bấm</a> <code>&lt;img src=x&gt;</code>"
    await bot.send_message(minh.id, text, parse_mode="HTML")
    shown = phone(page, minh).locator(".message").first
    await expect(shown).to_contain_text("<script>alert(1)</script> bấm <img src=x>")
    await expect(shown.locator("script, img, a")).to_have_count(0)
    await expect(phone(page, minh).locator("h2")).to_have_text("Trần Văn Minh <img src=x onerror=alert(1)>")


async def test_a_name_that_changes_and_a_slip_that_goes_are_seen_at_once(world: World, lan: Phone, open_page) -> None:
    page = await open_page()
    lan.chat.name, lan.note = "Nguyễn Thị Lan · Công chức", ""
    await expect(phone(page, lan).locator("h2")).to_have_text("Nguyễn Thị Lan · Công chức")
    await expect(phone(page, lan).locator(".slip")).to_be_hidden()
    await expect(page.locator(".tabs small").first).to_have_text("Công chức")


async def test_every_day_is_written_in_one_way(bot: Bot, minh: Phone, open_page) -> None:
    page = await open_page()
    await bot.send_message(minh.id, "Chào")
    await expect(page.locator("#now")).to_contain_text("thứ Hai 23/11/2026, 08:0")
    await expect(phone(page, minh).locator(".day")).to_have_text("thứ Hai 23/11/2026")


async def test_on_a_narrow_screen_one_phone_is_shown_at_a_time(
    bot: Bot, world: World, lan: Phone, minh: Phone, open_page
) -> None:
    page = await open_page(390, 844)
    await expect(phone(page, lan).get_by_role("button", name="Bắt đầu")).to_be_in_viewport()
    await expect(phone(page, minh).get_by_label("Tin nhắn")).not_to_be_in_viewport()
    tab = page.get_by_role("tab", name="Trần Văn Minh")
    for _ in range(2):
        world.phone("Nguyễn Thị Hoàng Anh · Thủ trưởng đơn vị", started=True)
    await expect(page.get_by_role("tab")).to_have_count(4)
    cut = "tab => tab.scrollWidth > tab.clientWidth || tab.getBoundingClientRect().right > innerWidth"
    assert not any([await one.evaluate(cut) for one in await page.get_by_role("tab").all()])
    await bot.send_message(minh.id, "tin mới")
    await expect(tab).to_have_class("unread")
    await tab.click()
    await expect(phone(page, minh).get_by_label("Tin nhắn")).to_be_in_viewport(ratio=1)
    await expect(tab).to_have_attribute("aria-selected", "true")
    await expect(tab).not_to_have_class("unread")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_page_that_lost_the_connection_catches_up(bot: Bot, lan: Phone, minh: Phone, open_page) -> None:
    page = await open_page()
    await bot.send_message(minh.id, "trước")
    await expect(phone(page, minh).locator(".message")).to_have_count(1)
    await page.reload()
    await expect(phone(page, minh).locator(".message")).to_have_count(1)
    await bot.send_message(minh.id, "sau")
    await expect(phone(page, minh).locator(".message").last).to_contain_text("sau")


async def test_a_page_finds_a_sandbox_that_was_started_again(browser, world: World, minh: Phone) -> None:
    async with serve(world) as first:
        page = await browser.new_page()
        await page.goto(first.url)
        await expect(phone(page, minh)).to_be_visible()
    await expect(page.get_by_text("Mất kết nối")).to_be_visible()
    again = World(FixedClock(MONDAY))
    ha = again.phone("Lê Thu Hà", started=True)
    async with serve(again, port=first.port):
        await expect(phone(page, ha).locator("h2")).to_have_text("Lê Thu Hà")
        await expect(page.locator(".phone")).to_have_count(1)
        await page.close()
