"""Malicious streams of opcodes: each with what is hostile about it, and where it was described."""

import struct

from tests.malicious.opcodes import ACTS, OLD, SYSTEM, blob, call, encoded, named, stacked, text, whole

EMPTY_DICT = b"}"
IMPORT = call(named("importlib", "import_module"), text("os"))
STORAGE = b"(" + text("storage") + named("torch", "FloatStorage") + text("0") + text("cpu") + b"K\x04tQ"
TENSOR = call(named("torch._utils", "_rebuild_tensor_v2"), STORAGE, b"K\x00", b"K\x04\x85", b"K\x01\x85", b"\x89", b"}")
PADDING = b"".join(b"K" + bytes([number % 256]) + b"0" for number in range(3000))


def broken(data: bytes, end: bytes = b"\xff\xff") -> bytes:
    """Cut STOP off and break the stream there, behind what it has called."""
    return data[:-1] + end


def inline(elements: bytes, shape: int, module: str = "joblib.numpy_pickle") -> bytes:
    """Write an array in joblib's way, its elements between two opcodes."""
    state = text("subclass") + named("numpy", "ndarray") + text("shape") + b"K" + bytes([shape]) + b"\x85" + text("order") + text("C")
    state += text("dtype") + call(named("numpy", "dtype"), text("u1")) + text("allow_mmap") + b"\x89"
    return named(module, "NumpyArrayWrapper") + b")\x81}(" + state + b"ub" + elements


