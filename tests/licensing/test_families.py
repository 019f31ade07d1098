"""Families of models: found by names, shapes and tokenizers, and by nothing that only looks like theirs."""

import re
from collections.abc import Mapping
from itertools import combinations
from types import MappingProxyType

import pytest

from inspector.errors import DataError
from inspector.licensing.families import (
    Families,
    Family,
    Shape,
    Table,
    families_shaped,
    family_by_tokenizer,
    family_named,
    fold,
    load_families,
)
from inspector.licensing.licenses import Kind, load_licenses
from inspector.model import Bucket
from inspector.tables import parse_table

LLAMA_TOKENIZER = "9e556afd44213b6bd1be2b850ebbbd98f5481437a8021afaf58ee7fb1818d347"

# What is named, the most specific first, by ids as they stand on hubs, in headers and in paths.
NAMED: Mapping[str, str] = MappingProxyType({
    "huggyllama/llama-7b": "llama-1",
    "decapoda-research/llama-65b-hf": "llama-1",
    "TheBloke/LLaMA-13b-GGUF": "llama-1",
    "ehartford/WizardLM-7B-Uncensored": "wizardlm",
    "TheBloke/WizardLM-30B-GPTQ": "wizardlm",
    "WizardLM/WizardLM-70B-V1.0": "wizardlm-1.2",
    "WizardLMTeam/WizardLM-13B-V1.2": "wizardlm-1.2",
    "meta-llama/Llama-2-7b-hf": "llama-2",
    "meta-llama/Llama-2-70b-chat-hf": "llama-2",
    "TheBloke/Llama-2-7B-Chat-GGUF": "llama-2",
    "models--meta-llama--Llama-2-13b-chat-hf": "llama-2",
    "llama-2-7b-chat.Q4_K_M.gguf": "llama-2",
    "NousResearch/Nous-Hermes-Llama2-13b": "llama-2",
    "elyza/ELYZA-japanese-Llama-2-7b-instruct": "llama-2",
    "hfl/chinese-llama-2-13b": "llama-2",
    "togethercomputer/LLaMA-2-7B-32K": "llama-2",
    "LLaMA v2": "llama-2",
    "codellama/CodeLlama-34b-Instruct-hf": "code-llama",
    "TheBloke/Phind-CodeLlama-34B-v2-GGUF": "code-llama",
    "Code Llama 70B": "code-llama",
    "WizardLMTeam/WizardCoder-Python-34B-V1.0": "wizardcoder-python",
    "meta-llama/Meta-Llama-3-8B-Instruct": "llama-3",
    "NousResearch/Hermes-2-Pro-Llama-3-8B": "llama-3",
    "cognitivecomputations/dolphin-2.9-llama3-8b": "llama-3",
    "Sao10K/L3-8B-Stheno-v3.2": "llama-3",
    "/data/models/llama_3_70b_instruct": "llama-3",
    "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1",
    "meta-llama/Meta-Llama-3.1-405B": "llama-3.1",
    "NousResearch/Hermes-3-Llama-3.1-8B": "llama-3.1",
    "unsloth/Meta-Llama-3.1-8B-bnb-4bit": "llama-3.1",
    "mradermacher/Llama-3.1-8B-Lexi-Uncensored-V2-i1-GGUF": "llama-3.1",
    "Sao10K/L3.1-70B-Euryale-v2.2": "llama-3.1",
    "allenai/Llama-3.1-Tulu-3-8B": "llama-3.1",
    "nvidia/Llama-3.1-Nemotron-70B-Instruct-HF": "llama-3.1-nemotron",
    "nvidia/Llama-3_1-Nemotron-Ultra-253B-v1": "llama-3.1-nemotron",
    "unsloth/Llama-3.2-1B-Instruct-GGUF": "llama-3.2",
    "meta-llama/Llama-3.2-11B-Vision-Instruct": "llama-3.2",
    "meta-llama/Llama-3.3-70B-Instruct": "llama-3.3",
    "Sao10K/L3.3-70B-Euryale-v2.3": "llama-3.3",
    "nvidia/Llama-3_3-Nemotron-Super-49B-v1": "llama-3.3-nemotron",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": "llama-4",
    "mlx-community/Llama-4-Maverick-17B-128E-Instruct-4bit": "llama-4",
    "meta-llama/LlamaGuard-7b": "llama-guard",
    "meta-llama/Meta-Llama-Guard-2-8B": "llama-guard-2",
    "meta-llama/Llama-Guard-3-8B": "llama-guard-3",
    "meta-llama/Llama-Guard-3-1B-INT4": "llama-guard-3.2",
    "meta-llama/Llama-Guard-4-12B": "llama-guard-4",
    "facebook/opt-6.7b": "opt",
    "facebook/galactica-120b": "galactica",
    "facebook/chameleon-7b": "chameleon",
    "lmsys/vicuna-7b-v1.3": "vicuna",
    "lmsys/vicuna-13b-delta-v0": "vicuna",
    "TheBloke/Wizard-Vicuna-13B-Uncensored-HF": "vicuna",
    "lmsys/vicuna-13b-v1.5-16k": "vicuna-1.5",
    "liuhaotian/llava-v1.5-7b": "llava-1.5",
    "tatsu-lab/alpaca-7b-wdiff": "alpaca",
    "timdettmers/guanaco-65b": "guanaco",
    "microsoft/Orca-2-13b": "orca-2",
    "princeton-nlp/Sheared-LLaMA-2.7B": "sheared-llama",
    "openlm-research/open_llama_7b_v2": "open-llama",
    "VMware/open-llama-13b-open-instruct": "open-llama",
    "TinyLlama/TinyLlama-1.1B-Chat-v1.0": "tinyllama",
    "TheBloke/TinyLlama-1.1B-Chat-v0.3-GGUF": "tinyllama",
    "tiny-llama-1.1b": "tinyllama",
    "LLM360/AmberChat": "amber",
    "LLM360/CrystalCoder": "crystalcoder",
    "LLM360/K2": "k2-65b",
    "allenai/tulu-2-dpo-70b": "tulu-2",
    "mistralai/Mistral-7B-Instruct-v0.2": "mistral-7b",
    "TheBloke/OpenHermes-2.5-Mistral-7B-GGUF": "mistral-7b",
    "unsloth/mistral-7b-v0.3-bnb-4bit": "mistral-7b",
    "open-mistral-7b": "mistral-7b",
    "HuggingFaceH4/zephyr-7b-beta": "zephyr",
    "upstage/SOLAR-10.7B-Instruct-v1.0": "solar-10.7b",
    "NousResearch/Nous-Hermes-2-Mixtral-8x7B-DPO": "mixtral",
    "mistralai/Mixtral-8x22B-v0.1": "mixtral",
    "mistralai/Codestral-22B-v0.1": "codestral",
    "mistralai/Mamba-Codestral-7B-v0.1": "codestral-mamba",
    "mistralai/Mathstral-7B-v0.1": "mathstral",
    "mistralai/Mistral-Nemo-Instruct-2407": "mistral-nemo",
    "mistralai/Ministral-8B-Instruct-2410": "ministral",
    "mistralai/Ministral-3-14B-Reasoning-2512": "ministral-3",
    "mistralai/Mistral-Small-24B-Instruct-2501": "mistral-small",
    "mistralai/Mistral-Small-4-119B-2603": "mistral-small-4",
    "mistralai/Mistral-Large-Instruct-2411": "mistral-large",
    "mistralai/Pixtral-12B-2409": "pixtral-12b",
    "mistralai/Devstral-Small-2507": "devstral-small",
    "mistralai/Devstral-2-123B-Instruct-2512": "devstral-2",
    "google/gemma-2b-it": "gemma-1",
    "google/gemma-1.1-7b-it": "gemma-1",
    "google/gemma-2-2b-it": "gemma-2",
    "bartowski/gemma-2-27b-it-GGUF": "gemma-2",
    "google/codegemma-7b": "codegemma",
    "google/recurrentgemma-2b-it": "recurrentgemma",
    "google/paligemma-3b-mix-224": "paligemma",
    "google/paligemma2-10b-pt-448": "paligemma-2",
    "google/shieldgemma-9b": "shieldgemma",
    "unsloth/gemma-3-27b-it-GGUF": "gemma-3",
    "google/gemma-3n-E4B-it": "gemma-3n",
    "google/medgemma-4b-it": "medgemma",
    "google/gemma-4-31B-it": "gemma-4",
    "google-t5/t5-base": "t5",
    "google/t5-v1_1-xxl": "t5",
    "google/flan-t5-xl": "flan-t5",
    "google/mt5-large": "mt5",
    "bigscience/mt0-xxl": "mt0",
    "google-bert/bert-base-uncased": "bert",
    "Qwen/Qwen-7B-Chat": "qwen-1",
    "Qwen/Qwen-1_8B-Chat": "qwen-1",
    "Qwen/Qwen-VL-Chat": "qwen-vl",
    "Qwen/Qwen1.5-110B-Chat": "qwen-1.5",
    "Qwen/CodeQwen1.5-7B": "codeqwen-1.5",
    "Qwen/Qwen2-72B-Instruct": "qwen-2",
    "Qwen/Qwen2-57B-A14B-Instruct-GGUF": "qwen-2",
    "Qwen/Qwen2-0.5B": "qwen-2",
    "Qwen/Qwen2-VL-7B-Instruct": "qwen-2-vl",
    "Qwen/Qwen2.5-3B-Instruct": "qwen-2.5",
    "unsloth/Qwen2.5-7B-Instruct-bnb-4bit": "qwen-2.5",
    "Qwen/Qwen2.5-Coder-32B-Instruct-GGUF": "qwen-2.5-coder",
    "Qwen/Qwen2.5-Math-72B": "qwen-2.5-math",
    "Qwen/Qwen2.5-VL-3B-Instruct": "qwen-2.5-vl",
    "Qwen/QwQ-32B-Preview": "qwq",
    "Qwen/QVQ-72B-Preview": "qvq",
    "Qwen/Qwen3-235B-A22B-Thinking-2507": "qwen-3",
    "unsloth/Qwen3-8B-GGUF": "qwen-3",
    "Qwen/Qwen3-Next-80B-A3B-Instruct": "qwen-3-next",
    "QuantTrio/Qwen3.5-27B-AWQ": "qwen-3.5",
    "deepseek-ai/deepseek-llm-67b-chat": "deepseek-llm",
    "TheBloke/deepseek-coder-33B-base-GGUF": "deepseek-coder",
    "deepseek-ai/deepseek-moe-16b-base": "deepseek-moe",
    "deepseek-ai/DeepSeek-V2-Lite-Chat": "deepseek-v2",
    "deepseek-ai/DeepSeek-V2.5-1210": "deepseek-v2",
    "deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct": "deepseek-coder-v2",
    "deepseek-ai/DeepSeek-V3-Base": "deepseek-v3",
    "deepseek-ai/DeepSeek-V3-0324": "deepseek-v3-0324",
    "deepseek-ai/DeepSeek-V3.1": "deepseek-v3-0324",
    "unsloth/DeepSeek-R1-GGUF": "deepseek-r1",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": "deepseek-r1-distill-llama-8b",
    "mradermacher/DeepSeek-R1-Distill-Llama-70B-i1-GGUF": "deepseek-r1-distill-llama-70b",
    "unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF": "deepseek-r1-distill-qwen-7b",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B": "deepseek-r1-distill-qwen-32b",
    "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B": "deepseek-r1-0528-qwen3-8b",
    "tiiuae/falcon-40b-instruct": "falcon-1",
    "tiiuae/falcon-180B-chat": "falcon-1",
    "tiiuae/falcon-11B": "falcon-2",
    "tiiuae/Falcon3-7B-Instruct": "falcon-3",
    "tiiuae/falcon-mamba-7b-instruct": "falcon-mamba",
    "tiiuae/Falcon-H1-34B-Instruct": "falcon-h1",
    "mosaicml/mpt-30b-chat": "mpt",
    "databricks/dbrx-instruct": "dbrx",
    "databricks/dolly-v2-12b": "dolly-v2",
    "bigscience/bloom": "bloom",
    "bigscience/bloom-7b1": "bloom",
    "bigscience/bloomz-560m": "bloomz",
    "EleutherAI/gpt-neo-2.7B": "gpt-neo",
    "EleutherAI/gpt-j-6b": "gpt-j",
    "EleutherAI/gpt-neox-20b": "gpt-neox",
    "EleutherAI/pythia-6.9b-deduped": "pythia",
    "OpenAssistant/oasst-sft-4-pythia-12b-epoch-3.5": "pythia",
    "togethercomputer/RedPajama-INCITE-Base-3B-v1": "redpajama-incite",
    "cerebras/Cerebras-GPT-2.7B": "cerebras-gpt",
    "openai-community/gpt2-xl": "gpt-2",
    "openai/gpt-oss-20b": "gpt-oss",
    "openai/whisper-large-v3": "whisper",
    "Systran/faster-whisper-large-v3": "whisper",
    "distil-whisper/distil-large-v3": "distil-whisper",
    "openai/clip-vit-large-patch14": "clip",
    "microsoft/phi-1_5": "phi-1.5",
    "cognitivecomputations/dolphin-2_6-phi-2": "phi-2",
    "microsoft/Phi-3.5-mini-instruct": "phi-3",
    "unsloth/phi-4-GGUF": "phi-4",
    "bigcode/santacoder": "santacoder",
    "bigcode/starcoderbase-1b": "starcoder",
    "HuggingFaceH4/starchat-beta": "starchat",
    "TheBloke/WizardCoder-15B-1.0-GPTQ": "wizardcoder-15b",
    "bigcode/starcoder2-15b": "starcoder2",
    "Salesforce/codegen-350M-mono": "codegen",
    "Salesforce/xgen-7b-8k-inst": "xgen",
    "allenai/OLMo-7B-0424-hf": "olmo-1",
    "allenai/OLMo-2-1124-13B-Instruct": "olmo-2",
    "allenai/Olmo-3-7B-Think": "olmo-3",
    "allenai/OLMoE-1B-7B-0924": "olmoe",
    "HuggingFaceTB/SmolLM-135M": "smollm-1",
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": "smollm-2",
    "HuggingFaceTB/SmolLM3-3B": "smollm-3",
    "ibm-granite/granite-3.3-8b-instruct": "granite-3",
    "ibm-granite/granite-20b-code-base": "granite-code",
    "ibm-granite/granite-4.0-h-small": "granite-4",
    "nvidia/Nemotron-4-340B-Instruct": "nemotron-4",
    "nvidia/NVIDIA-Nemotron-Nano-9B-v2": "nemotron-nano-2",
    "apple/OpenELM-1_1B-Instruct": "openelm",
    "CohereForAI/c4ai-command-r-plus": "command-r",
    "CohereLabs/c4ai-command-a-03-2025": "command-a",
    "CohereForAI/aya-101": "aya-101",
    "CohereForAI/aya-expanse-8b": "aya-23",
    "ai21labs/Jamba-v0.1": "jamba",
    "stabilityai/stablelm-tuned-alpha-7b": "stablelm-alpha",
    "stabilityai/stablelm-2-zephyr-1_6b": "stablelm-2",
    "stabilityai/stablelm-zephyr-3b": "stablelm-zephyr",
    "stable-diffusion-v1-5/stable-diffusion-v1-5": "stable-diffusion-1",
    "CompVis/stable-diffusion-v1-4": "stable-diffusion-1",
    "stabilityai/stable-diffusion-2-1-base": "stable-diffusion-2",
    "stabilityai/stable-diffusion-xl-base-1.0": "stable-diffusion-xl",
    "stabilityai/sdxl-turbo": "sdxl-turbo",
    "stabilityai/stable-diffusion-3-medium-diffusers": "stable-diffusion-3",
    "city96/stable-diffusion-3.5-large-gguf": "stable-diffusion-3.5",
    "black-forest-labs/FLUX.1-Fill-dev": "flux-1-dev",
    "city96/FLUX.1-schnell-gguf": "flux-1-schnell",
    "xai-org/grok-1": "grok-1",
    "hpcai-tech/grok-1": "grok-1",
    "01-ai/Yi-34B-200K": "yi-1",
    "TheBloke/Yi-34B-Chat-GGUF": "yi-1",
    "01-ai/Yi-1.5-9B-Chat": "yi-1.5",
    "baichuan-inc/Baichuan-13B-Chat": "baichuan-1",
    "baichuan-inc/Baichuan2-7B-Base": "baichuan-2",
    "THUDM/chatglm-6b-int4": "chatglm-1",
    "THUDM/chatglm2-6b": "chatglm-2",
    "THUDM/chatglm3-6b-32k": "chatglm-3",
    "THUDM/glm-4-9b-chat-1m": "glm-4",
    "bartowski/THUDM_GLM-4-9B-0414-GGUF": "glm-4-0414",
    "zai-org/GLM-4.5-Air-FP8": "glm-4.5",
    "unsloth/GLM-5-GGUF": "glm-5",
    "internlm/internlm-chat-7b": "internlm-1",
    "internlm/internlm2_5-7b-chat": "internlm-2",
    "internlm/internlm3-8b-instruct": "internlm-3",
    "moonshotai/Kimi-K2-Instruct": "kimi-k2",
    "moonshotai/Kimi-Dev-72B": "kimi-dev",
    "MiniMaxAI/MiniMax-Text-01": "minimax-01",
    "MiniMaxAI/MiniMax-M2": "minimax-m2",
    "tencent/Hunyuan-A13B-Instruct": "hunyuan",
    "openbmb/MiniCPM-2B-sft-bf16": "minicpm",
    "LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct-GGUF": "exaone-3",
    "naver-hyperclovax/HyperCLOVAX-SEED-Text-Instruct-1.5B": "hyperclova-x-seed",
    "RWKV/rwkv-6-world-7b": "rwkv",
    "state-spaces/mamba-2.8b": "mamba",
    "FacebookAI/roberta-base": "roberta",
    "FacebookAI/xlm-roberta-large": "xlm-roberta",
    # Merges and the like name several.
    "llama-2-7b-mistral-7b-slerp": "mistral-7b llama-2",
    "vicuna-7b-v1.5 from Llama-2-7b": "vicuna-1.5 llama-2",
    "FuseAI/FuseChat-Llama-3.1-8B-Qwen2.5-7B": "llama-3.1 qwen-2.5",
})  # fmt: skip

