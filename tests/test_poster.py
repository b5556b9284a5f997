"""The poster: what is printed, and that its code can be scanned."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A3, A4

from bot.pages.poster import FREE, main, page_url, poster_pdf, qr, village

URL = "https://jiuzhu.example.org"
TOWN = "341324101"


def picture(pdf: bytes, page: int = 0) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[page].render(scale=2).to_pil()


def scanned(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def text_of(pdf: bytes, page: int = 0) -> str:
    return pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()


def test_the_code_leads_to_the_page_with_the_village_set():
    assert [f"{URL}/v/{TOWN}"] == scanned(picture(poster_pdf([village(TOWN)], URL)))


def test_a_stained_code_still_reads():
    image = picture(poster_pdf([village(TOWN)], URL))
    middle, height = image.width // 2, image.height // 2
    ImageDraw.Draw(image).ellipse((middle - 60, height - 200, middle + 60, height - 80), fill="brown")

    assert [f"{URL}/v/{TOWN}"] == scanned(image)


def test_the_code_has_error_level_h():
    assert qr(page_url(URL, TOWN)).error == "H"


def test_the_poster_says_what_it_is_whose_it_is_and_that_it_is_free():
    text = text_of(poster_pdf([village(TOWN)], URL))

    assert "墩集镇" in text and FREE in text and "窗口" in text
    assert text.count("“") == 3


def test_a_window_and_phone_that_are_known_are_printed():
    text = text_of(poster_pdf([village(TOWN, office="墩集镇便民服务中心", phone="0557-0000000")], URL))

    assert "墩集镇便民服务中心" in text and "0557-0000000" in text


def test_fonts_are_embedded():
    assert b"/FontFile2" in poster_pdf([village(TOWN)], URL)


@pytest.mark.parametrize(("size", "points"), [("A4", A4), ("A3", A3)])
def test_the_page_has_the_size_asked_for(size, points):
    assert pytest.approx(points, abs=1) == pypdfium2.PdfDocument(poster_pdf([village(TOWN)], URL, size))[0].get_size()


def test_one_place_gives_a_pdf_and_the_code_as_png_and_svg(tmp_path):
    out = tmp_path / "poster.pdf"
    main(["--place", TOWN, "--url", URL, "--out", str(out)])

    assert [f"{URL}/v/{TOWN}"] == scanned(picture(out.read_bytes()))
    assert [f"{URL}/v/{TOWN}"] == scanned(Image.open(tmp_path / "poster.png").convert("L"))
    assert "<svg" in (tmp_path / "poster.svg").read_text(encoding="utf8")


def test_a_list_of_villages_gives_one_pdf_with_a_page_each(tmp_path):
    places = tmp_path / "villages.csv"
    places.write_text(f"code,name,office,phone\n{TOWN}001,石梁河村,村委会,\n{TOWN},,,\n", encoding="utf-8-sig")
    out = tmp_path / "county.pdf"
    main(["--places", str(places), "--url", URL + "/", "--out", str(out)])
    pdf = out.read_bytes()

    assert len(pypdfium2.PdfDocument(pdf)) == 2
    assert "石梁河村" in text_of(pdf, 0) and "墩集镇" in text_of(pdf, 1)
    assert [[f"{URL}/v/{TOWN}001"], [f"{URL}/v/{TOWN}"]] == [scanned(picture(pdf, page)) for page in (0, 1)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--place", "999999", "--url", URL], "999999"),
        (["--place", TOWN, "--url", "jiuzhu"], "https://example.org"),
        (["--url", URL], "--place"),
    ],
)
def test_a_wrong_order_is_refused_with_what_to_write_instead(arguments, told, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([*arguments, "--out", str(tmp_path / "poster.pdf")])

    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
