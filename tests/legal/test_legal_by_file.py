from tests.legal.law_office import law, publish
from tests.talking import Office, at

ENGLISH = {
    "laws": "Legal updates",
    "law:1": "Begin reading",
    "law_card:1:0": "Card 1/2",
    "law_card:1:1": "Answer the questions",
    "law_answer:1:1:0:0": "Not quite.",
    "law_go:1": "Question 2/2",
    "law_answer:1:1:1:0": "Next question",
    "law_answer:1:1:2:1": "On to confirming",
    "law_confirm:1:1": "Recorded: read and understood",
    "law_summary:1:0": "not done",
    "law_nudge:1": "people",
    "desk_laws": "Publish",
    "desk_law_how": "Publishing",
    "desk_law:1": "Who not yet?",
    "who_not_list:law:1": "Legal update 1/2026/QH16 not done",
    "who_not_file:law:1": "1 people is",
    "desk_law_proofs:1": "1 rows",
    "desk_law_nudge:1": "reminded",
    "desk_law_amend:1": "What is the new deadline?",
    "desk_law_sure:1:1:20270115": "Are you sure?",
    "desk_law_amended:1:1:20270115": "version 2",
    "desk_law_close:1": "Closed",
    "desk_law_reopen:1": "Deadline",
}


async def test_every_screen_is_there_in_english(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, head=True)
    lan = await office.person("Lan")
    async with office.store.transaction() as tx:
        await tx.execute("update accounts set language = 'en'")
    await publish(office, law())
    await office.settle()
    lan.sees("There is a new legal update")
    for data, words in ENGLISH.items():
        await hr.taps_data(data)
        hr.sees(words)
    await office.time_passes(at("2027-01-26"), step=3600)
    assert any("All units: " in message.text for message in hr.arrived)
    assert any("Your unit: " in message.text for message in hr.arrived)
    lan.sees("days overdue")


async def test_a_file_sent_by_hr_is_shown_first_and_published_by_a_tap(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True, audience="CB")
    lan = await office.person("Lan")
    text = law() + law(number="2/2026/QH16", mark=9)
    await hr.uploads("luat.yaml", text.encode())
    hr.sees("chưa ghi gì", "Mới: 1", "Luật <Đất> & nhà", "Mục lỗi, để lại: 1")
    hr.sees("2/2026/QH16, trường “dat” là 9, phải từ 1 đến số câu hỏi (2)")
    await lan.sends("/phapluat")
    lan.sees("chưa có nội dung nào")
    await hr.taps("Ghi nhận")
    hr.sees("Đã ghi")
    await office.settle()
    lan.sees("Có cập nhật pháp luật mới")
    await hr.uploads("luat.yaml", text.encode())
    hr.sees("Chưa ghi được gì: 1 mục lỗi")


async def test_a_broken_file_is_answered_in_one_sentence_and_changes_nothing(office: Office) -> None:
    hr = await office.person("Hạnh", hr=True)
    await hr.uploads("luat <1>.yaml", b'- so: "1\n')
    hr.sees("luat <1>.yaml", "sai cách viết YAML")
    await hr.taps_data("desk_laws")
    hr.sees("Chưa có văn bản nào")
