"""Which place a scene's code or a location's address means."""

from __future__ import annotations

from knowledge.regions import canonical, find_regions, is_known, region_name


def find_place(text: str) -> tuple[str, str] | None:
    """
    The code and the name of a place given by its GB/T 2260 code or by an address; the nearest one the address names.

    >>> find_place("安徽省宿州市泗县墩集镇某街1号"), find_place("341324101000")
    (('341324101', '安徽省宿州市泗县墩集镇'), ('341324101', '安徽省宿州市泗县墩集镇'))
    """
    if text.isdecimal():
        return (canonical(text), region_name(text)) if is_known(text) else None
    named = [(region.code, region.name) for region in find_regions(text)]
    return max(named, key=lambda place: len(place[0]), default=None)
