import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, sha256 } from '../kernel/index.ts';
import { FORMAT, FORMAT_VERSION, MANIFEST, type Manifest } from './manifest.ts';

const LINE_FEED = 10;
/** Bytes of a line that is accepted: more than the largest resource or attachment. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
/** A path below the folder, without `..`. */
const SAFE_PATH = /^[A-Za-z][\w-]*(?:\/[A-Za-z][\w-]*)*\.ndjson$/;

/** The files of an export, which are as the manifest says. */
export interface PracticeFiles {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest. */
  readonly digest: Buffer;
  /** Reads the lines of a file. A file that the export doesn't have has none. */
  lines(name: string): AsyncGenerator<string, void, undefined>;
}

/**
 * Opens an export, and compares all files with the manifest.
 * @throws OperatorError if the folder isn't a complete, unchanged export of a version that this release reads
 */
export async function openPracticeFiles(folder: string, signal?: AbortSignal): Promise<PracticeFiles> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`${path.join(folder, MANIFEST)} can't be read (${error.code}).`);
  });
  const manifest = parseManifest(text);
  const known = new Set<string>();
  for (const file of manifest.files) {
    if (!SAFE_PATH.test(file.path)) throw new OperatorError(`The manifest has an invalid path: ${file.path}`);
    known.add(file.path);
    const target = path.join(folder, ...file.path.split('/'));
    if ((await digestFile(target, signal)) !== file.sha256)
      throw new OperatorError(`${target} isn't as it was exported. Copy the export again.`);
  }
  return {
    manifest,
    digest: sha256(text),
    lines: (name) => (known.has(name) ? readLines(path.join(folder, ...name.split('/'))) : noLines()),
  };
}

function parseManifest(text: string): Manifest {
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null;
  } catch {
    throw new OperatorError(`${MANIFEST} isn't valid JSON.`);
  }
  if (manifest?.format !== FORMAT || !Array.isArray(manifest.files))
    throw new OperatorError(`${MANIFEST} isn't the manifest of a practice.`);
  if (manifest.version !== FORMAT_VERSION)
    throw new OperatorError(`This release reads version ${FORMAT_VERSION} of the format, not ${manifest.version}.`);
  return manifest as Manifest;
}

async function digestFile(target: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(target)) {
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new OperatorError(`${target} is missing.`);
    throw error;
  }
  return hash.digest('hex');
}

async function* noLines(): AsyncGenerator<string, void, undefined> {}

/** Reads the lines of a file. Resources can contain other line separators of Unicode, so only a line feed ends a line. */
async function* readLines(target: string): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(target)) {
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString();
      rest = rest.subarray(end + 1);
      parts = [];
      bytes = 0;
    }
    parts.push(rest);
    bytes += rest.length;
    if (bytes > MAX_LINE_BYTES) throw new OperatorError(`${target} has a line that is too long.`);
  }
}
