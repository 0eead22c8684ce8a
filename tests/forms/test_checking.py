import io
import zipfile

import pytest

from bot import forms
from bot.errors import BadFile
from bot.forms import Unknown
from tests.forms.papers import KNOWN, list_form, saved, word, workbook


def refused(content: bytes, name: str) -> BadFile:
    with pytest.raises(BadFile) as told:
        forms.check(content, name, KNOWN)
    return told.value


def with_part(content: bytes, name: str, part: bytes = b"<x/>") -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, part)
    return out.getvalue()


def test_the_marks_of_a_form_are_found() -> None:
    form = forms.check(saved(list_form()), "Mau.XLSX", KNOWN)
    assert form.marks == {"ten_lop", "khai_giang", "stt", "ho_ten", "don_vi", "nam_sinh", "so_hoc_vien"}
    assert forms.check(saved(word("{{ Tên lớp }}")), "qd.docx", KNOWN).marks == {"ten_lop"}


@pytest.mark.parametrize("paper", [workbook(("{{ho_tenn}}", "{{ten_lop}}", "{{xyz}}")), word("{{ho_tenn}} {{xyz}}")])
def test_unknown_marks_are_named_with_the_one_that_may_be_meant(paper: object) -> None:
    name = "a.docx" if hasattr(paper, "paragraphs") else "a.xlsx"
    error = refused(saved(paper), name)
    assert error.screen == "forms/unknown_marks"
    assert error.values["unknown"] == [Unknown("{{ho_tenn}}", "ho_ten"), Unknown("{{xyz}}", None)]


@pytest.mark.parametrize("words", ["{{ho_ten}", "{{ho_ten", "ho_ten}}", "{{{ho_ten}}}{{"])
def test_a_mark_that_was_not_closed_is_named(words: str) -> None:
    error = refused(saved(word(words, "{{ten_lop}}")), "a.docx")
    assert error.screen == "forms/unknown_marks"


def test_a_form_without_marks_is_refused() -> None:
    assert refused(saved(word("Danh sách")), "a.docx").screen == "forms/no_marks"


@pytest.mark.parametrize("name", ["mau.xlsm", "mau.doc", "mau.docm", "mau.pdf", "mau.xls", "mau"])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    assert refused(saved(list_form()), name).screen == "forms/wrong_type"


@pytest.mark.parametrize(
    "part",
    ["xl/vbaProject.bin", "xl/embeddings/oleObject1.bin", "xl/externalLinks/externalLink1.xml", "xl/activeX/a.xml"],
)
def test_macros_and_embedded_things_are_refused(part: str) -> None:
    assert refused(with_part(saved(list_form()), part), "a.xlsx").screen == "forms/active"


def test_a_word_file_that_fetches_its_template_from_elsewhere_is_refused() -> None:
    link = (
        b'<Relationships><Relationship Id="r1" TargetMode="External" Target="http://x.example/a.dotm" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    content = with_part(saved(word("{{ten_lop}}")), "word/_rels/settings.xml.rels", link)
    assert refused(content, "a.docx").screen == "forms/active"


@pytest.mark.parametrize("formula", ["=cmd|'/c calc'!A0", '=DDE("x")'])
def test_a_formula_that_starts_a_program_is_refused(formula: str) -> None:
    assert refused(saved(workbook(("{{ten_lop}}", formula))), "a.xlsx").screen == "forms/active"


@pytest.mark.parametrize(
    ("content", "screen"),
    [
        (b"", "files/damaged"),
        (b"PK\x03\x04 broken", "files/damaged"),
        (b"0" * (6 * 1024 * 1024), "forms/too_large"),
        (saved(word("{{ten_lop}}")), "files/wrong_type"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, screen: str) -> None:
    assert refused(content, "a.xlsx").screen == screen


def test_a_zip_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 200_000_000)
    assert refused(out.getvalue(), "a.docx").screen == "files/zip_bomb"


def test_a_form_that_dresses_whole_columns_is_refused() -> None:
    book = list_form()
    book.active.cell(1_048_576, 1).value = "x"
    assert refused(saved(book), "a.xlsx").screen == "forms/too_many_cells"


def test_entities_of_a_word_file_are_not_followed() -> None:
    paper = saved(word("{{ten_lop}}"))
    with zipfile.ZipFile(io.BytesIO(paper)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    head, _, rest = parts["word/document.xml"].partition(b"?>")
    evil = (
        head
        + b'?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + rest.replace(b"{{ten_lop}}", b"&e;{{ten_lop}}")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in (parts | {"word/document.xml": evil}).items():
            package.writestr(name, part)
    assert b"root:" not in forms.fill(out.getvalue(), "a.docx", {"ten_lop": "x"}, [], set())
