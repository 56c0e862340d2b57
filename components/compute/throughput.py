"""What a rack serves of a workload, where it is given and not computed."""

from pydantic import Field

from components.base import Parameters


class Throughput(Parameters):
    """Output tokens per second of one rack on one workload, prefill included."""

    rack: str = Field(min_length=1, description="Name of the rack in the catalog")
    workload: str = Field(min_length=1, description="Name of the workload")
    tokens_per_s: float = Field(gt=0, description="Output tokens of one rack in order [tokens/s]")
