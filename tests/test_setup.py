"""The set-up's promises: what is pinned, what a failure says, and that half a set-up is never taken for a whole one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import bootstrap  # noqa: E402 - the tools are no package: they run before anything is installed
from installer import assets, environment, files, main, problems, running, translations  # noqa: E402

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINS = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]


def normalised(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def declared_requirements() -> list[str]:
    extras = PYPROJECT["project"]["optional-dependencies"]
    return [*PYPROJECT["project"]["dependencies"], *(one for extra in extras.values() for one in extra)]


# what is declared and pinned


def test_every_dependency_has_a_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    tables = text[text.index("\ndependencies = [") : text.index("[project.scripts]")]
    bare = [line.strip() for line in tables.splitlines() if re.match(r'\s+"', line) and "#" not in line]
    assert bare == []


def test_every_direct_dependency_is_pinned() -> None:
    pinned = {normalised(pin) for pin in PINS}
    wanted = {normalised(one) for one in [*declared_requirements(), *PYPROJECT["build-system"]["requires"]]}
    assert wanted - pinned == set()


def test_pins_are_exact_sorted_unique_and_without_addresses() -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in PINS)
    names = [normalised(pin) for pin in PINS]
    assert names == sorted(set(names))


def test_the_lock_of_the_front_end_names_no_addresses_and_hashes_every_package() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []


def test_the_front_end_is_pinned_exactly_and_its_lock_agrees() -> None:
    declared = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in declared} == declared


def test_every_front_end_package_comes_with_its_licence() -> None:
    listed = json.loads((ROOT / "tools/assets.json").read_text("utf-8"))["licences"]
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert set(listed) == {name.removeprefix("node_modules/") for name in locked if name}


def test_icons_are_listed_once_and_in_order() -> None:
    icons = json.loads((ROOT / "tools/assets.json").read_text("utf-8"))["icons"]
    assert icons == sorted(set(icons))


def test_the_licence_is_apache_2_in_full() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert PYPROJECT["project"]["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


# what the built front end holds


@pytest.fixture
def vendor() -> Path:
    folder = ROOT / assets.VENDOR
    if not assets.is_built(ROOT):
        pytest.skip("the front-end assets are not built here: `make test` builds them")
    return folder


def test_served_files_name_no_source_map(vendor: Path) -> None:
    served = [*vendor.glob("*.js"), *vendor.glob("*.css")]
    assert served
    assert [path.name for path in served if "sourceMappingURL" in path.read_text("utf-8")] == []


def test_the_style_sheet_fetches_no_font_and_nothing_else(vendor: Path) -> None:
    text = (vendor / "tabler.min.css").read_text("utf-8")
    assert not re.search(r"@import|@font-face", text)
    assert set(re.findall(r"url\(\s*['\"]?([^,'\")]{0,14})", text)) == {"data:image/svg"}


def test_the_sprite_has_a_symbol_for_every_listed_icon(vendor: Path) -> None:
    icons = json.loads((ROOT / "tools/assets.json").read_text("utf-8"))["icons"]
    assert re.findall(r'<symbol id="([a-z0-9-]+)"', (vendor / "icons.svg").read_text("utf-8")) == icons


def test_a_source_map_line_is_taken_out_and_nothing_else() -> None:
    assert assets.without_source_map("a{}\n/*# sourceMappingURL=a.css.map */\n") == "a{}\n"
    assert assets.without_source_map("f();\n//# sourceMappingURL=f.js.map") == "f();\n"
    assert assets.without_source_map('s="# sourceMappingURL=x"\n') == 's="# sourceMappingURL=x"\n'


def test_a_symbol_keeps_the_strokes_and_drops_the_bounding_box() -> None:
    drawing = (
        '<svg\n class="icon">\n <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M12 9v4" />\n</svg>'
    )
    made = assets.symbol("alert", drawing)
    assert made.startswith('<symbol id="alert" viewBox="0 0 24 24"')
    assert made.endswith('><path d="M12 9v4" /></symbol>')
    assert "M0 0h24v24H0z" not in made


def test_a_misspelt_icon_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "alert-triangle.svg").write_text("<svg></svg>", "utf-8")
    with pytest.raises(problems.SetupError, match="sprite") as caught:
        assets.sprite(tmp_path, ["alert-traingle"])
    assert "alert-triangle" in caught.value.todo


def test_a_node_that_is_too_old_or_absent_or_a_dead_shim_is_not_used(tmp_path: Path) -> None:
    def fake(name: str, says: str, status: int = 0) -> str:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {says}\nexit {status}\n", "utf-8")
        program.chmod(0o755)
        return str(program)

    npm, old, new, dead = (
        fake("npm", "10.2.0"),
        fake("old", "v16.20.0"),
        fake("new", "v20.1.0"),
        fake("dead", "no such version", 127),
    )
    assert assets.system_npm({"node": new, "npm": npm}.get) == [npm]
    assert assets.system_npm({"node": old, "npm": npm}.get) is None
    assert assets.system_npm({"node": dead, "npm": npm}.get) is None
    assert assets.system_npm({"node": new, "npm": dead}.get) is None
    assert assets.system_npm({"node": new}.get) is None


# when a step counts as done


def write_declaration(root: Path, ruff_line_length: int = 100, dependency: str = "numpy>=2") -> None:
    (root / "constraints.txt").write_text("numpy==2.4.6\n", "utf-8")
    (root / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\ndependencies = ["{dependency}"]\n'
        f"[tool.ruff]\nline-length = {ruff_line_length}\n",
        "utf-8",
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment holds the packages with the extra dev."""
    write_declaration(tmp_path)
    bin_folder = tmp_path / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    stamp = {
        "key": environment.current_key(tmp_path),
        "extras": ["dev"],
        "folder": str(tmp_path),
        "python": str(Path(sys.executable).resolve()),
    }
    files.write_stamp(tmp_path / ".venv" / environment.STAMP, stamp)
    return tmp_path


