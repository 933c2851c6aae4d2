"""The floors of the design: what each package may import, read from the source; and what no module may contain."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "symbolic_mla"
NAME = "symbolic_mla"

# what a package may import from the others, errors included; derived from `design.md`, section 5
FLOORS: dict[str, frozenset[str]] = {
    name: frozenset(allowed.split())
    for name, allowed in {
        "errors": "",
        "record": "",
        "limit": "errors",
        "workers": "",
        "kernel": "errors",
        "laws": "errors kernel",
        "algebra": "errors record kernel laws",
        "analysis": "errors kernel laws algebra",
        "instance": "errors kernel laws algebra",
        "prover": "errors record kernel laws algebra analysis instance",
        "cache": "errors limit kernel laws algebra analysis instance prover",
        "language": "errors record kernel laws algebra analysis",
        "exact": "errors kernel laws algebra instance",
        "attention": "errors kernel laws algebra instance",
        "crosscheck": "errors language",
        "numeric": "errors workers kernel laws algebra instance attention exact",
        "argument": "errors record kernel laws algebra instance prover",
        "derivation": "errors record limit kernel laws algebra analysis instance prover language crosscheck argument",
        "diagnostics": "errors record limit kernel laws algebra instance prover language crosscheck argument "
        "derivation",
        "coq": "errors kernel laws algebra instance prover language crosscheck argument derivation",
        "selftest": "errors workers kernel laws algebra analysis instance prover language crosscheck argument "
        "derivation coq",
        "report": "errors record kernel laws algebra instance prover language exact attention crosscheck numeric "
        "argument derivation coq",
    }.items()
}  # fmt: skip
INTERFACES = frozenset(FLOORS) | {"formats", "api", "cli", "commands", "notebook", "pytest_plugin", "watch", "lsp"}
CROSSCHECK_READS = ("language.syntax", "language.parse", "language.documents", "errors")


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    """Every module of the package, by its dotted name below it."""
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Imports, calls and `assert` statements of a file, as the tests of this file ask for no others."""
    return _nodes(path.read_text(encoding="utf-8"))


@cache
def _nodes(text: str) -> tuple[ast.AST, ...]:
    kinds = ast.Import | ast.ImportFrom | ast.Assert | ast.Call
    return tuple(node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds))


def imports(path: Path, module: str) -> Iterator[tuple[int, str]]:
    """What a module imports: dotted names, with the line. Relative imports are made absolute."""
    own = [NAME, *module.split(".")] if module else [NAME]
    package = own if path.name == "__init__.py" else own[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) + 1 - node.level]) if node.level else ""
            whole = ".".join(part for part in (base, node.module) if part)
            yield from ((node.lineno, f"{whole}.{alias.name}") for alias in node.names)


def breaches(root: Path) -> list[str]:
    """Every import that goes up the floors."""
    found = []
    for module, path in modules(root):
        floor = module.split(".")[0]
        allowed = FLOORS.get(floor, INTERFACES) | {floor}
        for line, target in imports(path, module):
            parts = target.split(".")
            if parts[0] != NAME or len(parts) < 2 or module == "":
                continue
            if not _is_module(root, parts[1]) or parts[1] in allowed:
                continue
            found.append(f"{module}:{line} imports {target}; {floor} may import {', '.join(sorted(allowed))}")
    return found


def _is_module(root: Path, name: str) -> bool:
    return (root / name).is_dir() or (root / f"{name}.py").is_file()


def outsiders(root: Path, floor: str) -> list[str]:
    """What a floor imports from outside the package and the standard library."""
    return [
        f"{module}:{line} imports {target}"
        for module, path in modules(root)
        if module.split(".")[0] == floor
        for line, target in imports(path, module)
        if target.split(".")[0] not in sys.stdlib_module_names | {NAME}
    ]


def forbidden(root: Path) -> list[str]:
    """`assert` statements and calls of eval, exec and compile: none may guard or read anything."""
    found = []
    for module, path in modules(root):
        for node in nodes(path):
            if isinstance(node, ast.Assert):
                found.append(f"{module}:{node.lineno} assert")
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and name in ("eval", "exec", "compile", "__import__"):
                found.append(f"{module}:{node.lineno} {name}")
    return found


def test_imports_go_down_the_floors() -> None:
    """No package imports one above it."""
    assert breaches(PACKAGE) == []


def test_every_package_has_a_floor() -> None:
    """A new package is given its place here, or it is an interface."""
    floors = {module.split(".")[0] for module, _ in modules(PACKAGE)} - {"", "__main__"}
    assert floors <= INTERFACES


def test_the_floors_are_no_cycle() -> None:
    """What may be imported may not import back, however long the way."""
    for floor, allowed in FLOORS.items():
        reached, todo = set[str](), list(allowed)
        while todo:
            below = todo.pop()
            if below not in reached:
                reached.add(below)
                todo += FLOORS[below]
        assert floor not in reached


