#!/usr/bin/env bash
# Times PyTorch, SciPy, oneDNN and a softmax written by hand in C++ on the shapes of the benchmarks, taking turns with this library, and
# prints ratios as Markdown.
# Needs Debian's python3-torch, python3-scipy, libdnnl-dev and g++. ONNX Runtime and TensorPrimitives are packages: --side-by-side runs
# them in process.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dotnet build -c Release -v q --nologo "$here/.." >&2
export OURS="$here/../bin/Release/net10.0/Benchmarks" OMP_NUM_THREADS=1
python=${PYTHON:-/usr/bin/python3}
"$python" "$here/torch_scipy.py"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
g++ -O2 -shared -fPIC -o "$temporary/onednn.so" "$here/onednn.cpp" -ldnnl
"$python" "$here/native.py" "$temporary/onednn.so" oneDNN
if grep -q avx512f /proc/cpuinfo; then
    g++ -O3 -march=native -shared -fPIC -o "$temporary/three_passes.so" "$here/three_passes.cpp"
    "$python" "$here/native.py" "$temporary/three_passes.so" "Three passes in C++"
fi