def test_installed_packages_are_not_installed_again(checkout: Path) -> None:
    assert environment.has_packages(checkout, ["dev"])
    assert environment.has_packages(checkout, [])


def test_an_extra_that_was_not_asked_for_before_is_missing(checkout: Path) -> None:
    assert not environment.has_packages(checkout, ["dev", "browser"])


def test_a_changed_dependency_or_pin_is_installed_and_a_changed_lint_rule_is_not(checkout: Path) -> None:
    write_declaration(checkout, ruff_line_length=120)
    assert environment.has_packages(checkout, [])
    write_declaration(checkout, dependency="numpy>=2.2")
    assert not environment.has_packages(checkout, [])
    write_declaration(checkout)
    (checkout / "constraints.txt").write_text("numpy==2.4.7\n", "utf-8")
    assert not environment.has_packages(checkout, [])


def test_an_environment_that_was_being_changed_when_it_was_killed_is_not_used(checkout: Path) -> None:
    (checkout / ".venv" / environment.INCOMPLETE).touch()
    assert not environment.is_usable(checkout)
    assert not environment.has_packages(checkout, [])


def test_an_environment_that_was_moved_is_not_used(checkout: Path) -> None:
    moved = checkout.with_name("moved")
    checkout.rename(moved)
    assert not environment.is_usable(moved)


def test_an_environment_whose_python_was_replaced_or_removed_is_not_used(checkout: Path) -> None:
    python = environment.venv_python(checkout)
    python.unlink()
    assert not environment.is_usable(checkout)
    python.write_text("another", "utf-8")
    assert not environment.is_usable(checkout)


def test_an_environment_made_by_hand_is_kept_and_completed(checkout: Path) -> None:
    (checkout / ".venv" / environment.STAMP).unlink()
    assert environment.is_usable(checkout)
    assert not environment.has_packages(checkout, [])


def test_a_torn_stamp_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "stamp").write_text('{"key": "ab', "utf-8")
    assert files.read_stamp(tmp_path / "stamp") is None


def test_where_one_part_ends_and_the_next_begins_changes_the_digest() -> None:
    assert files.digest(b"ab", b"c") != files.digest(b"a", b"bc")


def test_space_is_asked_for_only_what_is_missing(checkout: Path) -> None:
    whole = environment.space_needed(checkout.with_name("empty"), ["dev"])
    assert environment.space_needed(checkout, ["dev"]) < environment.space_needed(checkout, ["dev", "browser"]) < whole


def test_a_translation_is_compiled_when_its_source_is_newer_and_left_alone_after(tmp_path: Path) -> None:
    (tmp_path / "tools").symlink_to(ROOT / "tools")
    python = environment.venv_python(tmp_path)
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    source = tmp_path / translations.LOCALES / "zh_Hans/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "Risk"\nmsgstr "风险"\n', "utf-8")
    assert translations.stale(tmp_path) == [source]
    translations.compile_stale(tmp_path)
    assert translations.stale(tmp_path) == []
    assert "风险".encode() in source.with_suffix(".mo").read_bytes()
    source.write_text('#, python-format\nmsgid "%(n)d rows"\nmsgstr "%(m)d 行"\n', "utf-8")
    with pytest.raises(problems.SetupError) as caught:
        translations.compile_stale(tmp_path)
    assert "django.po:2" in str(caught.value)