# name -> the stream: these would act when they are loaded
ACTING: dict[str, bytes] = {
    "os.system, protocol 0": OLD,
    "os.system, protocol 1": b"cos\nsystem\n(U\x04truetR.",
    "os.system, protocol 2": whole(SYSTEM, 2),
    "os.system, protocol 3": whole(SYSTEM, 3),
    "os.system, protocol 4, in a frame": b"\x80\x04\x95" + struct.pack("<Q", len(SYSTEM) + 1) + SYSTEM + b".",
    "os.system, protocol 5": whole(SYSTEM, 5),
    "a frame before any mark": b"\x95" + struct.pack("<Q", len(SYSTEM) + 1) + SYSTEM + b".",
    "a mark of protocol 1": b"\x80\x01" + OLD,
    "posix.system by STACK_GLOBAL": whole(call(stacked("posix", "system"), text("true"))),
    "names through the memo": whole(text("os") + b"\x940" + text("system") + b"\x940h\x00h\x01\x93(" + text("true") + b"tR"),
    "names through PUT and GET of protocol 0": b"Vos\np2\n0Vsystem\np3\n0Vtorch\np0\n0g2\ng3\n\x93(Vtrue\ntR.",
    "names written with escapes": b"\x80\x02S'\\x6fs'\nS'sys\\x74em'\n\x93(S'true'\ntR.",
    "names that a call computes": whole(
        call(call(named("builtins", "getattr"), text("-"), text("join")), b"]" + text("os") + b"a")
        + text("system")
        + b"\x93("
        + text("true")
        + b"tR"
    ),
    "a name of which nothing is known": whole(b"}" + text("system") + b"\x93(" + text("true") + b"tR"),
    "a memo that was never filled (fickling, KeyError)": whole(b"h\x09" + text("system") + b"\x93(" + text("true") + b"tR"),
    "INST": b"(S'true'\nios\nsystem\n.",
    "OBJ": b"\x80\x02(cos\nsystem\nS'true'\no.",
    "NEWOBJ": whole(named("os", "system") + b"(" + text("true") + b"t\x81"),
    "NEWOBJ_EX": whole(named("subprocess", "Popen") + b"(" + text("true") + b"t}\x92"),
    "the extension registry": b"\x80\x02\x82\x01(X\x04\x00\x00\x00truetR.",
    "a call that is popped (fickling GHSA)": whole(SYSTEM + b"0K\x01"),
    "a group that is popped": whole(b"(" + SYSTEM + b"1K\x01"),
    "a call in the arguments of an innocent one": whole(call(named("collections", "OrderedDict"), b"]" + SYSTEM + b"a")),
    "a call whose result is a key": whole(b"}" + SYSTEM + b"K\x01s"),
    "getattr": whole(call(call(named("builtins", "getattr"), IMPORT, text("system")), text("true"))),
    "a result of a result": whole(call(call(call(named("operator", "attrgetter"), text("system")), IMPORT), text("true"))),
    "operator.methodcaller": whole(call(call(named("operator", "methodcaller"), text("system"), text("true")), IMPORT)),
    "functools.partial": whole(call(call(named("functools", "partial"), named("os", "system"), text("true")))),
    "pkgutil.resolve_name (CVE-2025-10157 and after)": whole(call(call(named("pkgutil", "resolve_name"), text("os:system")), text("true"))),
    "pydoc.locate (CVE-2026-22608)": whole(call(call(named("pydoc", "locate"), text("os.system")), text("true"))),
    "asyncio.unix_events (CVE-2025-10157)": whole(call(named("asyncio.unix_events", "_UnixSubprocessTransport._start"), b"}")),
    "pip.main (CVE-2025-1716)": whole(call(named("pip", "main"), b"]" + text("--version") + b"a")),
    "profile.run": whole(call(named("profile", "run"), text("pass"))),
    "cProfile.runctx": whole(call(named("cProfile", "runctx"), text("pass"), b"}}")),
    "logging.FileHandler (CVE-2026-56304)": whole(call(named("logging", "FileHandler"), text("nothing.log"))),
    "uuid._get_command_stdout (CVE-2026-56315)": whole(call(named("uuid", "_get_command_stdout"), text("true"))),
    "imaplib.IMAP4_stream (CVE-2026-56315)": whole(call(named("imaplib", "IMAP4_stream"), text("true"))),
    "_pyrepl.pager (CVE-2026-56315)": whole(call(named("_pyrepl.pager", "pipe_pager"), text(""), text("true"))),
    "_osx_support (CVE-2026-56315)": whole(call(named("_osx_support", "_read_output"), text("true"))),
    "cloudpickle's functions": whole(call(named("cloudpickle.cloudpickle", "_make_function"), b"}}")),
    "dill's functions": whole(call(named("dill._dill", "_create_function"), call(named("dill._dill", "_create_code"), blob(b"")))),
    "types.FunctionType of marshalled code": whole(call(named("types", "FunctionType"), call(named("marshal", "loads"), blob(b"N")), b"}")),
    "runpy.run_path": whole(call(named("runpy", "run_path"), text("setup.py"))),
    "builtins.exec": whole(call(named("builtins", "exec"), text("pass"))),
    "__builtin__.eval of Python 2": b"c__builtin__\neval\n(S'None'\ntR.",
    "builtins.open": whole(call(named("builtins", "open"), text("nothing"))),
    "io.open_code": whole(call(named("io", "open_code"), text("nothing"))),
    "ctypes": whole(call(named("ctypes", "CDLL"), text("nothing"))),
    "socket": whole(call(named("socket", "create_connection"), text("nothing"))),
    "webbrowser.open": whole(call(named("webbrowser", "open"), text("about:blank"))),
    "torch.load": whole(call(named("torch", "load"), text("other.pt"))),
    "torch.hub (a fetch)": whole(call(named("torch.hub", "load"), text("a/b"), text("c"))),
    "torch.distributed.rpc (CVE-2024-5480)": whole(call(named("torch.distributed.rpc.internal", "_run_function"), b"}")),
    "torch.fx guards (GHSA-f4x7)": whole(
        call(named("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"), b"}", text("1"))
    ),
    "numpy.f2py (GHSA)": whole(call(named("numpy.f2py.crackfortran", "getlincoef"), text("1"), b"}")),
    "numpy.testing runstring": whole(call(named("numpy.testing._private.utils", "runstring"), text("pass"), b"}")),
    "idlelib (GHSA)": whole(call(named("idlelib.run", "Executive.runcode"), b"}")),
    "lib2to3 (GHSA)": whole(call(named("lib2to3.pgen2.grammar", "Grammar.loads"), b"}", blob(b""))),
    "a module reached through another": whole(call(stacked("logging", "os.system"), text("true"))),
    "a module reached through an innocent package": whole(call(stacked("numpy.lib._datasource", "shutil.os.system"), text("true"))),
    "what a function is made of": whole(call(stacked("collections", "OrderedDict.fromkeys.__globals__"), text("a"))),
    "the state of a module": whole(named("os", "environ") + b"}" + text("PATH") + text("") + b"sb"),
    "a method of an imported class is replaced": whole(
        named("collections", "OrderedDict") + b"}" + text("__reduce__") + named("os", "system") + b"sb"
    ),
    "__setstate__ in a state, called with the next one": whole(
        call(named("argparse", "Namespace")) + b"}" + text("__setstate__") + named("os", "system") + b"sb" + text("true") + b"b"
    ),
    "items for a tensor (CVE-2026-24747)": whole(TENSOR + text("a") + text("b") + b"s", 2),
    "items for a function": whole(named("torch._utils", "_rebuild_tensor_v2") + text("a") + text("b") + b"s"),
    "a break behind the payload (nullifAI)": broken(ACTS),
    "an end behind the payload": broken(ACTS, b""),
    "an exception on purpose behind the payload (Hide and Seek, EOP)": broken(ACTS, b"R."),
    "a second pickle (GHSA-9gvj)": whole(b"}") + ACTS,
    "a second pickle, with junk between": whole(b"}") + b"junk \x00\x01\x02" * 9 + ACTS,
    "a second pickle of protocol 0, with junk between": whole(b"}") + b"junk \n" * 9 + OLD,
    "sixty-five pickles": whole(b"}") * 65 + ACTS,
    "a payload far behind": b"\x80\x04" + PADDING + SYSTEM + b".",
    "a pickle in bytes": whole(blob(ACTS)),
    "a pickle in the bytes of a pickle in bytes": whole(blob(whole(blob(ACTS)))),
    "a pickle in base64": whole(text(encoded(ACTS))),
    "a pickle of protocol 0 in base64": whole(text(encoded(OLD))),
    "a pickle in hexadecimal digits": whole(text(ACTS.hex())),
    "a pickle in a text of Latin-1": whole(text(ACTS.decode("latin-1"))),
    "a long pickle in bytes": whole(blob(b"\x80\x04" + PADDING + SYSTEM + b".")),
    "pickle.loads of bytes": whole(call(named("_pickle", "loads"), blob(ACTS))),
    "torch.storage._load_from_bytes of a pickle": whole(call(named("torch.storage", "_load_from_bytes"), blob(ACTS))),
    "opcodes in the elements of joblib's array": whole(inline(SYSTEM + b".", len(SYSTEM) + 1)),
    "an array of objects in joblib's way": whole(inline(b"", 1).replace(b"\x8c\x02u1", b"\x8c\x02|O") + ACTS),
    "the names of joblib's class as a mere pair": whole(text("joblib.numpy_pickle") + text("NumpyArrayWrapper") + b"\x860" + SYSTEM),
    "weakref.finalize": whole(call(named("weakref", "finalize"), named("os", "system"), named("os", "system"), text("true"))),
    "defaultdict whose factory acts": whole(call(named("collections", "defaultdict"), named("os", "getcwd"))),
    "a persistent id that is called": whole(text("x") + b"Q(" + text("true") + b"tR"),
    "opcodes before the mark": b"N0" + ACTS,
    "marks of protocols in between": b"\x80\x02" + named("os", "system") + b"\x80\x04(" + text("true") + b"\x80\x05tR.",
    "a place of the memo that is written twice": whole(
        text("collections") + b"q\x000" + text("os") + b"q\x000" + text("system") + b"q\x010h\x00h\x01\x93(" + text("true") + b"tR"
    ),
    "names in the escapes of UNICODE": b"V\\u006fs\nVsys\\u0074em\n\x93(S'true'\ntR.",
    "a mark that is popped": whole(b"(0" + SYSTEM),
    "a name of Python 2 that stands for what acts": b"cCGIHTTPServer\nexecutable\n(S'nothing'\ntR.",
    "itertools.imap of Python 2, which is map": b"citertools\nimap\n(cos\ngetcwd\n](S''\natR.",
    "torch.save": whole(call(named("torch", "save"), b"}", text("nothing.pt"))),
    "torch.utils.benchmark": whole(call(named("torch.utils.benchmark.utils.timer", "Timer"), text("pass"))),
    "torch.serialization by another of its names": whole(call(named("torch.serialization", "_legacy_load"), blob(ACTS))),
    "a method of a path (unlink)": whole(call(stacked("pathlib", "Path.unlink"), call(named("pathlib", "Path"), text("nothing")))),
    "a method of an array (tofile)": whole(
        call(stacked("numpy", "ndarray.tofile"), call(named("numpy", "ndarray"), b"K\x01\x85"), text("nothing"))
    ),
    "a method of a storage (from_file)": whole(call(stacked("torch", "UntypedStorage.from_file"), text("nothing"), b"\x88", b"K\x01")),
    "a method of a table that evaluates text": whole(call(stacked("pandas.core.frame", "DataFrame.eval"), b"}", text("1"))),
    "dataclasses, which evaluate the names of fields": whole(
        call(named("dataclasses", "make_dataclass"), text("A"), b"]" + text("x") + b"a")
    ),
    "an attribute by a format (string.Formatter)": whole(call(stacked("string", "Formatter.get_field"), b"}", text("0.a"), b")", b"}")),
    "typing.ForwardRef": whole(call(stacked("typing", "ForwardRef._evaluate"), call(named("typing", "ForwardRef"), text("1")), b"}", b"}")),
    "ssl, a fetch by another name (CVE-2025-46417)": whole(call(named("ssl", "get_server_certificate"), text("localhost"))),
    "linecache, a file by another name (CVE-2025-46417)": whole(call(named("linecache", "getline"), text("nothing"), b"K\x01")),
    "yaml": whole(call(named("yaml", "unsafe_load"), text("a: 1"))),
    "jsonpickle": whole(call(named("jsonpickle", "decode"), text("{}"))),
    "numexpr": whole(call(named("numexpr.necompiler", "evaluate"), text("1"))),
    "pkg_resources": whole(call(stacked("pkg_resources", "Distribution.run_script"), b"}", text("a"))),
    "huggingface_hub (a fetch)": whole(call(named("huggingface_hub", "hf_hub_download"), text("a/b"), text("c"))),
    "the interpreters of Python 3.14": whole(call(named("_interpreters", "exec"), b"K\x00", text("pass"))),
    "_imp, which loads libraries": whole(call(named("_imp", "create_dynamic"), b"}")),
}

