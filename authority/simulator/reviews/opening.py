"""Which review an upload gets."""

from authority.messages import Change, NewAccess, NewFiling, NewWebsites, Upload
from authority.simulator.library import Library
from authority.simulator.reviews.cancellation import (
    ACCESS,
    WEBSITE,
    AccessCancellationReview,
    SubjectCancellationReview,
    WebsiteCancellationReview,
)
from authority.simulator.reviews.change import ChangeReview
from authority.simulator.reviews.new_access import NewAccessReview
from authority.simulator.reviews.new_filing import NewFilingReview
from authority.simulator.reviews.new_websites import NewWebsitesReview
from authority.simulator.reviews.review import Review, Terms


def open_review(message: Upload, library: Library, terms: Terms) -> Review:
    """Lay an upload on the desk of who reviews its kind."""
    match message:
        case NewFiling():
            return NewFilingReview(message, library, terms)
        case NewWebsites():
            return NewWebsitesReview(message, library, terms)
        case NewAccess():
            return NewAccessReview(message, library, terms)
        case Change():
            return ChangeReview(message, library, terms)
    if message.category == ACCESS:
        return AccessCancellationReview(message, library, terms)
    if message.category == WEBSITE:
        return WebsiteCancellationReview(message, library, terms)
    return SubjectCancellationReview(message, library, terms)
