"""`make bench`: every subject in one run, as one Markdown table of ratios; with --readme it goes into the README.

    python -m benchmarks.run                    all subjects, a few minutes
    python -m benchmarks.run start growth       these
    python -m benchmarks.run --slow             also what takes the peer a quarter of an hour; it is kept in slow.json
    python -m benchmarks.run --readme           all, and put the tables between the markers in README.md
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.timing import HEAD, Row

ROOT = Path(__file__).parents[1]
SUBJECTS = ("start", "identities", "provers", "growth", "exact", "numeric", "watch")
SLOW = Path(__file__).with_name("slow.json")
BEGIN, END = "<!-- benchmarks: make bench -->", "<!-- end of benchmarks -->"


def machine() -> str:
    """The class of the machine: no name, no place."""
    import os

    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = found[0].partition(":")[2].strip() if found else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def measured_slowly(again: bool) -> Iterator[Row]:
    """Rows that are measured once and kept; each says when and where."""
    if again:
        from benchmarks.numeric import slow_rows

        found = []
        for row in slow_rows():  # each is kept as soon as it is there
            found.append(asdict(row))
            kept = {"date": _today(), "machine": machine(), "rows": found}
            SLOW.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if SLOW.exists():
        kept = json.loads(SLOW.read_text(encoding="utf-8"))
        for values in kept["rows"]:
            yield Row(**{**values, "task": f"{values['task']} (measured once, {kept['date']}, {kept['machine']})"})


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def report(subjects: list[str], slow: bool) -> tuple[str, list[Row]]:
    """The tables as Markdown, and the rows; each row is also printed when it is there."""
    rows: list[Row] = []
    lines = [
        f"Measured on {_today()}: {machine()}. By the clock, one thread, in turn with the peer, medians. A",
        "ratio says how many times less time (or error) we take; with ≤, how many times the peer's time we take.",
        "",
        HEAD,
    ]
    print(HEAD, flush=True)
    for subject in subjects:
        module = import_module(f"benchmarks.{subject}")
        for row in module.rows():
            rows.append(row)
            lines.append(str(row))
            print(row, flush=True)
    if "numeric" in subjects:
        for row in measured_slowly(slow):
            rows.append(row)
            lines.append(str(row))
            print(row, flush=True)
    if "growth" in subjects:
        from benchmarks import growth

        lines += ["", growth.HEAD, *growth.curves()]
    lost = [f"- {row.task}: {row.ours} against {row.theirs} ({row.peer})" for row in rows if row.loses]
    lines += ["", "Where we lose:", "", *lost] if lost else ["", "In no row of this run does the peer win."]
    return "\n".join(lines), rows


def put_into_readme(text: str) -> None:
    """Between the markers. Raises ValueError where they are missing."""
    path = ROOT / "README.md"
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md has no {BEGIN} ... {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Exit 1 where a ratio that the project asks of itself was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--slow", action="store_true", help="measure the slow rows too")
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    arguments = parser.parse_args()
    unknown = set(arguments.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"no such subject: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    text, rows = report(arguments.subjects or list(SUBJECTS), arguments.slow)
    if arguments.readme:
        put_into_readme(text)
    else:
        print(text.partition(HEAD)[2].partition("\n\n")[2])  # the rows are there already
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
