"""What the report lets a person choose."""

from typing import Annotated

from pydantic import Field

from tutelage.params import Block


class Params(Block):
    """The block `report`."""

    level: Annotated[float, Field(gt=0, lt=1)]  # of the intervals; tests reject below 1 − level
