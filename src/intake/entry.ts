import { CcdaRefused, isXml, resourcesOfCcda } from './ccda.ts';
import type { IntakeFile } from './input.ts';
import { lineBatchesOf, linesOf, NOT_UTF8, textOf } from './input.ts';
import { isTooDeep, MOST_LEVELS } from './nesting.ts';
import { LARGEST_RESOURCE, sizeFault } from './size.ts';

/** A resource as received, with its position in the input. */
export interface Entry {
  readonly file: string;
  /** Position such as `line 12` or `entry 3`. */
  readonly at: string;
  readonly value: unknown;
  /** fullUrl of a Bundle entry, by which other entries may refer to it. */
  readonly fullUrl?: string;
  /** Reason why the entry can't be imported. */
  readonly fault?: string;
}

export type Parse = (text: string) => unknown;
/** NDJSON is read line by line; a Bundle is read as one value. */
export type Form = 'lines' | 'bundle';

const TOO_DEEP = `It is nested more than ${MOST_LEVELS} levels deep: no resource of FHIR is.`;
const NOT_WRITING = 'Only what its request creates or updates (POST, PUT) is loaded.';
const NO_TEXT = 'It is not in UTF-8: some of its bytes are no text. Convert the file to UTF-8.';
const LOADED = ['transaction', 'batch', 'collection', 'searchset'];
/** Methods that create or update. Entries with another method are rejected, so that nothing is ignored silently. */
const WRITING = ['POST', 'PUT'];

/** Detects the format by the file name, or by the first line, which in NDJSON is a complete resource. */
export async function formOf(file: IntakeFile): Promise<Form> {
  if (/\.(ndjson|jsonl)$/i.test(file.name)) return 'lines';
  for await (const line of linesOf(file)) {
    if (line.trim() !== '') return isOneResource(line) ? 'lines' : 'bundle';
  }
  return 'lines';
}

/**
 * Reads the entries of an NDJSON file.
 * @param isWanted decides by the line number, starting at 1, before a line is parsed
 */
export async function* entriesOfLines(
  file: IntakeFile,
  parse: Parse,
  includesLine: (line: number) => boolean,
): AsyncIterable<Entry & { readonly size: number }> {
  let number = 0;
  for await (const lines of lineBatchesOf(file)) {
    for (const line of lines) {
      number += 1;
      if (includesLine(number)) yield { ...lineEntry(file, number, line, parse), size: line.length };
    }
  }
}

/** Parses one line. Errors are reported in the entry. */
export function lineEntry(file: IntakeFile, number: number, line: string, parse: Parse): Entry {
  const position = { file: file.name, at: `line ${number}` };
  if (isTooDeep(line)) return { ...position, value: undefined, fault: TOO_DEEP };
  try {
    return withinSize({ ...position, value: parse(line) }, line);
  } catch {
    return { ...position, value: undefined, fault: line.includes(NOT_UTF8) ? NO_TEXT : 'The line is not valid JSON.' };
  }
}

/**
 * Adds an error if the resource is too large.
 * @param text text that contains the entry. Its length rules out most entries without a count
 */
function withinSize(entry: Entry, text: string): Entry {
  const mayBeTooLarge = text.length > LARGEST_RESOURCE || text.includes('"contained"');
  const error = mayBeTooLarge && entry.fault === undefined ? sizeFault(entry.value) : undefined;
  return error === undefined ? entry : { ...entry, fault: error };
}

export interface BundleRead {
  readonly entries: readonly Entry[];
  /** Whether the Bundle is a transaction, which is stored completely or not at all. */
  readonly isTransaction: boolean;
}

export async function readBundleFile(file: IntakeFile, parse: Parse): Promise<BundleRead> {
  const whole = { file: file.name, at: 'whole file', value: undefined };
  const toBatch = (entries: readonly Entry[]): BundleRead => ({ entries, isTransaction: false });
  const text = await textOf(file);
  if (text.includes(NOT_UTF8)) return toBatch([{ ...whole, fault: NO_TEXT }]);
  if (isXml(text)) return toBatch(entriesOfCcda(file, text));
  if (isTooDeep(text)) return toBatch([{ ...whole, fault: TOO_DEEP }]);
  let bundle: unknown;
  try {
    bundle = parse(text);
  } catch {
    return toBatch([{ ...whole, fault: 'The file is not valid JSON.' }]);
  }
  const { resourceType, type, entry } = Object(bundle) as Record<string, unknown>;
  if (resourceType !== 'Bundle') return toBatch([{ ...whole, value: bundle }]);
  if (!LOADED.includes(String(type)))
    return toBatch([{ ...whole, fault: `Only Bundles of type ${LOADED.join(', ')} are loaded.` }]);
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
  const position = { file: file.name, at: `entry ${index + 1}`, value: resource };
  const method = (Object(request) as Record<string, unknown>)['method'];
  if (method === 'DELETE') return { ...position, fault: 'Deletions are not loaded.' };
  if (method !== undefined && !WRITING.includes(String(method))) return { ...position, fault: NOT_WRITING };
  return typeof fullUrl === 'string' ? { ...position, fullUrl } : position;
}

function isOneResource(line: string): boolean {
  try {
    const { resourceType } = Object(JSON.parse(line)) as Record<string, unknown>;
    return typeof resourceType === 'string' && resourceType !== 'Bundle';
  } catch {
    return false;
  }
}
