"""Memory: tells glibc to give back what password hashing borrows, instead of keeping it in every thread's arena."""

import ctypes

# the parameters' numbers in glibc's malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGE = 128 * 1024


def tune_memory() -> None:
    """Fix the size from which memory is mapped and unmapped, and keep two arenas; nothing where there is no glibc.

    Each password hash works on 19 MiB. Left alone, glibc learns from it to keep such blocks, once for every thread.
    """
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    mallopt(_M_MMAP_THRESHOLD, _LARGE)
    mallopt(_M_TRIM_THRESHOLD, _LARGE)
    mallopt(_M_ARENA_MAX, 2)
