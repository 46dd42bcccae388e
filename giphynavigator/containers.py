"""Container: the parts list, top to bottom what the program is made of."""

import aiohttp
from dependency_injector import containers, providers

from giphynavigator.answers import Answers
from giphynavigator.batch.containers import BatchContainer
from giphynavigator.clients import Clients
from giphynavigator.giphy import GiphyClient
from giphynavigator.health.containers import HealthContainer
from giphynavigator.metrics.containers import MetricsContainer
from giphynavigator.resilience.clients import create_limits
from giphynavigator.resilience.containers import ResilienceContainer
from giphynavigator.resilience.quota_shared import create_quota
from giphynavigator.resilience.shared import shared_at
from giphynavigator.services import Defaults, SearchService


class Container(containers.DeclarativeContainer):
    """Every object the application is made of."""

    config = providers.Configuration(strict=True)

    http_session = providers.Dependency(instance_of=aiohttp.ClientSession)
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

    clients = providers.Singleton(
        Clients, config.server.trusted_proxies, tokens=config.tokens
    )
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

    batch = providers.Container(
        BatchContainer,
        search_service=search_service,
        quota=quota,
        default_limit=config.default.limit,
    )
    health = providers.Container(
        HealthContainer,
        sandbox=config.sandbox,
        redis_url=config.redis.url,
        breaker=resilience.breaker,
        shared=shared,
    )
