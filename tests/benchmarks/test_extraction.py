"""The benchmark of extraction measures ours, and says what became of the peers."""

from pathlib import Path

import pytest

from benchmarks import extraction


def figures(cpu: float) -> dict[str, float]:
    return {"cpu_s_per_5000": cpu, "memory_mb": 1, "import_cpu_s": 0.1, "cpu_s_long": 1.0, "growth": 1.0}


def test_each_part_of_ours_is_measured(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(extraction.material(), encoding="utf-8")
    for name in ("ours", *extraction.PEERS.values()):
        found = extraction.part(extraction.sys.executable, name, text, 1, 10_000)
        assert 0 < found["cpu_s_per_5000"] < 1, found


def test_a_peer_is_held_against_the_part_that_does_its_work() -> None:
    found = {"ours": figures(0.03), "our deadlines": figures(0.01), "dateparser": figures(0.06)}
    ratios = extraction.ratios(found)
    assert (ratios["vs_fastest_peer"], ratios["all_vs_fastest_peer"]) == (6.0, 2.0)


def test_without_peers_there_is_no_ratio(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(home: Path) -> str:
        raise extraction.NotInstalled("no network")

    monkeypatch.setattr(extraction, "installed", refuse)
    assert extraction.peers(tmp_path, tmp_path, 1, 1) == {
        "dateparser": {"missing": "no network"},
        "textacy": {"missing": "no network"},
    }
    assert extraction.ratios({"ours": figures(0.03)})["vs_fastest_peer"] is None
