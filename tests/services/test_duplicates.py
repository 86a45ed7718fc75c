"""Versions of one story: found whatever the script, and marked so that each story is counted as often as it ran."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.errors import Cancelled, InvalidValue
from annotator.services.checking import problems
from annotator.services.duplicates import (
    COPY_OF,
    Runs,
    alike,
    copies_of,
    find_groups,
    mark_copies,
    times_ran,
    unmark_copies,
)
from annotator.services.exporting import export_file
from annotator.services.importing import import_files
from annotator.services.project import Project

STORY = (
    "The envoy said on Tuesday that Syria had agreed to the plan according to two officials familiar with the talks who "
    "asked not to be named because nobody may speak of it before Friday when ministers of both countries meet in Paris "
    "to sign what one of them called a first step on a long way and another one a piece of paper."
)
ARABIC = (
    "قال مسؤول سوري إن المبادرة فرصة تاريخية وفق ما نقلته وسائل إعلام غربية وأضاف أن الوفد سيعود إلى باريس يوم الجمعة "
    "للقاء وزراء من البلدين وأن أحدا لا يتوقع الكثير من هذه الجولة التي تأجلت مرتين خلال الشهر الماضي"
)
CHINESE = (
    "特使周二表示叙利亚已经同意该计划两名熟悉谈判的官员透露部长们将于周五在巴黎会面签署文件这被称为漫长道路上的第一步"
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "p.annot", coder="Ana")
    yield made
    assert problems(made) == []
    made.close()


def _fill(project: Project) -> dict[str, str]:
    texts = {
        "wire": STORY,
        "edited": "PARIS (Wire) – "
        + STORY.replace("Tuesday", "Wednesday").replace("long way", "hard road")
        + " Reuters",
        "cut": " ".join(STORY.split()[:46]) + ".",
        "arabic": ARABIC,
        "arabic with vowels": ARABIC.replace("قال", "قَالَ").replace("فرصة", "فرصـة") + " انتهى",
        "chinese": CHINESE,
        "chinese 2": "巴黎" + CHINESE + "。",
        "other": "Prices of wheat rose by a tenth in the south after the rain came late again this year, farmers said.",
        "short": "Syria had agreed to the plan.",
    }
    return {
        name: project.documents.add(name, text, {"outlet": name, "date": f"2026-01-{at + 1:02}"}).id
        for at, (name, text) in enumerate(texts.items())
    }


def test_versions_are_found(project: Project) -> None:
    _fill(project)
    groups = [[member.title for member in group.members] for group in find_groups(project)]
    assert groups[0] == ["wire", "edited", "cut"]
    assert sorted(groups[1:]) == [["arabic", "arabic with vowels"], ["chinese", "chinese 2"]]


def test_the_annotated_article_is_kept(project: Project) -> None:
    ids = _fill(project)
    from annotator.domain.model import Fragment

    project.tagging.tag(ids["edited"], project.codebook.layers[0].id, (Fragment(0, 5),))
    (group, *_) = find_groups(project)
    assert group.kept.title == "edited"
    assert group.kept.annotations == 1
    assert 0.5 < group.members[1].alike < 1


def test_marks_are_counted_undone_and_exported(project: Project, tmp_path: Path) -> None:
    ids = _fill(project)
    mark_copies(project, ids["wire"], [ids["edited"], ids["cut"], ids["wire"]])
    assert copies_of(project) == {ids["wire"]: [ids["edited"], ids["cut"]]}
    assert [times_ran(project, ids[name]) for name in ("wire", "edited", "other")] == [3, 1, 1]
    assert find_groups(project)[-1].settled
    assert project.history()[0].label == "Mark 2 articles as copy"
    export_file(project, tmp_path / "out.json")
    other = Project.create(tmp_path / "q.annot")
    import_files(other, [tmp_path / "out.json"])
    assert copies_of(other) == copies_of(project)
    other.close()
    # What becomes a copy hands its own copies on.
    mark_copies(project, ids["other"], [ids["wire"]])
    assert sorted(copies_of(project)[ids["other"]]) == sorted([ids["wire"], ids["edited"], ids["cut"]])
    mark_copies(project, ids["wire"], [ids["other"]])
    assert COPY_OF not in project.documents.get(ids["wire"]).metadata
    assert times_ran(project, ids["wire"]) == 4
    unmark_copies(project, [ids["edited"], ids["wire"]])
    assert times_ran(project, ids["wire"]) == 3
    for _ in range(4):
        project.undo()
    assert copies_of(project) == {}
    with pytest.raises(InvalidValue, match="at least one"):
        mark_copies(project, ids["wire"], [ids["wire"]])
    with pytest.raises(InvalidValue, match="None of these"):
        unmark_copies(project, [ids["wire"]])


def test_cancel(project: Project) -> None:
    _fill(project)
    with pytest.raises(Cancelled):
        find_groups(project, cancel=lambda: True)


def test_many_articles_with_the_same_notice(project: Project) -> None:
    """A notice that stands under every article makes no story of them, and two hundred copies are one group."""
    dice = random.Random(1)
    words = [f"word{n}" for n in range(3000)]
    notice = " Subscribe to our newsletter and never miss a story again, it is free and you can leave at any time."
    with project.step("Fill"):
        for n in range(150):
            project.documents.add(f"own {n}", " ".join(dice.choices(words, k=150)) + notice)
        story = dice.choices(words, k=150)
        for n in range(100):
            copy = list(story)
            copy[dice.randrange(150)] = f"new{n}"
            project.documents.add(f"copy {n}", " ".join(copy) + notice)
    (group,) = find_groups(project)
    assert len(group.members) == 100
    assert all(member.title.startswith("copy") for member in group.members)


@given(st.text(), st.text())
def test_likeness_is_a_share_and_has_no_side(first: str, second: str) -> None:
    runs = Runs()
    a, b = runs(first), runs(second)
    assert 0 <= alike(a, b) <= 1
    assert alike(a, b) == alike(b, a)
    assert alike(a, a) == (1.0 if a else 0.0)
