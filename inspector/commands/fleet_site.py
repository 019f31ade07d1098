"""What the commands of a fleet do with `--html`: pages for a browser."""

from pathlib import Path

from inspector.console import pace, reported, say


def claim_site(site: Path | None) -> None:
    """Hold that pages may be written where they are asked for. Raises UsageError where something else stands there."""
    from inspector.fleet.site import claim

    if site is not None:
        claim(site)


def write_site_of(run: str, results: Path, site: Path | None, jobs: int | None) -> None:
    """Write the site of a run that ended here, where one is asked for; of a run whose other shards are not done, say so."""
    from inspector.fleet.journal import Journal

    if site is None:
        return
    if not Journal(results, run).is_whole():
        say(f"inspector: no pages yet: other shards of the run {run} are not done; then: inspector query {results} --html {site}")
        return
    with reported():
        write_site(results, site, run, jobs)


def write_site(results: Path, site: Path, run: str | None, jobs: int | None) -> None:
    """Write the site of a run (default: the last complete one), and say how many pages were made."""
    from inspector.fleet import site as pages

    with pace() as watch:
        told = pages.write_site(results, site, run=run, jobs=jobs, watch=watch)
    say(f"{site / 'index.html'}: run {told.run}, {told.bundles:,} bundles; pages of {told.made:,} made, of {told.kept:,} there already")
    if told.failed:
        say(f"inspector: of {told.failed:,} bundles no page could be made; their rows lead nowhere")
    if told.left_out:
        say(f"inspector: not complete, and left out: {', '.join(told.left_out)}")
