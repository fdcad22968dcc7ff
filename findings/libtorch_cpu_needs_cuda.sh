#!/usr/bin/env bash
# Expected: libtorch_cpu.so, the half of LibTorch without CUDA, loads on a machine without NVIDIA's packages; libtorch_cuda.so
#           is what needs them.
# Happens:  in the wheel that `pip install torch` takes on Linux, libtorch_cpu.so itself is linked to libcudart and libcupti
#           (for the profiler), so it does not load without them. A program that links only the CPU half needs them, too.
# Seen:     torch 2.11.0 from PyPI (manylinux, CUDA 13), 2026-11-29
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

TMPDIR=$work python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --no-cache-dir --no-deps --no-compile \
    --only-binary=:all: --implementation cp --python-version 3.11 --platform manylinux_2_28_x86_64 --target torch torch==2.11.0
grep -m 1 '^__version__ =' torch/torch/version.py
needed=$(objdump -p torch/torch/lib/libtorch_cpu.so | awk '$1 == "NEEDED" {print $2}')
echo "libtorch_cpu.so is linked to:" $needed
grep -q '^libcudart' <<<"$needed" && grep -q '^libcupti' <<<"$needed"
