"""Loops that numpy has no function for, as machine code.

Merging two short sorted lists, following an index, walking trees: in Python they cost a hundred times as much.  The
code is compiled when a function is first called (seconds, once an installation) and kept beside the module, or in the
user's cache folder where that one can't be written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return `function`, of numbers, arrays and named tuples of arrays, compiled on its first call.

    Arithmetic stays as written (no `fastmath`): the same input gives the same bytes everywhere.
    """
    try:
        return cast(Function, numba.njit(cache=True)(function))
    except RuntimeError:  # no folder that can be written: compiled anew in each process
        return cast(Function, numba.njit(function))
