"""What a process has worked out already, so that the next scenario like it need not again."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def remembered(function: Callable[P, R], *, most: int = 20_000) -> Callable[P, R]:
    """Return a function that answers equal questions from memory.

    Questions are compared by what they pickle to, so that frozen values with mappings in them will
    do; two that are equal and pickle differently are only answered twice. Those asked least lately
    are forgotten.

    Parameters
    ----------
    function
        Its answer depends on its arguments alone and is not changed by anybody.
    most
        Answers that are kept.

    Examples
    --------
    >>> asked = []
    >>> double = remembered(lambda x: asked.append(x) or 2 * x)
    >>> double(4), double(4), asked
    (8, 8, [4])
    """
    answers: OrderedDict[bytes, R] = OrderedDict()

    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        question = pickle.dumps((args, sorted(kwargs.items())), protocol=pickle.HIGHEST_PROTOCOL)
        key = hashlib.sha256(question).digest()
        if key not in answers:
            answers[key] = function(*args, **kwargs)
            if len(answers) > most:
                answers.popitem(last=False)
        answers.move_to_end(key)
        return answers[key]

    return answer
