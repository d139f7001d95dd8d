"""Split an organisation's name into its parts, in either script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from liankit.entities.chinese import parse_chinese
from liankit.entities.latin import parse_latin
from liankit.entities.parsed import ParsedName
from liankit.entities.vocabulary import to_simplified

_CJK = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 300  # signs; the longest names of registers have under 200, and what is longer is no name


@lru_cache(maxsize=1 << 16)
def parse_name(name: str) -> ParsedName:
    """Split a name into status, region, stem, trade, legal form and branch.

    A name with a Chinese sign is read as Chinese. Two names that say the same are parsed alike whatever their width,
    case, signs (traditional or simplified) and punctuation.

    >>> parsed = parse_name("*ST浙江澄禾生物醫藥股份有限公司杭州分公司")
    >>> parsed.region.province, parsed.stem, parsed.trade, parsed.legal_form, parsed.branch, parsed.status
    ('浙江', '澄禾', '生物医药', '股份公司', '杭州分公司', '*st')
    >>> parsed = parse_name("Acme Pharmaceuticals USA, Inc., a Globex Company")
    >>> parsed.stem, parsed.trade, parsed.legal_form, parsed.region.province
    ('acme', 'pharmaceutical', 'inc', 'us')
    """
    folded = unicodedata.normalize("NFKC", name[:_LONGEST]).strip()
    if _CJK.search(folded):
        return parse_chinese(folded.lower().translate(to_simplified()))
    return parse_latin(folded)
