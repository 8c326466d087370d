// Writes ONNX models of one operator, repeated so that the cost of a call into the runtime does not count.
const varint = n => { const bytes = []; for (let v = BigInt(n); ; v >>= 7n) { if (v < 128n) { bytes.push(Number(v)); return bytes; } bytes.push(Number(v & 127n) | 128); } };
const number = (field, n) => [...varint(field << 3), ...varint(n)];
const message = (field, bytes) => [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
const text = (field, s) => message(field, [...Buffer.from(s)]);

const tensor = (name, type, shape) => [
  ...text(1, name),
  ...message(2, message(1, [...number(1, type), ...message(2, shape.flatMap(d => message(1, number(1, d))))])),
];
const FLOAT = 1, INT64 = 7;
const attribute = (name, value) => message(5, [...text(1, name), ...number(3, value), ...number(20, 2)]);
const node = (operator, inputs, outputs, attributes = []) => message(1, [
  ...inputs.flatMap(i => text(1, i)), ...outputs.flatMap(o => text(2, o)), ...text(4, operator), ...attributes,
]);
const model = graph => Uint8Array.from([...number(1, 8), ...message(7, graph), ...message(8, number(2, 17))]);

/** Softmax or LogSoftmax of [rows, classes], applied so many times, each to what the one before made. */
export function chain(operator, rows, classes, length) {
  const nodes = [];
  for (let i = 0; i < length; i++)
    nodes.push(...node(operator, [i === 0 ? 'x' : `t${i}`], [i === length - 1 ? 'y' : `t${i + 1}`], attribute('axis', 1)));
  return model([...nodes, ...text(2, 'g'), ...message(11, tensor('x', FLOAT, [rows, classes])), ...message(12, tensor('y', FLOAT, [rows, classes]))]);
}

/** TopK of [rows, classes], sorted. */
export function topK(rows, classes, k) {
  const constant = message(5, [...number(1, 1), ...number(2, INT64), ...text(8, 'k'), ...message(7, varint(k))]);
  return model([
    ...node('TopK', ['x', 'k'], ['v', 'i'], [...attribute('axis', 1), ...attribute('largest', 1), ...attribute('sorted', 1)]),
    ...text(2, 'g'), ...constant,
    ...message(11, tensor('x', FLOAT, [rows, classes])), ...message(12, tensor('v', FLOAT, [rows, k])), ...message(12, tensor('i', INT64, [rows, k])),
  ]);
}
