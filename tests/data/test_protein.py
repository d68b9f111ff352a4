"""Chains of proteins: files made here in the layout of FLIP and CATH, and theirs."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from root import MIRROR

from tutelage.data import kinds, protein
from tutelage.errors import Mistake

OF = kinds.Protein(kind="protein")
CHAINS = [f"{number:04}" for number in range(45)]
PLACES = ["3.40.1.1", "3.40.1.1", "3.40.2.1", "10.5.1.1", "10.5.1.2"]  # of each fifth chain


def written(folder: Path) -> Path:
    """45 chains `ACDAC…` of helix, coil, strand, whose first residue was not seen; the last is of two domains."""
    parts = {
        "sequences": dict.fromkeys(CHAINS, "ACDACD"),
        "sampled": dict.fromkeys(CHAINS, "EHHCEE"),
        "mask": dict.fromkeys(CHAINS, "011111"),
    }
    (folder / "splits").mkdir()
    for name, letters in parts.items():
        rows = [f">{chain}-A SET=train\n{row}\n" for chain, row in letters.items()]
        (folder / f"splits/{name}.fasta").write_text("".join(rows), encoding="utf-8")
    rows = [f"{chain}A00,{PLACES[i % 5]}\n" for i, chain in enumerate(CHAINS[:-1])]
    rows += [f"{CHAINS[-1]}A0{domain},3.40.1.1\n" for domain in (1, 2)]
    (folder / protein.LABELS).write_text("".join(rows), encoding="utf-8")
    return folder


def test_a_chain_of_one_domain_has_its_architecture_if_enough_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protein, "LEAST", 18)
    of = protein.make(OF, written(tmp_path))
    assert of.classes == ("3.40",)  # of 10.5 there are 17
    monkeypatch.setattr(protein, "LEAST", 17)
    of = protein.make(OF, tmp_path)
    assert of.classes == ("3.40", "10.5")
    assert np.bincount(of.examples.y).tolist() == [27, 17]
    assert np.bincount(of.examples.group).tolist() == [9, 8, 18, 9]  # 10.5.1.1, 10.5.1.2, 3.40.1.1, 3.40.2.1


def test_residues_are_counted_in_x_and_their_states_where_they_were_seen_in_x_star(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protein, "LEAST", 17)
    of = protein.make(OF, written(tmp_path)).examples
    assert of.x.shape[1] == 20 + 400 + 1
    np.testing.assert_allclose(of.x[0, :4], [1000 / 3, 1000 / 3, 1000 / 3, 0])
    pairs = of.x[0, 20:420].reshape(20, 20)
    assert (pairs[0, 1], pairs[1, 2], pairs[2, 0]) == (400, 400, 200)
    assert pairs.sum() == 1000
    assert of.x[0, -1] == np.log(6)
    np.testing.assert_allclose(of.star[0, :3], [400, 400, 200])  # helix, strand, coil of HHCEE
    assert of.star[0, 3:12].tolist() == [250, 0, 250, 0, 250, 0, 0, 250, 0]
    # A helix, then a strand: one row of two, none of three.
    np.testing.assert_allclose(np.expm1(of.star[0, 12:]), [1, 1, *(0, 1, 0, 0), *[0] * 8], atol=1e-12)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("splits/mask.fasta", None, r"mask\.fasta is missing; run `make repro`, which fetches protein$"),
        ("splits/mask.fasta", ">one-A\n", r"mask\.fasta is damaged \(records are not of two lines\); delete it"),
        ("splits/mask.fasta", ">0000-A\n0111\n", r"the structure of 0000-A is not of its sequence; delete it"),
        (protein.LABELS, "", r"holds no 17 chains of one architecture; delete it and fetch it again"),
    ],
)
def test_a_missing_and_a_damaged_file_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, line: str
) -> None:
    monkeypatch.setattr(protein, "LEAST", 17)
    path = written(tmp_path) / name
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(Mistake, match=line) as told:
        protein.make(OF, tmp_path)
    assert len(str(told.value).splitlines()) == 1


def test_chains_of_the_catalogue_are_of_18_architectures_and_helices_tell_the_first_class(tmp_path: Path) -> None:
    if not (MIRROR / "protein").exists():
        pytest.skip("no mirror has protein: neither TUTELAGE_MIRROR nor ../shared/data")
    zipfile.ZipFile(MIRROR / "protein/flip_secondary_structure_splits.zip").extractall(tmp_path)
    (tmp_path / protein.LABELS).write_bytes((MIRROR / "protein" / protein.LABELS).read_bytes())
    of = protein.make(OF, tmp_path)
    assert (len(of.classes), len(of.examples.y)) == (18, 3918)
    alpha = np.array([name.startswith("1.") for name in of.classes])[of.examples.y]
    mostly = of.examples.star[:, 0] > of.examples.star[:, 1] * 5
    assert np.mean(mostly == alpha) > 0.9
