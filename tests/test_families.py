"""Families of models: which names belong to which, which never do, and that what the table says is known elsewhere."""

import pytest

from inspector.families import find_family, find_shaped, find_tokenizer, fold_model, load_families, trace_family
from inspector.licenses import load_licenses

LLAMA_TOKENIZER = "9e556afd44213b6bd1be2b850ebbbd98f5481437a8021afaf58ee7fb1818d347"
NAMED = """
meta-llama/Llama-2-7b-hf | llama-2
TheBloke/Llama-2-7B-Chat-GGUF | llama-2
NousResearch/Llama-2-13b-chat-hf | llama-2
lmsys/vicuna-7b-v1.5 | llama-2
huggyllama/llama-7b | llama
decapoda-research/llama-65b-hf | llama
lmsys/vicuna-13b-v1.1 | llama
chavinlo/alpaca-native | llama
codellama/CodeLlama-34b-Instruct-hf | code-llama
TheBloke/CodeLlama-7B-GGUF | code-llama
meta-llama/Meta-Llama-3-8B-Instruct | llama-3
unsloth/llama-3-8b-bnb-4bit | llama-3
mradermacher/L3-8B-Stheno-v3.2-GGUF | llama-3
meta-llama/Llama-3.1-405B | llama-3.1
meta-llama/Meta-Llama-3.1-8B-Instruct | llama-3.1
unsloth/Llama-3.2-1B-Instruct | llama-3.2
meta-llama/Llama-3.2-11B-Vision | llama-3.2
meta-llama/Llama-3.3-70B-Instruct | llama-3.3
meta-llama/Llama-4-Scout-17B-16E-Instruct | llama-4
facebook/opt-6.7b | opt-175b
mistralai/Mistral-7B-v0.1 | mistral
mistralai/Mistral-7B-Instruct-v0.3 | mistral
HuggingFaceH4/zephyr-7b-beta | mistral
mistralai/Mixtral-8x7B-v0.1 | mixtral
TheBloke/Mixtral-8x7B-Instruct-v0.1-GGUF | mixtral
mistralai/Mistral-Large-Instruct-2407 | mistral-large
mistralai/Ministral-8B-Instruct-2410 | mistral-large
mistralai/Codestral-22B-v0.1 | codestral
google/gemma-2b | gemma
google/gemma-2-9b-it | gemma
google/gemma-3-4b-it | gemma
google/codegemma-7b | gemma
google/paligemma-3b-mix-224 | gemma
Qwen/Qwen-7B-Chat | qwen
Qwen/Qwen-VL | qwen
Qwen/Qwen1.5-14B-Chat | qwen2-large
Qwen/Qwen2-72B | qwen2-large
Qwen/Qwen2.5-72B-Instruct | qwen2-large
Qwen/Qwen2.5-3B-Instruct | qwen2.5-research
Qwen/Qwen2.5-Coder-3B | qwen2.5-research
Qwen/Qwen2.5-7B-Instruct | qwen2
Qwen/Qwen3-30B-A3B | qwen2
deepseek-ai/deepseek-llm-7b-base | deepseek
deepseek-ai/DeepSeek-V2-Lite | deepseek
deepseek-ai/DeepSeek-V3 | deepseek
deepseek-ai/DeepSeek-R1 | deepseek-open
deepseek-ai/DeepSeek-V3-0324 | deepseek-open
deepseek-ai/DeepSeek-R1-Distill-Llama-8B | deepseek-r1-distill-llama
deepseek-ai/DeepSeek-R1-Distill-Llama-70B | deepseek-r1-distill-llama-70b
tiiuae/falcon-40b | falcon
tiiuae/falcon-7b-instruct | falcon
tiiuae/falcon-180B-chat | falcon-180b
tiiuae/falcon-11B | falcon-2
bigscience/bloom-560m | bloom
bigscience/bloomz-7b1-mt | bloom
bigcode/starcoder2-15b | starcoder2
bigcode/starcoder | starcoder
bigcode/santacoder | starcoder
WizardLM/WizardCoder-15B-V1.0 | starcoder
stabilityai/stable-diffusion-3.5-large | stable-diffusion-community
stabilityai/stable-diffusion-xl-base-1.0 | stable-diffusion-xl
stabilityai/sdxl-turbo | sdxl-turbo
CompVis/stable-diffusion-v1-4 | stable-diffusion
runwayml/stable-diffusion-v1-5 | stable-diffusion
black-forest-labs/FLUX.1-schnell | flux-schnell
black-forest-labs/FLUX.1-dev | flux
CohereForAI/c4ai-command-r-plus | command-r
CohereForAI/aya-23-8B | command-r
01-ai/Yi-34B | yi
01-ai/Yi-6B-200K | yi
baichuan-inc/Baichuan2-13B-Chat | baichuan2
baichuan-inc/Baichuan-7B | baichuan
THUDM/chatglm-6b | chatglm
THUDM/chatglm2-6b-int4 | chatglm2
THUDM/chatglm3-6b | chatglm3
THUDM/glm-4-9b-chat | glm-4
internlm/internlm-chat-7b | internlm
databricks/dbrx-instruct | dbrx
ai21labs/AI21-Jamba-1.5-Mini | jamba
tencent/Hunyuan-A13B-Instruct | hunyuan
nvidia/Llama-3.1-Nemotron-70B-Instruct | nemotron-llama
nvidia/Nemotron-4-340B-Base | nemotron
apple/OpenELM-3B | openelm
LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct | exaone
xai-org/grok-1 | grok-1
xai-org/grok-2 | grok-2
mosaicml/mpt-7b-chat | mpt-chat
mosaicml/mpt-7b | mpt
microsoft/phi-1_5 | phi-research
microsoft/phi-2 | phi
microsoft/Phi-3-mini-4k-instruct | phi
TinyLlama/TinyLlama-1.1B-Chat-v1.0 | tinyllama
openlm-research/open_llama_7b_v2 | open-llama
LLM360/Amber | amber
LLM360/CrystalCoder | crystalcoder
allenai/OLMo-7B | olmo
allenai/OLMo-2-1124-7B | olmo
EleutherAI/pythia-160m | pythia
EleutherAI/gpt-neox-20b | gpt-neox
EleutherAI/gpt-j-6b | gpt-j
openai-community/gpt2-medium | gpt-2
google/flan-t5-xl | t5
google-t5/t5-base | t5
HuggingFaceTB/SmolLM-135M | smollm
ibm-granite/granite-3.0-8b-instruct | granite
BlinkDL/rwkv-4-pile-7b | rwkv
https://huggingface.co/google/gemma-7b | gemma
"""
NOT_NAMED = """
llama-index
llama.cpp
ollama
llamafile
bigllama
openllamas
JackFram/llama-160m
gemmatology
optimum
opt-out
adopt-125m
mistral
mistralite
amberish
crystalline
falconry-7b
falcon
qwenty
yi-1.5-9b
yin-6b
bloomberg
blooming
grok
jambalaya
phishing-2
phi
fluxion
flux
stable
diffusion
pythonia
gpt-4
gpt-2b-001
t5
tt5-base
commander-r
ayasofya-23
dbrxx
mpts-7b
starcode
nemo
model
weights
checkpoint-500
my-finetune
internlm2-7b
chat-glm
"""


