"""Which classes a learner takes for which."""

import numpy as np
import torch
from sklearn.metrics import confusion_matrix
from torch import Tensor

from tutelage.measure import confusion

DRAWS = torch.Generator().manual_seed(0)


class Says:
    """Answers with the rows it is asked about."""

    def predict(self, x: Tensor) -> Tensor:
        return x.log_softmax(1)


def test_who_is_always_sure_is_counted_as_another_library_counts() -> None:
    y = torch.arange(60) % 4
    said = torch.randint(0, 4, (60,), generator=DRAWS)
    told = confusion.shares(Says(), 1e3 * torch.nn.functional.one_hot(said, 4).float(), y)
    np.testing.assert_allclose(told, confusion_matrix(y, said, normalize="true"), atol=1e-12)


def test_what_is_given_to_the_classes_is_one_in_all_however_many_are_asked() -> None:
    x = torch.randn(2300, 3, generator=DRAWS)
    told = confusion.shares(Says(), x, torch.arange(2300) % 3)
    np.testing.assert_allclose(told.sum(1), 1, rtol=1e-6)
    np.testing.assert_allclose(told[1], x[1::3].double().softmax(1).mean(0), rtol=1e-6)
