"""The worked examples that the platform publishes: signatures, decryption, encryption."""

from __future__ import annotations

import dataclasses

import pytest
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.wechat.account import Account
from bot.wechat.gate import Gate, Refused, text_of
from tests import wechat_platform

ZEROS = Account(token="AAAAA", aes_key="A" * 43, app_id="wxba5fad812f8e6fb9")
COMPONENT = dataclasses.replace(ZEROS, app_id="wx134c8103faa5a59e")
SAMPLE = Account(token="spamtest", aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", app_id="wx2c2769f8efd9abc2")

# "Receiving message pushes", safe mode, JSON inside.
DEBUG_DEMO = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
# The same page for third-party platforms, XML inside.
DEBUG_DEMO_XML = (
    "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+ajKYpJny"
    "Q4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYze"
    "cSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4F"
    "UL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFH"
    "TYe0Mg=="
)
# The sample code's text message, in compatible mode.
SAMPLE_TEXT = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh"
    "0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRj"
    "pA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6"
    "OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
CHINESE = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


def body_of(sealed: str) -> bytes:
    return f"<xml><ToUserName>gh_97417a04a28d</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def test_the_published_address_check_is_answered_with_its_echo():
    gate = Gate(ZEROS, now=lambda: 1714036504)
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }

    assert gate.check_address(query) == "4375120948345356249"


def test_the_published_plaintext_signature_opens_the_door_and_json_is_no_message():
    gate = Gate(Account(token="AAAAA"), now=lambda: 1714037059)
    query = {"signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78", "timestamp": "1714037059", "nonce": "486452656"}

    with pytest.raises(Refused) as refused:
        gate.admit(query, b'{"ToUserName": "gh_97417a04a28d", "Event": "debug_demo"}')

    assert refused.value.status == 400


def test_the_published_safe_mode_message_passes_its_signature_and_opens_to_the_published_text():
    gate = Gate(ZEROS, now=lambda: 1714112445)
    query = {
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "timestamp": "1714112445",
        "nonce": "415670741",
        "encrypt_type": "aes",
        "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    }

    with pytest.raises(
        Refused, match="no message"
    ):  # it is JSON inside: admitted by the signature, refused by its form
        gate.admit(query, body_of(DEBUG_DEMO))

    assert PrpCrypto(gate.crypto.key).decrypt(DEBUG_DEMO, ZEROS.app_id) == (
        '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
        '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
    )


def test_the_published_xml_message_is_admitted_whole():
    gate = Gate(COMPONENT, now=lambda: 1715943329)
    query = {
        "timestamp": "1715943329",
        "nonce": "1590219412",
        "encrypt_type": "aes",
        "msg_signature": "6c12a4205838198b8fa631b3220723bb07f1015c",
    }

    message = gate.admit(query, body_of(DEBUG_DEMO_XML)).message

    assert text_of(message, "Event") == "debug_demo"
    assert text_of(message, "debug_str") == "hello world"
    assert message.source == "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"


def test_the_sample_codes_text_message_is_admitted_whole():
    gate = Gate(SAMPLE, now=lambda: 1409735669)
    query = {
        "timestamp": "1409735669",
        "nonce": "1320562132",
        "encrypt_type": "aes",
        "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    }

    message = gate.admit(query, body_of(SAMPLE_TEXT)).message

    assert (message.content, message.id) == ("abcdteT", 6054768590064713728)
    assert message.source == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


def test_one_changed_character_of_a_published_ciphertext_is_refused():
    gate = Gate(COMPONENT, now=lambda: 1715943329)
    query = {
        "timestamp": "1715943329",
        "nonce": "1590219412",
        "encrypt_type": "aes",
        "msg_signature": "6c12a4205838198b8fa631b3220723bb07f1015c",
    }

    with pytest.raises(Refused) as refused:
        gate.admit(query, body_of(DEBUG_DEMO_XML.replace("D7yz", "D7yy", 1)))

    assert refused.value.status == 403


def test_replies_are_encrypted_to_the_published_bytes(monkeypatch):
    for random16, account, text, sealed in [
        ("707722b803182950", ZEROS, '{"demo_resp":"good luck"}', REPLY),
        ("aaaabbbbccccdddd", dataclasses.replace(SAMPLE, app_id="wxb11529c136998cb6"), "我是中文abcd123", CHINESE),
    ]:
        crypto = PrpCrypto(WeChatCrypto(account.token, account.aes_key, account.app_id).key)
        monkeypatch.setattr(crypto, "get_random_string", lambda random16=random16: random16)

        assert crypto.encrypt(text, account.app_id).decode() == sealed


def test_the_published_reply_signature_comes_out():
    signer = WeChatSigner()
    signer.add_data("AAAAA", "1713424427", "415670741", REPLY)

    assert signer.signature == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_the_simulated_platform_agrees_with_the_published_vectors():
    assert wechat_platform.sign("AAAAA", "1713424427", "415670741", REPLY) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    sealed = wechat_platform.encrypt('{"demo_resp":"good luck"}', ZEROS.aes_key, ZEROS.app_id, b"707722b803182950")
    assert sealed == REPLY
    assert wechat_platform.decrypt(DEBUG_DEMO_XML, COMPONENT.aes_key)[1] == COMPONENT.app_id


def test_a_sealed_reply_opens_with_the_platforms_algorithm():
    sealed = Gate(COMPONENT).seal("<xml><Content>低保🙂</Content></xml>")
    inside = sealed.split("<Encrypt><![CDATA[")[1].split("]]>")[0]

    assert wechat_platform.decrypt(inside, COMPONENT.aes_key) == (
        "<xml><Content>低保🙂</Content></xml>",
        COMPONENT.app_id,
    )
