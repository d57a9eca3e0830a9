import { statfs } from 'node:fs/promises';

const LEAST_FREE = 1e9;
const LEAST_SHARE = 0.05;

export interface DiskSpace {
  /** Bytes. */
  readonly free: number;
  readonly isLow: boolean;
}

/**
 * Returns the free space on the disk of the embedded database, which a full disk would stop. `isLow` is true below 1 GB
 * or 5 %.
 */
export async function diskSpace(folder: string): Promise<DiskSpace> {
  const { bavail, bsize, blocks } = await statfs(folder);
  const free = bavail * bsize;
  return { free, isLow: free < LEAST_FREE || bavail < blocks * LEAST_SHARE };
}
