"""What a disk or a share says when it refuses, in words."""

from __future__ import annotations

import errno

from tilsyn.base.language import say
from tilsyn.base.problems import Problem, Refused

# The dictionary's word for each of the common answers; any other is told as the system words it.
_WORDS = {
    errno.EACCES: "no_access", errno.EPERM: "no_access", errno.EROFS: "no_access",
    errno.ENOSPC: "full", errno.EDQUOT: "full",
    errno.ENOTDIR: "no_place", errno.EISDIR: "no_place", errno.ENAMETOOLONG: "no_place",
    errno.ENOENT: "gone",
    errno.EIO: "broken", errno.ENXIO: "broken", errno.ENODEV: "broken", errno.ESTALE: "broken",
    errno.ENOTCONN: "broken", errno.EHOSTDOWN: "broken", errno.EHOSTUNREACH: "broken",
    errno.ETIMEDOUT: "broken",
}  # fmt: skip


def is_refusal(error: OSError) -> bool:
    """Tell whether an error is the system's own answer, not one that a library made up."""
    return error.errno is not None


def found(error: OSError) -> str:
    """Return which file was refused, and why."""
    reason = error.strerror or str(error)
    return say(f"disk.{_WORDS.get(error.errno or 0, 'other')}", file=error.filename or "–", reason=reason)


def refused(error: OSError) -> Refused:
    """Return the refusal that an error of the disk is before anything was put in force."""
    return Refused(found(error), say(f"disk.{_WORDS.get(error.errno or 0, 'other')}_remedy"))


def late(found: str, remedy: str) -> Problem:
    """Return the note of what failed once the result was in force."""
    return Problem(say("disk.late", found=found), remedy, kind="note")
