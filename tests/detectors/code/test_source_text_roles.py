"""What source in other languages is for: snippets that do a thing, and near neighbours that do not."""

from pathlib import Path

import pytest

from detectors.code.source_text import source_text
from inspector.detector import Format, Found
from inspector.errors import Malformed
from inspector.model import Component, Constructs, Span
from tests import make

Role = tuple[Component, str]
TRAINING = (Component.TRAINING, "training")
TUNING = (Component.TRAINING, "fine-tuning")
PROCESSING = (Component.PREPROCESSING, "processing")
COLLECTION = (Component.PREPROCESSING, "collection")
INFERENCE = (Component.INFERENCE, "inference")
EVALUATION = (Component.EVALUATION, "evaluation")
MODEL = (Component.ARCHITECTURE, "modeling")
CONVERSION = (Component.SUPPORTING, "conversion")
TOKENIZER = (Component.SUPPORTING, "tokenizer-training")

C_LOOP = """#include <stdio.h>
typedef struct { float *w; float *g; } Model;
void net_backward(Model *m) { m->g[0] = 1; }
void net_update(Model *m, float lr) { m->w[0] -= lr * m->g[0]; }
int main(void) {
    Model m;
    for (int step = 0; step < 10; step++) {
        next_batch(&m);
        net_backward(&m);
        net_update(&m, 0.1f);
    }
    return 0;
}
"""
C_OPTIMIZER = "void adamw_update(float *w, float *g) { w[0] -= g[0]; }\nint main(void) { adamw_update(a, b); return 0; }\n"
C_MODEL = """typedef struct { int dim; } Config;
float *forward(Config *c, int token) { rmsnorm(x, w); matmul(q, x); softmax(a, n); return x; }
int sample_argmax(float *p, int n) { return 0; }
void generate(Config *c, int steps) { float *l = forward(c, 1); sample_argmax(l, 3); }
"""
LLAMA = "int main() { llama_decode(ctx, batch); auto t = llama_sampler_sample(s, ctx, -1); }\n"
RUST_CANDLE = """use candle_nn::{AdamW, Optimizer, VarBuilder};
struct Net { a: Linear }
impl Net {
    fn new(vb: VarBuilder) -> Result<Self> { Ok(Self { a: linear(1, 2, vb.pp("a"))? }) }
    fn forward(&self, x: &Tensor) -> Result<Tensor> { self.a.forward(x) }
}
"""
RUST_STEP = "fn train() -> Result<()> { let mut opt = AdamW::new(v, p)?; for b in batches { opt.backward_step(&loss)?; } Ok(()) }\n"
BURN = """use burn::prelude::*;
#[derive(Module, Debug)]
pub struct NAME { a: Linear }
impl NAME { pub fn forward(&self, x: Tensor<2>) -> Tensor<2> { self.a.forward(x) } }
"""
JS = "import * as tf from '@tensorflow/tfjs';\n"
SWIFT = "import MLX\nimport MLXNN\nimport MLXOptimizers\n"
GO = 'package main\nimport (\n\t"github.com/nlpodyssey/spago/ag"\n\t"github.com/nlpodyssey/spago/nn"\n)\n'


