"""The import contracts of pyproject.toml hold."""

import pytest
from importlinter.cli import lint_imports

from tests.architecture.rooms import ROOT


def test_every_import_contract_holds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code = lint_imports(no_cache=True)
    assert code == 0, capsys.readouterr().out
