import json

from tests.learning_gaps.test_what_posts_call_for import by_workbook, facts, staffed
from tests.talking import Office


async def test_an_old_export_sent_back_leaves_what_a_colleague_changed_since(office: Office) -> None:
    hr = await staffed(office)
    await by_workbook(hr)
    await hr.taps_data("posts_sheet")
    (file,) = hr.arrived[-1].attachments
    await hr.taps_data("post_keep:CC:0:PL:0")
    now = await facts(office)
    await hr.uploads("lai.xlsx", file.content)
    hr.sees("Không có gì thay đổi")
    assert await facts(office) == now


async def test_an_old_export_sent_back_does_not_bring_back_what_a_colleague_took_away(office: Office) -> None:
    hr = await staffed(office)
    await by_workbook(hr)
    await hr.taps_data("posts_sheet")
    (file,) = hr.arrived[-1].attachments
    await hr.taps_data("post_drop:CC:0:PL")
    now = await facts(office)
    await hr.uploads("lai.xlsx", file.content)
    hr.sees("Không có gì thay đổi")
    assert await facts(office) == now


async def test_an_old_export_sent_back_leaves_a_post_that_became_sensitive_since(office: Office) -> None:
    hr = await staffed(office)
    await by_workbook(hr)
    await hr.taps_data("post_keep:post:2:CDS:1")
    await hr.taps_data("posts_sheet")
    (file,) = hr.arrived[-1].attachments
    async with office.store.transaction() as tx:
        await tx.execute("update posts set priority = 1")
    now = await facts(office)
    await hr.uploads("lai.xlsx", file.content)
    hr.sees("Không có gì thay đổi")
    assert await facts(office) == now


async def test_the_log_tells_how_often_what_is_no_longer_required_was_called_for(office: Office) -> None:
    hr = await staffed(office)
    await hr.taps_data("post_keep:CC:0:PL:0")
    await hr.taps_data("post_drop:CC:0:PL")
    async with office.store.reading() as tx:
        old = await tx.fetchval("select old from audit where action = 'post.require' order by id desc limit 1")
    assert json.loads(old) == {"PL": 0}
