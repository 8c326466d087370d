// The page's side of the worker, the chosen file, the address, and saving. No function sends anything.
const worker = new Worker('worker.js', { type: 'module' });
const calls = new Map();
let lastCall = 0;
let file = null;

worker.onmessage = ({ data }) => {
    if (data.isReady) {
        document.documentElement.dataset.loaded = '';
        return;
    }
    const call = calls.get(data.call);
    if (data.work !== undefined) {
        call.progress(data.work, data.share);
        return;
    }
    calls.delete(data.call);
    if (data.error === undefined) call.resolve(data.answer);
    else call.reject(new Error(data.error));
};

export const chosenFile = () => file?.name ?? '';

export const callWorker = (method, argument, usesFile, progress) => new Promise((resolve, reject) => {
    calls.set(++lastCall, { resolve, reject, progress });
    worker.postMessage({ call: lastCall, method, argument, file: usesFile ? file : null });
});

export const stopWorker = () => worker.postMessage({ stop: lastCall });

export function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = Object.assign(document.createElement('a'), { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}

let pending = 0;

export function showAddress(query) {
    // Browsers allow few changes a second.
    clearTimeout(pending);
    pending = setTimeout(() => history.replaceState(null, '', (query || location.pathname) + location.hash), 250);
}

export function onDrop(dropped) {
    const choose = files => {
        if (!files?.length) return;
        file = files[0];
        dropped();
    };
    const carriesFile = event => event.dataTransfer?.types.includes('Files');
    const mark = isOver => document.documentElement.classList.toggle('file-over', isOver);
    addEventListener('change', event => {
        if (!event.target.matches?.('input[type=file]')) return;
        choose(event.target.files);
        // So that the same file can be chosen again.
        event.target.value = '';
    });
    addEventListener('dragover', event => {
        if (!carriesFile(event)) return;
        event.preventDefault();
        mark(true);
    });
    addEventListener('dragleave', event => event.relatedTarget === null && mark(false));
    addEventListener('drop', event => {
        if (!carriesFile(event)) return;
        event.preventDefault();
        mark(false);
        choose(event.dataTransfer.files);
    });
}
