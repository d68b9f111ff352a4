"""Kohonen's maps: density, features, walls between neighbours, who sits where; and their measures."""

import json
from typing import Any

from tutelage import runs
from tutelage.report import node_maps, parts, tables
from tutelage.report.node_maps import Lattice
from tutelage.report.parts import Cell, Maps, Part, Section, Table
from tutelage.report.records import Records

MEASURES = {
    "quantization_error": ("quantization error", 3, 1),
    "topographic_error": ("topographic error, %", 1, 100),
    "trustworthiness": ("trustworthiness", 3, 1),
    "continuity": ("continuity", 3, 1),
    "purity": ("purity, %", 1, 100),
    "far_on_map": ("far on the map, %", 1, 100),
    "far_in_space": ("far in space, %", 1, 100),
}
ARMS = ("map_batch", "map_online")


def section(records: Records) -> Section:
    """Needs the record of kohonen and the maps it left."""
    scores = records.of("kohonen")
    folder = runs.PICTURES / "kohonen"
    names = dict.fromkeys(scores["data"])
    made: list[Part] = [_map(json.loads(records.picture(folder / f"{name}.json"))) for name in names]
    made += [_measures(records), _agreement(records)]
    return Section("Maps", made)


def _map(told: dict[str, Any]) -> Maps:
    lattice = Lattice(f"map-{told['data']}", [tuple(node) for node in told["nodes"]], told["topology"] == "hexagonal")
    seated: dict[int, list[str]] = {}
    for example in told["examples"]:
        seated.setdefault(example["node"], []).append(example["label"])
    drawn = [
        (
            "density",
            node_maps.coloured(
                Lattice(f"{lattice.name}-density", lattice.nodes, lattice.hexagonal),
                told["density"],
                f"mean distance to the {told['k']} nearest",
                title=f"Density of {told['data']}",
                ends=("dense", "sparse"),
            ),
        ),
        ("who sits there", node_maps.marks(lattice, seated, told["classes"], title=f"Who sits where, {told['data']}")),
        ("U-matrix", node_maps.walls(lattice, told["u_matrix"], "distance", title=f"U-matrix of {told['data']}")),
    ]
    if told["prototypes"]:
        shape = tuple(told["prototype_shape"])
        picture = node_maps.pictures(
            lattice, told["prototypes"], shape, title=f"Prototypes of {told['data']}", said="each with its prototype."
        )
        drawn.append(("prototypes", picture))
    for i, feature in enumerate(told["features"]):
        name = Lattice(f"{lattice.name}-{i}", lattice.nodes, lattice.hexagonal)
        drawing = node_maps.coloured(name, feature["values"], feature["unit"], title=f"{feature['name']} by node")
        drawn.append((feature["name"], drawing))
    known = {
        "nodes": told["nodes"],
        "examples": told["examples"],
        "features": [[feature["name"], feature["unit"]] for feature in told["features"]],
    }
    measured = (
        f"Quantization error {told['quantization_error']:.3g}, topographic error "
        f"{100 * told['topographic_error']:.1f} % ({told['neighbours']} neighbours)."
    )
    caption = f"{told['title']}. {measured} Pick a node of the first drawing to see who sits there."
    return Maps(told["data"], drawn, caption, node_maps.as_json(known))


def _measures(records: Records) -> Table:
    scores = records.of("kohonen")
    cells = tables.cells(scores[scores["at"] == ""], ("data", "arm", "metric"), records.level)
    rows = []
    for data, arm in dict.fromkeys((data, arm) for data, arm, _ in cells if arm in ARMS):
        found = [(cells.get((data, arm, metric)), digits, scale) for metric, (_, digits, scale) in MEASURES.items()]
        rows.append([Cell(data), Cell(arm), *(parts.interval(c, d, scale=s) if c else Cell("") for c, d, s in found)])
    return Table(
        f"Maps: mean over seeds [{parts.share(records.level)} interval], on the examples they were made from",
        ["data", "rule", *(name for name, *_ in MEASURES.values())],
        rows,
        words=2,
        note="Far on the map: neighbours in space whose nodes lie far apart; far in space: the reverse. Both are what "
        "a map must distort. From principal components the batch rule has no chance in it, and its seeds are alike.",
        folded=True,
    )


def _agreement(records: Records) -> Table:
    scores = records.of("kohonen")
    agreed = scores[scores["metric"] == "pair_agreement"]
    cells = tables.cells(agreed, ("data", "at", "level"), records.level)
    rows = [
        [Cell(data), Cell(at), Cell(level), parts.interval(value, 2), Cell(str(value.n))]
        for (data, at, level), value in cells.items()
    ]
    return Table(
        "How much a map is a matter of choice: agreement of two maps on which pairs sit together "
        f"[{parts.share(records.level)} interval]",
        ["data", "what differs", "which", "agreement", "n"],
        rows,
        words=3,
        note="Cohen's κ over all pairs of examples: 1 where maps agree on every pair, 0 where no better than chance.",
        folded=True,
    )