UNNAMED = (
    "", "-", "model", "checkpoint-500", "pytorch_model.bin", "meta-llama", "mistralai", "google", "Qwen", "deepseek-ai",
    "run-llama/llama_index", "llama-index", "llama-cpp-python", "ggml-org/llama.cpp", "LLaMA-Factory", "meta-llama/llama-stack",
    "meta-llama/llama-recipes", "mozilla-ocho/llamafile", "llama", "LlamaForCausalLM", "hf-internal-testing/llama-tokenizer",
    "llamantino", "Video-LLaMA", "DAMO-NLP-SG/VideoLLaMA2-7B", "llama-160m", "JackFram/llama-68m", "Llama-Prompt-Guard-2-86M",
    "mistral", "mistral-inference", "mistral.rs", "mistralai/mistral-common", "openmistral", "Mistroll-7B-v2.2", "MistralLite",
    "mixtral-offloading", "nemo", "NVIDIA/NeMo", "nemo-toolkit",
    "gemma", "Gemmasutra", "google/gemma_pytorch", "gemmal-7b", "Gemini-2b",
    "qwen", "qwen-vl-utils", "Qwen-Agent", "qwen-code", "Qwen/Qwen-Image", "qwen_vl_part_3", "Qwenstion-7B",
    "deepseek", "deepseek-ai/DeepEP", "deepspeed-v3", "falcon", "falconry-7b", "tiiuae/falcon-refinedweb", "bloomberg/gpt",
    "bloom-filter", "opt", "optimum-125m", "adopt-13b", "phi", "delphi-2", "sophia-3", "yi", "wikiyi-6b", "t5", "codet5-base",
    "google/byt5-small", "distilbert-base-uncased", "legal-bert-base-uncased", "nlpaueb/legal-bert-base-uncased", "camembert-base",
    "rinna/japanese-gpt2-medium", "nvidia/megatron-gpt2-345m", "uer/gpt2-chinese-cluecorpussmall", "gpt-4", "gpt-2000", "dialogpt-medium",
    "laion/CLIP-ViT-H-14-laion2B-s32B-b79K", "whisper", "whisperX", "HuggingFaceTB/SmolVLM-Instruct", "grok-1.5", "grokking", "maya-23",
    "commander-r", "bitnet", "flux", "fluxcd", "influx-1-dev-x", "stable-diffusion-webui", "stable-diffusion", "sd-scripts",
    "zephyr-rtos", "solar-panel-7b", "granite", "granite-countertop", "micromamba", "bigcode/starcoderdata", "pythian-7b", "vicuna",
    "alpaca", "yahma/alpaca-cleaned", "openalpaca", "databricks/databricks-dolly-15k", "internlm-xcomposer2-vl-7b", "glm-130b", "jais",
)  # fmt: skip


