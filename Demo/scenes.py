"""Small landscapes as SVG, so that the sample site has pictures that look like something."""

import random

SKIES = {
    "day": ("#5fa8e8", "#dff1fb"), "dusk": ("#3b2a6b", "#f59a5b"), "dawn": ("#f3b6a2", "#fdf1d3"),
    "night": ("#0b1030", "#2b3a6e"), "grey": ("#7f8b97", "#d5dbe0"),
}


def scene(seed, sky, parts, width, height):
    """An SVG of the named parts, back to front; the same seed draws the same picture."""
    dice = random.Random(seed)
    top, bottom = SKIES[sky]
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 1500 1000">',
        f'<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{bottom}"/></linearGradient></defs>',
        '<rect width="1500" height="1000" fill="url(#sky)"/>',
    ]
    drawn += [PARTS[part](dice) for part in parts]
    return "".join(drawn) + "</svg>"


def ridge(dice, base, rise, colour, step=60):
    points = [(x, base - dice.randint(0, rise)) for x in range(-step, 1560 + step, step)]
    line = " ".join(f"{x},{y}" for x, y in points)
    return f'<polygon points="-60,1000 {line} 1560,1000" fill="{colour}"/>'


def sun(dice):
    x, y = dice.randint(300, 1200), dice.randint(150, 400)
    return (f'<circle cx="{x}" cy="{y}" r="130" fill="#fff3c4" opacity=".4"/>'
            f'<circle cx="{x}" cy="{y}" r="85" fill="#ffe9a0"/>')


def stars(dice):
    dots = (f'<circle cx="{dice.randint(0, 1500)}" cy="{dice.randint(0, 600)}" r="{dice.randint(1, 4)}"/>'
            for _ in range(120))
    return f'<g fill="#fffbe0">{"".join(dots)}</g><circle cx="1180" cy="210" r="80" fill="#f4f1d8"/>'


def clouds(dice):
    puffs = (f'<ellipse cx="{dice.randint(0, 1500)}" cy="{dice.randint(80, 380)}" '
             f'rx="{dice.randint(80, 190)}" ry="{dice.randint(20, 45)}"/>' for _ in range(12))
    return f'<g fill="#fff" opacity=".7">{"".join(puffs)}</g>'


def mountains(dice):
    return (ridge(dice, 640, 380, "#8796ad", 150) + ridge(dice, 720, 300, "#5f7391", 110))


def hills(dice):
    return ridge(dice, 760, 90, "#6fa35b", 130) + ridge(dice, 860, 70, "#4c8745", 100)


def sea(dice):
    waves = (f'<rect x="{dice.randint(-100, 1500)}" y="{dice.randint(660, 990)}" width="{dice.randint(60, 260)}" height="4"/>'
             for _ in range(90))
    return f'<rect y="640" width="1500" height="360" fill="#2f7fa8"/><g fill="#bfe3ef" opacity=".5">{"".join(waves)}</g>'


def forest(dice):
    trees = []
    for _ in range(60):
        x, y, size = dice.randint(-40, 1540), dice.randint(760, 960), dice.randint(70, 170)
        green = dice.choice(["#1f4d2b", "#2a6337", "#174024"])
        trees.append(f'<polygon points="{x},{y - size * 2} {x - size // 2},{y} {x + size // 2},{y}" fill="{green}"/>')
    return "".join(trees)


def city(dice):
    blocks = []
    for x in range(-20, 1520, 90):
        tall = dice.randint(220, 640)
        blocks.append(f'<rect x="{x}" y="{1000 - tall}" width="84" height="{tall}" fill="#1b2036"/>')
        for y in range(1000 - tall + 20, 980, 46):
            for column in (14, 48):
                if dice.random() < 0.6:
                    blocks.append(f'<rect x="{x + column}" y="{y}" width="18" height="24" fill="#ffd873"/>')
    return "".join(blocks)


def boat(dice):
    x = dice.randint(400, 1000)
    return (f'<polygon points="{x},760 {x + 260},760 {x + 210},830 {x + 50},830" fill="#7a3b20"/>'
            f'<polygon points="{x + 130},420 {x + 130},745 {x + 280},745" fill="#fdfdf7"/>'
            f'<polygon points="{x + 118},470 {x + 118},745 {x + 10},745" fill="#e9e4d4"/>')


def balloon(dice):
    drawn = []
    for colour in ("#d8432f", "#e0a020", "#3566b8"):
        x, y, r = dice.randint(200, 1300), dice.randint(180, 460), dice.randint(70, 140)
        drawn.append(f'<circle cx="{x}" cy="{y}" r="{r}" fill="{colour}"/>'
                     f'<ellipse cx="{x}" cy="{y}" rx="{r // 3}" ry="{r}" fill="#fff" opacity=".3"/>'
                     f'<rect x="{x - 16}" y="{y + r + 34}" width="32" height="26" fill="#5b3a1e"/>')
    return "".join(drawn)


def bicycle(dice):
    x, y = dice.randint(350, 700), 800
    return (f'<g fill="none" stroke="#20242c" stroke-width="14"><circle cx="{x}" cy="{y}" r="110"/>'
            f'<circle cx="{x + 330}" cy="{y}" r="110"/></g>'
            f'<path d="M{x} {y} l110 -170 h150 l70 170 M{x + 110} {y - 170} l60 170 l90 -170 M{x + 95} {y - 215} h50 '
            f'M{x + 260} {y - 170} l-14 -60 h54" fill="none" stroke="#c8281e" stroke-width="18"/>')


def house(dice):
    x = dice.randint(300, 900)
    return (f'<rect x="{x}" y="620" width="300" height="230" fill="#efe3cc"/>'
            f'<polygon points="{x - 30},625 {x + 150},470 {x + 330},625" fill="#8c3a2b"/>'
            f'<rect x="{x + 120}" y="720" width="64" height="130" fill="#54351f"/>'
            f'<rect x="{x + 34}" y="680" width="56" height="56" fill="#9fc8e0"/>')


def lighthouse(dice):
    x = dice.randint(500, 1000)
    return (f'<polygon points="{x},860 {x + 120},860 {x + 90},330 {x + 30},330" fill="#f7f3ec"/>'
            f'<polygon points="{x + 10},700 {x + 111},700 {x + 104},580 {x + 16},580" fill="#c3332b"/>'
            f'<rect x="{x + 24}" y="270" width="72" height="62" fill="#ffe58a"/>'
            f'<polygon points="{x + 14},272 {x + 60},210 {x + 106},272" fill="#c3332b"/>')


def flowers(dice):
    drawn = []
    for _ in range(70):
        x, y, r = dice.randint(0, 1500), dice.randint(740, 990), dice.randint(10, 26)
        colour = dice.choice(["#e8476a", "#f3c33b", "#ffffff", "#a45bd0"])
        drawn.append(f'<circle cx="{x}" cy="{y}" r="{r}" fill="{colour}"/><circle cx="{x}" cy="{y}" r="{r // 3}" fill="#7a4a10"/>')
    return "".join(drawn)


def dunes(dice):
    return ridge(dice, 700, 80, "#e2b871", 300) + ridge(dice, 840, 70, "#c9974f", 260)


PARTS = {
    function.__name__: function
    for function in (sun, stars, clouds, mountains, hills, sea, forest, city, boat, balloon, bicycle,
                     house, lighthouse, flowers, dunes)
}
