"""Photos and PDFs as people send them: told by what they begin with, bounded in size. Who keeps which is elsewhere."""

from bot.errors import BadFile

LARGEST = 10 * 1024 * 1024  # bytes
# What a file begins with, whatever its name says.
_MAGIC = {"pdf": (b"%PDF-",), "jpg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",)}


def kind_of(content: bytes) -> str:
    """Give 'pdf', 'jpg' or 'png' by what the file begins with. Raises BadFile for anything else, or beyond 10 MB."""
    if len(content) > LARGEST:
        raise BadFile("files/scan_too_large")
    for kind, starts in _MAGIC.items():
        if content.startswith(starts):
            return kind
    raise BadFile("files/no_scan")
