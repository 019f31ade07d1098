"""Jinja's parser with the tags that loaders of chat templates add to it. Parsing runs nothing; nothing here compiles or renders."""

from jinja2 import Environment, nodes
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser


class GenerationTag(Extension):
    """`{% generation %}`, by which transformers marks what the assistant says: for us its body and no more."""

    tags = {"generation"}  # noqa: RUF012  the parser asks for a plain attribute

    def parse(self, parser: Parser) -> nodes.Node:
        """Read up to the end of the tag."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


def parse(text: str) -> nodes.Template:
    """Give the syntax tree of a template; raises as Jinja's parser does."""
    return Environment(autoescape=True, extensions=[LoopControlExtension, GenerationTag]).parse(text)