def family(name: str) -> Family:
    return load_families().by_id[name]


def is_related(first: Family, second: Family) -> bool:
    ancestors = load_families().ancestors
    return first in ancestors[second.id] or second in ancestors[first.id]


@pytest.mark.parametrize(("name", "expected"), NAMED.items())
def test_a_name_tells_the_family_the_most_specific_first(name: str, expected: str) -> None:
    assert [found.id for found in family_named(name)] == expected.split()


@pytest.mark.parametrize("name", UNNAMED)
def test_a_name_that_only_looks_alike_names_no_family(name: str) -> None:
    assert family_named(name) == ()


def test_names_are_compared_folded_and_a_long_one_is_cut() -> None:
    assert fold("meta-llama/Llama-2.7_B  (GGUF)") == "meta-llama-llama-2-7-b-gguf"
    assert family_named("x" * 2000 + " llama-2") == ()
    assert [found.id for found in family_named("LLAMA__2 " * 500)] == ["llama-2"]


def test_a_number_behind_a_name_leaves_the_family_that_it_names() -> None:
    names = [*NAMED, *UNNAMED]
    found = sum(bool(family_named(f"{names[number % len(names)]}-{number}")) for number in range(2_000))
    assert found > 1000


def test_every_pattern_of_a_name_can_be_searched_for() -> None:
    families = load_families()
    owners = {owner for beginning in families.beginnings for _, owner in families.patterns_at(beginning)}
    assert owners == {"", *families.by_id}