def roles(path: str, text: str) -> set[Role]:
    return {(said.component, said.value) for said in make.look(source_text, path, text) if isinstance(said, Found)}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("train.c", C_LOOP, {TRAINING}),
        ("run.c", C_MODEL, {INFERENCE, MODEL}),
        ("main.cpp", LLAMA, {INFERENCE}),
        ("main.cpp", "#include <torch/torch.h>\nvoid t() { optimizer.zero_grad(); loss.backward(); optimizer.step(); }\n", {TRAINING}),
        ("net.h", "struct Net : torch::nn::Module { torch::Tensor forward(torch::Tensor x) { return l->forward(x); } };\n", {MODEL}),
        ("ort.cc", "#include <onnxruntime_cxx_api.h>\nvoid f() { Ort::Session s(env, p); s.Run(o, n, v, 1, m, 1); }\n", {INFERENCE}),
        ("lite.cc", "void f() { interpreter->AllocateTensors(); interpreter->Invoke(); }\n", {INFERENCE}),
        ("ppl.cpp", "static void perplexity(C *c) { llama_decode(c, b); float *l = llama_get_logits(c); }\n", {EVALUATION}),
        (
            "graph.cpp",
            "void b() { x = ggml_rms_norm(c, x); q = ggml_mul_mat(c, w, x); k = ggml_soft_max_ext(c, q); ggml_build_forward_expand(g, k); }\n",
            {MODEL},
        ),
        ("quantize.cpp", "int main() { llama_model_quantize(a, b, &p); }\n", {CONVERSION}),
        ("src/train.rs", RUST_CANDLE + RUST_STEP, {TRAINING, MODEL}),
        (
            "src/main.rs",
            "use candle_transformers::generation::LogitsProcessor;\nfn main() { let mut l = LogitsProcessor::new(1); l.sample(&m.forward(&x)?)?; }\n",
            {INFERENCE},
        ),
        (
            "src/main.rs",
            "use candle_nn::VarBuilder;\nfn main() { let vb = VarBuilder::from_mmaped_safetensors(&f, d, &v)?; let y = model.forward(&x)?; }\n",
            {INFERENCE},
        ),
        ("src/model.rs", BURN.replace("NAME", "Net"), {MODEL}),
        (
            "src/learn.rs",
            "use burn::train::LearnerBuilder;\nfn run() { let l = LearnerBuilder::new(d).build(m, o, 1e-3); l.fit(a, b); }\n",
            {TRAINING},
        ),
        (
            "src/loop.rs",
            "use burn::optim::GradientsParams;\nfn f() { let g = GradientsParams::from_grads(loss.backward(), &m); m = optim.step(lr, m, g); }\n",
            {TRAINING},
        ),
        (
            "src/lora.rs",
            "use burn::train::SupervisedTraining;\nfn run() { let m = m.apply_lora(c); let t = SupervisedTraining::new(d, a, b); t.launch(l); }\n",
            {TUNING},
        ),
        (
            "src/infer.rs",
            "use burn::prelude::*;\nfn infer() { let m = Net::new(&d).load_record(r); let y = m.forward(x); }\n",
            {INFERENCE},
        ),
        (
            "src/tch.rs",
            "use tch::nn;\nfn main() { let mut opt = nn::Adam::default().build(&vs, 1e-3)?; opt.backward_step(&loss); }\n",
            {TRAINING},
        ),
        (
            "src/convert.rs",
            "use burn_store::PytorchStore;\nfn main() { let mut s = PytorchStore::from_file(p); m.load_from(&mut s); m.save_into(&mut o); }\n",
            {CONVERSION},
        ),
        (
            "src/tok.rs",
            "use tokenizers::models::bpe::BpeTrainerBuilder;\nfn main() { let t = BpeTrainerBuilder::new().build(); k.train_from_files(&t); }\n",
            {TOKENIZER},
        ),
        (
            "src/shards.rs",
            'use tokenizers::Tokenizer;\nfn main() { let e = t.encode(line)?; w.write_u16::<LittleEndian>(e.ids()[0])?; open("train.bin"); }\n',
            {PROCESSING},
        ),
        (
            "src/dedup.rs",
            'use serde_json::Value;\nstruct BloomFilter { b: u8 }\nfn main() { let f = BloomFilter::new(3); read("a.jsonl.gz"); }\n',
            {PROCESSING},
        ),
        (
            "main.go",
            GO + "func main() {\n\tif err := ag.Backward(loss); err != nil {\n\t\tpanic(err)\n\t}\n\toptimizer.Optimize()\n}\n",
            {TRAINING},
        ),
        (
            "model.go",
            GO + "type Model struct {\n\tnn.Module\n\tW *nn.Param\n}\nfunc (m *Model) Forward(x T) T { return ag.Mul(m.W, x) }\n",
            {MODEL},
        ),
        (
            "g.go",
            'package m\nimport G "gorgonia.org/gorgonia"\nfunc f() { G.Grad(cost, ws...); solver.Step(G.NodesToValueGrads(ws)) }\n',
            {TRAINING},
        ),
        (
            "train.jl",
            "using Flux\nm = Chain(Dense(2 => 3), Dense(3 => 1))\nfor e in 1:3\n  Flux.train!(loss, m, data, opt)\nend\n",
            {TRAINING, MODEL},
        ),
        ("loop.jl", "using Flux\ng = gradient(l, m)\nFlux.update!(opt, m, g[1])\n", {TRAINING}),
        ("tune.jl", "using Flux, Metalhead\nm = ResNet(18; pretrain = true)\ng = gradient(l, m)\nFlux.update!(opt, m, g[1])\n", {TUNING}),
        (
            "scrape.jl",
            'using HTTP, Gumbo\nopen("c.txt", "w") do io\n  write(io, string(parsehtml(String(HTTP.get(u).body)).root))\nend\n',
            {COLLECTION},
        ),
        ("train.js", JS + "async function run() { await model.fit(xs, ys, {epochs: 3}); }\n", {TRAINING}),
        ("loop.ts", JS + "const opt = tf.train.sgd(0.1);\nopt.minimize(() => loss(model.apply(x)));\n", {TRAINING}),
        ("model.js", JS + "export function make() { const m = tf.sequential(); m.add(tf.layers.dense({units: 3})); return m; }\n", {MODEL}),
        ("index.js", JS + "async function go() { const m = await tf.loadLayersModel(url); return m.predict(x); }\n", {INFERENCE}),
        (
            "tune.js",
            JS + "async function go() { const m = await tf.loadLayersModel(u); const l = m.getLayer('a'); await top.fit(xs, ys); }\n",
            {TUNING},
        ),
        (
            "chat.mjs",
            "import { pipeline } from '@huggingface/transformers';\nconst ask = await pipeline('text-generation', name);\n",
            {INFERENCE},
        ),
        (
            "App.tsx",
            "import * as mobilenet from '@tensorflow-models/mobilenet';\nconst A = () => <View>{model.classify(x)}</View>;\n",
            {INFERENCE},
        ),
        ("evaluate/eval.js", JS + "const m = await tf.loadLayersModel(u);\nconst r = m.evaluate(xs, ys);\n", {EVALUATION}),
        (
            "Train.swift",
            SWIFT
            + "func run() { let lg = valueAndGrad(model: m, loss); let (l, g) = lg(m, x, y); optimizer.update(model: m, gradients: g) }\n",
            {TRAINING},
        ),
        ("Net.swift", SWIFT + "class Net: Module { func callAsFunction(_ x: MLXArray) -> MLXArray { l(x) } }\n", {MODEL}),
        ("Lora.swift", SWIFT + "func run() throws { try LoRATrain.train(model: m, train: t, validate: v) { _ in .more } }\n", {TUNING}),
        ("Core.swift", "import CoreML\nfunc run(m: MLModel) throws { let r = try m.prediction(from: x) }\n", {INFERENCE}),
        (
            "Chat.swift",
            "import MLXLMCommon\nfunc chat() async { let s = ChatSession(model); for try await p in s.streamResponse(to: q) { print(p) } }\n",
            {INFERENCE},
        ),
        ("Make.swift", "import CreateML\nlet c = try MLImageClassifier(trainingData: d)\n", {TRAINING}),
    ],
)
def test_a_file_that_does_the_thing_has_the_role(path: str, text: str, expected: set[Role]) -> None:
    assert roles(path, text) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("adamw.c", C_OPTIMIZER),
        ("train.h", "void net_backward(Model *m);\nvoid net_update(Model *m, float lr);\nint main(void);\nint next_batch(Model *m);\n"),
        ("matmul.cu", "__global__ void matmul_forward(float *o) { o[0] = 1; }\nint main() { matmul_forward<<<1, 2>>>(o); softmax(o); }\n"),
        ("llama.h", "int llama_decode(struct llama_context *c, struct llama_batch b);\n"),
        ("bind.cpp", 'PYBIND11_MODULE(x, m) { m.def("fwd", &forward); m.def("bwd", &backward); }\n'),
        (
            "src/optim.rs",
            "use candle::Tensor;\npub trait Optimizer { fn backward_step(&mut self, l: &Tensor) { let g = l.backward()?; self.step(&g) } }\n",
        ),
        ("src/loss.rs", BURN.replace("NAME", "FocalLoss")),
        ("src/net.rs", RUST_CANDLE.replace("fn forward", "fn print")),
        (
            "src/lib.rs",
            "use candle_nn::AdamW;\n#[cfg(test)]\nmod tests {\n  #[test]\n  fn t() { let mut o = AdamW::new(v, p)?; o.backward_step(&l)?; }\n}\n",
        ),
        (
            "src/tokens.rs",
            "use tokenizers::Tokenizer;\npub fn ids(t: &Tokenizer, s: &str) -> Vec<u32> { t.encode(s, true).unwrap().get_ids().to_vec() }\n",
        ),
        ("src/json.rs", "fn read(s: &str) -> Config { serde_json::from_str(s).unwrap() }\n"),
        ("backward.go", GO + "func show() { ag.Backward(c); fmt.Println(a.Grad()) }\n"),
        ("adam.go", GO + "func (o *Adam) OptimizeParams(p *nn.Param) error { p.SubInPlace(o.update(p.Grad())); return nil }\n"),
        ("data.jl", "using Flux: onehotbatch\nf(x) = onehotbatch(x, 0:9)\n"),
        ("maths.jl", "using Zygote\n@show gradient(x -> x^2, 3)\n"),
        ("ui.js", JS + "export function show(model) { document.getElementById('a').innerText = model.predict(x); }\n"),
        ("data.js", JS + "export const rows = tf.data.csv(url).map(r => r).batch(3);\n"),
        ("fit.js", "import {fit} from './layout';\nfit(window.innerWidth);\nelement.fit(1);\n"),
        ("cam.js", JS + "export function cam(model, x) { return tf.grad(y => model.layers[3].apply(y))(x); }\n"),
        ("Package.swift", 'let p = Package(name: "train", dependencies: [.product(name: "MLXOptimizers", package: "mlx")])\n'),
        ("Grad.swift", "import MLX\nlet df = grad(f)\nprint(df(x))\n"),
        ("View.swift", 'import SwiftUI\nimport MLXLMCommon\nstruct A: View { var body: some View { Button("go") { llm.generate() } } }\n'),
    ],
)
def test_a_near_neighbour_has_none(path: str, text: str) -> None:
    assert roles(path, text) == set()


