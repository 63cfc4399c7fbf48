"""Masks (掩码): how a personal value is shown to those who may not read it, and how a mask sent back is known."""

MASK = "***"  # every mask holds at least these, and no true value of a masked field does
_HEAD, _TAIL = 3, 4


def mask(value: str) -> str:
    """The value with its middle hidden: `210***********0010`; several values separated by ";" are masked one by one.

    A value too short to show seven characters of shows its first alone, and hides its length.
    """
    return ";".join(_mask_one(part) for part in value.split(";"))


def mask_email(value: str) -> str:
    """Addresses with their local parts hidden: `z***@example.com`; several are separated by ";"."""
    return ";".join(_mask_address(part) for part in value.split(";"))


def is_masked(value: str) -> bool:
    """Whether the text is, or holds, what `mask` makes."""
    return MASK in value


def _mask_one(value: str) -> str:
    hidden = len(value) - _HEAD - _TAIL
    if hidden < len(MASK):
        return value[:1] + MASK
    return f"{value[:_HEAD]}{'*' * hidden}{value[-_TAIL:]}"


def _mask_address(value: str) -> str:
    local, at, domain = value.rpartition("@")
    return f"{local[:1]}{MASK}@{domain}" if at else _mask_one(value)
