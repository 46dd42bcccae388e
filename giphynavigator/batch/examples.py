"""Examples of batches."""

from typing import Final

from giphynavigator.web.operations import Example

IN_THE_ADDRESS: Final = Example(query={"query": ["wow", "cat"], "limit": 5})
IN_A_BODY: Final = Example(body={"queries": ["wow", "cat"], "limit": 5})
