"""The command `symbolic-mla`. Each command imports what it needs when it runs, so that `--help` costs nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symbolic_mla.errors import InputError, SymbolicMLAError

if TYPE_CHECKING:
    from symbolic_mla.derivation.results import ClaimResult, DocumentResult, ErrorBlockResult
    from symbolic_mla.language.documents import Document

FORMATS = click.Choice(["text", "json", "github", "junit", "sarif"])
_FOR_MACHINES = ("github", "junit", "sarif")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="symbolic_mla", message="symbolic-mla %(version)s")
def cli() -> None:
    """Write a derivation about attention, and know for every shape whether each step is true.

    \b
    symbolic-mla check notes.md       judge the claims of a document
    symbolic-mla prove                judge all of proofs/ and write reports/
    symbolic-mla replay CERTIFICATE   make a theorem again from its certificate
    symbolic-mla reference            print what can be written, with examples

    Exit 0: every claim is as its document expects. 1: some claim is not. 2: something could not be read.
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--claim", "claim", metavar="ID", help="Print and count only this claim.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
def check(paths: tuple[str, ...], claim: str | None, form: str) -> None:
    """Judge the claims of documents. A path of - reads standard input; a folder stands for its .md files."""
    results = [_checked(p, claim) for p in _documents(paths)]
    _show(results, form, claim)
    sys.exit(max((_exit(r, claim) for r in results), default=2))


@cli.command()
@click.argument("paths", nargs=-1)
@click.option("--reports", "reports", metavar="DIR", default="reports", show_default=True, help="Where reports go.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; fail if a report is stale.")
@click.option("--format", "form", type=FORMATS, default="text", show_default=True)
def prove(paths: tuple[str, ...], reports: str, check_only: bool, form: str) -> None:
    """Judge every document of PATHS (proofs/ if none is given) and write a report for each.

    With --check the documents are elaborated again, every certificate is replayed, every step is compared by the
    second evaluator on random instances, and committed reports must be what would be written.
    """
    from symbolic_mla.report.publish import publish, verify

    chosen = paths or ("proofs",)
    results = [_checked(p, None) for p in _documents(chosen)]
    _show(results, form, None)
    problems = verify(results, Path(reports)) if check_only else publish(results, Path(reports))
    if form == "text" and not any(r.fatal for r in results):
        claims = [c for r in results for c in r.claims]
        verdicts = [c.verdict for c in claims]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in _SIGN if v in verdicts)
        met = sum(c.as_expected for c in claims)
        click.echo(f"{len(results)} documents, {len(claims)} claims: {counts}; {met} as expected")
        if not problems and not check_only:
            click.echo(f"reports in {reports}/, their index in {reports}/README.md")
    for problem in problems:
        click.echo(problem, err=True)
    code = max((r.exit_code for r in results), default=2)
    sys.exit(max(code, 1 if problems else 0))


@cli.command()
@click.argument("certificate")
def replay(certificate: str) -> None:
    """Make the theorems of a certificate again by the rules of the kernel, and print what they say."""
    from symbolic_mla.algebra.text import theorem_text
    from symbolic_mla.kernel.certificate import replay as again

    for theorem in again(_read(certificate)):
        click.echo(theorem_text(theorem))


@cli.command()
@click.argument("document")
@click.option("--claim", "claim", metavar="ID", required=True, help="Which claim.")
@click.option("--size", "size", metavar="n=2,G=2", required=True, help="A size for each dimension.")
def explicit(document: str, claim: str, size: str) -> None:
    """Print a claim at explicit sizes, with a symbol in every entry, multiplied out by SymPy's rules."""
    from symbolic_mla.exact.show import explicit_text

    result = _checked(document, claim)
    found = next((c for c in result.claims if c.id == claim), None)
    if found is None or result.fatal is not None:
        raise result.fatal or InputError(f"{document}: no claim `{claim}`")
    hypotheses = [h.statement for h in result.scope.hypotheses]
    for step in found.steps:
        if step.statement is None:
            raise InputError(f"{document}: `{claim}` has an error on line {step.span.line}: {step.message}")
        click.echo(f"line {step.span.line}: {step.left} {step.relation} {step.right}".rstrip())
        click.echo(explicit_text(step.statement, _sizes(size), dims=result.scope.dims, hypotheses=hypotheses))