def test_there_are_families_enough_and_most_were_read_at_a_source() -> None:
    families = load_families().families
    assert len(families) >= 200
    assert sum(found.checked for found in families) >= 160
    assert sum(len(found.shapes) for found in families) >= 300


@pytest.mark.parametrize("found", load_families().families, ids=lambda found: found.id)
def test_terms_stand_in_the_table_of_licences(found: Family) -> None:
    licenses = load_licenses()
    for terms in found.terms:
        entry = licenses.get(terms.id)
        assert entry is not None
        assert licenses.canonical(terms.id) == terms.id
        assert (licenses.bucket(terms.id) is Bucket.UNKNOWN) is terms.unknown
        assert terms.flows_down or Kind.FLOW_DOWN not in {restriction.kind for restriction in entry.restricts}
    assert all(licenses.get(name) for name in found.earlier)


@pytest.mark.parametrize("found", load_families().families, ids=lambda found: found.id)
def test_shapes_are_positive_and_hang_together(found: Family) -> None:
    for shape in found.shapes:
        assert min(shape.hidden, shape.layers, shape.heads, shape.kv_heads, shape.intermediate, shape.vocabulary) > 0
        assert shape.heads % shape.kv_heads == 0
        assert shape.vocabulary in found.vocabulary
        assert shape.hidden % 16 == 0


