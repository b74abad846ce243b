"""The ladder of rooms, read from the import contract in pyproject.toml."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "apps"


def layers() -> list[list[str]]:
    """The rooms, highest layer first. Those in parentheses, not built yet, are among them."""
    contract = _ladder_contract()
    return [[name.strip(" ()") for name in re.split(r"[|:]", line)] for line in contract["layers"]]


def built_layers() -> list[list[str]]:
    """The same without the rooms that are not built yet."""
    built = [[name for name in layer if _is_built(name)] for layer in layers()]
    return [layer for layer in built if layer]


def _is_built(room: str) -> bool:
    """A room is a package, or one file."""
    return (APPS / room).exists() or (APPS / f"{room}.py").exists()


def _ladder_contract() -> dict:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract.get("containers") == ["apps"])


def looks_down(room: str, target: str) -> bool:
    """Whether one room may know another: itself, and those in the layers below it."""
    depth = {name: number for number, layer in enumerate(layers()) for name in layer}
    return room == target or depth[room] < depth[target]