def _sizes(text: str) -> dict[str, object]:
    """`n=2,G=2` as sizes."""
    sizes: dict[str, object] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals or not value.strip().lstrip("-").isdecimal() or name.strip() in sizes:
            raise InputError(f"--size {text}: met {part.strip()!r}, and NAME=NUMBER was expected",
                             hint="--size n=2,G=2,d=1")  # fmt: skip
        sizes[name.strip()] = int(value)
    return sizes


@cli.command()
@click.option("--cases", default=100, show_default=True, help="How many random layers.")
@click.option("--seed", default=0, show_default=True, help="The first seed; one case is had again with --cases 1.")
@click.option("--precision", default="float32,float64", show_default=True, help="Of float32, float64, mp50, ...")
@click.option("--theorem", metavar="ID", help="Only this theorem.")
@click.option("--jobs", default=1, show_default=True, help="Processes on this machine.")
@click.option("--dask", metavar="ADDRESS", help="A Dask scheduler to run on (needs the extra `dask`).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def sweep(cases: int, seed: int, precision: str, theorem: str | None, jobs: int, dask: str | None, form: str) -> None:
    """Run real attention on random layers, and hold every error against its certified bound. Evidence, not proof."""
    from contextlib import nullcontext

    from symbolic_mla.numeric import dask_executor, run_sweep

    names = [p.strip() for p in precision.split(",") if p.strip()]
    with dask_executor(dask) if dask is not None else nullcontext() as executor:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("layers", total=cases)
                result = run_sweep(cases, seed=seed, precisions=names, theorem=theorem, jobs=jobs, executor=executor,
                                   progress=lambda done, _: bar.update(task, completed=done))  # fmt: skip
        else:
            result = run_sweep(cases, seed=seed, precisions=names, theorem=theorem, jobs=jobs, executor=executor)
    click.echo(result.to_json() if form == "json" else result.to_text())
    sys.exit(0 if result.ok else 1)


@cli.command()
def reference() -> None:
    """Print the reference of the language: every form with an example, errors, limits, the grammar."""
    from symbolic_mla.formats.reference import language_reference

    click.echo(language_reference(), nl=False)


@cli.command()
@click.argument("paths", nargs=-1)
@click.option("--out", "out", metavar="DIR", help="Write the scripts here.")
@click.option("--verify", "verified", is_flag=True, help="Compile them with Coq, and read what they rest on.")
@click.option("--coqchk", "checked", is_flag=True, help="With --verify: run coqchk as well (a minute each).")
@click.option("--jobs", default=1, show_default=True, help="Scripts compiled at once.")
def coq(paths: tuple[str, ...], out: str | None, verified: bool, checked: bool, jobs: int) -> None:
    """Export every proved theorem of PATHS (proofs/ if none is given) as a script for Coq and MathComp.

    What can't be exported is listed with the reason, and counts as a failure of this command.
    """
    from symbolic_mla.coq.documents import scripts
    from symbolic_mla.coq.verify import coq_version, verify

    found = scripts([_checked(p, None) for p in _documents(paths or ("proofs",))])
    for name, reason in found.unsupported.items():
        click.echo(f"? {name}: not exported: {reason}")
    if out is not None:
        from symbolic_mla.report.files import write_files

        write_files(out, {f"{name}.v": text for name, text in found.scripts.items()})
    failed = 0
    if verified:
        if coq_version() is None:
            raise InputError("coqc was not found", hint="on Debian: apt-get install coq libcoq-mathcomp-algebra")
        for result in verify(found.scripts, jobs=jobs, check=checked):
            failed += not result.ok
            click.echo(f"{'✓' if result.ok else '✗'} {result.name}" + ("" if result.ok else f": {result.message}"))
        click.echo(f"Coq {coq_version()}: {len(found.scripts) - failed} of {len(found.scripts)} scripts accepted")
    else:
        click.echo(f"{len(found.scripts)} scripts" + (f" in {out}/" if out else "; write them with --out DIR"))
    sys.exit(1 if failed or found.unsupported else 0)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {_reason(error)}", hint="name a certificate under reports/certificates/") from None


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "not UTF-8 text"


def _documents(paths: Sequence[str]) -> Iterator[str]:
    """The documents that paths name: folders stand for the Markdown files in them."""
    for path in paths:
        folder = Path(path)
        if path != "-" and folder.is_dir():
            inside = sorted(p.as_posix() for p in folder.rglob("*.md"))
            if not inside:
                raise InputError(f"{path}: no .md file in this folder", hint="name a document")
            yield from inside
        else:
            yield path


def _checked(path: str, claim: str | None) -> DocumentResult:
    from symbolic_mla.derivation.check import check_document

    try:
        document = _loaded(path)
    except SymbolicMLAError as error:
        from symbolic_mla.formats.findings import unreadable

        return unreadable(path, error)
    return check_document(document, claim)


def _loaded(path: str) -> Document:
    from symbolic_mla.language.documents import decode, load_document, parse_document

    try:
        if path != "-":
            return load_document(path)
        if sys.stdin is None:
            raise InputError("-: standard input is closed", hint="name a document")
        return parse_document(decode(sys.stdin.buffer.read()), path="-")
    except OSError as error:
        hint = "name a Markdown document, or - for standard input"
        raise InputError(f"{path}: {_reason(error)}", hint=hint) from None


def _exit(result: DocumentResult, claim: str | None) -> int:
    if claim is None or result.fatal is not None:
        return result.exit_code
    return 0 if all(c.as_expected for c in result.claims if c.id == claim) else 1


# ---- what is printed -----------------------------------------------------------------------------------


def _show(results: Sequence[DocumentResult], form: str, only: str | None) -> None:
    if form == "json":
        import json

        from symbolic_mla.derivation.json_form import document_json

        documents = [document_json(r, only) for r in results]
        click.echo(json.dumps({"documents": documents}, ensure_ascii=False, indent=2))
        return
    if form in _FOR_MACHINES:
        from symbolic_mla.formats import render

        click.echo(render(form, results, only), nl=False)
        return
    for result in results:
        for line in _lines(result, only):
            click.echo(line)


_SIGN = {"proved": ("✓", "green"), "refuted": ("✗", "red"), "undecided": ("?", "yellow"), "error": ("!", "magenta")}


def _lines(result: DocumentResult, only: str | None) -> Iterator[str]:
    from symbolic_mla.derivation.results import ClaimResult, ErrorBlockResult
    from symbolic_mla.language.diagnostics import render_diagnostic

    yield click.style(result.path, bold=True)
    for part in result.parts:
        if isinstance(part, ErrorBlockResult) and only is None:
            yield from _error_block(part, result)
        elif isinstance(part, ClaimResult) and only in (None, part.id):
            yield from _claim(part, result)
    for warning in result.warnings:
        yield f"  note: {warning}"
    if result.fatal is not None:
        yield render_diagnostic(result.fatal, path=result.path, lines=result.document.lines)


def _error_block(part: ErrorBlockResult, result: DocumentResult) -> Iterator[str]:
    from symbolic_mla.language.diagnostics import render_diagnostic

    kind = part.block.expected_error
    if part.as_expected:
        yield f"  {click.style('✓', fg='green')} the {kind} error that line {part.block.span.line} expects"
        return
    met = f"an error of kind {part.met.kind}" if part.met else "no error"
    yield f"  {click.style('✗', fg='red')} line {part.block.span.line} expects an error of kind {kind}: {met}"
    if part.met is not None:
        yield render_diagnostic(part.met, path=result.path, lines=result.document.lines)


def _claim(claim: ClaimResult, result: DocumentResult) -> Iterator[str]:
    from symbolic_mla.derivation.explain import step_lines

    sign, colour = ("✓", "green") if claim.as_expected else _SIGN[claim.verdict]
    note = "" if claim.as_expected and claim.expected == "proved" else (
        ", as the document says" if claim.as_expected else f"; {claim.expected} was expected")  # fmt: skip
    axioms = f"  (axiom: {', '.join(claim.axioms)})" if claim.axioms else ""
    yield f"  {click.style(sign, fg=colour)} {claim.id}: {claim.verdict}{note}{axioms}"
    for step in claim.steps:
        if len(claim.steps) > 1 or step.verdict != "proved":
            yield from step_lines(step, result)


def main() -> None:
    """The entry point: errors of ours are one message and their exit code, never a traceback."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SymbolicMLAError as error:
        click.echo(f"symbolic-mla: {error}", err=True)
        sys.exit(2)
    except RecursionError:
        click.echo("symbolic-mla: nested too deeply for this program", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
