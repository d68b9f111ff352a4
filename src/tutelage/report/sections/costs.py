"""What each pre-trained encoder cost, in numbers that are the same on every machine."""

from tutelage.report import parts, tables
from tutelage.report.parts import Cell, Section, Table
from tutelage.report.records import Records

COSTS = {
    "weights": "weights learned",
    "operations": "operations an image",
    "presentations": "examples shown",
    "labels_seen": "labels seen",
}


def section(records: Records) -> Section:
    """A row an arm of pretrain; the same for all its seeds."""
    cells = tables.cells(records.of("pretrain"), ("arm", "metric"), records.level)
    rows = [
        [Cell(arm), *(Cell(parts.number(cells[arm, cost].mean, 0)) for cost in COSTS)]
        for arm in dict.fromkeys(arm for arm, _ in cells)
    ]
    table = Table(
        "Pre-training, each seed",
        ["arm", *COSTS.values()],
        rows,
        note="Operations: multiplications and additions of one pass through the encoder, convolutions and matrix "
        "products only. Seconds are no part of the record; MLflow has them.",
    )
    return Section("What it cost", [table])
