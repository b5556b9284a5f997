"""Place names and codes."""

import pytest

from knowledge.regions import canonical, find_regions, is_known, region_name


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("我是安徽泗县墩集镇的", ["341324101"]),
        ("墩集镇的，今年71", ["341324101"]),
        ("戶口在陽江陽西", ["441721"]),
        ("在广东打工，户口是广西贵港的", ["44", "4508"]),
        ("我户口在宁夏固原原州区，现在银川住", ["640402", "6401"]),
        ("在内蒙打工", ["15"]),
        ("青海省海东市平安区", ["630203"]),
        ("户口在都安，人在南宁", ["451228", "4501"]),
        ("家在都安县大山里", ["451228"]),
        ("住喺陽春鄉下", ["441781"]),
    ],
)
def test_a_place_is_found_by_the_name_people_use(said, codes):
    assert [region.code for region in find_regions(said)] == codes


@pytest.mark.parametrize(
    "said", ["祝您平安", "大家同心协力", "国家惠民政策", "我是城镇户口", "住在城关镇", "朝阳区", "A市K8县荔溪乡"]
)
def test_a_word_or_a_name_shared_by_many_places_is_none(said):
    assert find_regions(said) == []


def test_offsets_are_those_of_the_text_as_typed():
    (region,) = find_regions("佢係　廣西貴港嘅")

    assert "佢係　廣西貴港嘅"[region.start : region.end] == "廣西貴港"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("341324101", "安徽省宿州市泗县墩集镇"),
        ("341324101203", "安徽省宿州市泗县墩集镇"),
        ("640000", "宁夏回族自治区"),
        ("110101", "北京市东城区"),
        ("239900", "黑龙江省某县"),
        ("999999", ""),
    ],
)
def test_a_code_has_its_full_name(code, name):
    assert region_name(code) == name
    assert is_known(code) is bool(name)


def test_filling_zeros_do_not_make_another_place():
    assert canonical("441700") == "4417"
    assert canonical("341324101000") == "341324101"
