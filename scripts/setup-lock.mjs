// Allows one setup at a time in a checkout. Plain JavaScript for any Node >= 20.
import { existsSync, mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const BEAT = 2_000;
const STALE_AFTER = 15_000;

/**
 * Runs `work` while holding the lock, which is a folder. The holder touches it as long as it lives; a folder that isn't
 * touched any more is stale.
 */
export async function alone(lock, work, onWait) {
  await acquire(lock, onWait);
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  const beat = setInterval(() => touch(lock), BEAT);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    release();
  }
}

function touch(lock) {
  if (existsSync(lock)) utimesSync(lock, new Date(), new Date());
}

async function acquire(lock, onWait) {
  for (let waits = 0; !createLock(lock); waits++) {
    if (waits === 1) onWait();
    if (isStale(lock)) rmSync(lock, { recursive: true, force: true });
    else await pause(200);
  }
}

function createLock(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(lock) {
  const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && Date.now() - touched > STALE_AFTER;
}
