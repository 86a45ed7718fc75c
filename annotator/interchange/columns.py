"""Which column of a table is the text, the title, the date: guessed from names and values, or as the user says.

Options: `text`, `title`, `date`, `outlet`, `author`, `url` and `language` name a column each ("-" for none); `skip` names
columns to leave out, with commas between; `dates` is "dmy" or "mdy" where 5/6/2026 could be read in two ways. Every
other column becomes metadata under its own name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.errors import FileRefused
from annotator.domain.model import FieldValue
from annotator.interchange.articles import Article, metadata_value
from annotator.interchange.heads import iso_date

ROLES = ("text", "title", "date", "outlet", "author", "url", "language")

OPTIONS = (*ROLES, "skip", "dates")

# The names that exports, scrapers and people use. Folded: lower case, no accents, nothing but letters and digits.
_NAMES = {
    "text": "text fulltext body content articletext articlebody maintext bodytext article story plaintext rawtext "
    "fulltextofarticle contents txt textbody transcript volltext inhalt artikeltext texte textecomplet contenu corps "
    "texto contenido cuerpo textocompleto testo contenuto tekst tresc النص نص المحتوى نصالمقال טקסט תוכן 正文 内容 текст",
    "title": "title headline heading articletitle titel uberschrift schlagzeile titre titulo titular "
    "titolo tytul العنوان عنوان כותרת 标题 заголовок",
    "date": "date publicationdate pubdate publishdate published publishedat datepublished dateofpublication day "
    "publishedon publicationday articledate datetime createdat timestamp datum erscheinungsdatum veroffentlicht "
    "datedepublication fecha fechapublicacion data datadipubblicazione التاريخ تاريخ تاريخالنشر תאריך 日期 дата",
    "outlet": "outlet source newspaper publication medium media publisher sourcename sitename newsoutlet journal "
    "publicationtitle publicationname domain site quelle zeitung journalname periodique fuente periodico medio fonte "
    "testata giornale الصحيفة المصدر الجريدة מקור 来源 источник",
    "author": "author authors byline writer reporter journalist creator by autor autoren verfasser auteur auteurs autora "
    "autores autore الكاتب المؤلف כותב מחבר 作者 автор",
    "url": "url link href uri permalink weblink address articleurl canonicalurl webaddress sourceurl adresse lien enlace "
    "الرابط קישור 链接 ссылка",
    "language": "language lang languagecode sprache langue idioma lingua jezyk اللغة שפה 语言 язык",
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names.split()}
_TEXT_AT_LEAST = 80  # characters on average: what is shorter is a title


@dataclass(frozen=True, slots=True)
class ColumnRoles:
    """Which column is what. `columns` holds the roles that a column was found for."""

    columns: Mapping[str, str]
    skipped: frozenset[str] = field(default_factory=frozenset)
    day_first: bool | None = None


def fold(name: str) -> str:
    """A column's name without what people write in different ways."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss"))
    return "".join(c for c in plain if c.isalnum())


def role_of(name: str) -> str:
    """What a column of this name is; "" for metadata."""
    return _ROLE_OF.get(fold(name), "")


def guess(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, str]:
    """The column of each role that has one, by the columns' names and, for the text, by what stands in them."""
    found: dict[str, str] = {}
    # The earlier a name stands in the list of usual ones, the surer it is.
    for role in ROLES:
        known = _NAMES[role].split()
        fitting = [(known.index(fold(column)), at) for at, column in enumerate(columns) if role_of(column) == role]
        if fitting:
            found[role] = columns[min(fitting)[1]]
    lengths = [_mean_length(rows, at) for at in range(len(columns))]
    if "text" not in found:
        taken = set(found.values())
        free = sorted(((length, at) for at, length in enumerate(lengths) if columns[at] not in taken), reverse=True)
        if free and free[0][0] >= _TEXT_AT_LEAST and (len(free) == 1 or free[0][0] >= 2 * free[1][0]):
            found["text"] = columns[free[0][1]]
    return found


def _mean_length(rows: Sequence[Sequence[object]], at: int) -> float:
    values = [len(str(row[at])) for row in rows if at < len(row) and row[at] not in (None, "")]
    return sum(values) / len(values) if values else 0.0


def chosen(
    path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]], options: Mapping[str, str]
) -> ColumnRoles:
    """What the options say, and the guess for what they leave open. Raises FileRefused where there is no text."""
    found = guess(columns, rows)
    by_name = {fold(column): column for column in reversed(columns)}
    for role in ROLES:
        if role not in options:
            continue
        wanted = options[role].strip()
        wanted = "" if wanted == "-" and "-" not in columns else wanted
        column = wanted if wanted in columns else by_name.get(fold(wanted))
        if wanted and column is None:
            raise FileRefused(f"{path} was not read: it has no column “{wanted}”; there are {listed(columns)}.")
        taken_from = [other for other, name in found.items() if name == column and other != role]
        for other in taken_from:
            if other not in options:
                del found[other]
        if column is None:
            found.pop(role, None)
        else:
            found[role] = column
    if "text" not in found:
        raise FileRefused(
            f"{path} was not read: which column holds the texts cannot be told; "
            f"say it with the option text=COLUMN. There are {listed(columns)}."
        )
    skipped = {fold(name) for name in options.get("skip", "").split(",") if name.strip()}
    form = options.get("dates", "").lower()
    day_first = {"dmy": True, "mdy": False}.get(form)
    if day_first is None and "date" in found:
        at = columns.index(found["date"])
        day_first = _day_first([str(row[at]) for row in rows if at < len(row)])
    return ColumnRoles(found, frozenset(column for column in columns if fold(column) in skipped), day_first)


_SLASHES = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-]\d{4}")


def _day_first(values: Sequence[str]) -> bool | None:
    """Whether the column as a whole can mean only one thing: a 13 or more stands where the day stands."""
    pairs = [(int(match[1]), int(match[2])) for match in map(_SLASHES.match, values) if match]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return None if first == second else first


def listed(columns: Sequence[str]) -> str:
    """Names of columns in a sentence."""
    names = [f"“{name[:40]}”" for name in columns[:12]]
    if len(columns) > 12:
        names.append(f"{len(columns) - 12} more")
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else "none"


def article(row: Mapping[str, object], mapping: ColumnRoles) -> tuple[Article, str]:
    """The article in a row, and the date as it stands where it could not be told."""
    of_role = {column: role for role, column in mapping.columns.items()}
    text = row.get(mapping.columns["text"])
    title = row.get(mapping.columns.get("title", ""))
    metadata: dict[str, FieldValue] = {}
    odd = ""
    for column, raw in row.items():
        role = of_role.get(column, "")
        if role in ("text", "title") or column in mapping.skipped:
            continue
        value = metadata_value(raw)
        if value is None or not column:
            continue
        if role == "date":
            when = iso_date(str(value), mapping.day_first)
            odd = "" if when else str(value)
            value = when or str(value)
        elif role and not isinstance(value, str):
            value = ", ".join(value) if isinstance(value, list) else str(value)
        metadata[role or _free_key(column, metadata)] = value
    found = Article("" if text is None else str(text), "" if title is None else str(title), metadata, head=False)
    return found, odd


def _free_key(column: str, metadata: Mapping[str, FieldValue]) -> str:
    """A column that is no date may still be called “date”."""
    return f"{column} (column)" if column in ROLES or column in metadata else column
