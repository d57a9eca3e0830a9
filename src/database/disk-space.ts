import { statfs } from 'node:fs/promises';

const MIN_FREE_BYTES = 1e9;
const MIN_FREE_SHARE = 0.05;

export interface DiskSpace {
  /** Free disk space in bytes. */
  readonly free: number;
  readonly isLow: boolean;
}

/**
 * Returns the free space on the disk of the embedded database. The database stops if the disk is full. `isLow` is true
 * if less than 1 GB or less than 5 % of the disk is free.
 */
export async function getDiskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, bsize, blocks } = await statfs(folder);
  const free = bavail * bsize;
  return { free, isLow: free < MIN_FREE_BYTES || bavail < blocks * MIN_FREE_SHARE };
}
