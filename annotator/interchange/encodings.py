"""From bytes to text: which encoding a plain text file is in.

UTF-8 and UTF-16 show themselves. Old one-byte files do not, so the words decide: Arabic in Windows-1256 is whole words
of high bytes that all decode to Arabic letters, a Western text in Windows-1252 is ASCII words with a high byte here and
there. Only what is neither is left to charset-normalizer, which needs longer texts to be right.
"""

from __future__ import annotations

import re
import unicodedata

from annotator.domain.errors import InvalidValue

_HEAD = 65_536
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_OTHER_FILES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip or an Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
TITLES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
}
_OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp1253", "cp1255", "gb18030", "big5", "shift_jis", "euc_kr", "euc_jp"]
_CENTRAL_EUROPEAN = "áâăäąćčçďđéęëěíîłĺľńňóôőöŕřśšşťţúůűüýźžżÁÂĂÄĄĆČÇĎĐÉĘËĚÍÎŁĹĽŃŇÓÔŐÖŔŘŚŠŞŤŢÚŮŰÜÝŹŽŻß"
_BINARY = "it holds binary data, not text"
_UNKNOWN = "its encoding cannot be told; save it as UTF-8 and try again"

_CONTROL_BYTES = re.compile(rb"[\x01-\x07\x0e-\x19\x1c-\x1f]")
_CONTROLS = re.compile("[\x00-\x07\x0e-\x19\x1c-\x1f\x80-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_HIGH_WORD = re.compile(rb"[\x80-\xff]{2,}")
_MIXED_WORD = re.compile(rb"[A-Za-z]+[\x80-\xff][A-Za-z\x80-\xff]*|[\x80-\xff]+[A-Za-z][A-Za-z\x80-\xff]*")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding it was in. Raises InvalidValue with the reason (no file name, no full stop)."""
    if encoding:
        return _as(data, encoding), encoding
    for magic, what in _OTHER_FILES:
        if data.startswith(magic):
            raise InvalidValue(f"it is {what}, not plain text")
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _plain(_as(data[len(bom) :], name)), name
    if b"\x00" in data:
        name = _utf16_without_bom(data)
        return _plain(_as(data, name)), name
    try:
        return _plain(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as error:
        broken = error.start
    _refuse_damaged_utf8(data, broken)
    if len(_CONTROL_BYTES.findall(data, 0, _HEAD)) * 200 > len(data[:_HEAD]):
        raise InvalidValue(_BINARY)
    # From the first byte that tells: a long text may begin with pages of plain ASCII.
    name = _one_byte(data, data[max(0, broken - 1000) : broken + _HEAD])
    return _plain(_as(data, name)), name


def _as(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise InvalidValue(f"it cannot be read as {TITLES.get(encoding, encoding)}") from None
    return text.removeprefix("\ufeff")


def _plain(text: str) -> str:
    """The text, unless it holds what no plain text holds."""
    head = text[:_HEAD]
    if "\x00" in text or len(_CONTROLS.findall(head)) * 200 > len(head):
        raise InvalidValue(_BINARY)
    return text


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 shows by its null bytes standing on one side, and by what it decodes to."""
    head = data[: _HEAD - _HEAD % 2]
    head = head[: len(head) - len(head) % 2]
    sides = sorted((head[0::2].count(0), head[1::2].count(0)))
    if len(data) % 2 or sides[0] > 0.1 * sides[1]:
        raise InvalidValue(_BINARY)
    # Running text has spaces, line ends or digits in every script; read the wrong way round they are far above U+00FF.
    texts = {name: head.decode(name, "replace") for name in ("utf-16-le", "utf-16-be")}
    found = max(texts, key=lambda name: sum("\x00" < char < "\u0100" for char in texts[name]))
    text = texts[found]
    if sum(map(_usual, text)) < 0.95 * len(text):
        raise InvalidValue(_BINARY)
    return found


def _usual(char: str) -> bool:
    """Whether a character is one that running text is made of; null bytes on the wrong side make others."""
    if char < "\u0250":
        return char in "\n\r\t\f" or char.isprintable()
    return char in "\u200b\u200c\u200d\u200e\u200f\u2028\u2029" or unicodedata.category(char)[0] in "LMNPSZ"


def _refuse_damaged_utf8(data: bytes, place: int) -> None:
    """A UTF-8 file with a few bad bytes must not be taken for an old encoding: every accent would come out wrong."""
    sample = data[max(0, place - _HEAD) : place + _HEAD]
    high = sum(byte > 0x7F for byte in sample)
    whole = sum(len(match) for match in _SEQUENCE.findall(sample))
    if whole >= 6 and whole >= 0.8 * high:
        raise InvalidValue(f"it is UTF-8, but damaged at byte {place + 1}")


def _one_byte(data: bytes, head: bytes) -> str:
    arabic = other = 0
    for word in _HIGH_WORD.findall(head):
        letters = [c for c in word.decode("cp1256") if c.isalpha()]
        if len(letters) < 2:
            continue
        if all("\u0600" <= c <= "\u06ff" for c in letters):
            arabic += 1
        else:
            other += 1
    western, odd = _words(head, "cp1252", "")
    if arabic > 2 * other and arabic >= western:
        return "cp1256"
    if odd == 0 and western >= other and arabic == 0 and _decodes(data, "cp1252"):
        # Also where nothing tells: quotation marks and dashes stand at the same places in both.
        return "cp1252"
    if western > 2 * odd and western > other + arabic and _decodes(data, "cp1252"):
        return "cp1252"
    central, foreign = _words(head, "cp1250", _CENTRAL_EUROPEAN)
    if central >= 3 and foreign == 0 and other <= central and _decodes(data, "cp1250"):
        return "cp1250"
    guess = _guess(head)
    if guess and _decodes(data, guess):
        return guess
    raise InvalidValue(_UNKNOWN)


def _words(head: bytes, encoding: str, letters: str) -> tuple[int, int]:
    """How many words of ASCII letters hold one of these letters (any, if none are given), and how many another sign."""
    fitting = odd = 0
    for word in _MIXED_WORD.findall(head):
        text = word.decode(encoding, "replace").strip("«»“”‘’‚„…–—™®©ªº°§·¡¿²³¹€\xa0")
        inner = [c for c in text if c > "\x7f" and c not in "’‘·–—\xad\xa0«»“”„…"]
        if not inner:
            continue
        if all(c in letters if letters else unicodedata.category(c) in ("Ll", "Lu") for c in inner):
            fitting += 1
        else:
            odd += 1
    return fitting, odd


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _guess(head: bytes) -> str:
    """What charset-normalizer says, for the scripts where it is right, and texts long enough for that."""
    if sum(byte > 0x7F for byte in head) < 20:
        return ""
    from charset_normalizer import from_bytes

    best = from_bytes(head[:16_384], cp_isolation=_OTHER_SCRIPTS, preemptive_behaviour=False).best()
    return best.encoding if best is not None and best.chaos <= 0.1 else ""