# what a failure says


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ENOSPC", "the disk is full"),
        (
            "NewConnectionError: Temporary failure in name resolution\nERROR: No matching distribution found for numpy",
            "could not be reached",
        ),
        ("npm error code EAI_AGAIN", "could not be reached"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "not offered"),
        ("OSError: [Errno 30] Read-only file system", "may not be written"),
        ("npm error code EINTEGRITY", "not the one that was pinned"),
        ("Segmentation fault", "stopped with an error"),
    ],
)
def test_a_failure_of_pip_or_npm_says_what_happened_why_and_what_to_do(said: str, why: str) -> None:
    text = str(problems.tool_failure("the packages could not be installed.", said.splitlines(), "var/setup/pip.log"))
    assert text.startswith("Set-up stopped: the packages could not be installed.")
    assert why in text
    assert f"| {said.splitlines()[0]}" in text
    assert "What to do: " in text


def test_only_the_last_lines_of_a_long_failure_are_shown() -> None:
    shown = str(problems.tool_failure("x.", [f"line {n}" for n in range(100)], "pip.log"))
    assert "line 99" in shown
    assert "line 91" not in shown


def test_a_python_without_ensurepip_is_told_the_package_to_install() -> None:
    with pytest.raises(problems.SetupError) as caught:
        environment.require_venv_module(lambda name: None if name == "ensurepip" else object())
    assert "ensurepip" in caught.value.why
    assert "apt install python3-venv" in caught.value.todo


def test_too_little_space_is_found_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(problems.SetupError) as caught:
        files.require_space(tmp_path, 10**9)
    assert "are free" in caught.value.why
    files.require_space(tmp_path, 0)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder is wanted", "utf-8")
    with pytest.raises(problems.SetupError, match=re.escape(str(tmp_path))):
        files.require_writable(tmp_path)


def test_a_program_that_fails_hands_over_its_lines_and_leaves_them_in_the_log(tmp_path: Path) -> None:
    heard: list[str] = []
    with pytest.raises(running.ProgramFailed) as caught:
        running.run_logged(
            ["sh", "-c", "echo out; echo err >&2; exit 3"],
            tmp_path / "log",
            folder=tmp_path,
            environment={"PATH": "/usr/bin:/bin"},
            listen=heard.append,
        )
    assert sorted(caught.value.lines) == ["err", "out"]
    assert sorted(line.strip() for line in heard) == ["err", "out"]
    assert sorted((tmp_path / "log").read_text("utf-8").split()) == ["err", "out"]


def test_an_unknown_extra_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["develop"]) == 2
    assert "dev, browser" in capsys.readouterr().err


def test_failures_are_reported_without_a_traceback(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "constraints.txt").unlink()
    assert main.main([], checkout) == 1
    told = capsys.readouterr().err
    assert "constraints.txt" in told
    assert "What to do: " in told
    (checkout / ".venv" / environment.INCOMPLETE).touch()
    (checkout / "var").write_text("a file where a folder is wanted", "utf-8")
    assert main.main([], checkout) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_step_that_is_done_is_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[str] = []
    main.run_step("[1/1]", main.Step("Part", lambda: True, lambda note: ran.append("again")))
    assert ran == []
    assert capsys.readouterr().out == "[1/1] Part ... ready\n"


def test_the_entry_parses_on_python_3_6_and_an_old_python_is_told_what_to_do() -> None:
    compile_for = f"import ast; ast.parse(open({str(ROOT / 'tools/bootstrap.py')!r}).read(), feature_version=(3, 6))"
    subprocess.run([sys.executable, "-c", compile_for], check=True)
    told = bootstrap.advice("3.8.18", "/usr/bin/python3")
    assert "Python 3.8.18" in told
    assert "What to do: install one" in told


# two at once


HOLD_LOCK = """
import sys
from pathlib import Path
from installer.files import set_up_lock
with set_up_lock(Path(sys.argv[1]), print):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is sent a line or killed."""
    command = [sys.executable, "-c", HOLD_LOCK, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT / "tools", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_set_up_waits_for_the_first_and_says_for_which(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    told: list[str] = []

    def hear(text: str) -> None:
        told.append(text)
        holder.communicate("go on\n")

    with files.set_up_lock(tmp_path, hear):
        assert len(told) == 1
        assert f"process {holder.pid}" in told[0]


def test_a_set_up_that_was_killed_leaves_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    told: list[str] = []
    with files.set_up_lock(tmp_path, told.append):
        assert told == []
