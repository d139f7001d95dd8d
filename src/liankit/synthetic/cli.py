"""``liankit synthetic``: write an invented district as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liankit.synthetic.district import generate, write_files
from liankit.synthetic.marginals import marginals, marginals_markdown
from liankit.synthetic.vocabulary import load_vocabulary

# one command without subcommands; interspersed, so that options may follow the folder wherever it is mounted
app = typer.Typer(add_completion=False, subcommand_metavar="", context_settings={"allow_interspersed_args": True})


@app.callback(invoke_without_command=True)
def synthetic(
    folder: Annotated[Path, typer.Argument(help="Where the CSV files go; made where missing.")],
    vocabulary: Annotated[str, typer.Option(help="A vocabulary file, or the key of an installed pack.")],
    enterprises: Annotated[int, typer.Option(help="Number of enterprises, 30 to 200,000.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed gives the same district.")] = 1,
    marginals_file: Annotated[
        Path | None, typer.Option("--marginals", help="Also write the checked marginals to this Markdown file.")
    ] = None,
) -> None:
    """Write enterprises.csv, critical_inputs.csv, facts.csv and the lists of an invented district.

    Every name is coined and every code lies in an area that is never issued: call what is made from it synthetic.
    """
    district = generate(load_vocabulary(vocabulary), enterprises=enterprises, seed=seed)
    for path in write_files(district, folder):
        typer.echo(path)
    if marginals_file is not None:
        page = marginals_markdown(marginals(district), enterprises=enterprises, seed=seed)
        marginals_file.write_text(page, encoding="utf-8")
        typer.echo(marginals_file)
