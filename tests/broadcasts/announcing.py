"""Steps that several stories of announcements share."""

from tests.talking import Chat, Office


async def written(hr: Chat, text: str = "Nộp bản kê khai trước 15/12.") -> Chat:
    """Write an announcement: HR stands before the draft."""
    await hr.sends("/quanly")
    await hr.taps("Thông báo")
    await hr.taps("Soạn thông báo")
    return await hr.sends(text)


async def to_all(hr: Chat) -> Chat:
    await hr.taps("Người nhận")
    await hr.taps("Mọi người")
    return await hr.taps("Xong")


async def previewed(hr: Chat, text: str = "Nộp bản kê khai trước 15/12.") -> Chat:
    """Write to everybody and preview: HR stands before the rehearsal, with the message itself above it."""
    await written(hr, text)
    await to_all(hr)
    await hr.taps("Xem trước")
    await hr.office.settle()
    return hr


async def sent(office: Office, hr: Chat, text: str = "Nộp bản kê khai trước 15/12.") -> Chat:
    """Send to everybody and let it arrive."""
    await previewed(hr, text)
    await hr.taps("Gửi")
    await office.settle()
    return hr


def got(chat: Chat, words: str) -> int:
    """How many messages with these words, and with the button to ask back, came into a chat."""
    return sum(words in m.text and any(b.words == "Hỏi lại" for row in m.rows for b in row) for m in chat.arrived)
