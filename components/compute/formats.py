"""Number formats: bytes of an element, scales included."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

WeightFormat = Literal["bf16", "fp8", "fp4", "int4"]

BYTES: Mapping[str, float] = MappingProxyType(
    {"bf16": 2.0, "fp8": 1.0, "fp4": 0.5625, "int4": 0.5625}
)
"""Bytes of an element. Four-bit formats carry an 8-bit scale for every 16 elements: 4.5 bits.

NVFP4: NVIDIA, "Introducing NVFP4 for efficient and accurate low-precision inference" (2025).
"""
