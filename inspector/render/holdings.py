"""What roots hold, in words: amounts of bytes and parameters, weights by format, how they are quantized."""

from inspector.model import Claim, Component, Inventory, Quantization, Weights, printable

MOST = 8


def tell_quantization(inventory: Inventory) -> str:
    """Name how weights are quantized, and how many parameters packed numbers stand for, each once."""
    found = (item for item in inventory.evidence if item.component is Component.PARAMETERS and item.claim is Claim.DESCRIBED)
    told = dict.fromkeys(
        item.value.removeprefix("quantization ")
        for item in found
        if (isinstance(item.details, Quantization) and item.details.bits) or item.detector == "quantization"
    )
    more = f"; and {len(told) - MOST} more" if len(told) > MOST else ""
    return printable("; ".join(list(told)[:MOST]) + more)


def count_weights(inventory: Inventory, component: Component) -> str:
    """Sum up what the weights of a component hold, by format."""
    by_format: dict[str, tuple[int, int]] = {}
    packed: set[str] = set()
    for item in inventory.evidence:
        if item.component is component and isinstance(item.details, Weights):
            count, parameters = by_format.get(item.details.format, (0, 0))
            by_format[item.details.format] = (count + 1, parameters + (item.details.parameters or 0))
            packed |= {item.details.format} if item.details.packed else set()
    told = []
    for form, (count, parameters) in sorted(by_format.items()):
        amount = spell_parameters(parameters, "element" if form in packed else "parameter")
        told.append(f"{amount} in {plural(count, 'file')} of {printable(form)}")
    return "; ".join(told)


def plural(count: int, noun: str) -> str:
    """Count a noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def spell_bytes(count: int) -> str:
    """Write a number of bytes in units of 1000."""
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"


def spell_parameters(count: int, noun: str) -> str:
    """Write a number of parameters, large ones in short."""
    for limit, unit in ((10**12, "T"), (10**9, "B"), (10**6, "M")):
        if count >= limit:
            return f"{count / limit:.2f} {unit} {noun}s"
    return plural(count, noun)
