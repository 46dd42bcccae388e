"""What schemathesis takes for a failure of the service, and is none."""

import json

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure

TOO_LONG_A_LINE = b"Got more than 8190 bytes when reading"
NUL = "must not hold the character NUL"
MOMENTS = ("created_at", "closes_at")


@schemathesis.hook
def filter_failure(
    context: HookContext, failure: Failure, case: Case, response: Response
) -> bool:
    """Whether it is one."""
    if response.status_code != 400:
        return True
    return not (is_the_parsers(response) or is_beyond_schemas(failure, response))


def is_the_parsers(response: Response) -> bool:
    """Whether the request line was so long that no route ever saw it."""
    return response.content.startswith(TOO_LONG_A_LINE)


def is_beyond_schemas(failure: Failure, response: Response) -> bool:
    """Whether it was about what no schema can say.

    Those have patterns for moments and no calendar, in which the 30th of February
    would be missing. And the character NUL is nowhere welcome in a body.
    """
    if failure.title != "Schema-valid request rejected":
        return False
    problem = json.loads(response.content)
    return problem.get("parameter") in MOMENTS or NUL in problem.get("detail", "")


@schemathesis.deserializer("application/x-ndjson")
def lines(context: object, response: Response) -> list[object]:
    """Read lines of JSON as the list that the document says they are."""
    return [json.loads(line) for line in response.content.splitlines()]
