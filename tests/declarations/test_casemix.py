"""Answers for the demo lead to the profile that they are for, by whatever model."""

from random import Random

import pytest

from declarations.demo.casemix import Casemix
from profiles.engine import Model, derive, shipped
from tests import second_model


@pytest.mark.parametrize("model", [shipped(), second_model.MODEL], ids=["shipped", "second"])
def test_each_code_is_drawn_and_not_always_by_the_same_answers(model: Model) -> None:
    casemix, random = Casemix(model), Random(1)  # noqa: S311 - the same draws every time
    for code, clients in casemix.clients_per_profile().items():
        drawn = [casemix.answers_for(code, random) for _time in range(10)]
        assert {derive(answers, model).code for answers in drawn} == {code}
        assert clients > 0
        assert (len({str(answers) for answers in drawn}) > 1) == (code in casemix.scored)
