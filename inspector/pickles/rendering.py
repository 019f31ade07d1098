"""What a pickle would call, written as code for people to read: bounded in length and depth, whatever the pickle nests."""

from inspector.pickles.symbols import Array, Call, Dtype, Global, Items, Opaque, Storage, Symbol, Tensor

LONGEST = 200  # characters of a whole call
LONGEST_TEXT = 80
DEEPEST = 6
MOST_SHOWN = 8
UNKNOWN = "..."
BRACKETS = {"list": "[]", "dict": "{}", "set": "{}", "frozenset": "{}"}


class _Budget:
    """How many characters are left to write; a tuple that holds itself twice, again and again, has no end without it."""

    def __init__(self, left: int) -> None:
        self.left = left


def render_symbol(symbol: Symbol, longest: int = LONGEST) -> str:
    """Write a symbol as code, at most so many characters."""
    text = _render(symbol, DEEPEST, _Budget(longest))
    return text if len(text) <= longest else text[: longest - 3] + UNKNOWN


def render_call(callee: Symbol, arguments: Symbol) -> str:
    """Write a call as code: `os.system('id')`."""
    return render_symbol(Call(callee, arguments))


def _render(symbol: Symbol, depth: int, budget: _Budget) -> str:
    if budget.left <= 0 or depth <= 0:
        return UNKNOWN
    match symbol:
        case Global():
            text = symbol.full[:LONGEST]
        case str() | bytes():
            text = repr(symbol) if len(symbol) <= LONGEST_TEXT else f"{symbol[:LONGEST_TEXT]!r}{UNKNOWN}"
        case int():
            text = str(symbol)
        case Tensor() | Storage() | Array() | Dtype():
            text = f"<{type(symbol).__name__.lower()}>"
        case Call():
            return _render_call(symbol, depth, budget)
        case Items():
            return _render_items(symbol, depth, budget)
        case Opaque():
            text = UNKNOWN
        case _:
            return _render_group(symbol, "()", depth, budget)
    budget.left -= len(text)
    return text


def _render_call(call: Call, depth: int, budget: _Budget) -> str:
    called = _render(call.callee, depth - 1, budget)
    if isinstance(call.arguments, tuple) and not isinstance(call.arguments, Global | Storage):
        return called + _render_group(call.arguments, "()", depth - 1, budget)
    return f"{called}(*{_render(call.arguments, depth - 1, budget)})"


def _render_items(items: Items, depth: int, budget: _Budget) -> str:
    if items.kind != "dict":
        return _render_group(tuple(items.few), BRACKETS[items.kind], depth, budget, items.more)
    pairs = zip(items.few[: 2 * MOST_SHOWN : 2], items.few[1 : 2 * MOST_SHOWN : 2], strict=False)
    inside = ", ".join(f"{_render(key, depth - 1, budget)}: {_render(value, depth - 1, budget)}" for key, value in pairs)
    return f"{{{inside}}}"


def _render_group(group: tuple[Symbol, ...], brackets: str, depth: int, budget: _Budget, more: int = 0) -> str:
    budget.left -= 2
    parts: list[str] = []
    for item in group[:MOST_SHOWN]:
        if budget.left <= 0:
            break
        parts.append(_render(item, depth - 1, budget))
    if len(parts) < len(group) or more:
        parts.append(UNKNOWN)
    return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"
