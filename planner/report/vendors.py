"""Whose plants were bought, and why the others were not: the words and the tables."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.report.figures.vendors import ASKED
from planner.report.folder import RunFolder
from planner.report.labels import kind_in_prose, series_name
from planner.report.tables import Table
from planner.report.words import NOTHING, POWER, amount, counted, joined

BOUGHT, NOT_BOUGHT, TOO_LATE, NOT_ASKED = (
    ("bought", "all that was open"), ("not bought",), ("too late",), ("not asked for",),
)  # fmt: skip
"""States of the table ``products`` that are told together."""

FEW_MORE = 5
"""Rows beyond those shown that are not worth a fold."""

LOAD_FACTOR = 0.7
"""Output over rating, in the hours in order, at which USD/MWh are reckoned [1]."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of products: its title, its cell, and whether it is text."""

    title: str
    cell: Callable[[Any], str]
    text: bool = False


VENDOR = Column("Vendor", lambda row: str(row.vendor), text=True)
PRODUCT = Column("Product", lambda row: str(row.product), text=True)
KIND = Column(
    "Kind",
    lambda row: series_name(str(row.family), str(row.component), str(row.technology)),
    text=True,
)
UNIT = Column("Unit MW", lambda row: f"{row.unit_mw:,.4g}")
LEAD = Column("Lead, months", lambda row: f"{row.lead_months:.0f}")
FIRST = Column("From", lambda row: row.first_period or NOTHING)
OPEN = Column("MW open", lambda row: "no limit" if np.isinf(row.open_mw) else _mw(row.open_mw))
MUCH = Column("MW bought", lambda row: _mw(row.bought_mw))
PRICE = Column(
    "$ per MWh", lambda row: NOTHING if np.isnan(row.usd_per_mwh) else f"{row.usd_per_mwh:,.1f}"
)
WHY = Column("Why not", lambda row: str(row.reason).replace("USD/", "$/"), text=True)


def _mw(mw: float) -> str:
    return f"{mw:,.0f}" if mw >= 10 or mw == 0 else f"{mw:.2g}"


def lead(products: pd.DataFrame) -> str:
    """Say how many vendors sell to the plan, how much of what, and who sells most.

    Parameters
    ----------
    products
        The table ``products``; not empty.
    """
    asked = products[products["state"].isin(ASKED)]
    sold = asked[asked["bought_mw"] > 0]
    vendors = counted(asked["vendor"].nunique(), "vendor")
    if sold.empty:
        return f"None of {vendors} sells to this plan: no plant at the fence runs on fuel."
    by_kind = sold.groupby("family")["bought_mw"].sum().sort_values(ascending=False)
    much = joined([f"{amount(POWER, mw)} of {kind_in_prose(str(k))}" for k, mw in by_kind.items()])
    count = sold["vendor"].nunique()
    verb = "sells" if count == 1 else "sell"
    return f"{count} of {vendors} {verb} to this plan: {much}.{_most(sold)}{_out(asked)}"


def _most(sold: pd.DataFrame) -> str:
    by_vendor = sold.groupby("vendor")["bought_mw"].sum().sort_values(ascending=False)
    if len(by_vendor) < 2:
        return ""
    return f" {by_vendor.index[0]} sells most, {amount(POWER, float(by_vendor.iloc[0]))}."


def _out(asked: pd.DataFrame) -> str:
    """Say how many products are sold out."""
    gone = int((asked["state"] == "all that was open").sum())
    if not gone:
        return ""
    be = "is" if gone == 1 else "are"
    return f" Of {counted(gone, 'product')} all that {be} open to this buyer is bought."


def tables(run: RunFolder) -> tuple[Table, ...]:
    """Return the products by what became of them; those not asked for stand folded."""
    return tuple(_tables(run.tables["products"]))


def _tables(products: pd.DataFrame) -> Iterator[Table]:
    bought = _of(products, BOUGHT, ["bought_mw"], ascending=False)
    caption = "Products bought, all periods together"
    columns = [VENDOR, PRODUCT, KIND, LEAD, FIRST, OPEN, MUCH, PRICE]
    yield _table("products-bought", caption, bought, columns)
    rest = _of(products, NOT_BOUGHT, ["usd_per_mwh"])
    columns = [VENDOR, PRODUCT, KIND, LEAD, OPEN, PRICE, WHY]
    yield _table("products-not-bought", "Products not bought, the cheapest first", rest, columns)
    late = _of(products, TOO_LATE, ["lead_months", "vendor"])
    yield _table("products-too-late", "Products too late", late, [VENDOR, PRODUCT, KIND, LEAD, WHY])
    other = _of(products, NOT_ASKED, ["vendor", "product"])
    caption = "Products that the scenario does not ask for"
    columns = [VENDOR, PRODUCT, KIND, UNIT, LEAD]
    yield _table("products-not-asked", caption, other, columns, shown=0)


def _of(
    products: pd.DataFrame, states: Sequence[str], by: list[str], *, ascending: bool = True
) -> pd.DataFrame:
    here = products[products["state"].isin(states)]
    return here.sort_values(by, ascending=ascending, kind="stable")


def _table(
    id_: str, caption: str, rows: pd.DataFrame, columns: Sequence[Column], shown: int = 20
) -> Table:
    cells = tuple(tuple(c.cell(row) for c in columns) for row in rows.itertuples(index=False))
    text = frozenset(i for i, column in enumerate(columns) if column.text)
    head = tuple(column.title for column in columns)
    if shown > 0 and len(cells) <= shown + FEW_MORE:
        shown = len(cells)
    return Table(id_, caption, head, cells[:shown], text, cells[shown:])