# name -> the stream: these need code that nobody here knows
UNKNOWN: dict[str, bytes] = {
    "a class of the bundle's own": whole(named("models.yolo", "Model") + b")\x81"),
    "what a harmless call returns is called": whole(call(call(named("collections", "OrderedDict")))),
    "a hook in an object's state": whole(call(named("argparse", "Namespace")) + b"}" + text("__class__") + text("x") + b"sb"),
    "pickles deeper than they are followed": whole(blob(whole(blob(whole(blob(whole(blob(ACTS)))))))),
    "torch.storage._load_from_bytes": whole(call(named("torch.storage", "_load_from_bytes"), blob(whole(b"}")))),
}

# name -> the stream: these are what writers of weights and data write, or texts that are no pickles
HONEST: dict[str, bytes] = {
    "a tensor": whole(TENSOR, 2),
    "an ordered mapping with items": whole(call(named("collections", "OrderedDict")) + b"(" + text("a") + TENSOR + b"u", 2),
    "a namespace with a state": whole(call(named("argparse", "Namespace")) + b"}" + text("lr") + b"K\x01sb"),
    "bytes that begin like a pickle": whole(blob(b"\x80\x04 but are none")),
    "a pickle of plain values in bytes": whole(blob(whole(b"}"))),
    "a word in base64": whole(text("gASSAFRASSASGARGASASASAS")),
    "joblib's array of numbers": whole(inline(bytes(range(64)), 64)),
    "an array of the joblib that scikit-learn brought": whole(inline(bytes(range(64)), 64, "sklearn.externals.joblib.numpy_pickle")),
    "a namespace of Python's types": whole(call(named("types", "SimpleNamespace")) + b"}" + text("lr") + b"K\x01sb"),
    "the arguments of a trainer": whole(named("trl.trainer.sft_config", "SFTConfig") + b")\x81}" + text("lr") + b"K\x01sb"),
    "settings in a checkpoint": whole(named("omegaconf.dictconfig", "DictConfig") + b")\x81}" + text("_content") + b"}sb"),
    "hyper-parameters that are a dict with attributes": whole(
        call(named("pytorch_lightning.utilities.parsing", "AttributeDict")) + b"}" + text("a") + b"K\x01s0" + text("lr") + b"K\x01s"
    ),
    "a path": whole(call(named("pathlib", "PosixPath"), text("data"), text("train.csv"))),
    "an empty array of objects, as old versions of NumPy wrote it": whole(
        call(named("numpy.core._internal", "_reconstruct"), named("numpy", "ndarray"), b"K\x00\x85", text("b"))
    ),
    "a list that is added to": whole(b"](K\x01K\x02eK\x03a"),
    "two pickles of plain values": whole(b"}") + whole(b"]"),
    "a tuple that holds itself twice, forty times": whole(b")" + b"2\x86" * 40),
}
