"""Small files that ask a decoder for much memory or time, and pictures of other formats."""

import io
import struct
import zlib

from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"
NO_PICTURE = "is no picture that can be read; give a PNG or JPEG file."


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, pixels: bytes = b"", last: bytes = b"") -> bytes:
    """A grey PNG file with more chunks before its pixels, or behind them; without pixels they are missing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"".join([PNG, header, *more, chunk(b"IDAT", zlib.compress(pixels)), last, chunk(b"IEND", b"")])


def texts(kind: bytes, before: bytes, *, count: int = 1, megabytes: int = 1) -> bytes:
    """Chunks of compressed text, so many megabytes each."""
    text = zlib.compress(bytes(megabytes << 20), 9)
    return b"".join(chunk(kind, b"%d" % number + before + text) for number in range(count))


def jpeg(**options: object) -> bytes:
    """A JPEG file of 2,000 × 2,000 pixels."""
    return saved(Image.new("RGB", (2_000, 2_000), "white"), "JPEG", **options)


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """A picture as a file of some format."""
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def huge_jpeg() -> bytes:
    """A JPEG file whose header says 65,535 × 65,535 pixels."""
    content = bytearray(jpeg())
    size = content.index(b"\xff\xc0") + 5  # past marker, length and precision
    content[size : size + 4] = b"\xff" * 4
    return bytes(content)


def scans(count: int) -> bytes:
    """A progressive JPEG file with so many scans more, of a few bytes each."""
    parts = jpeg(progressive=True).split(b"\xff\xda")
    return b"\xff\xda".join([*parts[:-1], *[parts[4]] * count, parts[-1]])


def webp() -> bytes:
    """An animated WebP file, 16,383 × 16,383 pixels: its decoder reserves 2 GB to open it."""
    frame = b"VP8L" + struct.pack("<I", 16) + b"\x2f" + b"\0" * 15
    frames = b"ANMF" + struct.pack("<I", 16 + len(frame)) + b"\0" * 16 + frame
    header = b"VP8X" + struct.pack("<II", 10, 2) + (16_382).to_bytes(3, "little") * 2
    body = b"WEBP" + header + b"ANIM" + struct.pack("<I", 6) + b"\0" * 6 + frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff() -> bytes:
    """A TIFF file of 64 × 64 pixels in one tile of 40,000 × 40,000: its decoder fills 1.6 GB."""
    tags = {256: 64, 257: 64, 258: 8, 259: 5, 262: 1, 277: 1, 322: 40_000, 323: 40_000, 324: 300, 325: 40}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0" * 400


def gif() -> bytes:
    """A GIF file whose first frame, to be cleared, has 13,000 × 13,000 pixels: opening it fills 169 MB."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 13_000, 13_000, 0)
    return screen + b"!\xf9\x04\x09\0\0\0\0" + frame + b"\x02\x02L\x01\0;"


def bombs() -> dict[str, tuple[bytes, str]]:
    """Files, each with what is said of it."""
    many = texts(b"zTXt", b"\0\0", count=200)
    international = texts(b"iTXt", b"\0\1\0\0\0", count=200)
    return {
        "webp": (webp(), NO_PICTURE),
        "tiff": (tiff(), NO_PICTURE),
        "gif": (gif(), NO_PICTURE),
        "png": (png(2**31 - 1, 2**31 - 1), "is a picture of 2,147,483,647 × 2,147,483,647 pixels"),
        "large png": (png(13_000, 13_000), "is a picture of 13,000 × 13,000 pixels"),
        "jpeg": (huge_jpeg(), "is a picture of 65,535 × 65,535 pixels"),
        "text": (png(9, 9, texts(b"zTXt", b"\0\0", megabytes=200)), NO_PICTURE),
        "colour profile": (png(9, 9, texts(b"iCCP", b"\0\0", megabytes=200)), NO_PICTURE),
        "many texts": (png(9, 9, many), NO_PICTURE),
        "many texts behind": (png(9, 9, pixels=bytes(90), last=many), NO_PICTURE),
        "many international texts": (png(9, 9, international), NO_PICTURE),
        "scans": (scans(25_000), "has 25,010 scans; at most 100 are read. Save it anew."),
    }


def _others() -> dict[str, bytes]:
    picture = Image.new("L", (60, 60), "white")
    picture.paste(0, (20, 10, 30, 50))
    forms = ["GIF", "BMP", "TIFF", "WEBP", "ICO", "AVIF", "PPM", "EPS", "JPEG2000", "TGA", "PCX", "PDF"]
    return {form: saved(picture, form) for form in forms if form in Image.SAVE}


Image.init()
OTHERS = {  # no PNG or JPEG files
    **_others(),
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "text": b"not a picture",
    "nothing": b"",
    "the start of a PNG file's first bytes": PNG[:7],
    "the start of a JPEG file's first bytes": b"\xff\xd8",
    "a PNG file's first bytes": PNG,
    "a JPEG file's first bytes": b"\xff\xd8\xff",
    "a PNG file behind a space": b" " + png(9, 9, pixels=bytes(90)),
}
