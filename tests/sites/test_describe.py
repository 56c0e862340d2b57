"""Every fact about a site says where it comes from."""

import pytest

from sites.describe import climate, describe
from sites.site import Site
from sites.table import column_facts
from sites.weather import Weather


def test_built_in_values_carry_their_source(abilene: Site) -> None:
    facts = {fact.label: fact for fact in describe(abilene)}

    price = facts["Industrial price 2023"]
    assert (price.value, price.unit, price.confidence) == (66.0, "USD/MWh", "H")
    assert price.source == column_facts()["grid_price_usd_per_mwh"].source
    assert all(fact.source for fact in facts.values())


def test_a_users_value_is_marked_as_such(abilene: Site) -> None:
    changed = abilene.model_copy(update={"grid_price_usd_per_mwh": 40.0, "tax": ""})

    facts = {fact.label: fact for fact in describe(changed)}

    assert facts["Industrial price 2023"].source == "given by the user"
    assert facts["Industrial price 2023"].confidence == ""
    assert facts["Wait for firm service"].confidence == "L"
    assert "Tax incentives" not in facts


def test_climate_sums_up_the_year(weather: Weather) -> None:
    facts = {fact.label: fact.value for fact in climate(weather)}

    assert facts["Global irradiation, daily mean"] == pytest.approx(5.12, abs=0.02)
    assert facts["Dry bulb, highest"] == weather.frame["drybulb_c"].max()
    assert facts["Dry bulb exceeded 35 h a year"] < facts["Dry bulb, highest"]
    hot = float((weather.frame["drybulb_c"] > 35).sum())
    assert facts["Hours with a dry bulb above 35 degC"] == hot


def test_synthetic_climate_is_not_called_certain(weather: Weather) -> None:
    assert {fact.confidence for fact in climate(weather)} == {"M"}
    assert {fact.source for fact in climate(weather)} == {weather.source}
