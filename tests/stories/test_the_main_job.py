from bot.chat.events import Address
from bot.sandbox.phones import Phone
from bot.training import course_import, invites, legal_import, roster
from bot.training.upload_kinds import Sender
from tests.stories.conftest import Town
from tests.talking import DATA, ZONE, at

CODE = {"official": "DB0004", "head": "DB0001", "hr": "DB0007"}


async def lists(town: Town) -> None:
    now = town.clock.now()
    async with town.store.transaction() as tx:
        people = (DATA / "dien-bien-phu-cbccvc.xlsx").read_bytes()
        await roster.apply(tx, roster.read(people, "dien-bien-phu-cbccvc.xlsx"), Sender(None, now, ZONE))
        for module, file in ((course_import, "lop-boi-duong-2026-12.xlsx"), (legal_import, "phap-luat-2026.yaml")):
            await module.apply(tx, module.read((DATA / file).read_bytes(), file), now, ZONE)


async def links(town: Town, name: str, role: str) -> Phone:
    """Somebody takes a fresh phone, types the invite code and answers the three questions."""
    async with town.store.transaction() as tx:
        code = await invites.create(tx, CODE[role], role, town.clock.now())  # type: ignore[arg-type]
    phone = town.world.phone(name)
    await phone.starts()
    await phone.sees("mã mời")
    await phone.sends(invites.grouped(code))
    await phone.sees("Câu 1/3")
    await phone.taps("Đồng ý")
    await phone.sees("Câu 2/3")
    await phone.taps("Không đồng ý")
    await phone.sees("Câu 3/3")
    await phone.taps("Đồng ý")
    await phone.sees("Xong rồi")
    return phone


async def has_commands(town: Town, phone: Phone, names: list[str]) -> None:
    """The menu of commands shows what this person may do."""
    await town.until(lambda: [c["command"] for c in town.world.commands_in(phone.chat)] == names, f"commands {names}")


async def reads_the_law(hieu: Phone) -> None:
    await hieu.sends("/phapluat")
    await hieu.sees("Cập nhật pháp luật")
    await hieu.taps("171/2025/NĐ-CP")
    await hieu.sees("Đã đọc 0/3 thẻ")
    await hieu.taps("Bắt đầu đọc")
    await hieu.sees("Thẻ 1/3")
    for card in (2, 3):
        await hieu.taps("Thẻ tiếp")
        await hieu.sees(f"Thẻ {card}/3")
    await hieu.taps("Trả lời câu hỏi")
    await hieu.sees("tối thiểu mỗi năm")
    await hieu.taps("20 tiết")
    await hieu.sees("Chưa đúng", "40 tiết")
    await hieu.taps("Câu tiếp")
    await hieu.sees("có hiệu lực từ")
    await hieu.sends("1")  # the answer by its number
    await hieu.sees("Đúng.")
    await hieu.taps("Câu tiếp")
    await hieu.sees("Nội dung nào")
    await hieu.taps("Khoa học công nghệ")
    await hieu.sees("Đúng.")
    await hieu.taps("Câu tiếp")
    await hieu.sees("hỏi lại", "tối thiểu mỗi năm")
    await hieu.taps("40 tiết")
    await hieu.sees("Đúng.")
    await hieu.taps("Đến bước xác nhận")
    await hieu.taps("Đã đọc, đã hiểu")
    await hieu.sees("Đã ghi nhận", "171/2025/NĐ-CP", "23/11/2026")


async def rates(hieu: Phone) -> None:
    for item in ("Nội dung", "Phương pháp", "ứng dụng"):
        await hieu.sees(item)
        await hieu.taps("5/5")


async def test_from_linking_to_rating(town: Town) -> None:
    await lists(town)
    await town.opens()
    hieu = await links(town, "Hiếu", "official")
    long = await links(town, "Long", "head")

    await has_commands(town, hieu, ["start", "lop", "lich", "phapluat", "danhgia", "hoso", "ngonngu", "trogiup", "huy"])
    await has_commands(
        town, long, ["start", "lop", "lich", "phapluat", "danhgia", "duyet", "hoso", "ngonngu", "trogiup", "huy"]
    )

    await hieu.sends("luat dat dai")
    await hieu.taps("Luật Đất đai")
    await hieu.sees("Còn 30/30 chỗ", "Hội trường UBND", "Hạn đăng ký: thứ Năm 03/12/2026")
    await hieu.taps("Đăng ký")
    await hieu.sees("thủ trưởng")

    await long.sees("Hồ Đình Hiếu", "Luật Đất đai", since_start=True)
    await long.taps("Duyệt")
    await long.sees("có chỗ")
    await hieu.sees("có chỗ", since_start=True)

    await reads_the_law(hieu)

    town.clock.move_to(at("2026-12-04", "19:05"))  # the day before, moved from Sunday to Friday
    await hieu.sees("Luật Đất đai", "thứ Hai 07/12/2026, 07:30", "Hội trường UBND")

    await hieu.sends("/lich")
    await hieu.sees("07/12/2026")
    await hieu.taps(".ics")
    calendar = await hieu.gets_file(".ics")
    assert calendar.count(b"BEGIN:VEVENT") == 2

    town.clock.move_to(at("2026-12-08", "17:30"))
    await hieu.sees("đánh giá", "Luật Đất đai")
    await hieu.taps("Đánh giá")
    await rates(hieu)
    await hieu.taps("Gửi")
    await hieu.sees("Cảm ơn")
    assert await town.stored("select sum(value) as n from rating_answers") == [{"n": 30}]
    address = Address("telegram", str(hieu.id))
    assert await town.stored("select draft from dialogue where address = $1", address.id) == [{"draft": "{}"}]
