// Runs the evaluation in a thread of its own: a second .NET runtime, from the same files as the page's.
import { dotnet } from './_framework/dotnet.js';

let file = null;
let currentCall = 0;
let isStopped = false;
let last = Promise.resolve();

self.onmessage = ({ data }) => {
    if (data.stop) isStopped = true;
    else last = last.then(() => answer(data));
};

async function answer(data) {
    try {
        const methods = await loaded;
        [file, currentCall, isStopped] = [data.file ?? file, data.call, false];
        const text = data.method === 'Evaluate'
            ? await methods.Evaluate(data.file?.name ?? '', data.file?.size ?? 0, data.argument)
            : await (data.argument ? methods[data.method](data.argument) : methods[data.method]());
        postMessage({ call: data.call, answer: text });
    } catch (error) {
        postMessage({ call: data.call, error: String(error) });
    }
}

const loaded = load();

async function load() {
    const { getAssemblyExports, setModuleImports } = await dotnet.create();
    setModuleImports('worker', {
        readFile(position, piece) {
            const bytes = new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(position, position + piece.length)));
            piece.set(bytes);
            return bytes.length;
        },
        showProgress: (work, share) => postMessage({ call: currentCall, work, share }),
        isStopped: () => isStopped,
    });
    const methods = (await getAssemblyExports('Playground')).Playground.Work.EvaluationWorker;
    postMessage({ isReady: true });
    return methods;
}
