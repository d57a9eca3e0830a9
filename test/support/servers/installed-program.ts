import { existsSync } from 'node:fs';
import path from 'node:path';

/** Returns the path of an installed program. System programs are often not on the path of a user. */
export function findInstalled(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(existsSync);
}
