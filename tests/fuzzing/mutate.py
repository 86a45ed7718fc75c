"""Breaks a file: its bytes, or its structure, so that what is broken is still a zip, an XML tree, JSON or a database."""

from __future__ import annotations

import copy
import io
import json
import random
import sqlite3
import zipfile
from typing import Any

TOKENS = (
    b"", b"\x00", b"\xff", b"-1", b"99999999999999999999", b"0", b"null", b"{}", b"[]", b'""', b"true", b"\t", b"\n",
    b"\r\n", b"<", b">", b'"', b"&x;", b"1e999", b"NaN", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xef\xbb\xbf", b"T1",
    b"E1", b"k1", b"a1", b";", b":", b"[1]", b"->", b"|", b"\\", b"e2", b"../..", b"*", b"1-1", b",",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2**31, 2**63, 10**30, 0.5, -1e308, "", " ", "\x00", "\n", "a" * 3000, "../../x", "-1",
    "99999999999999999999", "nan", "\ud800", "😀", "قال", "#GGGGGG", "2026-13-45", "a1", "k1", "e1", "d", [],
    {}, [None], ["a", "a"], {"a": None},
)  # fmt: skip
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b"]><x>&j;</x>",
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
)
"""A bomb, and one that reaches for a file."""
NAMES = ("../../out.txt", "/etc/out.txt", "C:\\out.txt", "a/" * 60 + "x", "con.txt", "x" * 300, "", "قال.txt", "a\x00b")


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file, broken in some way; how is the dice's choice alone."""
    for way in rng.sample((_structure, _structure, _bytes, _bytes, _whole), 5):
        broken = way(data, rng)
        if broken is not None:
            return broken
    return data


def _structure(data: bytes, rng: random.Random) -> bytes | None:
    """Broken within its own form; nothing where this is no such form."""
    if data[:4] == b"PK\x03\x04":
        return _zip(data, rng)
    if data.startswith(b"SQLite format 3"):
        return _database(data, rng)
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start in (b"{", b"["):
        return _json(data, rng)
    if start == b"<":
        return _xml(data, rng)
    return _lines(data, rng)


