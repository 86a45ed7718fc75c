"""What the head of a plain text says of it: its date and its title. The text itself stays as it is."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

TITLE_LENGTH = 120
_SHORTEST_TITLE = 20
_LOOK_AT = 4_000
_HEAD_LINES = 6

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero gennaio janeiro يناير كانون\u00a0الثاني جانفي",
            "february feb februar février febrero febbraio fevereiro فبراير شباط فيفري",
            "march mar märz mars marzo março مارس آذار",
            "april apr avril abril aprile أبريل ابريل إبريل نيسان أفريل",
            "may mai mayo maggio maio مايو أيار ماي",
            "june jun juni juin junio giugno junho يونيو حزيران جوان",
            "july jul juli juillet julio luglio julho يوليو تموز جويلية",
            "august aug août agosto أغسطس اغسطس آب أوت",
            "september sep sept septembre septiembre setiembre settembre setembro سبتمبر أيلول",
            "october oct oktober octobre octubre ottobre outubro أكتوبر اكتوبر تشرين\u00a0الأول",
            "november nov novembre noviembre novembro نوفمبر تشرين\u00a0الثاني",
            "december dec dezember décembre diciembre dicembre dezembro ديسمبر كانون\u00a0الأول",
        ),
        1,
    )
    for name in names.split(" ")
}
_MONTH = "|".join(re.escape(name).replace("\u00a0", r"\s+") for name in sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes"
    r"|sábado|domingo|(?:ال)?(?:اثنين|إثنين|ثلاثاء|أربعاء|اربعاء|خميس|جمعة|سبت|أحد|احد))"
)
_LABEL = (
    r"(?:(?:publication |published |issue )?date|dated|published(?: on)?|posted(?: on)?|datum|fecha|data"
    r"|(?:ال)?تاريخ(?: النشر)?)"
)
_TIME = (
    r"(?:[T,\s]\s*(?:at\s+)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT|[A-Z]{2,4})?)"
)

_NUMERIC = (
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})"
    r"|(?P<dots>\d{1,2}\.\s?\d{1,2}\.\s?\d{4})|(?P<slashes>\d{1,2}[/-]\d{1,2}[/-]\d{4})"
)
_WORDS = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?(?P<month>{_MONTH})\.?,?\s+(?:de\s+)?(?P<year>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{{4}})"
)
_FLAGS = re.IGNORECASE
_DATE = rf"(?:{_WEEKDAY}[,،]?\s+)?(?:{_NUMERIC}|{_WORDS})(?!\d)"
_LABELLED = re.compile(rf"\s*{_LABEL}\s*[:：\-–—]?\s*{_DATE}{_TIME}?(?=\W|$)", _FLAGS)
_BARE_NUMERIC = re.compile(rf"\s*(?:{_NUMERIC})(?!\d){_TIME}?(?=[^\w/.%-]|[.\-](?!\w)|$)", _FLAGS)
_BARE_WORDS = re.compile(rf"\s*{_DATE}{_TIME}?\s*(?=[–—:|•\n]|-\s)", _FLAGS)
_ALONE = re.compile(rf"\s*[\[(]?{_DATE}{_TIME}?[\])]?\s*[.|•·—–-]?\s*", _FLAGS)
_AT_START = re.compile(rf"\s*{_DATE}", _FLAGS)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?!\d)")
_TITLE_LINE = re.compile(r"\s*(?:title|headline|العنوان|titel|titre|título)\s*[:：]\s*(\S.*)", _FLAGS)
_LABEL_LINE = re.compile(r"\s*(?:by|byline|author|source|outlet|url|language|section|http\S*)\b\s*[:：]", _FLAGS)
_SENTENCE_END = re.compile(r"(?:[.!?…][\"'”’»)\]]*(?=\s|$)|[؟۔。！？][\"'”’»)\]]*)")
_NO_END = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sgt|Rev|Hon|Sen|Rep|Gov|St|vs|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|(?:[A-Za-z]\.)+[A-Za-z])\.$"
)


def read_head(text: str) -> tuple[str | None, str]:
    """The date (ISO, or None) and a title, from the beginning of the text."""
    head = text[:_LOOK_AT]
    when, body = _dated_start(head)
    title = ""
    lines = body.split("\n")
    more_follows = len(text) > len(head)
    seen = 0
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        seen += 1
        if seen > _HEAD_LINES:
            break
        found = _date_line(line)
        if found:
            when = when or found
            continue
        named = _TITLE_LINE.fullmatch(line)
        if named:
            title = _tidy(named[1])
        elif not title and not _LABEL_LINE.match(line):
            rest = any(other.strip() for other in lines[index + 1 :]) or (more_follows and index + 1 < len(lines))
            title = _title_from(line, "\n".join(lines[index:]), alone=rest)
    return when, title


def _dated_start(head: str) -> tuple[str | None, str]:
    """The date that the text begins with, and what comes after it."""
    for pattern in (_LABELLED, _BARE_NUMERIC, _BARE_WORDS):
        match = pattern.match(head)
        when = _iso(match) if match else None
        if match and when:
            return when, head[match.end() :].lstrip(" \t.:|—–-,;)]")
    return None, head


def _date_line(line: str) -> str | None:
    """The date of a line that holds nothing else."""
    if len(line) > 100:
        return None
    match = _ALONE.fullmatch(line)
    if match is None:
        labelled = _LABELLED.match(line)
        match = labelled if labelled and len(line[labelled.end() :].strip()) <= 20 else None
    return _iso(match) if match else None


def iso_date(value: str, day_first: bool | None = None) -> str | None:
    """The date that a short text begins with, as ISO: "Tuesday, 6 January 2026, 10:30 GMT". None where there is none.

    `day_first` settles what 5/6/2026 means; where it is None such a date is left alone.
    """
    value = value[:200]
    compact = _COMPACT.match(value)
    if compact:
        value = "-".join(compact.groups())
    match = _AT_START.match(value)
    if match is None:
        return None
    if match["slashes"] and day_first is not None:
        first, second, year = re.split(r"[/-]", match["slashes"])
        day, month = (first, second) if day_first else (second, first)
        return iso_date(f"{year}-{month}-{day}")
    return _iso(match)


def tidy_title(text: str) -> str:
    """A title as it is kept: on one line, and not too long."""
    return cut(_tidy(text))


def _iso(match: re.Match[str]) -> str | None:
    """The date as ISO; None where it does not exist or could be read in two ways."""
    found = match.groupdict()
    if found["iso"]:
        year, month, day = map(int, re.split(r"[-/.]", found["iso"]))
    elif found["dots"]:
        day, month, year = map(int, re.split(r"\.\s?", found["dots"]))
    elif found["slashes"]:
        first, second, year = map(int, re.split(r"[/-]", found["slashes"]))
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if second <= 12 else (second, first)
    else:
        name = re.sub(r"\s+", "\u00a0", found["month"] or found["month2"]).lower()
        month = _MONTHS[name]
        day, year = int(found["day"] or found["day2"]), int(found["year"] or found["year2"])
    if not 1500 <= year <= 2200:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _title_from(line: str, body: str, *, alone: bool) -> str:
    """A short line standing alone is the title; else the first sentence, cut at a word."""
    tidy = _tidy(line)
    if alone and len(tidy) <= TITLE_LENGTH:
        return tidy
    return cut(_first_sentence(_tidy(body.split("\n\n")[0])))


def _first_sentence(text: str) -> str:
    for match in _SENTENCE_END.finditer(text):
        sentence = text[: match.end()]
        if len(sentence) >= _SHORTEST_TITLE and not _NO_END.search(sentence):
            return sentence
    return text


def cut(title: str, length: int = TITLE_LENGTH) -> str:
    """The title, cut at a word with an ellipsis where it is too long."""
    if len(title) <= length:
        return title
    start = title[: length - 1]
    if not title[length - 1].isspace():
        space = start.rfind(" ")
        if space > length // 2:
            start = start[:space]
        else:
            # Scripts without spaces: never between a letter and its marks.
            end = len(start)
            while end > 1 and (unicodedata.combining(title[end]) or title[end] in "\u200d\ufe0f"):
                end -= 1
            start = start[:end]
    return start.rstrip(" ,;:—–-(،؛") + "…"


def _tidy(text: str) -> str:
    """On one line, without control characters."""
    text = " ".join(text.split())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs") and c != "\ufeff").strip()
