import struct

from bot.sandbox.files import Shelf, image_size


def test_the_oldest_files_go_when_too_many_bytes_are_kept() -> None:
    shelf = Shelf(limit=20)
    old, new = (shelf.put(name, b"x" * 12) for name in ("cũ.txt", "mới.txt"))
    assert shelf.find(old.file_id) is None
    assert shelf.find(new.file_id) is new
    assert shelf.at(new.path) is new


def test_one_file_larger_than_the_bound_is_kept_until_the_next() -> None:
    shelf = Shelf(limit=20)
    large = shelf.put("lớn.bin", b"x" * 100)
    assert shelf.find(large.file_id) is large


def test_the_size_of_a_picture_is_read_from_its_head() -> None:
    jpeg = b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"xx" + b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 30, 40) + b"x"
    assert image_size(jpeg) == (40, 30)
    assert image_size(b"GIF89a" + struct.pack("<HH", 7, 5)) == (7, 5)
    assert image_size(b"%PDF-1.7") is None
