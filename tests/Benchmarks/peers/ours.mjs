// This library, taking turns: a process that answers how long each of so many calls took.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export function ours() {
  const process_ = spawn(process.env.OURS, ['--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  return {
    async time(operation, classes, total, repetitions) {
      process_.stdin.write(`${operation} ${classes} ${total} ${repetitions}\n`);
      return Number((await lines.next()).value);
    },
    end: () => process_.stdin.end(),
  };
}

export const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];
