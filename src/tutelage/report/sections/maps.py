"""Kohonen's maps: density, features, walls between neighbours, who sits where; and their measures."""

import json
from typing import Any

from tutelage import runs
from tutelage.report import node_maps, parts, tables
from tutelage.report.node_maps import Lattice
from tutelage.report.parts import Cell, Maps, Part, Section, Table, Words
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
ARMS = {"map_batch": "batch", "map_online": "online"}


def section(records: Records) -> Section:
    """Needs the record of kohonen and the maps it left."""
    names = dict.fromkeys(records.of("kohonen")["data"])
    pictures = {name: json.loads(records.picture(runs.PICTURES / "kohonen" / f"{name}.json")) for name in names}
    people = records.blocks["people"]["name"]
    order = sorted(names, key=lambda name: (name != people, name))
    neighbours = pictures[order[0]]["neighbours"]
    made: list[Part] = [_map(pictures[name], folded=name != order[0]) for name in order]
    return Section("Maps", [*made, _measures(records, neighbours), *_agreement(records)])


def _map(told: dict[str, Any], *, folded: bool) -> Maps:
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
    caption = f"{told['title']}. {measured} Pick a node to see who sits there."
    return Maps(f"Map of {told['data']}", drawn, caption, node_maps.as_json(known), folded)


def _measures(records: Records, neighbours: str) -> Table:
    scores = records.of("kohonen")
    cells = tables.cells(scores[scores["at"] == ""], ("data", "arm", "metric"), records.level)
    rows = []
    for data, arm in sorted({(data, arm) for data, arm, _ in cells}):
        found = [(cells.get((data, arm, metric)), digits, scale) for metric, (_, digits, scale) in MEASURES.items()]
        told = [parts.interval(c, d, scale=s) for c, d, s in found]
        rows.append([Cell(data), Cell(ARMS[arm]), *told])
    return Table(
        f"Maps: mean over seeds [{parts.share(records.level)} interval], on the examples they were made from",
        ["data", "rule", *(name for name, *_ in MEASURES.values())],
        rows,
        words=2,
        note=f"Topographic error: examples whose two nearest nodes are none of each other's {neighbours} neighbours. "
        "Far on the map: neighbours in space whose nodes lie far apart; far in space: the reverse. Both are what "
        "a map must distort. From principal components the batch rule has no chance in it, and its seeds are alike.",
    )


def _agreement(records: Records) -> list[Part]:
    scores = records.of("kohonen")
    agreed = scores[scores["metric"] == "pair_agreement"]
    cells = tables.cells(agreed, ("at", "arm", "level", "data"), records.level)
    data = sorted({told for *_, told in cells})
    fewest = min((value.n for value in cells.values()), default=0)
    rows = []
    for at, arm, level in dict.fromkeys((at, arm, level) for at, arm, level, _ in cells):
        found = [cells.get((at, arm, level, name)) for name in data]
        told = [parts.interval(value, 2) for value in found]
        rows.append([Cell(at), Cell(level), Cell(ARMS[arm]), *told])
    ranges = []
    for at in dict.fromkeys(row[0].text for row in rows):
        means = [value.mean for (differs, *_), value in cells.items() if differs == at]
        ranges.append(
            f"{parts.number(min(means), 2)} to {parts.number(max(means), 2)} if they differ by the {at} alone"
        )
    words = (
        "A map is also a matter of choice. Two maps of one sample, asked of every pair of examples whether it sits "
        f"together, agree by {parts.series(ranges)}: 1 is always, 0 no better than chance."
    )
    table = Table(
        f"Agreement of two maps on which pairs sit together [{parts.share(records.level)} interval]",
        ["what differs", "which", "rule", *data],
        rows,
        words=3,
        note=f"Cohen's κ over all pairs of examples, at one node or at neighbouring ones; {fewest} pairs of maps or "
        "more a cell. “Again”, and orders, are other draws of one seed and the next: there each map stands in two "
        "pairs, and the interval is a little too narrow.",
    )
    return [Words([words]), table]
