"""Pictures as phones write them."""

import io

from PIL import ExifTags, Image


def picture(sort: str, *, size: tuple[int, int] = (40, 20), gps: bool = False, turned: int = 1) -> bytes:
    """A picture, red on its left half and blue on its right, as a phone writes it."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turned
    if gps:
        exif[ExifTags.Base.Make] = "A phone of somebody"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 30.0, 26.0)
    kept = io.BytesIO()
    image.save(kept, sort, exif=exif, comment=b"a secret comment")
    return kept.getvalue()
