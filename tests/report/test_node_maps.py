"""Drawings of maps."""

from tutelage.report import node_maps
from tutelage.report.node_maps import Lattice

LATTICE = Lattice("map", [(0, 0), (1, 0), (0, 1), (1, 1)], hexagonal=False)


def test_of_few_classes_each_has_a_form_of_more_the_label_is_its_own_mark() -> None:
    labels = {0: ["3", "3", "1"], 2: ["1"]}
    few = node_maps.marks(LATTICE, labels, ["1", "3"], title="few")
    many = node_maps.marks(LATTICE, labels, list("0123456789"), title="many")
    assert "<text" not in few
    assert 'font-size="1">3</text>' in many
    assert 'font-size="0.577">1</text>' in many  # a third of the area
    assert "<text" not in node_maps.marks(LATTICE, labels, [f"class {i}" for i in range(10)], title="long")


def test_a_node_without_labels_has_a_mark() -> None:
    drawn = node_maps.marks(LATTICE, {1: ["", ""]}, list("0123456789"), title="none")
    assert "var(--muted)" in drawn
    assert "<text" not in drawn


def test_the_scale_says_which_end_is_dense() -> None:
    drawn = node_maps.coloured(LATTICE, [1, 2, 3, 4], "cm", title="t", ends=("dense", "sparse"))
    assert "<span>dense 1.00</span><i></i><span>4.00 sparse</span>" in drawn
