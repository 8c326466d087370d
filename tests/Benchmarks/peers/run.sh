#!/usr/bin/env bash
# Times ONNX Runtime, PyTorch and SciPy on the shapes of the benchmarks, taking turns with this library, and prints ratios as Markdown.
# Needs: Node.js with npm (for onnxruntime-node), and Debian's python3-torch and python3-scipy; what is missing is left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dotnet build -c Release -v q --nologo "$here/.." >&2
export OURS="$here/../bin/Release/net10.0/Benchmarks"

if command -v node >/dev/null; then
  [ -d "$here/node_modules/onnxruntime-node" ] || npm install --prefix "$here" --no-save --no-package-lock --ignore-scripts onnxruntime-node@1.30.0 >&2
  node "$here/onnxruntime.mjs"
else
  echo "No Node.js: ONNX Runtime left out." >&2
fi

python=${PYTHON:-/usr/bin/python3}
if "$python" -c 'import torch, scipy' 2>/dev/null; then
  "$python" "$here/torch_scipy.py"
else
  echo "No PyTorch and SciPy for $python: left out." >&2
fi
