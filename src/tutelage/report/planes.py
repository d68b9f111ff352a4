"""A plane of two latent numbers: what is decoded over it, and where examples lie, on the same axes."""

import base64
from collections.abc import Sequence
from statistics import median

import numpy as np
from markupsafe import Markup
from scipy.stats import norm

from tutelage.measure import mosaics
from tutelage.report import figures, parts

SIDE, LEFT, BELOW, ABOVE, RIGHT = 400, 30, 36, 24, 6  # of the plane in pixels, and the room around it
TICKS = (-2, -1, 0, 1, 2)
FULL = 3  # times the prior's density, where the colour is full

Place = tuple[float, float, int]  # the prior's share below each latent number, and the class
Member = tuple[float, float, int, int]  # a place and its group


def picture(name: str, png: bytes, *, title: str, told: str) -> Markup:
    """A square picture that spans the plane."""
    data = base64.b64encode(png).decode()
    image = Markup(
        '<image class="pixels" width="{0}" height="{0}" preserveAspectRatio="none" href="data:image/png;base64,{1}"/>'
    )
    return _framed(name, image.format(SIDE, data), title, told)


def scatter(
    name: str,
    places: Sequence[Place],
    classes: Sequence[str],
    density: Sequence[Sequence[float]],
    *,
    title: str,
    told: str,
) -> Markup:
    """A dot an example over the density of all, and each class's name where the medians of its dots lie.

    As many classes as there are colours are told apart by them; as many more are rings; from there they repeat.
    """
    drawn, names = Markup(), Markup()
    for kind, called in enumerate(classes):
        here = [(SIDE * x, SIDE * (1 - y)) for x, y, of in places if of == kind]
        if not here:
            continue
        dots = Markup().join(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="2.4"/>').format(x, y) for x, y in here)
        drawn += Markup("<g {}><title>{}</title>{}</g>\n").format(_ink(kind), called, dots)
        middle = [median(along) for along in zip(*here, strict=True)]
        names += Markup('<text x="{:.1f}" y="{:.1f}" fill="var({})">{}</text>\n').format(*middle, _colour(kind), called)
    inside = _heat(name, density) + drawn + Markup('<g class="named">{}</g>').format(names)
    return _framed(name, inside, title, told) + _key(classes) + _scale()


def _heat(name: str, density: Sequence[Sequence[float]]) -> Markup:
    """A mask: the denser, the more of the page's own colour comes through, in light and dark alike."""
    light = np.rint(255 * np.minimum(np.asarray(density) / FULL, 1)).astype(np.uint8)
    mask = Markup(
        '<mask id="{0}-dense"><image width="{1}" height="{1}" preserveAspectRatio="none" '
        'href="data:image/png;base64,{2}"/></mask><rect class="heat" width="{1}" height="{1}" mask="url(#{0}-dense)"/>'
    )
    return mask.format(name, SIDE, base64.b64encode(mosaics.png(light[..., None])).decode())


def _scale() -> Markup:
    return Markup(
        '<div class="scale heat"><span>0</span><i></i><span>{} or more</span>'
        "<small>codes, times as many as the prior has there</small></div>"
    ).format(FULL)


def letters(
    name: str,
    learned: Sequence[Member],
    asked: Sequence[Member],
    classes: Sequence[str],
    groups: Sequence[str],
    density: Sequence[Sequence[float]],
    *,
    title: str,
    told: str,
) -> Markup:
    """Each example as its class's own name: in its group's colour those asked about, faint behind them the learned,
    over the density of these."""
    behind = Markup().join(_written(x, y, classes[kind]) for x, y, kind, _ in learned)
    drawn = Markup()
    for number, called in enumerate(groups):
        here = Markup().join(_written(x, y, classes[kind]) for x, y, kind, of in asked if of == number)
        drawn += Markup('<g fill="var({})"><title>{}</title>{}</g>\n').format(_colour(number), called, here)
    inside = Markup('<g class="letters"><g class="faint">{}</g>\n{}</g>').format(behind, drawn)
    return _framed(name, _heat(name, density) + inside, title, told) + _key(groups) + _scale()


def _written(x: float, y: float, called: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(SIDE * x, SIDE * (1 - y), called)


def _key(classes: Sequence[str]) -> Markup:
    mark = Markup(
        '<span><svg viewBox="-1 -1 2 2" aria-hidden="true"><circle r="0.7" stroke-width="0.4" {}/></svg>{}</span>'
    )
    spans = (mark.format(_ink(kind), called) for kind, called in enumerate(classes))
    return Markup('<div class="key">{}</div>').format(Markup().join(spans))


def _colour(kind: int) -> str:
    return f"--series-{kind % figures.COLOURS}"


def _ink(kind: int) -> Markup:
    ring = kind // figures.COLOURS % 2
    return Markup('fill="none" stroke="var({})"' if ring else 'fill="var({})"').format(_colour(kind))


def _framed(name: str, inside: Markup, title: str, told: str) -> Markup:
    """Inside the frame, with axes whose ticks are latent numbers: they stand where the prior's share is."""
    ticks = Markup()
    for z in TICKS:
        at, called = SIDE * float(norm.cdf(z)), parts.number(z, 0)
        ticks += Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(at, SIDE + 16, called)
        ticks += Markup('<text x="-7" y="{:.1f}" text-anchor="end">{}</text>').format(SIDE - at + 4, called)
    ends = Markup('<text x="{}" y="{}" text-anchor="middle">z₁</text><text x="{}" y="-8">z₂</text>').format(
        SIDE / 2, SIDE + 32, -LEFT + 4
    )
    box = f"{-LEFT} {-ABOVE} {LEFT + SIDE + RIGHT} {ABOVE + SIDE + BELOW}"
    frame = Markup('<rect width="{0}" height="{0}" fill="none" stroke="var(--rule)"/>').format(SIDE)
    return Markup(
        '<svg class="plane" role="img" aria-labelledby="{0}-title {0}-told" viewBox="{1}"><title id="{0}-title">{2}'
        '</title>\n<desc id="{0}-told">{3}</desc>\n{4}{5}<g class="ticks">{6}</g></svg>\n'
    ).format(name, box, title, told, inside, frame, ticks + ends)
