"""Files that commands write: beside their place first and then renamed, so that a full disk or an end leaves the former file."""

import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from qmi_rules.errors import DocumentError, fault
from qmi_rules.pages import visible
from qmi_rules.pages.harmless import cleaned

Writer = Callable[[TextIO], None]


def put(
    path: Path,
    content: str | bytes | Writer,
    *,
    inputs: Iterable[Path | str] = (),
    force: bool,
    encoding: str = "utf-8",
) -> None:
    """Write a file whole or not at all.

    Args:
        path: Where.
        content: The text, the bytes, or what writes a text.
        inputs: What the command reads: none of it is overwritten.
        force: Overwrite an input, follow a link.
        encoding: Of the file.

    Raises:
        DocumentError: It cannot be written, is an input, or is a link.
    """
    write = content if callable(content) else lambda file: _all(file, content)
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):  # a terminal or a pipe has no place beside it
            with path.open("w", encoding=encoding, newline="") as file:
                write(file)
        else:
            _check(path, inputs, force)
            _replace(path.resolve() if force else path, write, encoding)
    except OSError as error:
        why = error.strerror or str(error)
        raise DocumentError(fault("contradiction", "", "cannot be written: {why}", why=why), str(path)) from None
    if sys.stderr is not None:
        print(f"→ {visible(str(path))}", file=sys.stderr)


def _all(file: TextIO, content: str | bytes) -> None:
    if isinstance(content, bytes):
        file.buffer.write(content)
    else:
        file.write(cleaned(content))


def _check(path: Path, inputs: Iterable[Path | str], force: bool) -> None:
    if force:
        return
    if path.is_symlink():
        raise DocumentError(
            fault("contradiction", "", "is a link; --force writes the file that it leads to"), str(path)
        )
    for given in inputs:
        if path.exists() and Path(given).exists() and path.samefile(given):
            raise DocumentError(
                fault("contradiction", "", "is what the command reads; --force overwrites it"), str(path)
            )


def _replace(path: Path, write: Writer, encoding: str) -> None:
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w", encoding=encoding, newline=""
        ) as file:
            write(file)
        with suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except BaseException:  # also the end that a person or the system asks for
        beside.unlink(missing_ok=True)
        raise
