"""How fast a chip computes in a number format, and in which format it holds what."""

from components.compute.rack import Rack

FALLBACK = {"fp4": "fp8", "int4": "fp8", "fp8": "bf16"}
"""What a chip without arithmetic in a format computes in; int4 is a format of weights alone."""
FLOP_PER_US = 1e9
"""Operations of one PFLOPS in a microsecond."""
BYTES_PER_US = 1e6
"""Bytes of one TB/s in a microsecond."""


def native(rack: Rack, number_format: str) -> bool:
    """Tell whether a chip has arithmetic in a number format."""
    return float(getattr(rack, f"{number_format}_pflops", 0.0)) > 0


def computes_in(rack: Rack, number_format: str) -> str:
    """Return the format in which a chip multiplies numbers that are held in another.

    Raises
    ------
    ValueError
        If the rack has no figure for that format or any wider one.
    """
    found: str | None = number_format
    while found is not None and not native(rack, found):
        found = FALLBACK.get(found)
    if found is None:
        msg = f"a rack of {rack.vendor} has no PFLOPS in {number_format} or wider; try bf16_pflops"
        raise ValueError(msg)
    return found


def peak_flop_per_us(rack: Rack, number_format: str) -> float:
    """Return dense operations of one chip, at peak [FLOP/us]."""
    return float(getattr(rack, f"{computes_in(rack, number_format)}_pflops")) * FLOP_PER_US


def attention_format(rack: Rack, weight_format: str) -> str:
    """Return the format of what is not an expert: never narrower than fp8."""
    return "fp8" if weight_format != "bf16" and native(rack, "fp8") else "bf16"
