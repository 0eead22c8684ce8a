import ast
import re
from pathlib import Path

import pytest

from bot.chat.rendering import LANGUAGES, TEMPLATES
from bot.training import audit, audit_subjects
from tests.courses.classes import course
from tests.rights.agency import unit_id
from tests.rights.test_log import actions
from tests.talking import MONDAY, Chat, Office

ROOT = Path(__file__).parents[2]


async def told(office: Office, hr: Chat, subject: str, action: str = "course.edit") -> str:
    """Give how the log tells of a subject."""
    async with office.store.transaction() as tx:
        await audit.record(tx, hr.person_id, action, subject, MONDAY)
    await hr.taps_data("log:0")
    lines = [line for line in hr.last.splitlines() if line.startswith("•")]
    return next(line for line in lines if "xem nhật ký" not in line).partition(" (")[2].removesuffix(")")


async def test_things_are_called_by_their_names_and_numbers_that_people_know(office: Office) -> None:
    hr, lan = await office.person("Hạnh", hr=True), await office.person("Lan")
    number = await course(office, title="Luật Đất đai", code="QLNN-01")
    await lan.taps_data(f"enrol:{number}")
    async with office.store.transaction() as tx:
        session = await tx.fetchval("select id from sessions where course_id = $1 order by number limit 1", number)
        await tx.execute(
            """insert into certificates (id, person_id, course_id, title, category, issuer, issuer_fold, number,
            number_fold, issued_on, state, at)
            values (1, $1, $2, 'x', 'x', 'x', 'x', 'A1/2026', 'a1 2026', '2026-11-23', 'valid', 1)""",
            lan.person_id, number,
        )  # fmt: skip
    the_course = "lớp QLNN-01 – Luật Đất đai"
    unit = await unit_id(office, "Xã Trí Phải")
    for subject, words in (
        (f"course:{number}", the_course),
        (f"course:{number}:person:{lan.person_id}:travel", f"{the_course}, Lan, đi lại"),
        (f"session:{session}", f"{the_course}, buổi 1"),
        (f"unit:{unit}", "Xã Trí Phải"),
        ("certificate:1", "chứng chỉ số A1/2026, Lan"),
        ("enrolment:1", f"đăng ký học, Lan, {the_course}"),
        (f"rate:{number}", f"chưa đánh giá, {the_course}"),
        ("people", "cán bộ trong phạm vi"),
        ("chat:0", "chưa liên kết"),
        ("group:CC:2026", "nhóm công chức, năm 2026"),
        ("category:PL", "nội dung Pháp luật"),
        ("posts", "nội dung cần học theo vị trí"),
        ("day:2027-01-01", "ngày 01/01/2027"),
        ("state:failed", "không gửi được"),
        ("fact:contact", "liên hệ"),
        ("courses:all", "lớp, tất cả"),
        ("course:999", "lớp số 999"),
        ("something:5", "một thứ khác số 5"),
    ):
        assert await told(office, hr, subject) == words
    for subject, words in (
        ("choice:desk_people", "một nút ngoài quyền"),
        ("command:quanly", "lệnh /quanly"),
        ("file:res_file", "một tệp ngoài quyền"),
        ("contact:", "số điện thoại"),
    ):
        assert await told(office, hr, subject, "refused") == words


async def test_every_query_of_a_name_is_understood_by_both_engines(office: Office) -> None:
    async with office.store.reading() as tx:
        for noun in audit_subjects._NUMBERED:
            assert await audit_subjects.parts(tx, f"{noun}:77", named=True) == [audit_subjects.Part(noun, number="77")]


async def test_a_line_tells_neither_action_nor_subject_as_the_program_names_them(office: Office) -> None:
    hr, long = await office.person("Hạnh", hr=True), await office.person("Long", head=True)
    async with office.store.transaction() as tx:
        await audit.record(tx, long.person_id, "acting.give", "unit:1", MONDAY)
    await hr.taps_data("log:0")
    await hr.taps("giao quyền thay thủ trưởng")
    hr.sees("Việc: giao quyền thay thủ trưởng", "Đối tượng: Xã Trí Phải")
    for internal in ("acting", "unit:", "giao giao"):
        hr.sees_no(internal)


async def test_lines_about_a_person_in_a_class_are_about_that_person(office: Office) -> None:
    hr, lan, mai = [await office.person(name, hr=name == "Hạnh") for name in ("Hạnh", "Lan", "Mai")]
    async with office.store.transaction() as tx:
        for one in (lan, mai):
            await audit.record(tx, hr.person_id, "results.edit", f"course:1:person:{one.person_id}", MONDAY)
    await hr.taps_data(f"log:0::{lan.person_id}")
    hr.sees("lớp số 1, Lan")
    hr.sees_no("Mai")


async def test_the_kinds_to_narrow_to_stand_by_the_alphabet_of_their_words(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    async with office.store.transaction() as tx:
        for action in ("unit.head", "class.list", "acting.give", "upload.apply", "money.read"):
            await audit.record(tx, hr.person_id, action, "people", MONDAY)
    await hr.taps_data("log_kinds:0")
    labels = [label for label, data in hr.arrived[-1].menu if data.startswith("log:0:")]
    assert labels == ["Danh sách học viên", "Đơn vị", "Giao quyền", "Kinh phí", "Tệp gửi lên"]


def _words(language: str, name: str) -> dict[str, str]:
    text = (TEMPLATES / language / "log" / "words.j2").read_text(encoding="utf-8")
    return dict(re.findall(r'"([a-z_.]+)": "([^"]*)"', text.partition(f"{{% set {name} = ")[2].partition("%}")[0]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_in_the_filter_have_the_same_words(language: str) -> None:
    nouns = _words(language, "nouns")
    used = [nouns[noun] for noun in sorted({noun for noun, _ in actions()})]
    assert len(set(used)) == len(used)


def subjects() -> set[str]:
    """Every noun that a subject in the code begins with: 'course' of f"course:{number}"."""
    found = set()
    for file in [*(ROOT / "bot" / "training").glob("*.py"), *(ROOT / "handlers").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "audit.record", "audit.noted", "NotAllowed", "upload_changes.note", "upload_changes.change"
            ):  # fmt: skip
                for given in ast.walk(node):
                    first = given.values[0] if isinstance(given, ast.JoinedStr) else None
                    text = first.value if isinstance(first, ast.Constant) else ""
                    found |= set(re.findall(r"^([a-z_]+):$", str(text)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_in_the_code_has_words(language: str) -> None:
    assert {"course", "person", "certificate"} <= subjects()
    assert subjects() - set(_words(language, "things")) == set()
