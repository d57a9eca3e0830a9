import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';

/** Milliseconds between two lines if standard error is not a terminal. */
const LINE_INTERVAL_MS = 5000;
const MEGABYTE = 1e6;

export interface ByteProgress {
  /** Shows how many bytes are done. */
  show(done: number, all: number): void;
  stop(): void;
}

/** Shows the progress of a copy on standard error: as a bar on a terminal, otherwise as a line every few seconds. */
export function createByteProgress(stream: Writable & { readonly isTTY?: boolean }): ByteProgress {
  const format = `${stream.isTTY ? '{bar} ' : ''}{percentage}% | {value} of {total} MB`;
  const bar = new SingleBar(
    { format, stream, noTTYOutput: true, notTTYSchedule: LINE_INTERVAL_MS, hideCursor: true },
    Presets.shades_classic,
  );
  let hasBegun = false;
  return {
    show(done, all) {
      const total = Math.ceil(all / MEGABYTE);
      if (!hasBegun) bar.start(total, 0);
      hasBegun = true;
      bar.setTotal(total);
      bar.update(Math.floor(done / MEGABYTE));
    },
    stop: () => bar.stop(),
  };
}

export const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
