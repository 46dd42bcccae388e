"""What Giphy's read calls understand; whatever else a client sends is dropped.

Dropped are above all its key and what says who somebody is: `random_id`,
`customer_id`, `pingback_id`. A shared answer has none of them in it.

A field without a default has to be given. The names and bounds are Giphy's; where
Giphy names no bound, there is one that keeps a call from growing without end.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from giphynavigator.errors import InvalidParameter, MissingParameter
from giphynavigator.parameters import GifId, Parameters, convert, parameters_of
from giphynavigator.shapes import BLANK

BILLION: Final = 999_999_999
NO_VALUE: Final = frozenset({"", "undefined", "null"})
"""What JavaScript sends for an option that was left out."""

MOST: Final = 50
"""Characters that Giphy takes of what people search for."""

Words: TypeAlias = Annotated[
    str,
    Meta(
        max_length=MOST,
        pattern=f"[^{BLANK}]",
        description=f"1 to {MOST} characters, not all of them blank",
    ),
]
Text: TypeAlias = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=f"[^{BLANK}]",
        description="1 to 100 characters, not all of them blank",
    ),
]
Short: TypeAlias = Annotated[str, Meta(max_length=50)]
Fields: TypeAlias = Annotated[str, Meta(max_length=1000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=BILLION)]
Rating: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^([yYgGrR]|[pP][gG](-13)?)$", description="one of y, g, pg, pg-13, r"
    ),
]
OnOff: TypeAlias = Literal["true", "false", "1", "0"]
Ids: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,64}( *, *[A-Za-z0-9_-]{1,64}){0,99}$",
        description="1 to 100 ids with commas between them",
    ),
]


class TooLong(InvalidParameter):
    """More words than Giphy takes; answered with 414, as Giphy does."""

    code = 414


class Gifs(Parameters, frozen=True):
    """What every call understands that is answered with GIFs."""

    rating: Rating | None = None
    bundle: Short | None = None
    fields: Fields | None = None
    country_code: Short | None = None
    region: Short | None = None
    remove_low_contrast: OnOff | None = None


class PagedGifs(Gifs, frozen=True):
    """What calls understand that are answered with a page of GIFs."""

    limit: Count | None = None
    offset: Count | None = None


class Search(PagedGifs, frozen=True, kw_only=True):
    """A search; `q` is what people wrote."""

    q: Words
    lang: Short | None = None
    sort: Short | None = None
    explore: OnOff | None = None
    exclude_dynamic_results: OnOff | None = msgspec.field(
        default=None, name="excludeDynamicResults"
    )


class Translate(Gifs, frozen=True, kw_only=True):
    """One GIF that says `s`."""

    s: Words
    weirdness: Annotated[int, Meta(ge=0, le=10)] | None = None
    lang: Short | None = None


class Random(Gifs, frozen=True):
    """One GIF by chance, of a tag or of all."""

    tag: Text | None = None


class Related(PagedGifs, frozen=True, kw_only=True):
    """GIFs like one that is known."""

    gif_id: GifId


class ByIds(Gifs, frozen=True, kw_only=True):
    """GIFs that are known by their ids."""

    ids: Ids


class Animate(PagedGifs, frozen=True, kw_only=True):
    """A text, to be drawn in several ways."""

    m: Text


class Complete(Parameters, frozen=True, kw_only=True):
    """Terms that complete what was typed."""

    q: Words
    limit: Count | None = None
    offset: Count | None = None


class Channels(PagedGifs, frozen=True, kw_only=True):
    """Channels, by name."""

    q: Words


class Emoji(PagedGifs, frozen=True):
    """Emoji; in version 2 the next page has a cursor."""

    cursor: Fields | None = None


P = TypeVar("P", bound=Parameters)


def read_known(shape: type[P], given: Mapping[str, str]) -> P:
    """Give the parameters that the shape has, or raise Misused; drop all others.

    Of one that is given twice, the first counts.
    """
    values: dict[str, Any] = {}
    for field in parameters_of(shape):
        name, text = field.encode_name, given.get(field.encode_name, "").strip()
        if field.required and not text:
            raise MissingParameter(name)
        if field.required or text not in NO_VALUE:
            values[field.name] = _read(name, text, field.type)
    return shape(**values)


def _read(name: str, text: str, kind: Any) -> Any:
    try:
        return convert(name, text, kind)
    except InvalidParameter:
        if kind == Words and len(text) > MOST:
            raise TooLong(name, text, f"at most {MOST} characters") from None
        raise


def written(asked: Parameters) -> dict[str, str]:
    """Give the parameters as they are sent, those that were not given left out."""
    values = (
        (field.encode_name, getattr(asked, field.name))
        for field in parameters_of(type(asked))
    )
    return {name: str(value) for name, value in values if value is not None}
