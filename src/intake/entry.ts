import { CcdaRefused, isXml, resourcesOfCcda } from './ccda.ts';
import type { IntakeFile } from './input.ts';
import { lineBatchesOf, linesOf, NOT_UTF8, textOf } from './input.ts';
import { isTooDeep, MOST_LEVELS } from './nesting.ts';
import { LARGEST_RESOURCE, sizeFault } from './size.ts';

/** One resource as it came, and where it stood. */
export interface Entry {
  readonly file: string;
  /** `line 12` or `entry 3` */
  readonly at: string;
  readonly value: unknown;
  /** Of a Bundle's entry: what other entries may refer to it by. */
  readonly fullUrl?: string;
  /** What can't be loaded at all: why. */
  readonly fault?: string;
}

export type Parse = (text: string) => unknown;
/** NDJSON is read line by line; a Bundle is one value. */
export type Form = 'lines' | 'bundle';

const TOO_DEEP = `It is nested more than ${MOST_LEVELS} levels deep: no resource of FHIR is.`;
const NOT_WRITING = 'Only what its request creates or updates (POST, PUT) is loaded.';
const NO_TEXT = 'It is not in UTF-8: some of its bytes are no text. Convert the file to UTF-8.';
const LOADED = ['transaction', 'batch', 'collection', 'searchset'];
/** What is neither created nor updated by an entry would be left undone, and nobody told. */
const WRITING = ['POST', 'PUT'];

/** By its name, or by its first line: that of NDJSON is a whole resource. */
export async function formOf(file: IntakeFile): Promise<Form> {
  if (/\.(ndjson|jsonl)$/i.test(file.name)) return 'lines';
  for await (const line of linesOf(file)) {
    if (line.trim() !== '') return isOneResource(line) ? 'lines' : 'bundle';
  }
  return 'lines';
}

/** @param isWanted asked by the number of a line, from 1, before it is read */
export async function* entriesOfLines(
  file: IntakeFile,
  parse: Parse,
  isWanted: (line: number) => boolean,
): AsyncIterable<Entry & { readonly size: number }> {
  let number = 0;
  for await (const lines of lineBatchesOf(file)) {
    for (const line of lines) {
      number += 1;
      if (isWanted(number)) yield { ...lineEntry(file, number, line, parse), size: line.length };
    }
  }
}

/** What stands on one line. */
export function lineEntry(file: IntakeFile, number: number, line: string, parse: Parse): Entry {
  const place = { file: file.name, at: `line ${number}` };
  if (isTooDeep(line)) return { ...place, value: undefined, fault: TOO_DEEP };
  try {
    return withinSize({ ...place, value: parse(line) }, line);
  } catch {
    return { ...place, value: undefined, fault: line.includes(NOT_UTF8) ? NO_TEXT : 'The line is not valid JSON.' };
  }
}

/** @param text it stands in, which tells of most that they are not too large */
function withinSize(entry: Entry, text: string): Entry {
  const mayBeTooLarge = text.length > LARGEST_RESOURCE || text.includes('"contained"');
  const fault = mayBeTooLarge && entry.fault === undefined ? sizeFault(entry.value) : undefined;
  return fault === undefined ? entry : { ...entry, fault };
}

export interface BundleRead {
  readonly entries: readonly Entry[];
  /** Of a transaction all is stored, or nothing. */
  readonly isTransaction: boolean;
}

export async function readBundleFile(file: IntakeFile, parse: Parse): Promise<BundleRead> {
  const whole = { file: file.name, at: 'whole file', value: undefined };
  const each = (entries: readonly Entry[]): BundleRead => ({ entries, isTransaction: false });
  const text = await textOf(file);
  if (text.includes(NOT_UTF8)) return each([{ ...whole, fault: NO_TEXT }]);
  if (isXml(text)) return each(entriesOfCcda(file, text));
  if (isTooDeep(text)) return each([{ ...whole, fault: TOO_DEEP }]);
  let bundle: unknown;
  try {
    bundle = parse(text);
  } catch {
    return each([{ ...whole, fault: 'The file is not valid JSON.' }]);
  }
  const { resourceType, type, entry } = Object(bundle) as Record<string, unknown>;
  if (resourceType !== 'Bundle') return each([{ ...whole, value: bundle }]);
  if (!LOADED.includes(String(type)))
    return each([{ ...whole, fault: `Only Bundles of type ${LOADED.join(', ')} are loaded.` }]);
  const entries = (Array.isArray(entry) ? entry : []).map((one, index) => withinSize(entryOf(file, one, index), text));
  return { entries, isTransaction: type === 'transaction' };
}

function entriesOfCcda(file: IntakeFile, xml: string): readonly Entry[] {
  try {
    return resourcesOfCcda(xml).map((value, index) => ({ file: file.name, at: `entry ${index + 1}`, value }));
  } catch (error) {
    if (!(error instanceof CcdaRefused)) throw error;
    return [{ file: file.name, at: 'whole file', value: undefined, fault: error.message }];
  }
}

function entryOf(file: IntakeFile, one: unknown, index: number): Entry {
  const { resource, fullUrl, request } = Object(one) as Record<string, unknown>;
  const place = { file: file.name, at: `entry ${index + 1}`, value: resource };
  const method = (Object(request) as Record<string, unknown>)['method'];
  if (method === 'DELETE') return { ...place, fault: 'Deletions are not loaded.' };
  if (method !== undefined && !WRITING.includes(String(method))) return { ...place, fault: NOT_WRITING };
  return typeof fullUrl === 'string' ? { ...place, fullUrl } : place;
}

function isOneResource(line: string): boolean {
  try {
    const { resourceType } = Object(JSON.parse(line)) as Record<string, unknown>;
    return typeof resourceType === 'string' && resourceType !== 'Bundle';
  } catch {
    return false;
  }
}
