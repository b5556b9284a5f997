"""Numbers as people say them."""

import pytest

from knowledge.numerals import find_quantities, parse_quantity


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        ("八十三", (83, 83)),
        ("八十有三", (83, 83)),
        ("70多", (70, 79)),
        ("七八十", (70, 80)),
        ("三十五六", (35, 36)),
        ("一万多", (10000, 20000)),
        ("两三万", (20000, 30000)),
        ("一万二三", (12000, 13000)),
        ("2-3万", (20000, 30000)),
        ("两千到三千", (2000, 3000)),
        ("三千左右", (2700, 3300)),
        ("大概一千二", (1080, 1320)),
        ("三千来块", (2700, 3300)),
        ("不到五千", (0, 5000)),
        ("最多一万", (0, 10000)),
        ("至少三千", (3000, None)),
        ("上万", (10000, None)),
        ("一百多", (100, 199)),
        ("1.5万", (15000, 15000)),
        ("3万5", (35000, 35000)),
        ("十几万", (100000, 200000)),
        ("四十余万", (400000, 500000)),
        ("千把块", (900, 1100)),
        ("好几万", (20000, 90000)),
        ("五十出头", (50, 55)),
        ("一百六十几块", (161, 169)),
        ("四千多点", (4000, 5000)),
        ("八十有余", (80, 89)),
    ],
)
def test_a_spoken_number_keeps_its_breadth(said, bounds):
    assert parse_quantity(said) == bounds


@pytest.mark.parametrize("said", ["", "没有", "一年一万多", "万", "123456789012"])
def test_what_is_not_one_number_is_none(said):
    assert parse_quantity(said) is None


def test_numbers_stand_where_they_were_said_with_their_units():
    found = [(q.said, q.unit) for q in find_quantities("我爸82岁，家里五口人，一年不到两万块")]

    assert found == [("82", "岁"), ("五", "口人"), ("一", "年"), ("两万", "块")]
    assert [q.said for q in find_quantities("工资两千二一个月")] == ["两千二", "一"]
