import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

/**
 * Returns the id that initdb gave a cluster. A restored copy keeps it. It is the first field of `pg_control`, in the byte
 * order of the machine; all machines that PostgreSQL is packaged for here are little-endian.
 */
export function readSystemIdentifier(cluster: string): string {
  const file = openSync(path.join(cluster, 'global', 'pg_control'), 'r');
  try {
    const bytes = Buffer.alloc(8);
    readSync(file, bytes, 0, bytes.length, 0);
    return bytes.readBigUInt64LE().toString();
  } finally {
    closeSync(file);
  }
}
