"""Files below one folder: written whole or not at all, never through a symbolic link, never outside."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

from wiredesk.errors import StoreError, UnreadableError

_NO_HARD_LINKS = frozenset({errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_NO_NAMES = frozenset({"", ".", ".."})
_LONGEST = 255  # bytes of a name
_FSYNC_ONE_BY_ONE = 256  # above that many files, one sync of everything is cheaper


def parts_of(path: str) -> tuple[str, ...]:
    """Return the names that make up a relative path with "/".

    Raises:
        UnreadableError: it could leave its folder, or is no name that every file system takes.
    """
    parts = tuple(path.split("/"))
    if _FORBIDDEN.search(path) or any(part in _NO_NAMES or len(part.encode()) > _LONGEST for part in parts):
        raise UnreadableError(repr(path), "not a path inside the site", "this document is not written")
    return parts


class Folder:
    """A folder that takes whole files.

    `temporary` is where files grow until they are moved to their place; it must be on the same file system.
    """

    def __init__(self, root: Path, temporary: Path) -> None:
        self.root, self._temporary = root, temporary
        self._checked: set[tuple[str, ...]] = set()

    def write(self, path: str, data: bytes) -> None:
        """Put `data` at `path`.  A reader, or a hard link of the file that was there, never sees a part of it."""
        target = self._place(path)
        self._temporary.unlink(missing_ok=True)  # it may be left from a cut-off link: another name of a live file
        with self._temporary.open("wb") as file:
            file.write(data)
        self._temporary.replace(target)

    def link(self, path: str, other: Folder) -> None:
        """Make `path` the same file as in `other` (a copy where the file system has no hard links)."""
        target, source = self._place(path), other.root.joinpath(*parts_of(path))
        self._temporary.unlink(missing_ok=True)
        _linked(str(source), str(self._temporary))
        self._temporary.replace(target)
        self._temporary.unlink(missing_ok=True)  # replacing a file by another name of itself does nothing

    def mirror(self, other: Folder) -> None:
        """Make this folder, which is not there, the same as `other`: every file is linked."""
        shutil.copytree(other.root, self.root, symlinks=True, copy_function=_linked)

    def take(self, path: str, other: Folder, name: str) -> None:
        """Move the file `name` of `other` to `path`; does nothing where `other` has none (any more)."""
        if other.has(name):
            other.root.joinpath(*parts_of(name)).replace(self._place(path))

    def remove(self, path: str) -> None:
        """Take `path` away, and the folders that are empty then."""
        target = self.root.joinpath(*parts_of(path))
        if self._leaves(path) or not (target.is_symlink() or target.is_file()):
            return
        target.unlink()
        for parent in target.relative_to(self.root).parents:
            if parent == Path() or any((self.root / parent).iterdir()):
                break
            (self.root / parent).rmdir()
            self._checked.discard(parent.parts)

    def has(self, path: str) -> bool:
        """Say whether a real file is at `path`."""
        target = self.root.joinpath(*parts_of(path))
        return not self._leaves(path) and target.is_file() and not target.is_symlink()

    def clear(self) -> None:
        """Take everything away, the folder included."""
        self._checked.clear()
        if self.root.is_symlink():
            self.root.unlink()
        elif self.root.exists():
            shutil.rmtree(self.root)

    def _leaves(self, path: str) -> bool:
        parts = parts_of(path)[:-1]
        return any(self.root.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts) + 1))

    def _place(self, path: str) -> Path:
        """Return where `path` is, its folders made; what is in the way must be a real folder."""
        parts = parts_of(path)
        for depth in range(len(parts)):
            if parts[:depth] in self._checked:
                continue
            folder = self.root.joinpath(*parts[:depth])
            folder.mkdir(parents=depth == 0, exist_ok=True)
            if depth and folder.is_symlink():
                raise StoreError(f"{folder}: is a symbolic link; nothing is written through it. Take it away")
            self._checked.add(parts[:depth])
        return self.root.joinpath(*parts)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        shutil.copyfile(source, target, follow_symlinks=False)


def settle(files: list[Path]) -> None:
    """Wait until `files` and their names are safe from a power cut."""
    if len(files) > _FSYNC_ONE_BY_ONE:
        os.sync()
        return
    for path in [*files, *sorted({file.parent for file in files})]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
