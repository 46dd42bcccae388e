"""/metrics, read as Prometheus reads it."""

from aiohttp.test_utils import TestClient
from prometheus_client.parser import text_string_to_metric_families

PREFIX = "giphynavigator_"


class Numbers:
    """What one scrape brought; a series that is not there is None."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families = list(text_string_to_metric_families(text))
        self._samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: str) -> float | None:
        return self._samples.get((PREFIX + name, frozenset(labels.items())))

    def labels(self, name: str, label: str) -> set[str]:
        """Every value that a label of a metric has."""
        return {
            dict(labels)[label]
            for sample, labels in self._samples
            if sample == PREFIX + name
        }


async def scrape(client: TestClient) -> Numbers:
    answer = await client.get("/metrics")
    assert answer.status == 200
    return Numbers(await answer.text())
