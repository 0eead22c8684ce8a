"""Which forms the agency has: the built-in list and decision, its own ones in their place, other papers of a class.

What may stand in a form is told by MARKS; what each stands for is put together in handlers.papers.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.chat.rendering import TEMPLATES
from bot.errors import Refused, Stale
from bot.store import Reading, Row, Tx
from bot.training import audit

FILES = TEMPLATES / "files"
BUILT_IN = {"list": "danh-sach-cu-hoc-vien.xlsx", "decision": "quyet-dinh-cu-di-hoc.docx"}
OWN = "own"
PURPOSES = (*BUILT_IN, OWN)
LONGEST_NAME = 60

OF_LEARNER = (
    "stt", "ho_ten", "ma", "gioi_tinh", "nam_sinh", "nam_sinh_nam", "nam_sinh_nu", "chuc_vu", "don_vi", "doi_tuong",
    "vi_tri_viec_lam", "ngach", "trinh_do", "dien_thoai", "ghi_chu",
)  # fmt: skip
OF_CLASS = (
    "ten_lop", "ma_lop", "muc_tieu", "don_vi_to_chuc", "ngay_hoc", "khai_giang", "be_giang", "lich_hoc", "noi_hoc",
    "hinh_thuc", "so_buoi", "so_tiet", "giang_vien", "nguon_kinh_phi", "so_van_ban", "ngay_van_ban", "so_hoc_vien",
    "so_hoc_vien_bang_chu", "co_quan", "don_vi_gui", "ngay_lap", "nam",
)  # fmt: skip
MARKS = (*OF_LEARNER, *OF_CLASS)


@dataclass(frozen=True)
class Template:
    """A form: `id` is 0 for a built-in one."""

    id: int
    purpose: str
    name: str
    filename: str
    content: bytes


async def listed(tx: Reading) -> list[Row]:
    """Give the agency's own forms in use, without their content: first those in place of built-in ones."""
    return await tx.fetch(
        """
        select id, purpose, name, filename, added_at from forms where withdrawn_at is null
        order by case purpose when 'list' then 1 when 'decision' then 2 else 3 end, name, id
        """
    )


async def for_purpose(tx: Reading, purpose: str) -> Template:
    """Give the form for 'list' or 'decision': the agency's own, else the built-in one. Raises Stale for others."""
    if purpose not in BUILT_IN:
        raise Stale
    row = await tx.fetchrow(
        "select * from forms where purpose = $1 and withdrawn_at is null order by id desc limit 1", purpose
    )
    return built_in(purpose) if row is None else _template(row)


def built_in(purpose: str) -> Template:
    """Give a built-in form, to be filled or to be changed into an own one. Raises Stale for an unknown one."""
    if purpose not in BUILT_IN:
        raise Stale
    name = BUILT_IN[purpose]
    return Template(0, purpose, Path(name).stem, name, (FILES / name).read_bytes())


async def find(tx: Reading, form_id: int) -> Template:
    """Give an own form in use. Raises Stale when there is none."""
    row = await tx.fetchrow("select * from forms where id = $1 and withdrawn_at is null", form_id)
    if row is None:
        raise Stale
    return _template(row)


def _template(row: Row) -> Template:
    return Template(row["id"], row["purpose"], row["name"], row["filename"], bytes(row["content"]))


async def has_own(tx: Reading, name: str) -> bool:
    """Tell whether an own form of that name is in use."""
    return await _own_called(tx, name) is not None


async def _own_called(tx: Reading, name: str) -> int | None:
    found: int | None = await tx.fetchval(
        "select id from forms where purpose = $1 and name = $2 and withdrawn_at is null", OWN, name
    )
    return found


async def rename(tx: Tx, form_id: int, name: str, by: int, now: int) -> None:
    """Give an own form another name. Raises Refused when another has it, Stale when the form is no own one in use."""
    form = await find(tx, form_id)
    if form.purpose != OWN:
        raise Stale
    if await _own_called(tx, name) not in (None, form_id):
        raise Refused("forms/name_taken", name=name)
    await tx.execute("update forms set name = $2 where id = $1", form_id, name)
    await audit.record(tx, by, "form.rename", f"form:{form_id}", now, old=form.name, new=name)


async def keep(tx: Tx, purpose: str, name: str, filename: str, content: bytes, by: int, now: int) -> Template:
    """Keep a checked form; one for the list or the decision takes the place of the one before, which stays stored.

    An own one takes the place of another of the same name; without a `name` it has that of its file. Raises Stale for
    an unknown purpose.
    """
    if purpose not in PURPOSES:
        raise Stale
    name = (name or Path(filename).stem or filename)[:LONGEST_NAME]
    await tx.execute(
        """
        update forms set withdrawn_at = $3
        where purpose = $1 and withdrawn_at is null and ($1 <> 'own' or name = $2)
        """,
        purpose,
        name,
        now,
    )
    form_id: int = await tx.fetchval(
        """
        insert into forms (purpose, name, filename, content, added_by, added_at)
        values ($1, $2, $3, $4, $5, $6) returning id
        """,
        purpose,
        name,
        filename,
        content,
        by,
        now,
    )
    await audit.record(tx, by, "form.keep", f"form:{form_id}", now, new={"purpose": purpose, "file": filename})
    return Template(form_id, purpose, name, filename, content)


async def withdraw(tx: Tx, form_id: int, by: int, now: int) -> None:
    """Take a form out of use; the built-in one counts again. Raises Stale when it is out already."""
    if not await tx.execute("update forms set withdrawn_at = $2 where id = $1 and withdrawn_at is null", form_id, now):
        raise Stale
    await audit.record(tx, by, "form.withdraw", f"form:{form_id}", now)
