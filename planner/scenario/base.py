"""What every section of a scenario shares: frozen models, names, choices, months."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Strict, Tag, model_validator

Loc = tuple[str | int, ...]
"""Where a value stands in a scenario: keys and list positions from the top."""


class Section(BaseModel):
    """A part of the scenario: cannot be changed, refuses unknown keys and wrong types.

    Every number says its unit in square brackets at the end of its description; ``[1]`` is a
    share or a count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong between values that are each fine alone, without its place in a file.

    Attributes
    ----------
    loc
        The offending key, relative to the model that complains.
    what, got, try_
        As in `planner.errors.Problem`.
    instead
        Where to point if ``loc`` does not stand in the file, being a default.
    at_key
        Whether the key itself is wrong, rather than its value.
    """

    loc: Loc
    what: str
    got: str = ""
    try_: str = ""
    instead: Loc = ()
    at_key: bool = False


class ComplaintError(ValueError):
    """Values contradict each other; raised inside a validator, so pydantic carries it."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(self.complaints)

    def __str__(self) -> str:
        """Return the complaints, one per line."""
        return "\n".join(
            f"{'.'.join(map(str, c.loc))}: {c.what}, got {c.got}, try {c.try_}"
            for c in self.complaints
        )


def complain(complaints: Iterable[Complaint]) -> None:
    """Raise `ComplaintError` if there is any complaint."""
    if found := tuple(complaints):
        raise ComplaintError(found)


Name = Annotated[str, Field(min_length=1, max_length=100)]
"""A name of a site, a product, a workload and so on."""

Names = Annotated[tuple[Name, ...], Strict(strict=False), Field(min_length=1)]
"""A list of names, at least one."""

Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
"""A month as ``YYYY-MM``."""


def _word_or_list(value: object) -> str:
    return "list" if isinstance(value, list | tuple) else "word"


AllOrNames = Annotated[
    Annotated[Literal["all"], Tag("word")] | Annotated[Names, Tag("list")],
    Discriminator(_word_or_list),
]
"""``all``, or a list of names."""

AllNamesOrNone = Annotated[
    Annotated[Literal["all"], Tag("word")]
    | Annotated[tuple[Name, ...], Strict(strict=False), Tag("list")],
    Discriminator(_word_or_list),
]
"""``all``, or a list of names, which may be empty."""

Use = Annotated[
    Annotated[Literal["default", "all"], Tag("word")] | Annotated[Names, Tag("list")],
    Discriminator(_word_or_list),
]
"""``default`` (what the catalog offers unasked), ``all``, or a list of catalog names."""


def _kind_of_figure(value: object) -> str | None:
    kinds: dict[type, str] = {
        bool: "flag",
        int: "whole",
        float: "number",
        str: "text",
        type(None): "nothing",
        dict: "years",
        list: "names",
        tuple: "names",
    }
    return kinds.get(type(value))


Figure = Annotated[
    Annotated[bool, Tag("flag")]
    | Annotated[int, Tag("whole")]
    | Annotated[float, Tag("number")]
    | Annotated[str, Tag("text")]
    | Annotated[None, Tag("nothing")]
    | Annotated[dict[int, float], Tag("years")]
    | Annotated[Names, Tag("names")],
    Discriminator(
        _kind_of_figure,
        custom_error_type="figure_type",
        custom_error_message=(
            "must be a number, a text, true, false, null, numbers by year or a list of names"
        ),
    ),
]
"""A figure that replaces one of the catalog or of the site table, which knows its bounds."""

Change = Mapping[Name, Mapping[Name, Figure]]
"""Name of a thing to the figures that are other than in the catalog."""


def twice(loc: Loc, names: Iterable[str]) -> Iterator[Complaint]:
    """Find the names that stand in a list twice."""
    seen = set()
    for position, name in enumerate(names):
        if name in seen:
            yield Complaint((*loc, position), "stands in the list twice", name, "leaving it out")
        seen.add(name)


class Choice(Section):
    """What of one family of the catalog may be used, with which figures."""

    use: Use = Field(
        default="default",
        description="default: what the catalog offers unasked; all; or a list of catalog names",
    )
    change: Change = Field(
        default={},
        description="Name to figures that replace the catalog's; names and figures are checked",
    )

    @model_validator(mode="after")
    def _check_use(self) -> Self:
        complain(twice(("use",), () if isinstance(self.use, str) else self.use))
        return self
