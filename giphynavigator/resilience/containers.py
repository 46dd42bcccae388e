"""ResilienceContainer: what stands between people and Giphy's quota, in its order.

Needs first, then what it offers. From the top down: kept pages, one flight for
each, one fetch for all replicas, a slot, the breaker, the retries, the client.
"""

from dependency_injector import containers, providers

from giphynavigator.recorder import Recorder
from giphynavigator.resilience.asking import Asking, ClientFactory, delay_of, is_passing
from giphynavigator.resilience.breaker import Breaker
from giphynavigator.resilience.flight import Flights
from giphynavigator.resilience.kept import KeptPages
from giphynavigator.resilience.lease import Leases
from giphynavigator.resilience.overload import Bulkhead
from giphynavigator.resilience.quota import Quota
from giphynavigator.resilience.replicas import create_replicas
from giphynavigator.resilience.retry import RetryBudget, Retrying
from giphynavigator.resilience.shared import Shared
from giphynavigator.resilience.store import Entry, Lifetimes, PageStore


class ResilienceContainer(containers.DeclarativeContainer):
    """The chain from the page store down to the client."""

    cache = providers.Configuration(strict=True)
    timeout = providers.Dependency[float]()
    sandbox = providers.Dependency(instance_of=bool)
    giphy_client = providers.Dependency[ClientFactory]()
    shared = providers.Dependency[Shared]()
    quota = providers.Dependency(instance_of=Quota)
    recorder = providers.Dependency(instance_of=Recorder)

    bulkhead = providers.Singleton(Bulkhead, flying=64, recorder=recorder)
    breaker = providers.Singleton(Breaker, least=10, recorder=recorder)
    retry_budget = providers.Singleton(RetryBudget)
    retrying = providers.Factory(
        Retrying, retry_budget, retriable=is_passing, delay_of=delay_of
    )
    # Made once, though they are behaviour: for each cold search anew they would cost
    # a tenth of it. They hold the providers of what is below, not the things, so an
    # override of the client reaches them.
    asking = providers.Singleton(
        Asking,
        giphy_client,
        bulkhead=bulkhead,
        breaker=breaker,
        retrying=retrying,
        quota=quota,
        timeout=timeout,
        recorder=recorder,
    )

    lifetimes = providers.Factory(
        Lifetimes,
        max_age=cache.max_age,
        stale_while_revalidate=cache.stale_while_revalidate,
        stale_if_error=cache.stale_if_error,
    )
    replicas = providers.Singleton(
        create_replicas,
        shared,
        leases=providers.Factory(Leases, shared),
        lifetimes=lifetimes,
        sandbox=sandbox,
    )
    store = providers.Singleton(PageStore, lifetimes, max_bytes=cache.page_bytes)
    flights = providers.Singleton[Flights[str, Entry]](Flights)
    pages = providers.Singleton(
        KeptPages,
        store,
        flights,
        asking=asking.provider,
        replicas=replicas.provider,
        timeout=timeout,
        recorder=recorder,
    )
