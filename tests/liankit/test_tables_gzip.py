"""Compressed text is read as the text it holds, within the limits of any packed file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from liankit.tables import Column, Limits, Table, UnreadableFile, read_table

TABLE = Table("items", (Column("name", title={"zh": "名称", "en": "Name"}, required=True),))


def test_a_compressed_gbk_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("名称\n蛋白A填料\n".encode("gbk")))
    assert read_table(path, TABLE).rows["name"].to_list() == ["蛋白A填料"]


def test_a_compressed_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 20_000_000))
    with pytest.raises(UnreadableFile) as raised:
        read_table(path, TABLE, limits=Limits(unpacked_bytes=10_000_000))
    assert raised.value.problem.code == "unpacks_too_large"


def test_a_truncated_compressed_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("名称\n甲\n".encode() * 500)[:-9])
    with pytest.raises(UnreadableFile) as raised:
        read_table(path, TABLE)
    assert raised.value.problem.code == "damaged_gzip"
