// Runs the evaluation in a thread of its own: a second .NET runtime, from the same files as the page's.
import { dotnet } from './_framework/dotnet.js';

let file = null;
// The calls of the page count from 1; 0 is the preparation. A stop names its call, because it may arrive before the call begins.
let currentCall = 0;
let stoppedCall = -1;
const loaded = load();
// If loading fails, the first call fails too, and reports it.
let last = loaded.then(prepare).catch(() => {});

self.onmessage = ({ data }) => {
    stoppedCall = Math.max(stoppedCall, data.stop ?? 0);
    if (data.call) last = last.then(() => answer(data));
};

async function answer(data) {
    try {
        const methods = await loaded;
        [file, currentCall] = [data.file ?? file, data.call];
        const text = data.method === 'Evaluate'
            ? await methods.Evaluate(data.file?.name ?? '', data.file?.size ?? 0, data.argument)
            : await (data.argument ? methods[data.method](data.argument) : methods[data.method]());
        postMessage({ call: data.call, answer: text });
    } catch (error) {
        postMessage({ call: data.call, error: String(error) });
    }
}

async function load() {
    const { getAssemblyExports, setModuleImports } = await dotnet.create();
    setModuleImports('worker', {
        readFile(position, piece) {
            const bytes = new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(position, position + piece.length)));
            piece.set(bytes);
            return bytes.length;
        },
        showProgress: (work, share) => currentCall && postMessage({ call: currentCall, work, share }),
        isStopped: () => currentCall <= stoppedCall,
    });
    const methods = (await getAssemblyExports('Playground')).Playground.Work.EvaluationWorker;
    postMessage({ isReady: true });
    return methods;
}

// The first evaluation takes twice as long as the next ones, because the runtime compiles what has run often. So the example is evaluated
// while the user reads the page, until the first call comes.
async function prepare(methods) {
    const question = JSON.stringify({ Threshold: 0.5, FalsePositive: 1, Missed: 1 });
    for (let time = 0; time < 2 && stoppedCall < 0; time++) {
        await methods.Evaluate('', 0, '{}');
        await methods.Calibrate();
        await methods.Decide(question);
    }
}