@pytest.mark.parametrize("found", load_families().families, ids=lambda found: found.id)
def test_a_pattern_fits_no_title_of_a_family_that_does_not_descend_from_its_own(found: Family) -> None:
    patterns = [re.compile(f"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])") for pattern in found.names]
    fitting = [other for other in load_families().families if any(pattern.search(fold(other.title)) for pattern in patterns)]
    assert [other.id for other in fitting if other != found and found not in load_families().ancestors[other.id]] == []


@pytest.mark.parametrize("found", load_families().families, ids=lambda found: found.id)
def test_a_title_names_its_family_or_what_it_was_made_from_or_nothing(found: Family) -> None:
    allowed = {found.id, *(other.id for other in load_families().ancestors[found.id])}
    assert {other.id for other in family_named(found.title)} <= allowed


def test_families_of_one_shape_or_tokenizer_are_related_or_say_that_they_share_it() -> None:
    unsaid = []
    for one, two in combinations(load_families().families, 2):
        pairs = [(a, b) for a in one.shapes for b in two.shapes if (a.hidden, a.layers) == (b.hidden, b.layers)]
        alike = any(a.fits(b.heads, b.kv_heads, b.intermediate, b.vocabulary) for a, b in pairs)
        if (alike or set(one.tokenizers) & set(two.tokenizers)) and not is_related(one, two) and two.id not in one.shared:
            unsaid.append((one.id, two.id))
    assert unsaid == []


