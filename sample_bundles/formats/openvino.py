"""A small model in OpenVINO's IR: layers in XML, and the file of numbers beside."""

from collections.abc import Sequence

HEAD = '<?xml version="1.0"?>\n'
RUNTIME = '<Runtime_version value="2026.4.1-22982" />'
INPUT = '<conversion_parameters><input_model value="DIR/model.onnx" /></conversion_parameters>'


def constant(name: str, shape: str, begin: int, size: int, kind: str = "f32") -> str:
    """Write a layer that is a constant."""
    data = f'<data element_type="{kind}" shape="{shape}" offset="{begin}" size="{size}" />'
    return f'<layer id="1" name="{name}" type="Const" version="opset1">{data}<output><port id="0"><dim>4</dim></port></output></layer>'


def layer(kind: str, version: str = "opset1", inside: str = "") -> str:
    """Write a layer."""
    return f'<layer id="2" name="l" type="{kind}" version="{version}">{inside}</layer>'


def net(layers: Sequence[str], info: str = RUNTIME + INPUT, version: str = "11") -> bytes:
    """Write a model."""
    body = "".join(layers)
    return f'{HEAD}<net name="m" version="{version}"><layers>{body}</layers><edges/><rt_info>{info}</rt_info></net>\n'.encode()


CONSTANTS = (
    constant("w", "4, 2", 0, 32),
    constant("b", "2", 32, 4, "f16"),
    constant("same w", "4, 2", 0, 32),
    constant("n", "", 36, 8, "i64"),
)
MODEL = net([layer("Parameter"), *CONSTANTS, layer("MatMul")])
FILES: dict[str, str | bytes] = {"openvino_model.xml": MODEL, "openvino_model.bin": bytes(44)}
