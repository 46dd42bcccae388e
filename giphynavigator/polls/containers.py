"""PollsContainer: the database, searches and others it needs, the polls it offers."""

from dependency_injector import containers, providers

from giphynavigator.polls.ballots import BallotBox
from giphynavigator.polls.listeners import Listeners
from giphynavigator.polls.needs import (
    Access,
    Clients,
    Notes,
    Searches,
    Sessions,
    Signatures,
)
from giphynavigator.polls.news import News
from giphynavigator.polls.repository import PollRepository
from giphynavigator.polls.scores import Scores
from giphynavigator.polls.services import PollService
from giphynavigator.polls.voters import Voters
from giphynavigator.polls.votes import VoteRepository
from giphynavigator.storage.database import Database


class PollsContainer(containers.DeclarativeContainer):
    """Needs first, then offers."""

    database = providers.Dependency(instance_of=Database)
    search_service = providers.Dependency[Searches]()
    notes = providers.Dependency[Notes]()
    signer = providers.Dependency[Signatures]()
    clients = providers.Dependency[Clients]()
    sessions = providers.Dependency[Sessions]()
    access = providers.Dependency[Access]()
    default_limit = providers.Dependency[int]()

    repository = providers.Factory(PollRepository, database)
    votes = providers.Factory(VoteRepository, database)
    scores = providers.Singleton(Scores)
    news = providers.Singleton(News, scores, repository.provider, database)
    ballots = providers.Singleton(BallotBox, votes.provider, scores)
    listeners = providers.Factory(Listeners, scores, clients, access)
    voters = providers.Factory(Voters, signer, clients, sessions, access)
    poll_service = providers.Factory(
        PollService,
        repository,
        ballots=ballots,
        scores=scores,
        searches=search_service,
        notes=notes,
        limit=default_limit,
    )