def _bytes(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        if not out:
            break
        at = rng.randrange(len(out))
        match rng.randrange(6):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                del out[at : at + rng.choice((1, 3, 40))]
            case 2:
                out[at:at] = rng.choice(TOKENS)
            case 3:
                out[at : at + rng.choice((1, 4, 12))] = rng.choice(TOKENS)
            case 4:
                other = rng.randrange(len(out))
                out[at:at] = out[other : other + rng.choice((5, 60))]
            case _:
                out = out[:at]
    return bytes(out)


def _whole(data: bytes, rng: random.Random) -> bytes | None:
    """What happens to whole files: another encoding, other line ends, a mark at the beginning, half of it, twice."""
    match rng.randrange(7):
        case 0:
            return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        case 1:
            return b"\xef\xbb\xbf" + data
        case 2:
            return data.decode("utf-8", "replace").encode(rng.choice(("utf-16", "utf-16-be", "utf-32")))
        case 3:
            return data.decode("utf-8", "replace").encode(rng.choice(("cp1252", "cp1256", "shift_jis")), "replace")
        case 4:
            return data + data
        case 5:
            return data[: len(data) // 2]
        case _:
            return rng.choice(ENTITIES) if data.lstrip()[:1] == b"<" else None


def _zip(data: bytes, rng: random.Random) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = [(info.filename, file.read(info)) for info in file.infolist()]
    except Exception:
        return None  # it was broken before
    at = rng.randrange(len(parts))
    name, content = parts[at]
    match rng.randrange(10):
        case 0:
            del parts[at]
        case 1:
            parts[at] = (rng.choice(NAMES), content)
        case 2:
            parts.append((rng.choice((name, name.upper(), f"x/{name}", rng.choice(NAMES))), mutated(content, rng)))
        case 3:
            other = rng.randrange(len(parts))
            parts[at], parts[other] = (name, parts[other][1]), (parts[other][0], content)
        case _:
            parts[at] = (name, mutated(content, rng))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as file:
        for number, (part, inner) in enumerate(parts):
            # Through the info, for a plain name that is there twice is warned of.
            info = zipfile.ZipInfo(f"{part}")
            file.NameToInfo.pop(info.filename, None)
            file.writestr(info, inner if number != len(parts) or inner else b"")
    return out.getvalue()


def _json(data: bytes, rng: random.Random) -> bytes | None:
    lines = data.splitlines(keepends=True)
    try:
        value = json.loads(data)
    except ValueError:
        if len(lines) < 2:
            return None
        at = rng.randrange(len(lines))
        broken = _json(lines[at], rng) if lines[at].strip() else None
        if broken is None or rng.random() < 0.2:
            return _lines(data, rng)
        lines[at] = broken + b"\n"
        return b"".join(lines)
    places = list(_places(value))
    for _ in range(rng.choice((1, 1, 2))):
        if not places:
            break
        holder, key = rng.choice(places)
        other, its = rng.choice(places)
        match rng.randrange(6):
            case 0:
                _put(holder, key, copy.deepcopy(rng.choice(VALUES)))
            case 1:
                _drop(holder, key)
            case 2:
                _put(holder, key, _json_copy(_get(other, its)))
            case 3:
                _put(holder, key, [_get(holder, key)])
            case 4 if isinstance(holder, list):
                holder.append(_json_copy(_get(holder, key)))
            case 4 if isinstance(holder, dict):
                holder[rng.choice((f"{key} ", "x", "type", "text"))] = holder.pop(key, None)
            case _:
                number = _get(holder, key)
                if isinstance(number, int):
                    _put(holder, key, number + rng.choice((-1, 1, 10, 10**6, -(10**6))))
    if rng.random() < 0.02:
        return data.replace(b":", b":" + b"[" * 5000, 1)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _json_copy(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _places(value: Any) -> Any:
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, inner in items:
        yield value, key
        yield from _places(inner)


def _get(holder: Any, key: Any) -> Any:
    try:
        return holder[key]
    except LookupError:
        return None


def _put(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, dict) or key < len(holder):
        holder[key] = value


def _drop(holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder.pop(key, None)
    elif key < len(holder):
        del holder[key]


def _xml(data: bytes, rng: random.Random) -> bytes | None:
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    with_values = [element for element in elements if element.attrib]
    for _ in range(rng.choice((1, 1, 2, 3))):
        element, other = rng.choice(elements), rng.choice(elements)
        parent = element.getparent()
        match rng.randrange(8):
            case 0 if parent is not None:
                parent.remove(element)
            case 1 if parent is not None:
                parent.append(copy.deepcopy(element))
            case 2:
                other.append(copy.deepcopy(element))
            case 3:
                element.tag = other.tag
            case 4:
                element.text = _plain(rng.choice(VALUES))
            case _ if with_values:
                holder = rng.choice(with_values)
                if not holder.attrib:
                    continue
                key = rng.choice(sorted(holder.attrib))
                match rng.randrange(4):
                    case 0:
                        del holder.attrib[key]
                    case 1:
                        holder.set(key, _plain(rng.choice(VALUES)))
                    case 2:
                        holder.set(key, rng.choice([v for e in with_values for v in e.attrib.values()] or [""]))
                    case _:
                        holder.set(key, str(rng.choice((-1, 0, 1, 5, 10**6, 10**19))))
    if rng.random() < 0.03:
        for _ in range(400):
            element = etree.SubElement(element, element.tag)
    return etree.tostring(root, encoding=rng.choice(("utf-8", "utf-16")))


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(char for char in text if char in "\t\n" or " " <= char < "\ud800" or char > "\uffff")


def _lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not lines:
            break
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[at].rstrip(b"\r\n")
            case 4:
                lines.insert(at, rng.choice(TOKENS) + b"\n")
            case _:
                for separator in (b"\t", b",", b" "):
                    if separator in lines[at]:
                        cells = lines[at].split(separator)
                        cells[rng.randrange(len(cells))] = rng.choice(TOKENS)
                        lines[at] = separator.join(cells)
                        break
    return b"".join(lines)


def _database(data: bytes, rng: random.Random) -> bytes | None:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for _ in range(rng.choice((1, 1, 2, 4))):
            table = rng.choice(tables)
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            if not columns:
                continue
            column, other = rng.choice(columns), rng.choice(columns)
            match rng.randrange(9):
                case 0:
                    connection.execute(f"DELETE FROM {table}")
                case 1:
                    connection.execute(f"INSERT INTO {table} SELECT * FROM {table}")
                case 2:
                    connection.execute(f"UPDATE {table} SET {column} = {other}")
                case 3 if len(columns) > 1:
                    connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
                case 4:
                    connection.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO x{rng.randrange(99)}")
                case 5:
                    connection.execute(f"ALTER TABLE {table} RENAME TO x{rng.randrange(99)}")
                    connection.execute(f"CREATE VIEW {table} AS SELECT 1 AS id, zeroblob(100000) AS text")
                case _:
                    value = rng.choice((*[v for v in VALUES if _storable(v)], b"\xff\xfe\x00", 2**62))
                    connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        connection.commit()
        return connection.serialize()
    except sqlite3.Error:
        return None
    finally:
        connection.close()


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() or value.encode("utf-8", "replace").decode() == value
    return value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**63)
