"""Container: the parts list, top to bottom what the program is made of."""

import aiohttp
from dependency_injector import containers, providers

from giphynavigator.answers import Answers
from giphynavigator.batch.containers import BatchContainer
from giphynavigator.downloads.containers import DownloadsContainer
from giphynavigator.giphy import GiphyClient
from giphynavigator.health.containers import HealthContainer
from giphynavigator.media_origins import MediaOrigins
from giphynavigator.metrics.containers import MetricsContainer
from giphynavigator.notes.containers import NotesContainer
from giphynavigator.openapi.containers import OpenApiContainer
from giphynavigator.polls.containers import PollsContainer
from giphynavigator.resilience.clients import create_limits
from giphynavigator.resilience.containers import ResilienceContainer
from giphynavigator.resilience.quota_shared import create_quota
from giphynavigator.resilience.shared import shared_at
from giphynavigator.security.access import OPEN, READING, Access
from giphynavigator.security.clients import Clients
from giphynavigator.security.hosts import Hosts
from giphynavigator.security.sessions import Sessions
from giphynavigator.security.signing import Signer
from giphynavigator.security.tokens import Tokens
from giphynavigator.services import Defaults, SearchService
from giphynavigator.session.containers import SessionContainer
from giphynavigator.site.containers import SiteContainer
from giphynavigator.storage.database import Database
from giphynavigator.storage.secrets_kept import SecretsKept
from giphynavigator.v1.containers import V1Container
from giphynavigator.web.ready import Ready


class Container(containers.DeclarativeContainer):
    """Every object the application is made of."""

    config = providers.Configuration(strict=True)

    http_session = providers.Dependency(instance_of=aiohttp.ClientSession)
    media_session = providers.Dependency(instance_of=aiohttp.ClientSession)
    metrics = providers.Container(MetricsContainer, redis=config.redis)
    recorder = metrics.recorder
    shared = providers.Singleton(shared_at, config.redis.url, recorder=recorder)
    quota = providers.Singleton(
        create_quota,
        shared,
        sandbox=config.sandbox,
        calls=config.quota.calls,
        period=config.quota.period,
        workers=config.workers,
        recorder=recorder,
    )

    database = providers.Singleton(
        Database,
        config.database.url,
        folder=config.database.folder,
        pool_size=config.database.pool_size,
        max_overflow=config.database.max_overflow,
        recorder=recorder,
    )
    secrets_kept = providers.Factory(SecretsKept, database)
    signer = providers.Singleton(Signer, config.secret, secrets_kept)

    giphy_client = providers.Factory(
        GiphyClient,
        session=http_session,
        quota=quota,
        api_url=config.giphy.api_url,
        api_key=config.giphy.api_key,
        timeout=config.giphy.request_timeout,
    )
    resilience = providers.Container(
        ResilienceContainer,
        cache=config.cache,
        timeout=config.giphy.request_timeout,
        sandbox=config.sandbox,
        giphy_client=giphy_client.provider,
        shared=shared,
        quota=quota,
        recorder=recorder,
    )

    tokens = providers.Singleton(Tokens, config.tokens)
    clients = providers.Singleton(Clients, config.server.trusted_proxies, tokens=tokens)
    hosts = providers.Singleton(Hosts, config.server.host, config.server.hosts)
    sessions = providers.Factory(Sessions, tokens, signer, clients)
    access = providers.Singleton(Access, hosts, clients, tokens, sessions)
    client_limits = providers.Singleton(
        create_limits,
        shared,
        per_minute=config.limits.per_minute,
        burst=config.limits.burst,
        recorder=recorder,
    )

    answers = providers.Singleton(Answers, max_bytes=config.cache.answer_bytes)
    defaults = providers.Factory(
        Defaults,
        query=config.default.query,
        limit=config.default.limit,
    )
    search_service = providers.Factory(
        SearchService,
        resilience.pages,
        answers,
        rating=config.giphy.rating,
        lang=config.giphy.lang,
        defaults=defaults.provider,
    )
    ready = providers.Singleton(
        Ready,
        search_service.provider,
        recorder,
        max_bytes=config.cache.ready_bytes,
    )

    batch = providers.Container(
        BatchContainer,
        search_service=search_service,
        quota=quota,
        default_limit=config.default.limit,
    )
    notes = providers.Container(
        NotesContainer,
        database=database,
        search_service=search_service,
        access=access,
    )
    polls = providers.Container(
        PollsContainer,
        database=database,
        search_service=search_service,
        notes=notes.repository,
        signer=signer,
        clients=clients,
        sessions=sessions,
        access=access,
        default_limit=config.default.limit,
    )
    media_origins = providers.Factory(
        MediaOrigins, config.media.origins, api_url=config.giphy.api_url
    )
    downloads = providers.Container(
        DownloadsContainer,
        search_service=search_service,
        session=media_session,
        origins=media_origins,
        api_url=config.giphy.api_url,
        sandbox=config.sandbox,
    )
    health = providers.Container(
        HealthContainer,
        sandbox=config.sandbox,
        has_redis=config.redis.is_set,
        breaker=resilience.breaker,
        shared=shared,
        database=database,
    )
    session = providers.Container(SessionContainer, sessions=sessions)
    openapi = providers.Container(
        OpenApiContainer,
        no_token=providers.Object(OPEN),
        any_origin=providers.Object(READING),
        tokens=config.tokens,
    )
    site = providers.Container(
        SiteContainer,
        search_service=search_service,
        quota=quota,
        giphy=config.giphy,
    )
    v1 = providers.Container(
        V1Container,
        pages=resilience.pages,
        asking=resilience.asking,
        rating=config.giphy.rating,
    )
