"""Files that were sent either way, kept in memory within a bound. Who sent them to whom is in the messages."""

import mimetypes
import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
_KEPT_BYTES = 256 * 1024 * 1024
_KEPT_FILES = 2_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file: its Telegram ids, its name, its type, its bytes and, for a picture, its size in pixels."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """The path under which getFile offers it."""
        folder = "photos" if self.width else "documents"
        return f"{folder}/{self.unique_id}/{self.name}"

    def as_document(self) -> dict[str, Any]:
        """Give it as the Bot API's Document."""
        return {
            "file_name": self.name,
            "mime_type": self.mime,
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def as_photo(self) -> list[dict[str, Any]]:
        """Give it as the Bot API's list of PhotoSize, which here has the one size that was sent."""
        return [
            {
                "file_id": self.file_id,
                "file_unique_id": self.unique_id,
                "file_size": len(self.content),
                "width": self.width,
                "height": self.height,
            }
        ]


class Shelf:
    """Files by id; the oldest go when more than `limit` bytes or 2,000 files are kept."""

    def __init__(self, limit: int = _KEPT_BYTES) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._limit = limit
        self._size = 0

    def put(self, name: str, content: bytes, mime: str | None = None, *, picture: bool = False) -> StoredFile:
        """Keep a file and give it with its new ids; a picture gets its size (1280 x 960 if unreadable)."""
        width, height = (image_size(content) or (1280, 960)) if picture else (0, 0)
        file = StoredFile(
            file_id=("AgAC" if picture else "BQAC") + secrets.token_urlsafe(24),
            unique_id=secrets.token_hex(8),
            name=name,
            mime=mime or mimetypes.guess_type(name)[0] or "application/octet-stream",
            content=content,
            width=width,
            height=height,
        )
        self._files[file.file_id] = file
        self._size += len(content)
        while len(self._files) > (1 if self._size > self._limit else _KEPT_FILES):
            self._size -= len(self._files.popitem(last=False)[1].content)
        return file

    def find(self, file_id: str) -> StoredFile | None:
        """Give the file of this id, or None."""
        return self._files.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Give the file that getFile offers under this path, or None."""
        return next((file for file in reversed(self._files.values()) if file.path == path), None)


def image_size(content: bytes) -> tuple[int, int] | None:
    """Give width and height in pixels of a PNG, GIF, JPEG or WebP picture; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512  # three layouts exist; the page needs only to know that it is a picture
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
