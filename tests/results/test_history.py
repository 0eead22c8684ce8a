from bot.training import uploads
from tests.talking import DATA, ZONE, Office

DBP = DATA / "dien-bien-phu-dao-tao-2016-2017.xlsx"
HCM = DATA / "tphcm-cchc-2016-2020.xlsx"


async def taken_in(office: Office, content: bytes, filename: str, *, dry: bool = False) -> uploads.Report:
    parsed = await uploads.read(content, filename)
    if dry:
        async with office.store.reading() as tx:
            return await uploads.compare(tx, parsed, ZONE, office.clock.now())
    async with office.store.transaction() as tx:
        return await uploads.write(tx, parsed, office.clock.now(), ZONE)


async def test_two_years_of_a_city_come_in_as_691_turns_once(office: Office) -> None:
    dry = await taken_in(office, DBP.read_bytes(), DBP.name, dry=True)
    assert (dry.kind, dry.counts["new"], dry.errors) == ("history", 691, [])
    assert sorted(dry.names["categories"]) == ["12 LDQL", "14 LLCT", "15 CMNV", "150 QLNN", "500 VTVL"]
    await taken_in(office, DBP.read_bytes(), DBP.name)
    again = await taken_in(office, DBP.read_bytes(), DBP.name)
    assert again.nothing
    assert again.counts["same"] == 691


async def test_ten_classes_come_in_with_their_1029_turns(office: Office) -> None:
    report = await taken_in(office, HCM.read_bytes(), HCM.name)
    assert (report.counts["turns"], report.counts["classes"], list(report.errors)) == (1029, 10, [])
    assert report.names["categories"] == ["1029 CCHC"]
    assert "CCHC-2016-1: 110" in report.names["classes"]
    assert (await taken_in(office, HCM.read_bytes(), HCM.name)).nothing
