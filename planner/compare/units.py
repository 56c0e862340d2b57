"""The unit of a column, as its name says it."""

ENDINGS: tuple[tuple[str, str], ...] = (
    ("usd_per_kw_year", "USD/kW/a"),
    ("usd_per_kw", "USD/kW"),
    ("usd_per_mwh", "USD/MWh"),
    ("usd_per_mmbtu", "USD/MMBtu"),
    ("usd_per_year", "USD/a"),
    ("usd_per_m3", "USD/m3"),
    ("usd_per_t", "USD/t"),
    ("tokens_per_day", "tokens/day"),
    ("_rate", "1"),
    ("usd_per_mtok", "USD/million tokens"),
    ("kw_per_ktoken_s", "kW per 1,000 tokens/s"),
    ("tokens_per_s_per_user", "tokens/s/user"),
    ("tokens_per_s_per_gpu", "tokens/s/GPU"),
    ("tokens_per_s", "tokens/s"),
    ("water_l_per_kwh", "l/kWh"),
    ("h_per_year", "h/a"),
    ("mwh_per_year", "MWh/a"),
    ("_share", "1"),
    ("_usd", "USD"),
    ("_mwh", "MWh"),
    ("_mw", "MW"),
    ("_m3", "m3"),
    ("_t", "t"),
    ("_h", "h"),
    ("_s", "s"),
    ("_c", "°C"),
    ("_deg", "°"),
    ("_months", "months"),
    ("_weeks", "weeks"),
    ("_mb", "MB"),
)
"""Ends of names, longest first, with what they are measured in."""

WHOLE = {
    "usd": "USD",
    "mw": "MW",
    "mwh": "MWh",
    "tokens": "tokens",
    "racks": "racks",
    "running": "racks",
    "share": "1",
    "gap": "1",
    "availability": "1",
    "miles": "miles",
    "hour": "h",
    "load": "MW",
    "curtailed": "MW",
    "seconds": "s",
    "tokens_served": "tokens",
    "grid_share": "1",
    "grid_share_limit": "1",
    "usd_per_mtok": "USD/million tokens",
    "cost_usd": "USD",
    "sites_open": "sites",
}
"""Whole names with what they are measured in."""


def unit_of(column: str) -> str:
    """Return the unit of a column; empty where it has none, or its name does not say it.

    Of a dotted name the first part counts, or the last where that has a unit of its own.

    Examples
    --------
    >>> unit_of("discounted_usd"), unit_of("it_mw.2028"), unit_of("mw.gas.2028"), unit_of("site")
    ('USD', 'MW', 'MW', '')
    >>> unit_of("sites.abilene_tx.it_mw"), unit_of("price.co2.2028")
    ('MW', 'USD per unit of the limit')
    """
    if column.startswith("price."):
        return "USD per unit of the limit"
    parts = column.split(".")
    return _of(parts[0]) or (_of(parts[-1]) if len(parts) > 1 else "")


def _of(name: str) -> str:
    if name in WHOLE:
        return WHOLE[name]
    return next((unit for end, unit in ENDINGS if name.endswith(end)), "")
