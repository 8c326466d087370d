// ONNX Runtime on one thread, taking turns with this library: medians of its time divided by ours.
import { createRequire } from 'node:module';
import { chain, topK } from './onnx.mjs';
import { median, ours } from './ours.mjs';

const ort = createRequire(import.meta.url)('onnxruntime-node');
const library = ours();
const inCache = 65_536, outOfCache = 16_777_216;

function normals(count) {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++)
    values[i] = 3 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return values;
}

async function session(bytes) {
  return ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'disabled' });
}

async function timed(run, repetitions) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repetitions; i++) await run();
  return Number(process.hrtime.bigint() - start) / repetitions;
}

// What one more operator in the chain costs: the call itself, and the copies around it, cancel out.
async function softmaxContest(operator, ourName, classes, total, length) {
  const rows = Math.max(1, Math.floor(total / classes));
  const feeds = { x: new ort.Tensor('float32', normals(rows * classes), [rows, classes]) };
  const short = await session(chain(operator, rows, classes, 1)), long = await session(chain(operator, rows, classes, length + 1));
  const calls = total > inCache ? 1 : 4;
  const ratios = [], nanoseconds = [];
  return {
    async visit(rounds) {
      for (let round = -2; round < rounds; round++) {
        const theirs = (await timed(() => long.run(feeds), calls) - await timed(() => short.run(feeds), calls)) / length;
        const mine = await library.time(ourName, classes, total, calls * length);
        if (round >= 0) { ratios.push(theirs / mine); nanoseconds.push(theirs / (rows * classes)); }
      }
    },
    async end() { await short.release(); await long.release(); },
    ratio: () => median(ratios).toFixed(2),
    nanoseconds: () => median(nanoseconds).toFixed(3),
  };
}

async function topKContest(classes, k) {
  const total = Math.max(inCache, Math.min(4096 * classes, 1 << 21));
  const rows = Math.floor(total / classes);
  const feeds = { x: new ort.Tensor('float32', normals(rows * classes), [rows, classes]) };
  const theirs = await session(topK(rows, classes, k));
  const ratios = [];
  return {
    async visit(rounds) {
      for (let round = -1; round < rounds; round++) {
        const time = await timed(() => theirs.run(feeds), 2);
        const mine = await library.time(`topk${k}`, classes, total, 2);
        if (round >= 0) ratios.push(time / mine);
      }
    },
    end: () => theirs.release(),
    ratio: () => median(ratios).toFixed(2),
  };
}

// In several visits: a shared machine may be slower for seconds, and not for both alike.
async function compete(contests, visits, rounds) {
  for (let visit = 0; visit < visits; visit++)
    for (const contest of contests) await contest.visit(rounds);
  for (const contest of contests) await contest.end();
}

console.log('## ONNX Runtime 1.30, one thread, divided by ours\n');
console.log('| classes | softmax in cache | its ns per float | log-softmax in cache | softmax out of cache | its ns per float |\n|---|---|---|---|---|---|');
const classCounts = [2, 3, 5, 10, 16, 100, 1000, 32000];
const near = [];
for (const classes of classCounts) {
  near.push(await softmaxContest('Softmax', 'softmax', classes, inCache, 32));
  near.push(await softmaxContest('LogSoftmax', 'logsoftmax', classes, inCache, 32));
}

await compete(near, 7, 5);

for (const [i, classes] of classCounts.entries()) {
  // Here the call costs several times the operator, so where the operator is fast it takes many of them to show.
  const far = await softmaxContest('Softmax', 'softmax', classes, outOfCache, classes < 100 ? 2 : 12);
  await compete([far], 1, 5);
  const [softmax, logSoftmax] = near.slice(2 * i);
  console.log(`| ${classes} | ${softmax.ratio()} | ${softmax.nanoseconds()} | ${logSoftmax.ratio()} | ${far.ratio()} | ${far.nanoseconds()} |`);
}

console.log('\n| top-k | k = 1 | k = 5 | k = 10 |\n|---|---|---|---|');
const topKs = [];
for (const classes of [10, 100, 1000, 32000])
  for (const k of [1, 5, 10]) topKs.push(await topKContest(classes, k));
await compete(topKs, 5, 3);
for (const [i, classes] of [10, 100, 1000, 32000].entries())
  console.log(`| ${classes} | ${topKs.slice(3 * i, (3 * i) + 3).map(contest => contest.ratio()).join(' | ')} |`);
console.log('');
library.end();
