"""Outlines that are given as points, against an exact flow and what should change nothing."""

import karman_trefftz
import numpy as np
import pytest
import torch

from tutelage.simulators import airfoil, outlines


def test_the_answers_of_an_outline_are_the_exact_ones() -> None:
    fine = karman_trefftz.flow(4000, -0.08 + 0.08j)
    nodes = outlines.repanelled(karman_trefftz.nodes_of(fine.outline[::20])[0].numpy(), panels=200)[None]
    (found,) = airfoil.answers(nodes, torch.tensor([fine.angle], dtype=torch.float64)).numpy()
    nose = int(fine.outline.real.argmin())
    sides = [slice(nose, None, -1), slice(nose, None)]
    exact = [np.interp(airfoil.STATIONS, fine.outline.real[side], 1 - fine.speed[side] ** 2) for side in sides]
    assert found[:2] == pytest.approx([fine.lift, fine.moment], abs=5e-4)
    assert found[2:] == pytest.approx(np.concatenate(exact), abs=5e-3)


def test_the_points_of_a_4_digit_section_are_that_section() -> None:
    columns = torch.tensor([[0.02, 0.4, 0.12, 3.0]], dtype=torch.float64)
    points = airfoil.section(columns[:, :3], panels=120)[0].numpy()
    (found,) = airfoil.answers(outlines.repanelled(points, panels=200)[None], columns[:, 3].deg2rad()).numpy()
    assert found == pytest.approx(airfoil.simulate(columns.numpy())[0], abs=3e-3)


def test_where_and_how_large_an_outline_is_changes_nothing() -> None:
    outline = karman_trefftz.flow(160, -0.08 + 0.05j).outline
    nodes = outlines.repanelled(karman_trefftz.nodes_of(outline)[0].numpy(), panels=200)
    assert nodes[[0, 100, 200]].numpy() == pytest.approx(np.array([[1, 0], [0, 0], [1, 0]]), abs=2e-5)
    moved = karman_trefftz.nodes_of(3 * outline + 5j - 2)[0].numpy()
    for same in (moved, moved[::-1], np.repeat(moved, 2, axis=0)):
        assert outlines.repanelled(same, panels=200).numpy() == pytest.approx(nodes.numpy(), abs=1e-6)


def test_an_open_tail_is_closed_half_from_each_side() -> None:
    outline = karman_trefftz.flow(160, -0.08 + 0j).outline
    gap = 0.004j * outline.real * np.where(np.arange(161) < 80, 1, -1)
    closed, opened = (
        outlines.repanelled(karman_trefftz.nodes_of(o)[0].numpy(), panels=200).numpy() for o in (outline, outline + gap)
    )
    assert opened == pytest.approx(closed, abs=4e-4)
