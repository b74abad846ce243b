"""Photographs that people hand in: looked at in a process of their own (see `apart`) and drawn anew.

Nothing is kept of the file as it came: not the place, the camera, the moment, nor anything hidden in it. No
Django here.
"""

import io
import sys
import warnings

from PIL import Image, ImageOps

from apps.intake import apart

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 64_000_000
EDGE = 2000
"""Pixels of the longer side that is kept."""
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
REFUSED = b"refused"
NOT_ONE = "This file is no photo that can be read. Give a JPEG, PNG or WebP picture."
TOO_LARGE = "This photo is too large to be looked at. Make it smaller, then choose it again."


class BadPhoto(ValueError):
    """A file that is not taken for a photo: a sentence for whoever chose it."""


def drawn_anew(content: bytes) -> bytes:
    """The picture alone, upright, as a JPEG of 2,000 pixels a side at most. Raises BadPhoto."""
    if len(content) > MOST_BYTES:
        raise BadPhoto(f"The photo is larger than {MOST_BYTES // 1024 // 1024} MB. Make it smaller.")
    try:
        answer = apart.run("apps.intake.photos", content=content)
    except TimeoutError:
        raise BadPhoto(TOO_LARGE) from None
    if answer.startswith(REFUSED):
        raise BadPhoto(answer.removeprefix(REFUSED).decode())
    if not answer.startswith(b"\xff\xd8\xff"):  # it was killed: out of memory
        raise BadPhoto(TOO_LARGE)
    return answer


def drawn(content: bytes) -> bytes:
    """The same within this process."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise BadPhoto(TOO_LARGE)
        opened.draft("RGB", (EDGE, EDGE))  # a JPEG is read no larger than it is needed
        upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((EDGE, EDGE))
    picture = upright.convert("RGBA")
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture, mask=picture)
    kept = io.BytesIO()
    plain.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


def main() -> None:
    apart.hold_back()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        answer = drawn(sys.stdin.buffer.read())
    except BadPhoto as refusal:
        answer = REFUSED + str(refusal).encode()
    except (MemoryError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        answer = REFUSED + TOO_LARGE.encode()
    except Exception:
        # Files from anywhere may break a decoder in any way; then the photo is merely not taken.
        answer = REFUSED + NOT_ONE.encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
