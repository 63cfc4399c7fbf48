"""Fetching everything that waits at a desk, as a courier would."""

from authority.desk import Desk
from authority.messages import Answer


async def fetch_all(desk: Desk) -> list[Answer]:
    """Download and acknowledge until nothing waits; the answers in the order in which they came."""
    answers: list[Answer] = []
    while (delivery := await desk.download()) is not None:
        answers.extend(delivery.answers)
        await desk.acknowledge(delivery.file_name)
    return answers