def test_the_second_evaluator_shares_no_code() -> None:
    """crosscheck reads the syntax of the language and nothing of kernel, algebra, instance or elaboration."""
    for module, path in modules(PACKAGE / "crosscheck"):
        for line, target in imports(path, f"crosscheck.{module}" if module else "crosscheck"):
            below = target.removeprefix(f"{NAME}.")
            if target.startswith(f"{NAME}.") and not below.startswith("crosscheck"):
                whole = f"{below}."
                assert any(whole.startswith(f"{r}.") for r in CROSSCHECK_READS), f"crosscheck.{module}:{line} {target}"


def test_what_the_syntax_rests_on_is_syntax() -> None:
    """The modules that crosscheck reads import nothing of the kernel themselves."""
    seen, todo = set[str](), [m for m in CROSSCHECK_READS if m != "errors"]
    while todo:
        module = todo.pop()
        if module in seen:
            continue
        seen.add(module)
        path = PACKAGE / (module.replace(".", "/") + ".py")
        for line, target in imports(path, module):
            below = target.removeprefix(f"{NAME}.")
            if target.startswith(f"{NAME}."):
                assert below.split(".")[0] in ("language", "errors", "record"), f"{module}:{line} imports {target}"
                parts = below.split(".")
                if parts[0] == "language" and len(parts) > 1 and (PACKAGE / "language" / f"{parts[1]}.py").is_file():
                    todo.append(".".join(parts[:2]))


def test_the_kernel_is_the_standard_library_and_errors() -> None:
    """Nothing else stands in the trusted base; errors.py is a leaf."""
    assert outsiders(PACKAGE, "kernel") == []
    assert outsiders(PACKAGE, "errors") == []


def test_nothing_is_guarded_by_assert_or_read_by_eval() -> None:
    """`python -O` drops asserts, and no text is ever run."""
    assert forbidden(PACKAGE) == []


PLANTED = {
    "kernel/scalar.py": "from symbolic_mla.prover.decide import decide",
    "kernel/term.py": "import symbolic_mla.language.parse",
    "errors.py": "from symbolic_mla.kernel import scalar",
    "prover/refute.py": "from ..language import parse",
    "language/scan.py": "def late() -> None:\n    from symbolic_mla.report import markdown",
    "crosscheck/numbers.py": "from symbolic_mla.kernel import axis",
    "instance/values.py": "from symbolic_mla import prover",
}


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_breach_is_found(place: str, tmp_path: Path) -> None:
    """The test can fail: one import upwards in a copy is named, with its line."""
    copy = tmp_path / NAME
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = breaches(copy)
    target = copy / place
    lines = target.read_text(encoding="utf-8").splitlines()
    target.write_text("\n".join([*lines, PLANTED[place]]) + "\n", encoding="utf-8")
    (found,) = set(breaches(copy)) - set(before)
    assert found.startswith(place.removesuffix(".py").replace("/", "."))
    assert f":{len(lines) + PLANTED[place].count(chr(10)) + 1} imports" in found


@pytest.mark.parametrize("line", ["assert True", "x = eval('1')", "exec('1')", "def f():\n    assert 1"])
def test_a_planted_guard_is_found(line: str, tmp_path: Path) -> None:
    """So can the test for asserts and eval."""
    (tmp_path / "module.py").write_text(line + "\n", encoding="utf-8")
    assert len(forbidden(tmp_path)) == 1


def test_a_planted_outsider_is_found(tmp_path: Path) -> None:
    """And the test for the trusted base."""
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "axis.py").write_text("import json\nfrom numpy import array\n", encoding="utf-8")
    assert outsiders(tmp_path, "kernel") == ["kernel.axis:2 imports numpy.array"]


HEAVY = ("sympy", "numpy", "mpmath", "flint", "matplotlib", "hypothesis", "pytest")


@pytest.mark.parametrize(
    "program",
    [
        "import symbolic_mla.cli",
        "import symbolic_mla.derivation.check",
        "import symbolic_mla.kernel.certificate",
        "import symbolic_mla.prover.decide",
        "import symbolic_mla",
    ],
)
def test_a_check_starts_light(program: str) -> None:
    """On the way to a verdict neither SymPy nor NumPy nor an engine of numbers is imported."""
    text = f"import sys\n{program}\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_the_kernel_alone_imports_nothing_of_the_package() -> None:
    """A checker of certificates loads the kernel and the errors, and no other part."""
    text = (
        "import sys, symbolic_mla.kernel.certificate\n"
        "print(*sorted({m.split('.')[1] for m in sys.modules if m.startswith('symbolic_mla.')}))"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["errors", "kernel"], "")
