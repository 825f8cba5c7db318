"""Charts as vectors: SVG without script, in one colour and its tints, with the number at each bar.

Nothing is told by colour alone: each bar carries its number, and what was taken together is
hatched, so that a chart reads the same in black and white. The figures stand in a table beside it.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
PATTERN = f"{{{SVG}}}pattern"
FONT = "Letter, 'DejaVu Sans', sans-serif"
INK = "#1a1a1a"
# In SVG units; a picture is as wide as the text of a page.
WIDTH, ROW_HEIGHT, COLUMN_HEIGHT, FONT_SIZE = 480, 40, 220, 15
LABEL_LENGTH = 32  # characters; the table beside the picture has the label in full
MOST_LABELS = 6  # under standing bars; of more every second has one, counted from the last
HATCH = "hatch"
DROPPED_TAGS = {"script", "style", "defs", "desc", "title"}
DROPPED_CLASSES = {"background", "tooltip-overlay", "guide", "line"}


@dataclass(frozen=True)
class Bar:
    """One bar: its label and its number."""

    label: str
    value: float | None
    together: bool = False  # several things in one, and drawn differently


def bar_chart(bars: Sequence[Bar], colour: str, unit: str = "") -> str:
    """Lying bars in the order given, as the text of an SVG picture."""
    import pygal  # takes a while to import, and only reports need it

    bars = list(reversed(bars))  # the library starts below
    config = _get_config(ROW_HEIGHT * len(bars) + 12, show_x_labels=False)
    chart = pygal.HorizontalBar(config, style=_get_style())
    return _draw(chart, bars, unit, _get_fills(bars, colour), colour, lying=True)


def column_chart(bars: Sequence[Bar], colour: str, unit: str = "") -> str:
    """Standing bars, for what changes with time; the last one is the period of the report."""
    import pygal

    config = _get_config(COLUMN_HEIGHT, show_y_labels=False)
    chart = pygal.Bar(config, style=_get_style())
    fills = [tint(colour, 0.45)] * (len(bars) - 1) + [colour]
    return _draw(chart, _thin_out(bars), unit, fills, colour, lying=False)


def as_data_uri(svg: str) -> str:
    """A picture that can stand in the `src` of an image, where it has a text alternative."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def tint(colour: str, share: float) -> str:
    """A colour with this share of white in it.

    >>> tint("#000000", 0.5)
    '#808080'
    """
    digits = colour.lstrip("#")
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits[:3])
    parts = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def _thin_out(bars):
    """These bars, with no more labels than stand beside each other."""
    if len(bars) <= MOST_LABELS:
        return bars
    last = len(bars) - 1
    return [
        bar if (last - place) % 2 == 0 else replace(bar, label="") for place, bar in enumerate(bars)
    ]


def _get_fills(bars, colour):
    return [f"url(#{HATCH})" if bar.together else colour for bar in bars]


def _draw(chart, bars, unit, fills, colour, lying):
    chart.x_labels = [shorten(bar.label, LABEL_LENGTH, placeholder=" …") for bar in bars]
    chart.value_formatter = lambda value: f"{value:g}{unit}" if value is not None else ""
    chart.range = (0, max([bar.value or 0 for bar in bars], default=0) * 1.15 or 1)
    chart.add(None, [bar.value for bar in bars])
    return _clean(chart.render_tree(), fills, colour, lying)


def _clean(svg, fills, colour, lying):
    """The picture alone: what the library adds for a browser (scripts, tooltips, style sheets)
    does nothing on paper, and how things look is said at each thing."""
    for node in [node for node in svg.iter() if _is_for_browsers(node)]:
        node.getparent().remove(node)
    for node, fill in zip(_get_nodes(svg, "rect", "rect"), fills, strict=True):
        node.set("fill", fill)
        node.set("stroke", colour)
    for node in _get_nodes(svg, "text"):
        node.set("font-family", FONT)
        node.set("font-size", str(FONT_SIZE))
        node.set("fill", INK)
        node.set("text-anchor", "end" if lying else "middle")
    for node in _get_nodes(svg, "text", "value"):
        node.set("font-weight", "bold")
        node.set("text-anchor", "start" if lying else "middle")
    for node in _get_nodes(svg, "g", "bars"):
        node.getroottree().getroot().insert(0, _make_hatch(colour))
        break
    for node in svg.iter():
        node.attrib.pop("class", None)
        node.attrib.pop("id", None) if node.tag != PATTERN else None
    return etree.tostring(svg, encoding="unicode")


def _is_for_browsers(node):
    if not isinstance(node.tag, str):
        return True  # comments carry the date, and a report is the same whenever it is printed
    classes = (node.get("class") or "").split()
    return etree.QName(node).localname in DROPPED_TAGS or bool(DROPPED_CLASSES & set(classes))


def _get_nodes(svg, tag, css_class=None):
    return [
        node
        for node in svg.iter(f"{{{SVG}}}{tag}", tag)
        if css_class is None or css_class in (node.get("class") or "").split()
    ]


def _make_hatch(colour):
    """Slanting lines: what was taken together is told from the rest without colour, too."""
    pattern = etree.Element(PATTERN, id=HATCH, width="9", height="9", patternUnits="userSpaceOnUse")
    etree.SubElement(pattern, f"{{{SVG}}}rect", width="9", height="9", fill=tint(colour, 0.75))
    line = "M-2,2 l4,-4 M0,9 l9,-9 M7,11 l4,-4"
    etree.SubElement(pattern, f"{{{SVG}}}path", {"d": line, "stroke": colour, "stroke-width": "2"})
    return pattern


def _get_config(height, **labels):
    import pygal

    return pygal.Config(
        js=(),
        width=WIDTH,
        height=height,
        explicit_size=True,
        show_legend=False,
        truncate_label=LABEL_LENGTH + 2,
        show_x_guides=False,
        show_y_guides=False,
        print_values=True,
        print_values_position="top",
        margin=4,
        spacing=8,
        rounded_bars=2,
        **labels,
    )


def _get_style():
    from pygal.style import Style

    size = {f"{part}_font_size": FONT_SIZE for part in ("label", "major_label", "value")}
    return Style(**size)
