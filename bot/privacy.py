"""Takes out of a message what nobody needs in order to help: identity cards, mobile numbers, bank cards."""

from __future__ import annotations

import re

_D = "[0-9０-９]"
_GAP = r"[ \u3000\-—]?"
_ALONE = rf"(?<!{_D})(?:%s)(?!{_D})"

# In the groups people write them in, so that a row of amounts or years is not taken for a card. A number that is part of
# a longer one is left alone.
_IDENTITY_CARD = rf"{_D}{{6}}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}{_GAP}{_D}{{3}}[0-9０-９xXｘＸ]|{_D}{{15}}"
_BANK_CARD = rf"{_D}{{16,19}}|[6６][2２]{_D}{{2}}(?:{_GAP}{_D}{{4}}){{3}}(?:{_GAP}{_D}{{1,3}})?"
_MOBILE = (
    rf"(?:(?:\+|00)?86{_GAP})?[1１][3-9３-９]{_D}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}"
    "|[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}"
)
_SECRETS = [
    (re.compile(_ALONE % pattern), label)
    for pattern, label in ((_IDENTITY_CARD, "[证件号]"), (_BANK_CARD, "[卡号]"), (_MOBILE, "[电话]"))
]


def mask(text: str) -> str:
    """
    Replace identity-card numbers (18 or 15 digits), bank cards (16 to 19) and mobile numbers (11) by what they were.

    >>> mask("打13800138000,身份证340123194001011234,低保620元,问12345")
    '打[电话],身份证[证件号],低保620元,问12345'
    """
    for pattern, label in _SECRETS:
        text = pattern.sub(label, text)
    return text
