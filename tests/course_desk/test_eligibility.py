from dataclasses import dataclass

import pytest

from bot.training.eligibility import Facts, objection
from tests.course_desk.people import told, unit_id
from tests.courses.classes import course, state_of
from tests.talking import Office


@dataclass(frozen=True)
class Only:
    audience: tuple[str, ...] = ("CB", "CC")
    only_leaders: bool = False
    only_titles: tuple[str, ...] = ()
    only_ranks: tuple[str, ...] = ()
    only_units: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("only", "facts", "expected"),
    [
        (Only(), Facts("CC"), ""),
        (Only(), Facts("VC"), "audience"),
        (Only(only_leaders=True), Facts("CB", leader=True), ""),
        (Only(only_leaders=True), Facts("CB"), "leaders"),
        (Only(only_titles=("Chủ tịch",)), Facts("CB", title="Chủ tịch UBND"), ""),
        (Only(only_titles=("Chủ tịch",)), Facts("CB", title="Phó Chủ tịch UBND"), "titles"),
        (Only(only_titles=("dia chinh",)), Facts("CC", title="Công chức", position="Địa chính – Xây dựng"), ""),
        (Only(only_titles=("Chủ tịch",)), Facts("CB"), "titles"),
        (Only(only_ranks=("Chuyên viên",)), Facts("CC", rank="Chuyên viên, bậc 3/9"), ""),
        (Only(only_ranks=("Chuyên viên",)), Facts("CC", rank="chuyên viên (01.003)"), ""),
        (Only(only_ranks=("Chuyên viên",)), Facts("CC", rank="Chuyên viên chính"), "ranks"),
        (Only(only_ranks=("01.003",)), Facts("CC", rank="01.003"), ""),
        (Only(only_ranks=("Cán sự",)), Facts("CC"), "ranks"),
        (Only(only_units=(3,)), Facts("CC", units=frozenset({7, 3})), ""),
        (Only(only_units=(3,)), Facts("CC", units=frozenset({7})), "units"),
    ],
)
def test_the_rule_that_keeps_somebody_off_a_course_is_named(only: Only, facts: Facts, expected: str) -> None:
    assert objection(only, facts) == expected


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"only_leaders": 1}, "chỉ dành cho lãnh đạo"),
        ({"only_titles": "Chủ tịch\nBí thư"}, "chỉ dành cho chức danh: Chủ tịch, Bí thư"),
        ({"only_ranks": "Chuyên viên chính"}, "chỉ dành cho ngạch: Chuyên viên chính"),
        ({"only_units": "{other}"}, "chỉ dành cho một số đơn vị"),
        ({"audience": "VC"}, "dành cho viên chức"),
    ],
)
async def test_the_catalogue_leaves_out_what_one_may_not_take_and_the_card_says_why(
    office: Office, fields: dict[str, object], words: str
) -> None:
    lan = await office.person("Lan")
    await told(office, lan, title="Công chức Tư pháp", rank="Chuyên viên")
    other = str(await unit_id(office, "Xã Khác"))
    fields = {key: other if value == "{other}" else value for key, value in fields.items()}
    course_id = await course(office, title="Lớp hẹp", **fields)
    await lan.sends("/lop")
    assert lan.sees_no("Lớp hẹp")
    await lan.taps_data(f"course:{course_id}")
    assert lan.sees(words)
    assert lan.sees_no("[Đăng ký]")
    await lan.taps_data(f"enrol:{course_id}")
    assert lan.sees("Chưa đăng ký được", words)
    assert await state_of(office, lan, course_id) == []


async def test_somebody_under_a_chosen_unit_sees_the_course(office: Office) -> None:
    lan = await office.person("Lan", unit="Trường A")
    above = await unit_id(office, "Xã A")
    async with office.store.transaction() as tx:
        await tx.execute("update units set parent_id = $1 where name = 'Trường A'", above)
    await course(office, title="Lớp của xã", only_units=str(above), needs_head=0)
    await lan.sends("/lop")
    await lan.taps("Lớp của xã")
    await lan.taps("Đăng ký")
    assert lan.sees("Đã có chỗ")


async def test_a_course_is_found_by_a_content_it_only_touches_and_its_card_tells_all(office: Office) -> None:
    lan = await office.person("Lan")
    await course(office, title="Lớp đất đai", category="PL", tags="CCHC,CDS", level="cấp xã", hours_theory=4,
                 hours_practice=8, mandatory=1, contact_person_id=lan.person_id, kind="hoi_nghi")  # fmt: skip
    await course(office, title="Lớp ngoại ngữ", category="NN")
    await lan.sends("/lop")
    await lan.taps("Nội dung")
    await lan.taps("Cải cách hành chính (1)")
    assert lan.sees("Lớp đất đai")
    assert lan.sees_no("Lớp ngoại ngữ")
    await lan.taps("Lớp đất đai")
    assert lan.sees("Hội nghị tập huấn", "Có lồng ghép: Cải cách hành chính, Chuyển đổi số", "Cấp độ: cấp xã",
                    "Lý thuyết: 4 tiết", "Thực hành: 8 tiết", "Liên hệ: Lan, Xã Trí Phải", "Lớp bắt buộc")  # fmt: skip
