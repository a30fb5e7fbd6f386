"""The installed command as a whole process: terminals, pipes, signals, full disks, and what Python gives beside it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import repair.cli
from repair.cli import COMMANDS, cli
from repair.errors import ConfigError

SCHEMA = json.loads((Path(__file__).parent.parent / "repair/data/schema.json").read_text(encoding="utf-8"))


pytestmark = pytest.mark.usefixtures("folder")


def at_terminal(*arguments: str, **environ: str) -> tuple[str, str]:
    """Standard output and standard error of the real command, each on a terminal of its own."""
    ends = [pty.openpty(), pty.openpty()]
    environ = {**os.environ, "TERM": "xterm", "NO_COLOR": "", **environ}
    subprocess.run(
        [sys.executable, "-m", "repair", *arguments], stdout=ends[0][1], stderr=ends[1][1], env=environ, check=False
    )
    for _, theirs in ends:
        os.close(theirs)
    out, err = (drained(ours) for ours, _ in ends)
    return out, err


def drained(descriptor: int) -> str:
    """What was written to a terminal whose other end is closed."""
    data = b""
    with suppress(OSError):  # how a terminal says that nothing more comes
        while more := os.read(descriptor, 65536):
            data += more
    os.close(descriptor)
    return data.decode()


def test_a_terminal_gets_colour_and_a_person_sees_progress() -> None:
    Path("a.txt").write_text("Peace talks with SH.BA began today.\n", encoding="utf-8")
    out, err = at_terminal("check", "a.txt", "--no-model")
    assert "\x1b[1;7mSH.BA\x1b[0m" in out
    assert "reading" in err


def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "repair", *arguments], capture_output=True, check=False, **options)


def test_help_is_fast_and_names_every_command() -> None:
    command("--help")
    start = time.perf_counter()
    done = command("--help")
    assert time.perf_counter() - start < 1
    assert done.returncode == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", done.stdout.decode(), re.MULTILINE)


def test_help_opens_with_lines_to_copy_and_lists_every_option_in_a_group() -> None:
    shown = command("--help").stdout.decode()
    lines = re.findall(r"^    (repair .*?)  ", shown, re.MULTILINE)
    assert lines == ["repair check article.txt", "repair fix article.txt --diff", "repair serve"]
    for name in ("check", "fix"):
        shown = command(name, "--help").stdout.decode()
        assert shown.index("What comes out:") < shown.index("What counts:") < shown.index("Other:")
        assert re.findall(r"^  (-\S+)", shown.partition("Other:")[2], re.MULTILINE) == ["-h,"]
        assert max(map(len, shown.splitlines())) <= 80
        names = {option for param in getattr(repair.cli, name).params for option in param.opts}
        assert all(option in shown for option in names if option.startswith("--"))


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from repair.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(done.stderr.decode().split())
    assert not loaded & {"torch", "transformers", "numpy", "rich", "msgspec", "babel", "regex"}


def test_every_command_can_be_imported() -> None:
    with cli.make_context("repair", ["check", "-"]) as context:
        for name in COMMANDS:
            assert cli.get_command(context, name) is not None


def test_a_closed_pipe_is_quiet() -> None:
    Path("a.jsonl").write_text('{"text": "One officials said so ."}\n' * 2000, encoding="utf-8")
    arguments = [sys.executable, "-m", "repair", "check", "a.jsonl", "--jsonl", "--no-model"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b'{"schema": "repair/1"')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        arguments = [sys.executable, "-m", "repair", "fix", "-", "--no-model"]
        done = subprocess.run(arguments, input=b"All is well.\n", stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr == b"repair: cannot write the output: No space left on device\n"


def test_the_real_pipeline_without_a_model() -> None:
    done = command("check", "-", "--no-model", "--format", "jsonl", input=b"Peace talks with SH.BA began .\n")
    assert (done.returncode, done.stderr) == (1, b"")
    row = json.loads(done.stdout)
    jsonschema.validate(row, SCHEMA)
    assert "SH.BA" in [finding["text"] for finding in row["findings"]]


def test_python_gives_what_the_command_line_gives() -> None:
    text = "Peace talks with SH.BA began , one officials said.\n"
    Path("a.txt").write_text(text, encoding="utf-8")
    printed = [command(name, "a.txt", "--no-model", "--format", "json").stdout for name in ("check", "fix")]
    reports = [work(text, name="a.txt", no_model=True) for work in (repair.check, repair.fix)]
    assert [json.loads(line) for line in printed] == [report.to_json() for report in reports]
    assert "SH.BA" not in reports[1].to_json()["output"]


def test_a_wrong_setting_in_python_is_a_named_error() -> None:
    with pytest.raises(ConfigError, match="unknown key treshold; did you mean threshold"):
        repair.check("text", treshold=0.5)


def test_a_request_to_end_is_an_orderly_end() -> None:
    program = "import atexit, time; atexit.register(print, 'settled'); import repair.cli as c; "
    program += "c.main = lambda **_: print('on', flush=True) or time.sleep(60); c.entry()"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        assert process.stdout.read() == b"settled\n"
        assert process.wait(10) == 143


def test_the_end_is_quick_and_settles_what_was_registered() -> None:
    program = "import atexit, repair.cli as c\nclass Kept:\n  def __del__(self): print('taken apart')\n"
    program += "kept = Kept()\ndef main(**_):\n  atexit.register(print, 'settled')\n  print('shown')\n  return 1\n"
    program += "c.main = main\nc.entry()"
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    assert (done.stdout, done.returncode) == (b"shown\nsettled\n", 1)
