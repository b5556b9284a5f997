"""What the channel itself says. A message is as the bot's, `{"text", "buttons"}`; an `aside` leaves a question open."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

UNREADABLE: Message = {"text": "这个我看不懂。请把想问的话打成字发过来。", "aside": True}
VOICE: Message = {"text": "语音我这里听不到字。请点键盘上的话筒说话，它会变成字，再发给我；打字也行。", "aside": True}
NOWHERE: Message = {"text": "这个位置我对不上是哪个乡镇。请把县名、乡镇名打成字发过来。", "aside": True}
KINDS: dict[str, Message] = {
    "image": {
        "text": "照片我看不了。请把上面要问的事打成字。身份证、病历的照片不用发给我，去窗口时带上就行。",
        "aside": True,
    },
    "video": {"text": "视频我看不了。请把想问的话打成字发过来。", "aside": True},
    "shortvideo": {"text": "视频我看不了。请把想问的话打成字发过来。", "aside": True},
    "link": {"text": "链接我打不开。请把想问的话打成字发过来。", "aside": True},
}
BUSY: Message = {"text": "系统正忙，这句话没收好。请过几分钟再发一次。有急事请打 12345。", "aside": True}

WAIT_AND_SEE = "还在查。请等几秒，回复任意内容查看。"
WAIT_OR_SEE = "还在查，马上发给您。要是没收到，回复任意内容查看。"
MORE_ON_REPLY = "（还有，回复任意内容查看）"
MORE_FOLLOWS = "（还有，马上发来；没收到就回复任意内容查看）"
HOW_TO_CHOOSE = "点一行，或回复前面的数字："
HOW_TO_TAP = "点一行，或直接打字回答："
OPEN_PAGE = "打开结果页"
CARD_TITLE = "您家的初步结果"
CARD_HINT = "点开看明细。回复任意内容，看文字版。"

EXAMPLES: list[str] = ["低保怎么申请", "看看我家能享受什么", "残疾人有什么补贴"]


def greeting(place: str) -> Message:
    """The first words to somebody who subscribes, with three things one can ask."""
    where = f"我按{place}的政策来答。" if place else "请告诉我您是哪个县、哪个乡镇，答得更准。"
    text = (
        "您好！我能回答低保、特困、临时救助这些事，也能帮您看看家里可能享受什么。\n"
        f"{where}\n不用告诉我姓名和身份证号。我说的是估计，能不能办由民政部门核实后定。"
    )
    return {"text": text, "buttons": [{"title": example, "payload": example} for example in EXAMPLES]}


def moved(place: str) -> Message:
    """The place is set, by a village's QR code or a location."""
    return {"text": f"好的，往后我按{place}的政策来答。请说您想问的事。"}
