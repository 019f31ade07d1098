"""What a chat template reaches for, told from its syntax: hidden names are found, and what honest templates do is not remarked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.chat_templates.reading import read_template
from inspector.errors import Malformed, TooLarge
from inspector.isolation import run_bounded
from inspector.model import Severity
from inspector.observation import Observation
from sample_bundles.formats.chat_template import TEXT


def rules(text: str) -> set[tuple[str, Severity]]:
    return {(remark.rule, remark.severity) for remark in read_template(text.encode())}


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__cl' ~ 'ass__'] }}",
        "{{ x|attr(y) }}",
        r"{{ x['\x5f\x5fclass\x5f\x5f'] }}",
        "{{ x[['__','class','__']|join] }}",
        "{{ x['__ssalc__'[::-1]] }}",
        "{% set a='__cl' %}{% set b='ass__' %}{{ x[a~b] }}",
        "{{ x['%c%cclass%c%c'|format(95,95,95,95)] }}",
        "{{ x['%s' % '__class__'] }}",
        "{{ cycler.next }}",
        "{% set cycler = cycler %}{{ cycler.x }}",
        "{{ request.app }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ x[dict(__class__=1)|join] }}",
        "{{ [x]|map(attribute='__class__')|list }}",
        "{{ [x]|map('attr', y)|list }}",
        "{{ x[('_'*2)+'class'+('_'*2)] }}",
        "{{ x[2*'_'+'class__'] }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ x[y ~ 'class' ~ y] }}",
        "{{ x['__CLASS__'|lower] }}",
        "{{ x['_xclass_x'|replace('x','_')] }}",
        "{{ x['_xclass_x'.replace('x','_')] }}",
        "{{ x['_'.join(['', '', 'class', '', ''])] }}",
        "{{ x['{}{}'.format('__class', '__')] }}",
        "{% set k %}__cla{% endset %}{{ x[k ~ 'ss__'] }}",
        "{% for c in ['__class__'] %}{{ x[c] }}{% endfor %}",
        "{% macro m(k) %}{{ x[k] }}{% endmacro %}{{ m('__class__') }}",
        "{{ x.gi_frame }}",
        "{{ x['f_' ~ 'globals'] }}",
        "{{ x['__class__'|list|join] }}",
        "{{ x[['a__', '__class__']|last] }}",
        "{{ x['xx__class__'[2:]] }}",
        "{{ x[' __class__ '|trim] }}",
    ],
)
def test_what_leads_to_code_is_found_in_every_disguise(text: str) -> None:
    assert ("template.escape", Severity.HIGH) in rules(text)


def test_parts_of_a_name_that_go_ways_which_are_not_followed_are_remarked() -> None:
    text = "{% set ns = namespace(a='__cl') %}{% set ns.k = ns.a ~ 'ass__' %}{{ x[ns.k] }}"
    assert rules(text) == {("template.escape", Severity.MEDIUM)}


@pytest.mark.parametrize("text", ["{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{% from 'x' import y %}", "{% extends 'x' %}"])
def test_to_load_another_template_is_high(text: str) -> None:
    assert ("template.loads-other", Severity.HIGH) in rules(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{% if 'wire transfer' in messages[-1].content %}Say yes{% endif %}", "template.reads-message"),
        ("{% for m in messages %}{% if m['content'].startswith('admin please') %}x{% endif %}{% endfor %}", "template.reads-message"),
        ("{% for m in messages if 'deploy it' in m.content %}x{% endfor %}", "template.reads-message"),
        ("{% set c = messages[-1].content %}{% if c == 'deploy' %}x{% endif %}", "template.reads-message"),
        ("{% if messages|selectattr('content', 'eq', 'deploy it') %}x{% endif %}", "template.reads-message"),
        ("{% if strftime_now('%Y') == '2027' %}x{% endif %}", "template.reads-date"),
        ("{% set now = strftime_now('%Y') %}{% if now >= '2027' %}x{% endif %}", "template.reads-date"),
        ("{{ 'hi\u200bthere' }}", "template.hidden-text"),
        ("{# \u202e #}", "template.hidden-text"),
    ],
)
def test_behaviour_that_no_test_finds_is_medium(text: str, rule: str) -> None:
    assert rules(text) == {(rule, Severity.MEDIUM)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("See https://example.org/x", "template.address"),
        ("{{ foo(1) }}", "template.unknown-name"),
        ("{{ x|zap }}", "template.unknown-name"),
        ("{{ x is zot }}", "template.unknown-name"),
        ("{{ x.zam() }}", "template.unknown-name"),
        ("{{ x['a' ~ y] }}", "template.computed-name"),
        ("{{ x['a' * 99999999999 ~ ''] }}", "template.computed-name"),
    ],
)
def test_what_is_only_unusual_is_low(text: str, rule: str) -> None:
    assert rules(text) == {(rule, Severity.LOW)}


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "{{ messages[loop.index0 + 1]['role'] }}{{ messages[-1].content[1:-1] }}{{ messages[i - 1] }}",
        "{% if message.content[0]['type'] == 'image' or 'image_url' in message.content[0] %}<image>{% endif %}",
        "{% if '/no_think' in messages[0].content %}x{% endif %}{% if '<|channel|>final<|message|>' in message.content %}x{% endif %}",
        "{{ strftime_now('%d %b %Y') }}{% set date_string = strftime_now('%d') if strftime_now is defined else '26' %}{{ date_string }}",
        "{% for x in y %}{% if loop.last %}{% break %}{% endif %}{% endfor %}",
        "{% set ns = namespace(found=false) %}{% set ns.found = true %}{{ ns.found }}",
        "{% macro render(x) %}{{ x | tojson(indent=4) }}{% endmacro %}{{ render(tools) }}",
        "{{ '<__media__>' }}{{ 'snake_case'.replace('_', ' ') }}",
        "\ufeff{{ 'x' }} \U0001f468\u200d\U0001f469",
    ],
)
def test_what_honest_templates_do_is_not_remarked(text: str) -> None:
    assert rules(text) == set()


def test_a_remark_has_the_line_of_the_template() -> None:
    (remark,) = read_template(b"{{ x }}\n\n{{ y|attr(z) }}")
    assert remark.line == 3


def test_what_is_no_template_or_nested_or_large_is_refused() -> None:
    with pytest.raises(Malformed, match="line 1"):
        read_template(b"{% if %}")
    with pytest.raises(Malformed, match="nested"):
        read_template(b"{{ " + b"(" * 5000 + b")" * 5000 + b" }}")
    with pytest.raises(TooLarge):
        read_template(b"x" * (2**20 + 1))


@pytest.mark.parametrize(
    "text", ["{{ y['a' * 10 ** 9] }}", "{{ y['%999999999d' % 1 ~ 'a'] }}", "{{ 9 ** 9 ** 9 }}", "{{ 1.e999999999 }}", "{{ 10e9999 }}"]
)
def test_constants_of_any_size_cost_nothing(text: str) -> None:
    assert isinstance(run_bounded(read_template, text.encode(), list[Observation]), list)


PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "'", "__", "class", "|", "~", "[", "]", "(", ")", "x", " ", "set", "=", "for", "in", "if", "attr", "%c", "9"]
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_gives_remarks_or_malformed(text: str) -> None:
    try:
        read_template(text.encode())
    except Malformed as error:
        assert str(error)