def test_sharing_is_mutual() -> None:
    assert all(found.id in family(other).shared for found in load_families().families for other in found.shared)


def test_architectures_of_gguf_are_those_of_llama_cpp() -> None:
    from gguf.constants import MODEL_ARCH_NAMES

    assert {name for found in load_families().families for name in found.gguf} <= set(MODEL_ARCH_NAMES.values())


def test_a_size_or_an_edition_chooses_the_terms() -> None:
    qwen = family("qwen-2.5")
    assert [terms.id for terms in qwen.terms_of("Qwen/Qwen2.5-3B-Instruct")] == ["LicenseRef-qwen-research"]
    assert [terms.id for terms in qwen.terms_of("Qwen2.5-0.5B")] == ["Apache-2.0"]
    assert [terms.id for terms in qwen.terms_of("72B")] == ["LicenseRef-scancode-qwen-2024"]
    assert [terms.id for terms in family("falcon-1").terms_of("tiiuae/falcon-180B-chat")] == ["LicenseRef-falcon-180b"]
    assert [terms.id for terms in family("mistral-large").terms_of("Mistral-Large-Instruct-2407")] == ["LicenseRef-mrl"]


def test_terms_are_all_possible_ones_when_a_name_does_not_choose() -> None:
    assert family("qwen-2.5").terms_of("my-qwen2.5-tune") == family("qwen-2.5").terms
    assert [terms.id for terms in family("mpt").terms_of("mosaicml/mpt-7b")] == ["Apache-2.0"]
    assert [terms.id for terms in family("mpt").terms_of("mosaicml/mpt-7b-chat")] == ["CC-BY-NC-SA-4.0"]


