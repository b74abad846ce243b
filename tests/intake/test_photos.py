"""Photos that are handed in: the picture alone is kept, whatever else is in the file."""

import io
import struct
import zlib

import pytest
from PIL import Image

from apps.intake import photos
from apps.intake.photos import BadPhoto, drawn_anew
from tests.pictures import picture


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("sort", ["JPEG", "PNG", "WEBP"])
def test_the_picture_alone_is_kept(sort: str) -> None:
    came = picture(sort, gps=True)
    assert b"A phone of somebody" in came
    kept = drawn_anew(came)
    image = opened(kept)
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (40, 20), {})
    assert [word for word in (b"phone", b"secret", b"Exif", b"GPS") if word in kept] == []
    red, _, blue = image.getpixel((5, 10))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_photo_taken_upright_stands_upright() -> None:
    assert opened(drawn_anew(picture("JPEG", turned=6))).size == (20, 40)


def test_a_large_photo_is_made_smaller() -> None:
    assert opened(drawn_anew(picture("JPEG", size=(4000, 3000)))).size == (2000, 1500)


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels a side."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"")) + part(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", photos.NOT_ONE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", photos.NOT_ONE),
        (picture("JPEG")[:200], photos.NOT_ONE),
        (picture("GIF"), photos.NOT_ONE),
        (bomb(), photos.TOO_LARGE),
        (b"x" * (photos.MOST_BYTES + 1), "The photo is larger than 15 MB."),
    ],
    ids=["empty", "svg", "cut off", "another sort", "bomb", "large"],
)
def test_what_is_no_photo_is_said_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadPhoto) as refusal:
        drawn_anew(content)
    assert said in str(refusal.value)
