#!/usr/bin/env bash
# Times PyTorch and SciPy on the shapes of the benchmarks, taking turns with this library, and prints ratios as Markdown.
# Needs Debian's python3-torch and python3-scipy. ONNX Runtime and TensorPrimitives are packages: --side-by-side runs them in process.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dotnet build -c Release -v q --nologo "$here/.." >&2
export OURS="$here/../bin/Release/net10.0/Benchmarks"
exec "${PYTHON:-/usr/bin/python3}" "$here/torch_scipy.py"
