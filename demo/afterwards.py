"""Afterwards (备案之后): which story follows on which of the approved subjects, so that every step can be seen."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

from demo import stories
from demo.cast import Cast
from demo.elsewhere import play_elsewhere
from demo.first_filings import Played
from demo.forms import PERSON_NATURE, filing_form
from demo.life import Life, password_told

Story = Callable[[Life], Awaitable[None]]

# how many subjects of the whole demonstration live which story; a smaller one has each at most once before any twice
STORIES: tuple[tuple[Story, int], ...] = (
    (stories.subject_changed, 6),
    (stories.website_changed, 4),
    (stories.change_drafted, 3),
    (stories.change_submitted, 4),
    (stories.change_returned, 2),
    (stories.change_at_authority, 2),
    (stories.change_dropped, 1),
    (stories.website_added, 4),
    (stories.website_submitted, 3),
    (stories.access_refused, 1),
    (stories.access_cancelled, 2),
    (stories.access_again, 2),
    (stories.website_cancelled, 2),
    (stories.subject_cancelled, 2),
    (stories.subject_half_approved, 2),
    (stories.transfer_asked, 2),
)
LEAST_DAYS = 30  # since the first approval, so that a story of two filings has room


async def play_afterwards(cast: Cast, played: Sequence[Played]) -> None:
    """Give each story its subjects, as long as there are some; and take in what was filed elsewhere."""
    pool = iter([one for one in played if _fits(one)])
    for story, one in zip(_in_turn(), pool, strict=False):
        if await password_told(one.subject_id) is not None:  # else it is the authority that knows it
            await story(_life(cast, one))
    await play_elsewhere(cast)


def _in_turn() -> Iterator[Story]:
    """Every story once, then again those that are wanted twice, and so on."""
    for turn in range(max(wanted for _, wanted in STORIES)):
        yield from (story for story, wanted in STORIES if wanted > turn)


def _fits(one: Played) -> bool:
    """An organisation that its owner filed by himself, long enough ago; a person has a single website."""
    organised = filing_form(one.index).subject.unit_nature != PERSON_NATURE
    return one.stage == "approved" and one.days >= LEAST_DAYS and organised and not one.on_behalf


def _life(cast: Cast, one: Played) -> Life:
    first, second = cast.reviewers if one.index % 2 else cast.reviewers[::-1]
    return Life(cast, one.index, one.owner, first, second, one.subject_id, one.days // 2)
