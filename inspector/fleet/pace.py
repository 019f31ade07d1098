"""How a run goes: the line that says how much is done, how fast, and how long the rest takes. Pure."""

MINUTE, HOUR, DAY = 60, 3600, 86_400


def tell_pace(done: int, total: int, failed: int, seconds: float) -> str:
    """Say how a run goes, so many seconds after it began."""
    text = f"{done:,} of {total:,} bundles"
    if failed:
        text += f", {failed:,} failed"
    if done and seconds > 0 and done < total:
        rate = done / seconds
        text += f", {tell_rate(rate)}, {tell_time((total - done) / rate)} left"
    return text


def tell_rate(rate: float) -> str:
    """Write bundles per second, or per minute or hour where these are few."""
    for unit, seconds in (("s", 1), ("min", MINUTE)):
        if rate * seconds >= 1:
            return f"{rate * seconds:,.1f}/{unit}"
    return f"{rate * HOUR:,.1f}/h"


def tell_time(seconds: float) -> str:
    """Write a time in its two largest units."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min {seconds % MINUTE:.0f} s"
    if seconds < DAY:
        return f"{seconds // HOUR:.0f} h {seconds % HOUR // MINUTE:.0f} min"
    return f"{seconds // DAY:,.0f} d {seconds % DAY // HOUR:.0f} h"
