"""The sample of the polls tutorial: something to vote on at once."""

from typing import Final

from giphynavigator.polls.repository import PollRepository

QUESTION: Final = "What's new?"
CHOICES: Final = ("Not much", "The sky", "Just hacking again")


async def add_sample(repository: PollRepository) -> int | None:
    """Give the id of a new poll with the sample's question; None if there is one."""
    if await repository.has_question(QUESTION):
        return None
    columns = [{"choice_text": text} for text in CHOICES]
    return (await repository.add({"question_text": QUESTION}, columns)).id
