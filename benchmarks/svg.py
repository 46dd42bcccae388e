"""Pieces of SVG, written by hand; readable on light and on dark."""

from collections.abc import Iterable
from html import escape
from typing import Final

STYLE: Final = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
  .paper { fill: #ffffff }
  .ink { fill: #1f2328 }
  .soft { fill: #59636e }
  .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 11px }
  .track { fill: #eaeef2 }
  .good { fill: #2f81c7 }
  .bad { fill: #d1602a }
  .rule { stroke: #59636e; stroke-width: 1.5 }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .aim { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 2 2 }
  .whisker { stroke: #1f2328; stroke-width: 1.5 }
  .line { fill: none; stroke-width: 2.5 }
  .a { stroke: #2f81c7 } .fill-a { fill: #2f81c7 }
  .b { stroke: #d1602a } .fill-b { fill: #b4501f }
  .c { stroke: #3f8f4e } .fill-c { fill: #2f7a3e }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 }
    .ink { fill: #f0f6fc }
    .soft { fill: #9198a1 }
    .track { fill: #262c36 }
    .good { fill: #58a6e6 }
    .bad { fill: #f0883e }
    .rule, .aim { stroke: #9198a1 }
    .grid { stroke: #30363d }
    .whisker { stroke: #f0f6fc }
    .a { stroke: #58a6e6 } .fill-a { fill: #58a6e6 }
    .b { stroke: #f0883e } .fill-b { fill: #f0883e }
    .c { stroke: #56d364 } .fill-c { fill: #56d364 }
  }
"""


def picture(width: int, height: int, label: str, pieces: Iterable[str]) -> str:
    """Give the whole file; the label is for whoever cannot see it."""
    body = "\n".join(pieces)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img" aria-label="{escape(label)}">\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="paper" width="{width}" height="{height}" rx="6"/>\n'
        f"{body}\n</svg>\n"
    )


def text(
    x: float, y: float, words: str, style: str = "ink", anchor: str = "start"
) -> str:
    """Write words."""
    return (
        f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def bar(x: float, y: float, width: float, height: float, style: str) -> str:
    """Draw a bar."""
    return (
        f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
        f' height="{height:.1f}" rx="2"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """Draw a straight line."""
    return f'<path class="{style}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def curve(points: Iterable[tuple[float, float]], style: str) -> str:
    """Draw a line through the points, each marked."""
    places = list(points)
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle class="fill-{style}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        for x, y in places
    )
    return f'<path class="line {style}" d="M{path}"/>{dots}'