@pytest.mark.parametrize(
    ("name", "prefix", "flows"),
    [
        ("llama-2", "", True),
        ("llama-3", "Llama 3", True),
        ("llama-3.3", "Llama", True),
        ("exaone-3", "EXAONE", True),
        ("mistral-7b", "", False),
    ],
)
def test_what_a_licence_asks_of_derivatives_is_told(name: str, prefix: str, flows: bool) -> None:
    assert (family(name).must_name, family(name).flows_down) == (prefix, flows)


def test_a_child_names_its_ancestors() -> None:
    ancestors = load_families().ancestors
    assert [found.id for found in ancestors["llava-1.5"]] == ["vicuna-1.5", "llama-2"]
    assert [found.id for found in ancestors["deepseek-r1-distill-qwen-7b"]] == ["qwen-2.5-math", "qwen-2.5"]


def test_a_shape_tells_the_families_those_with_the_very_vocabulary_first() -> None:
    found = [other.id for other in families_shaped(4096, 32, 32, 32, 11008, 32016)]
    assert found[0] == "code-llama"
    assert {"llama-2", "llama-1", "open-llama", "amber"} <= set(found)
    assert [other.id for other in families_shaped(4096, 32, 32, 8, 14336, 92544)] == ["internlm-2"]
    assert [other.id for other in families_shaped(12288, 88, 96, 8, 28672, 32768)] == ["mistral-large"]


def test_a_shape_that_is_not_whole_says_as_much_as_it_can() -> None:
    assert {"llama-3", "llama-3.1", "mistral-7b"} <= {found.id for found in families_shaped(4096, 32, kv_heads=8)}
    assert families_shaped(4096, 31) == ()
    assert families_shaped(4096, 32, 32, 32, 11008, 50_000_000) == ()
    assert families_shaped(-1, 0) == ()


