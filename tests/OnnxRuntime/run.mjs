// Runs an ONNX model on batches of rows.
// Reads {model, outputs, batches: [{name: {type, dims, data}}]} from standard input, with the data as base64 of the values' bytes, and
// writes [{name: {type, dims, data}}] to standard output, with text as a list of strings.
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const arrays = { float32: Float32Array, int64: BigInt64Array, uint32: Uint32Array };

function decode({ type, dims, data }) {
  if (type === 'string') return new ort.Tensor(type, data, dims);
  const bytes = Buffer.from(data, 'base64');
  return new ort.Tensor(type, new arrays[type](new Uint8Array(bytes).buffer), dims);
}

function encode({ type, dims, data }) {
  if (type === 'string') return { type, dims, data };
  return { type, dims, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}

const request = JSON.parse(readFileSync(0, 'utf8'));
const session = await ort.InferenceSession.create(request.model, { logSeverityLevel: 3 });
const answers = [];
for (const batch of request.batches) {
  const feeds = Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, decode(tensor)]));
  const results = await session.run(feeds, request.outputs);
  answers.push(Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, encode(tensor)])));
}
writeFileSync(1, JSON.stringify(answers));
