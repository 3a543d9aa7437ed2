"""Progress bars on the terminal (standard error, so that answers can be piped)."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Bars:
    """One bar for the step that is under way; steps that are done keep their line."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        console = Console(stderr=True)
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<20}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._open: TaskID | None = None

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, title: str, total: int | None) -> Callable[[int], None]:
        """Open a bar.  One for nothing to do is not shown."""
        if total == 0:
            self._open = None
            return lambda _: None
        self._open = task = self._bars.add_task(title, total=total)
        return lambda steps: self._bars.advance(task, steps)

    def end(self) -> None:
        """Close the bar that is open."""
        if self._open is None:
            return
        task = self._bars.tasks[self._bars.task_ids.index(self._open)]
        done = int(task.completed) or 1
        self._bars.update(self._open, total=done, completed=done)
        self._open = None