def test_a_tokenizer_tells_the_families_the_oldest_first() -> None:
    assert [found.id for found in family_by_tokenizer(LLAMA_TOKENIZER.upper())] == ["llama-1", "llama-2", "tinyllama", "phi-3"]
    assert family_by_tokenizer("0" * 64) == ()
    assert family_by_tokenizer("") == ()


GOOD = """
decoys = []
[[family]]
id = "one"
title = "One"
publisher = "P"
terms = [{ id = "MIT" }]
names = ['one-[0-9]b']
vocabulary = [10]
shapes = [["1B", 1, 1, 1, 1, 1, 10]]
"""


def read(text: str) -> Families:
    return Families(parse_table(text.encode(), "families.toml", Table))


def test_a_table_of_one_family_is_read() -> None:
    assert [found.id for found in read(GOOD).families] == ["one"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "MIT"', 'id = "Mit Licence"'),
        ('id = "MIT"', 'id = "LicenseRef-of-nobody"'),
        ('id = "MIT"', 'id = "LicenseRef-falcon-180b"'),
        ('id = "MIT"', 'id = "MIT", unknown = true'),
        ('id = "MIT"', 'id = "MIT", variants = ["1B"]'),
        ('id = "MIT"', 'id = "LicenseRef-gemma"'),
        ('terms = [{ id = "MIT" }]', "terms = []"),
        ('terms = [{ id = "MIT" }]', 'terms = [{ id = "MIT" }, { id = "Apache-2.0" }]'),
        ('terms = [{ id = "MIT" }]', 'terms = [{ id = "MIT" }]\nearlier = ["LicenseRef-of-nobody"]'),
        ("'one-[0-9]b'", ""),
        ("'one-[0-9]b'", "'o[n]e'"),
        ("'one-[0-9]b'", "'on?e'"),
        ("'one-[0-9]b'", "'one|two'"),
        ("'one-[0-9]b'", "'One'"),
        ("'one-[0-9]b'", "'one.5'"),
        ("'one-[0-9]b'", "'one-(5'"),
        ("1, 1, 1, 1, 1, 10", "1, 1, 1, 0, 1, 10"),
        ("1, 1, 1, 1, 1, 10", "1, 1, 1, -1, 1, 10"),
        ("1, 1, 1, 1, 1, 10", "1, 1, 1, 1, 1, 10, 1"),
        ("1, 1, 1, 1, 1, 10", "1, 1, 1, 1, 1, 11"),
        ('["1B", 1, 1, 1, 1, 1, 10]', '["1B", 1, 1, 1, 1, 1, 10], ["1B", 2, 1, 1, 1, 1, 10]'),
        ("vocabulary = [10]", 'vocabulary = [10]\nparent = "two"'),
        ("vocabulary = [10]", 'vocabulary = [10]\nparent = "one"'),
        ("vocabulary = [10]", 'vocabulary = [10]\nshared = ["two"]'),
        ("vocabulary = [10]", f'vocabulary = [10]\ntokenizers = ["{LLAMA_TOKENIZER}"]'),
        ("vocabulary = [10]", 'vocabulary = [10]\ntokenizers = ["abc"]'),
        ("vocabulary = [10]", "vocabulary = [10]\nsize = 1"),
        ("vocabulary = [10]", "vocabulary = [10]\nsource = { rumour = 'x' }"),
        ('id = "one"', 'id = "One"'),
        ("decoys = []", "decoys = ['|']"),
    ],
)
def test_a_wrong_table_is_refused(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(DataError, match=r"families\.toml"):
        read(GOOD.replace(old, new))


def test_a_family_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataError, match="one: stands twice"):
        read(GOOD + GOOD.partition("decoys = []")[2])


def test_terms_that_the_table_does_not_judge_are_taken_when_they_are_marked() -> None:
    (found,) = read(GOOD.replace('id = "MIT"', 'id = "LicenseRef-falcon-180b", unknown = true')).families
    assert found.terms[0].unknown


def test_a_vocabulary_may_have_grown_a_little() -> None:
    shape = Shape("7B", 4096, 32, 32, 32, 11008, 32000)
    assert shape.fits(32, 32, 11008, 32001)
    assert shape.fits(None, None, None, None)
    assert not shape.fits(32, 8, 11008, 32000)
    assert not shape.fits(32, 32, 11008, 49954)
