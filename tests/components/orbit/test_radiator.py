import pytest

from components.orbit.radiator import flux_w_per_m2, radiator_c


def test_a_black_face_at_350_k_gives_what_stefan_and_boltzmann_say() -> None:
    """5.670374e-8 * 350^4 = 850.9 W/m2; with 0.9 on both faces, less 150: 1,381.7."""
    black = flux_w_per_m2(76.85, emissivity=1.0, sides=1, absorbed_w_per_m2=0.0)
    panel = flux_w_per_m2(76.85, emissivity=0.9, sides=2, absorbed_w_per_m2=150.0)

    assert black == pytest.approx(850.9, rel=1e-4)
    assert panel == pytest.approx(1381.7, rel=1e-4)


def test_a_surface_lies_below_the_mean_of_its_coolant() -> None:
    assert radiator_c(40.0, 50.0, 5.0) == 40.0


def test_a_warmer_coolant_needs_less_panel() -> None:
    cool, warm = (
        flux_w_per_m2(c, emissivity=0.9, sides=2, absorbed_w_per_m2=150.0) for c in (20.0, 60.0)
    )

    assert warm > 1.7 * cool


def test_a_panel_that_takes_up_more_than_it_gives_is_refused() -> None:
    with pytest.raises(ValueError, match="warmer coolant"):
        flux_w_per_m2(-100.0, emissivity=0.9, sides=2, absorbed_w_per_m2=150.0)
