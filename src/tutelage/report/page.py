"""The page reports/index.html: one file with everything in it, which opens from disk without a network."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tutelage.report.parts import Part, Section
from tutelage.report.records import Missing, Records
from tutelage.report.sections import (
    autoencoders,
    codes,
    competition,
    consistency,
    costs,
    data,
    distillation,
    exam,
    fewshot,
    gan,
    generation,
    layers,
    learning,
    letters,
    lupi,
    maps,
    method,
    multitask,
    noise,
    patches,
    probes,
    redundancy,
    rerun,
    style_gan,
    supervised_autoencoder,
    surrogate,
    sweeps,
    transfer,
    uses,
    vae,
)

FOLDER = Path(__file__).parent

SECTIONS: dict[str, Callable[[Records], Section]] = {
    "data": data.section,
    "probes": probes.section,
    "codes": codes.section,
    "exam": exam.section,
    "transfer": transfer.section,
    "layers": layers.section,
    "autoencoders": autoencoders.section,
    "noise": noise.section,
    "sweeps": sweeps.section,
    "supervised_autoencoder": supervised_autoencoder.section,
    "consistency": consistency.section,
    "distillation": distillation.section,
    "multitask": multitask.section,
    "fewshot": fewshot.section,
    "patches": patches.section,
    "redundancy": redundancy.section,
    "lupi": lupi.section,
    "vae": vae.section,
    "letters": letters.section,
    "gan": gan.section,
    "style_gan": style_gan.section,
    "generation": generation.section,
    "uses": uses.section,
    "surrogate": surrogate.section,
    "competition": competition.section,
    "maps": maps.section,
    "learning": learning.section,
    "costs": costs.section,
    "method": method.section,
    "rerun": rerun.section,
}
"""In the page's order. A section whose records are missing is named on the page, with what is missing."""


def render(records: Records) -> str:
    """The whole page. Everything that is not a drawing is escaped."""
    made: dict[str, Section] = {}
    missing: dict[str, str] = {}
    for name, section in SECTIONS.items():
        try:
            made[name] = section(records)
        except Missing as absent:
            missing[name] = str(absent)
    answer: list[Part] = [part for section in made.values() for part in section.answer]
    page = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    ).get_template("page.html")
    style = Markup((FOLDER / "page.css").read_text(encoding="utf-8"))
    scripts = [Markup((FOLDER / script).read_text(encoding="utf-8")) for script in ("page.js", "explorer.js")]
    return (
        page.render(sections=made, missing=missing, answer=answer, level=records.level, style=style, scripts=scripts)
        + "\n"
    )
