"""Find things by a part of a name in Chinese, by pinyin, by initials, in English or by a code."""

from liankit.search.index import INDEX_SCHEMA, best, build_index, find, match

__all__ = ["INDEX_SCHEMA", "best", "build_index", "find", "match"]
