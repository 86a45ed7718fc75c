"""What `annotator export` is told of what goes out: which articles, layers, coders and times, with names and texts or without."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from annotator.domain.dates import is_bound
from annotator.domain.errors import NotFound
from annotator.domain.extract import Extract
from annotator.domain.model import STATUSES

if TYPE_CHECKING:
    from annotator.services.project import Project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The wishes. One that is given twice means either, different ones mean all of them."""
    articles = parser.add_argument_group("which articles go out (all of these must fit)")
    articles.add_argument("--status", choices=STATUSES, action="append", help="how far they are coded")
    articles.add_argument(
        "--where", metavar="KEY=VALUE", type=_criterion, action="append", help="metadata, such as outlet=Reuters"
    )
    articles.add_argument("--since", metavar="DATE", type=_date, help="their date: 2026, 2026-01, 2026-01-31")
    articles.add_argument("--until", metavar="DATE", type=_date, help="their date, this one included")
    articles.add_argument("--search", metavar="QUERY", type=_words, help="what annotator search finds")
    articles.add_argument(
        "--document",
        metavar="N",
        type=_place,
        action="append",
        help="the article at this place in the project, from 1 on",
    )
    marks = parser.add_argument_group("which annotations and links go out")
    marks.add_argument("--layer", metavar="NAME", action="append", help="of this layer")
    marks.add_argument("--coder", metavar="NAME", action="append", help="by this coder")
    marks.add_argument("--tagged-since", metavar="DATE", type=_date, help="when they were made, in UTC")
    marks.add_argument("--tagged-until", metavar="DATE", type=_date, help="this one included")
    how = parser.add_argument_group("how they go out")
    how.add_argument("--anonymise", "--anonymize", action="store_true", help="coders without their names")
    how.add_argument(
        "--without-texts",
        action="store_true",
        help="offsets and hashes in place of the texts; an import puts them together again",
    )


def extract_of(options: argparse.Namespace, project: Project) -> Extract:
    """What was told. Raises NotFound for a document that is not there."""
    return Extract(
        tuple(options.status or ()),
        tuple(options.where or ()),
        options.since or "",
        options.until or "",
        options.search or "",
        _documents(options.document, project) if options.document else None,
        tuple(options.layer or ()),
        tuple(options.coder or ()),
        options.tagged_since or "",
        options.tagged_until or "",
        options.anonymise,
        options.without_texts,
    )


def _documents(places: list[int], project: Project) -> tuple[str, ...]:
    ids = [row.id for row in project.documents.rows()]
    for place in places:
        if place > len(ids):
            raise NotFound(f"There is no article {place}; the project has {len(ids)}.")
    return tuple(dict.fromkeys(ids[place - 1] for place in places))


def _criterion(value: str) -> tuple[str, str]:
    key, equals, wanted = value.partition("=")
    if not equals or not key.strip():
        raise argparse.ArgumentTypeError(f"{value!r} is not a key and a value such as outlet=Reuters")
    return key.strip(), wanted.strip()


def _date(value: str) -> str:
    if not is_bound(value.strip()):
        raise argparse.ArgumentTypeError(f"{value!r} is no date such as 2026-01-31, 2026-01 or 2026")
    return value.strip()


def _words(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("there is nothing to search for")
    return value


def _place(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value[:12]) <= 10**9:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 on")
    return int(value)
