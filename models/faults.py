"""What can go wrong with the store, told in our own terms.

StoreFault
├── Unavailable    not now; trying again after `retry_after` seconds may help
│   ├── StoreAway      the database cannot be reached, is full or too busy
│   └── Busy           (models.hashing) too many secrets wait to be hashed
└── NestedWork     a unit of work was started inside another one; a mistake of ours
"""


class StoreFault(Exception):
    """Any fault of the store."""


class Unavailable(StoreFault):
    """Something the command needs is not to be had now; `retry_after` says in how many seconds to try again."""

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(f"{what}; try again in {retry_after} s")
        self.retry_after = retry_after


class StoreAway(Unavailable):
    """The database cannot take the command now."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__("the database cannot be reached", retry_after)


class NestedWork(StoreFault):
    """A unit of work inside a unit of work."""
