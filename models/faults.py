"""What can go wrong with the store, told in our own terms.

StoreFault
├── StoreAway      the database cannot be reached, is full or too busy; trying again later may help
└── NestedWork     a unit of work was started inside another one; a mistake of ours
"""


class StoreFault(Exception):
    """Any fault of the store."""


class StoreAway(StoreFault):
    """The database cannot take the command now; `retry_after` says in how many seconds to try again."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__(f"the database cannot be reached; try again in {retry_after} s")
        self.retry_after = retry_after


class NestedWork(StoreFault):
    """A unit of work inside a unit of work."""
