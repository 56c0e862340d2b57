"""Every kind of broken file: each problem has its line, its column, its key and useful words."""

from collections.abc import Callable

import pytest

from planner.errors import Problem

# name: (text, line, column, key, words of the problem, words of what to try)
BROKEN: dict[str, tuple[str, int, int, str, str, str]] = {
    "misspelt key": (
        "title: x\npower:\n  gas_usd_per_mmbtuu: 3\n",
        3, 3, "power.gas_usd_per_mmbtuu",
        "unknown key, got gas_usd_per_mmbtuu", "gas_usd_per_mmbtu",
    ),
    "misspelt section": (
        "title: x\nfinanse: {}\n",
        2, 1, "finanse", "unknown key, got finanse", "finance",
    ),
    "key like no other": (
        "title: x\nreliability: {zzz: 1}\n",
        2, 15, "reliability.zzz", "unknown key", "one of availability, fuel_on_site_h",
    ),
    "key in the wrong section": (
        "title: x\ngas_usd_per_mmbtu: 3\n",
        2, 1, "gas_usd_per_mmbtu", "unknown key", "one of blocks, cooling",
    ),
    "year where a key belongs": (
        "title: x\ngrid:\n  2028: 0.1\n",
        3, 3, "grid.2028", "unknown key, got 2028", "one of area_limit_mw",
    ),
    "no title": (
        "horizon: {periods: 3}\n",
        1, 1, "title", "is missing", "a text: What this scenario is about",
    ),
    "empty title": (
        "title: ''\n",
        1, 8, "title", 'must not be empty, got ""', "a text",
    ),
    "title that is a number": (
        "title: 2028\n",
        1, 8, "title", "must be text, got 2028", "a text",
    ),
    "missing figure of a workload": (
        "title: x\ndemand:\n  workloads:\n    chat: {tokens_per_day: 1e12}\n",
        4, 5, "demand.workloads.chat.value_usd_per_mtok", "is missing", "[USD/Mtok]",
    ),
    "no workloads": (
        "title: x\ndemand: {workloads: {}}\n",
        2, 21, "demand.workloads", "must not be empty, got {}", "a mapping",
    ),
    "text for a number": (
        "title: x\nfinance:\n  discount_rate: high\n",
        3, 18, "finance.discount_rate", 'must be a number, got "high"', "a number from 0 to 0.5",
    ),
    "quoted number": (
        'title: x\nfinance:\n  discount_rate: "0.08"\n',
        3, 18, "finance.discount_rate", 'must be a number, got "0.08"', "0.08, a number",
    ),
    "per cent": (
        "title: x\nfinance:\n  discount_rate: 8%\n",
        3, 18, "finance.discount_rate", 'must be a number, got "8%"', "0.08, a number",
    ),
    "number that is none": (
        "title: x\nfinance:\n  discount_rate: '.inf'\n",
        3, 18, "finance.discount_rate", 'must be a number, got ".inf"', "a number from 0",
    ),
    "key in capitals": (
        "title: x\nFINANCE: {}\n",
        2, 1, "FINANCE", "unknown key, got FINANCE", "finance",
    ),
    "thousands separated": (
        "title: x\nsites: {limit_it_mw: 1_200}\n",
        2, 22, "sites.limit_it_mw", 'must be a number, got "1_200"', "1200, a number",
    ),
    "truth for a number": (
        "title: x\nfinance: {discount_rate: true}\n",
        2, 26, "finance.discount_rate", "must be a number, got true", "a number",
    ),
    "fraction for a count": (
        "title: x\nhorizon: {periods: 2.5}\n",
        2, 20, "horizon.periods", "must be a whole number, got 2.5", "a whole number from 1 to 40",
    ),
    "yes for true": (
        "title: x\nsites: {replace: yes}\n",
        2, 18, "sites.replace", 'must be true or false, got "yes"', "true",
    ),
    "number for truth": (
        "title: x\nsites: {replace: 1}\n",
        2, 18, "sites.replace", "must be true or false, got 1", "true or false",
    ),
    "per cent without sign": (
        "title: x\nfinance: {discount_rate: 8}\n",
        2, 26, "finance.discount_rate", "must be at most 0.5, got 8", "[1]",
    ),
    "negative price": (
        "title: x\npolicy: {co2_usd_per_t: -1}\n",
        2, 25, "policy.co2_usd_per_t", "must be at least 0, got -1", "[USD/t]",
    ),
    "zero capacity": (
        "title: x\nsites: {limit_it_mw: 0}\n",
        2, 22, "sites.limit_it_mw", "must be over 0, got 0", "[MW]",
    ),
    "gap of one": (
        "title: x\nsolver: {gap: 1}\n",
        2, 15, "solver.gap", "must be under 1, got 1", "[1]",
    ),
    "infinite": (
        "title: x\nsolver: {time_limit_s: .inf}\n",
        2, 24, "solver.time_limit_s", "must be a finite number, got inf", "[s]",
    ),
    "not a number": (
        "title: x\ngrid: {us_twh: .nan}\n",
        2, 16, "grid.us_twh", "must be a finite number, got nan", "[TWh]",
    ),
    "number that overflows": (
        "title: x\ngrid: {us_twh: 1e999}\n",
        2, 16, "grid.us_twh", "must be a finite number", "[TWh]",
    ),
    "unknown word": (
        "title: x\nhorizon: {step: month}\n",
        2, 17, "horizon.step", 'got "month"', "year or half_year or quarter",
    ),
    "word that is not all": (
        "title: x\nsites: {include: some}\n",
        2, 18, "sites.include", 'got "some"', "all or a list",
    ),
    "number in a list of names": (
        "title: x\nsites:\n  include:\n  - abilene_tx\n  - 5\n",
        5, 5, "sites.include[1]", "must be text, got 5", "site ids",
    ),
    "empty list": (
        "title: x\nracks: {use: []}\n",
        2, 14, "racks.use", "must not be empty, got []", "a list",
    ),
    "name that stands twice": (
        "title: x\nracks: {use: [a, b, a]}\n",
        2, 21, "racks.use[2]", "stands in the list twice, got a", "leaving it out",
    ),
    "text for a list": (
        "title: x\nsites: {exclude: abilene_tx}\n",
        2, 18, "sites.exclude", 'must be a list, got "abilene_tx"', "a list",
    ),
    "list for a mapping": (
        "title: x\ngrid: {area_limit_mw: [1, 2]}\n",
        2, 23, "grid.area_limit_mw", "must be a mapping, got a list", "[MW]",
    ),
    "section without content": (
        "title: x\npower:\n#  use: all\n",
        2, 7, "power", "must be a mapping, got nothing", "leaving the key out",
    ),
    "year that is none": (
        "title: x\ngrid:\n  share_limit: {2026: 0.05, soon: 0.1}\n",
        3, 29, "grid.share_limit.soon", 'must be a year from 2000 to 2100, got "soon"', "year",
    ),
    "year with a digit too many": (
        "title: x\ngrid:\n  share_limit: {20260: 0.05}\n",
        3, 17, "grid.share_limit.20260", "must be a year from 2000 to 2100, got 20260", "year",
    ),
    "value of one year": (
        "title: x\ngrid:\n  share_limit:\n    2026: 0.05\n    2030: 10\n",
        5, 11, "grid.share_limit.2030", "must be at most 1, got 10", "[1]",
    ),
    "no years": (
        "title: x\ngrid: {share_limit: {}}\n",
        2, 21, "grid.share_limit", "must not be empty, got {}", "by year",
    ),
    "years that end too soon": (
        "title: x\npower:\n  gas_usd_per_mmbtu: {2026: 3, 2028: 4}\n",
        3, 22, "power.gas_usd_per_mmbtu",
        "must cover the years of the horizon, 2026 to 2030, got 2026 to 2028", "adding 2030",
    ),
    "years that start too late": (
        "title: x\nsupply:\n  chips:\n    cowos: {2027: 1e6, 2040: 1e6}\n",
        4, 12, "supply.chips.cowos", "must cover the years of the horizon", "adding 2026",
    ),
    "horizon beyond the defaults": (
        "title: x\ndemand: {workloads: {a: {tokens_per_day: 1, value_usd_per_mtok: 1}}}\n"
        "grid: {us_twh: 5000, share_limit: null}\nhorizon: {periods: 6}\n",
        4, 1, "power.gas_usd_per_mmbtu",
        "must cover the years of the horizon, 2026 to 2031, got 2026 to 2030", "adding 2031",
    ),
    "weeks without weeks": (
        "title: x\nhorizon:\n  weeks: 4\n",
        3, 10, "horizon.weeks", "is only for hours: weeks, got 4", "hours: weeks",
    ),
    "start that is no month": (
        "title: x\nhorizon: {start: 2026}\n",
        2, 18, "horizon.start", "must be text, got 2026", "a month such as 2026-07",
    ),
    "month thirteen": (
        "title: x\nhorizon: {start: 2026-13}\n",
        2, 18, "horizon.start", 'must be a month, YYYY-MM, got "2026-13"', "2026-07",
    ),
    "start within a half year": (
        "title: x\nhorizon:\n  start: 2026-04\n  step: half_year\n",
        3, 10, "horizon.start", "must begin a period of step half_year, got 2026-04",
        "2026-01 or 2026-07",
    ),
    "denominator without its figures": (
        "title: x\ngrid: {denominator: net_generation}\n",
        2, 21, "grid.denominator", "needs us_twh to match", "grid.us_twh",
    ),
    "only the user's sites, without a file": (
        "title: x\nsites: {replace: true}\n",
        2, 18, "sites.replace", "needs a file of sites", "sites.file",
    ),
    "site both in and out": (
        "title: x\nsites: {include: [a, b], exclude: [b]}\n",
        2, 22, "sites.include[1]", "is both included and excluded, got b", "one of the two",
    ),
    "duty to open a site that is left out": (
        "title: x\nsites: {include: [a]}\npolicy: {must_open: [a, b]}\n",
        3, 25, "policy.must_open[1]", "has to be opened but is not among the sites", "adding b",
    ),
    "throughput of a workload that nobody asks for": (
        "title: x\nserving: {tokens_per_s_per_rack: {r: {chatt: 5}}}\n",
        2, 39, "serving.tokens_per_s_per_rack.r.chatt", "is no workload", "one of chat",
    ),
    "engine that needs highs": (
        "title: x\nsolver: {engine: decomposed, name: cbc}\n",
        2, 36, "solver.name", "the decomposed engine needs highs, got cbc", "monolithic",
    ),
    "figure that is a list": (
        "title: x\npower: {change: {a: {b: [1]}}}\n",
        2, 26, "power.change.a.b[0]", "must be text", "a number or a text",
    ),
    "name of digits": (
        "title: x\npower: {change: {51107: {b: 1}}}\n",
        2, 18, "power.change.51107", "must be a name, got 51107", "a letter",
    ),
    "file that is not there": (
        "title: x\nsites:\n  weather:\n    files: {abilene_tx: no.epw}\n",
        4, 25, "sites.weather.files.abilene_tx", "names no file", "a path from",
    ),
    "one of several weather files that is not there": (
        "title: x\nsites:\n  weather_years: 2\n  weather: {files: {a: [a.yaml, no.epw]}}\n",
        4, 33, "sites.weather.files.a[1]", "names no file", "a path from",
    ),
    "one weather file for two years": (
        "title: x\nsites: {weather_years: 2, weather: {files: {a: a.yaml}}}\n",
        2, 48, "sites.weather.files.a", "needs a file for each of the 2 weather_years, got 1",
        "a list of 2",
    ),
    "two weather files for one year": (
        "title: x\nsites: {weather: {files: {a: [a.yaml, a.yaml]}}}\n",
        2, 30, "sites.weather.files.a", "needs a file for each of the 1 weather_years, got 2",
        "sites.weather_years: 2",
    ),
    "weather years that sampled weeks would not see": (
        "title: x\nhorizon: {hours: weeks}\nsites: {weather_years: 3}\n",
        3, 24, "sites.weather_years", "needs horizon.hours: all", "horizon.hours: all",
    ),
    "more weather years than may be": (
        "title: x\nsites: {weather_years: 11}\n",
        2, 24, "sites.weather_years", "must be at most 10, got 11", "a whole number from 1 to 10",
    ),
    "file where a folder has to be": (
        "title: x\nsolver: {cone_store: a.yaml}\n",
        2, 22, "solver.cone_store", "names a file where a folder has to be", "a path from",
    ),
    "folder that would be below a file": (
        "title: x\nsolver: {cone_store: a.yaml/deep/er}\n",
        2, 22, "solver.cone_store", "names a file where a folder has to be", "a path from",
    ),
    "key that stands twice": (
        "title: x\ngrid:\n  us_twh: 1\n  us_twh: 2\n",
        4, 3, "grid.us_twh", "stands here twice", "the first is at a.yaml:3:3",
    ),
    "key that stands twice, once in quotes": (
        'title: x\ngrid: {share_limit: {2026: 0.1, 2030: 0.2, "2026": 0.3}}\n',
        2, 44, "grid.share_limit.2026", "stands here twice", "keeping one",
    ),
    "tag": (
        "title: !!python/object/apply:os.system ['true']\n",
        1, 8, "title", "has a tag, got tag:yaml.org,2002:python/object/apply:os.system", "quotes",
    ),
    "standard tag": (
        "title: x\nhorizon: {periods: !!int '3'}\n",
        2, 20, "horizon.periods", "has a tag", "quotes",
    ),
    "merge key": (
        "title: x\nfinance:\n  <<: {discount_rate: 0.1}\n",
        3, 3, "finance.<<", "is a merge key", "extends",
    ),
    "key that is a list": (
        "title: x\n? [a, b]\n: 3\n",
        2, 3, "", "has a key that is not a word, got a list or mapping", "a plain word",
    ),
    "key with an anchor": (
        "title: x\n&here grid: {}\n",
        2, 1, "", "has a key with a tag or an anchor, got grid", "the plain word",
    ),
    "alias to nothing": (
        "title: x\ngrid: {us_twh: *later}\n",
        2, 16, "grid.us_twh", "refers to no anchor before it, got *later", "an anchor",
    ),
    "alias to itself": (
        "title: x\ngrid: &here\n  us_twh: *here\n",
        3, 11, "grid.us_twh", "refers to no anchor before it", "an anchor",
    ),
    "two documents": (
        "title: x\n---\ntitle: y\n",
        2, 1, "", "holds several documents", "one file for each",
    ),
    "nothing": ("", 1, 1, "", "must be a mapping of keys to values, got nothing", "title"),
    "comments only": ("# a\n# b\n", 1, 1, "", "must be a mapping", "title"),
    "list": ("- a\n- b\n", 1, 1, "", "must be a mapping of keys to values, got a list", "title"),
    "single value": ("title\n", 1, 1, "", "must be a mapping", "title"),
    "tab": (
        "title: x\ngrid:\n\tus_twh: 1\n",
        3, 1, "", "is not YAML", "spaces in place of tabs",
    ),
    "bracket left open": (
        "title: x\nsites: {include: [a\n",
        3, 1, "", "is not YAML", "",
    ),
    "colon in a text": (
        "title: a: b\n",
        1, 9, "", "is not YAML", "quotes round a text that holds a colon",
    ),
    "YAML 1.1 asked for": (
        "%YAML 1.1\n---\ntitle: x\n",
        1, 1, "", "is read as YAML 1.2", "without that line",
    ),
    "control character": (
        "title: x\ngrid: \x00\n",
        2, 7, "", "holds a character that YAML does not allow", "removing it",
    ),
    "extends nothing": (
        "title: x\nextends: nowhere.yaml\n",
        2, 10, "extends", "names no file, got nowhere.yaml", "a path",
    ),
    "extends a list": (
        "title: x\nextends: [a.yaml, b.yaml]\n",
        2, 10, "extends", "must be the name of one file", "extends: base.yaml",
    ),
    "extends itself": (
        "title: x\nextends: a.yaml\n",
        2, 10, "extends", "goes in a circle, got a.yaml -> a.yaml", "leaving one extends out",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_says_where_what_and_what_to_try(
    name: str, refuse: Callable[..., tuple[Problem, ...]]
) -> None:
    text, line, column, key, what, try_ = BROKEN[name]

    (problem,) = refuse(text)

    assert (problem.path, problem.line, problem.column) == ("a.yaml", line, column)
    assert problem.key == key
    assert what in str(problem)
    assert try_ in problem.try_


def test_all_problems_come_at_once_in_the_order_of_the_file(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    text = (
        "title: x\n"
        "power: {gas_usd_per_mmbtu: {2026: 3, 2027: 4}, use: [a, a]}\n"
        "horizon: {periods: 2, weeks: 3}\n"
        "policy: {co2_usd_per_t: -1, co2_usd_per_t: -2}\n"
        "grid: {share_limit: {2026: 5, 2027: x}}\n"
    )

    problems = refuse(text, "solver.gap=2")

    assert [(p.line, p.key) for p in problems] == [
        (2, "power.use[1]"),
        (3, "horizon.weeks"),
        (4, "policy.co2_usd_per_t"),
        (4, "policy.co2_usd_per_t"),
        (5, "grid.share_limit.2026"),
        (5, "grid.share_limit.2027"),
        (0, "solver.gap"),
    ]


def test_sections_that_are_sound_are_compared_though_another_is_not(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    text = "title: x\nfinance: {discount_rate: 8}\ngrid: {us_twh: {2026: 4000, 2027: 4100}}\n"

    rate, years = refuse(text)

    assert rate.key == "finance.discount_rate"
    assert years.key == "grid.us_twh"
    assert "must cover the years of the horizon, 2026 to 2030" in years.what


def test_years_are_not_compared_with_a_horizon_that_is_wrong(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    """Two periods were meant: that 2030 is missing would be a false alarm."""
    text = 'title: x\nhorizon: {periods: "2"}\ngrid: {us_twh: {2026: 4000, 2027: 4100}}\n'

    (problem,) = refuse(text)

    assert problem.key == "horizon.periods"


def test_a_complaint_about_a_list_gives_way_to_one_about_its_item(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    """Pydantic also says that a list without valid items is too short."""
    (problem,) = refuse("title: x\nracks: {use: [5]}\n")

    assert problem.key == "racks.use[0]"


def test_columns_count_characters_not_bytes(
    refuse: Callable[..., tuple[Problem, ...]],
) -> None:
    (problem,) = refuse("title: x\nracks: {use: [Zürich-Größe, 5]}\n")

    assert problem.column == 29


def test_a_long_value_is_cut(refuse: Callable[..., tuple[Problem, ...]]) -> None:
    (problem,) = refuse(f"title: x\nfinance: {{discount_rate: {'z' * 500}}}\n")

    assert len(problem.got) < 80
