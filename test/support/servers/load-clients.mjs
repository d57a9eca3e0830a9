import { parentPort, workerData } from 'node:worker_threads';

/** Simulates clients in a worker thread. Each sends its next request when it has a response. */
const { requests, clients, seconds } = workerData;
const until = performance.now() + seconds * 1000;
const taken = [];
const statuses = {};

async function client(number) {
  for (let turn = number; performance.now() < until; turn += 1) {
    const { url, ...options } = requests[turn % requests.length];
    const start = performance.now();
    const answer = await fetch(url, options);
    await answer.arrayBuffer();
    taken.push(performance.now() - start);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  }
}

await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
taken.sort((a, b) => a - b);
const at = (share) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))];
parentPort.postMessage({ statuses, count: taken.length, p50: at(0.5), p99: at(0.99) });
