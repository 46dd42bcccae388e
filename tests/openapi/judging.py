"""What schemathesis takes for a failure of the service, and is none."""

import json
from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure

REJECTED = "Schema-valid request rejected"
ACCEPTED = "Schema-violating request accepted"
TOO_LONG_A_LINE = b"Got more than 8190 bytes when reading"
NUL = "must not hold the character NUL"
MOMENTS = ("created_at", "closes_at")


@schemathesis.hook
def filter_failure(
    context: HookContext, failure: Failure, case: Case, response: Response
) -> bool:
    """Whether it is one."""
    if failure.title == ACCEPTED:
        return not has_blanks_around(case)
    if response.status_code != 400:
        return True
    if failure.title == REJECTED:
        return not (is_the_parsers(response) or is_beyond_schemas(response))
    return not is_the_parsers(response)


def has_blanks_around(case: Case) -> bool:
    """Whether a text has white space around it, which does not count."""
    given = (case.path_parameters, case.query, case.body)
    return any(text != text.strip() for text in texts(given))


def texts(value: Any) -> Iterator[str]:
    """Give every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts([*value.values()])
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from texts(part)


def is_the_parsers(response: Response) -> bool:
    """Whether the request line was so long that no route ever saw it."""
    return response.content.startswith(TOO_LONG_A_LINE)


def is_beyond_schemas(response: Response) -> bool:
    """Whether it was about what no schema can say.

    Those have patterns for moments and no calendar, in which the 30th of February
    would be missing. And the character NUL is nowhere welcome in a body.
    """
    problem = json.loads(response.content)
    return problem.get("parameter") in MOMENTS or NUL in problem.get("detail", "")


@schemathesis.deserializer("application/x-ndjson")
def lines(context: object, response: Response) -> list[object]:
    """Read lines of JSON as the list that the document says they are."""
    return [json.loads(line) for line in response.content.splitlines()]
