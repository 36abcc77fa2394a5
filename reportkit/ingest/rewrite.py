"""The YAML of a source, changed in single places: comments, order and layout stay as a person wrote them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from reportkit.ingest.form import aliases, normal

__all__ = ["scalar", "with_aliases", "with_exclusions"]

_PLAIN_AS = ("[{}]", "{{from: {}}}", "- {}")


def with_aliases(text: str, now: Mapping[tuple[str, ...], str]) -> str:
    """Return the YAML `text` of a source in which every column called one of the names has a new one too."""
    for node in _backwards(_specs(yaml.compose(text))):
        own = aliases(node.value)
        for names, new in now.items():
            if set(own).intersection(names) and normal(new) not in own:
                start, end = node.start_mark.index, node.end_mark.index
                anchor = re.match(r"&\S+\s+|", text[start:end])
                lead = anchor[0] if anchor else ""
                text = text[:start] + lead + scalar(f"{node.value} | {new}", node.style) + text[end:]
    return text


def with_exclusions(text: str, now: Mapping[tuple[str, ...], str]) -> str:
    """Return the YAML `text` of a source that shuns the new name wherever it shuns one of the old."""
    listed = _keys(_keys(yaml.compose(text))["recognise"])["without"]
    for node in _backwards(iter(listed.value)):
        for names, new in now.items():
            if normal(node.value) in names:
                dash = "\n" + " " * listed.start_mark.column + "- "
                joint = ", " if listed.flow_style else dash
                end = node.end_mark.index
                text = text[:end] + joint + scalar(new) + text[end:]
    return text


def _backwards(nodes: Iterator[Any]) -> list[Any]:
    """Return each node once, from the end, so that a change moves nothing that is still to be changed."""
    once = {node.start_mark.index: node for node in nodes}
    return [once[place] for place in sorted(once, reverse=True)]


def _specs(root: Any) -> Iterator[Any]:
    """Yield the scalar nodes of a source that name columns of the file."""
    source = _keys(root)
    yield from _keys(source["recognise"])["headers"].value
    yield from source["uses"].value if "uses" in source else []
    forms = [source["currency"]] if "currency" in source else []
    for table in _keys(source["tables"]).values():
        forms += _keys(_keys(table)["columns"]).values()
    for form in forms:
        yield from _form(form)


def _keys(node: Any) -> dict[str, Any]:
    return {key.value: value for key, value in node.value}


def _form(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.MappingNode):
        if "from" in _keys(node):
            yield from _form(_keys(node)["from"])
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value
    else:
        yield node


def scalar(text: str, style: str | None = None) -> str:
    """Return `text` as YAML: as it is where that can be read back anywhere, else in quotes."""
    plain = not style and all(_reads_back(frame, text) for frame in _PLAIN_AS)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _reads_back(frame: str, text: str) -> bool:
    try:
        read = yaml.safe_load(frame.format(text))
    except yaml.YAMLError:
        return False
    return read in ([text], {"from": text})
