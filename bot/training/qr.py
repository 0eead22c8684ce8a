"""A QR picture of an address. What the address means is told by callers."""

import io

import segno


def picture(address: str) -> bytes:
    """Give a .png that a phone reads from the wall of a room: large dots, a wide margin, middling repair."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=12, border=4)
    return out.getvalue()
