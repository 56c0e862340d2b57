"""What to try where racks cannot serve."""

from collections.abc import Mapping


def next_step(why: str) -> str:
    """Say what to try where racks cannot serve, by the reason that the model gives.

    >>> next_step("61.3 tokens/s/user at most")
    'try --interactivity 61, a rack with a larger scale-up domain, or --mode afd with --ffn-rack'
    """
    number = why.split(" ")[0].replace(",", "")
    if "tokens/s/user at most" in why:
        slower = f"--interactivity {float(number):.0f}" if _is_number(number) else "a slower user"
        return f"try {slower}, a rack with a larger scale-up domain, or --mode afd with --ffn-rack"
    if "s to the first token" in why:
        return f"try --first-token {number}, fewer --input tokens, or more of them --cached"
    for start, advice in NEXT_STEPS.items():
        if why.startswith(start):
            return advice
    return "try another rack: gigaplan catalog rack"


NEXT_STEPS: Mapping[str, str] = {
    "weights": "try a rack with more memory in its scale-up domain, or a smaller model",
    "context": "try fewer --input tokens, or a model with a longer context: gigaplan catalog model",
    "no arithmetic": "try a model with weights in another format: gigaplan catalog model",
    "a rack of kind": "try an accelerator, or this one as --ffn-rack with --mode afd",
}
"""Beginning of a reason to what may mend it."""


def _is_number(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False
