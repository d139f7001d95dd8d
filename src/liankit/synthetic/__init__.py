"""A seeded, calibrated, openly synthetic district of any size: for trying the desk, never for judging anyone."""

from liankit.synthetic.district import District, generate, write_files
from liankit.synthetic.marginals import marginals, marginals_markdown
from liankit.synthetic.planting import Planted
from liankit.synthetic.vocabulary import load_vocabulary

__all__ = [
    "District",
    "Planted",
    "generate",
    "load_vocabulary",
    "marginals",
    "marginals_markdown",
    "write_files",
]