@pytest.mark.parametrize("row", NAMED.strip().splitlines())
def test_a_name_belongs_to_its_family(row: str) -> None:
    name, expected = row.split(" | ")
    found = find_family(name)
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize("name", NOT_NAMED.strip().splitlines())
def test_a_name_that_only_sounds_like_it_belongs_to_none(name: str) -> None:
    assert find_family(name) is None


def test_there_are_at_least_forty_families_and_their_terms_are_known() -> None:
    licenses = load_licenses()
    assert len(load_families()) >= 40
    for family in load_families():
        assert licenses.canonical(family.terms) == family.terms, family.id
        assert not family.terms.startswith(("LicenseRef-declared-", "LicenseRef-vague-")), family.id


def test_terms_flow_down_where_they_restrict_and_nowhere_else() -> None:
    licenses = load_licenses()
    for family in load_families():
        closed = licenses.bucket(family.terms) not in ("osi-approved", "free")
        assert family.flows_down == closed or family.parent, family.id


def test_a_family_that_was_made_from_another_brings_the_terms_of_both() -> None:
    found = find_family("deepseek-ai/DeepSeek-R1-Distill-Llama-70B")
    assert found is not None
    assert [family.id for family in trace_family(found)] == ["deepseek-r1-distill-llama-70b", "llama-3.3"]


def test_sizes_are_shared_by_families_that_were_trained_from_scratch() -> None:
    assert {family.id for family in find_shaped(4096, 32, 32, 32000)} >= {"llama", "llama-2", "mistral", "amber", "open-llama"}
    assert find_shaped(1, 2, 3, 4) == ()


def test_a_tokenizer_is_known_by_its_digest() -> None:
    assert {family.id for family in find_tokenizer(LLAMA_TOKENIZER)} >= {"llama-2", "amber"}
    assert find_tokenizer("0" * 64) == ()


def test_names_are_folded() -> None:
    assert fold_model("https://huggingface.co/meta-llama/Llama-3.1_8B/") == "llama-3.1-8b"
    assert find_family("") is None