@pytest.mark.parametrize(
    "path", ["tests/train.c", "test_net.c", "net_test.go", "src/net_test.cc", "benches/train.rs", "train.spec.ts", "NetTests.swift"]
)
def test_tests_and_benchmarks_have_no_role(path: str) -> None:
    assert roles(path, C_LOOP) == set()


def test_rules_of_python_do_not_hold_for_other_languages_and_the_other_way() -> None:
    assert roles("a.js", "import torch from 'torch';\nloss.backward();\noptimizer.zero_grad();\noptimizer.step();\n") == set()


def test_evidence_stands_at_the_line_of_the_construct_and_lists_what_was_seen() -> None:
    found = [said for said in make.look(source_text, "train.c", C_LOOP) if isinstance(said, Found)]
    assert [(said.span, said.excerpt) for said in found] == [(Span(9, 9), "net_backward(&m);")]
    assert isinstance(found[0].details, Constructs)
    assert [(item.name, item.number) for item in found[0].details.seen] == [
        ("call:net_backward", 9),
        ("call:net_update", 10),
        ("def:main", 5),
        ("call:next_batch", 8),
    ]


def test_training_below_a_directory_for_fine_tuning_is_fine_tuning() -> None:
    assert roles("finetune/train.c", C_LOOP) == {TUNING}
    assert roles("tutorials/train.c", C_LOOP) == {(Component.TRAINING, "tutorial")}


def test_what_a_mostly_broken_file_says_is_kept_before_its_problem(tmp_path: Path) -> None:
    prose = "Train the model with care: it learns, from what it sees; then it forgets...\n" * 30
    text = "use candle_nn::Optimizer;\nfn t() { opt.backward_step(&loss)?; }\n" + prose
    with make.open_file(tmp_path, "a.rs", text) as file:
        said = source_text.look(file)
        assert next(said) == Format("rust")
        found = next(said)
        assert isinstance(found, Found)
        assert found.value == "training"
        with pytest.raises(Malformed, match="rust"):
            next(said)


def test_fifty_megabytes_of_generated_source_are_a_problem() -> None:
    with pytest.raises(Malformed, match="limit"):
        make.look(source_text, "table.c", "int main(void) { llama_decode(a, b); }\n" * 1_300_000)


def test_source_in_which_no_words_of_a_rule_stand_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.code.source_text.read_syntax", lambda *_: pytest.fail("parsed"))
    assert make.look(source_text, "plain.c", "int main(void) { return 0; }\n") == [Format("c")]
