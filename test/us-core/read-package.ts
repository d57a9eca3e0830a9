import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Reads the JSON files of an npm package: a gzip archive in the format POSIX ustar. */
export function* readPackage(file: string): Generator<readonly [name: string, json: unknown]> {
  const tar = gunzipSync(readFileSync(file));
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = text(tar, at, 100);
    const size = Number.parseInt(text(tar, at + 124, 12), 8);
    if (name.endsWith('.json') && !name.includes('/openapi/')) {
      yield [path.posix.basename(name), JSON.parse(tar.toString('utf8', at + 512, at + 512 + size))];
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const text = (tar: Buffer, at: number, length: number): string =>
  tar
    .toString('latin1', at, at + length)
    .replace(/\0.*$/, '')
    .trim();
