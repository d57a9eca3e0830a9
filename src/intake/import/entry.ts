import { CcdaError, convertCcda, isXml } from '../ccda/convert-ccda.ts';
import type { ImportFile } from './import-file.ts';
import { NOT_UTF8, readLineBatches, readLines, readText } from './import-file.ts';
import { isTooDeep, MAX_DEPTH } from './nesting.ts';
import { checkResourceSize, MAX_RESOURCE_SIZE } from './size.ts';

/** A resource of the input, with its position in the input. */
export interface ImportEntry {
  readonly file: string;
  /** Position of the entry in its file, such as `line 12` or `entry 3`. */
  readonly at: string;
  readonly value: unknown;
  /** fullUrl of the Bundle entry. Other entries may refer to the resource by it. */
  readonly fullUrl?: string;
  /** Reason why the entry can't be imported; undefined if there is none so far. */
  readonly error?: string;
}

export type ParseJson = (text: string) => unknown;
/** Format of an input file. NDJSON (`lines`) is read line by line; a Bundle is read as a whole. */
export type ImportFormat = 'lines' | 'bundle';

const TOO_DEEP = `The resource is nested more than ${MAX_DEPTH} levels deep, which no FHIR resource is.`;
const NO_WRITE_METHOD = 'Only entries whose request creates or updates a resource (POST, PUT) are loaded.';
const INVALID_UTF8 = 'The text isn’t valid UTF-8. Convert the file to UTF-8.';
const IMPORTED_BUNDLE_TYPES = ['transaction', 'batch', 'collection', 'searchset'];
/**
 * HTTP methods of Bundle entries that create or update. An entry with another method is rejected, so that nothing is
 * ignored silently.
 */
const WRITE_METHODS = ['POST', 'PUT'];

/** Detects the format of a file by its name or its first line. In NDJSON, the first line is a complete resource. */
export async function detectFormat(file: ImportFile): Promise<ImportFormat> {
  if (/\.(ndjson|jsonl)$/i.test(file.name)) return 'lines';
  for await (const line of readLines(file)) {
    if (line.trim() !== '') return isSingleResource(line) ? 'lines' : 'bundle';
  }
  return 'lines';
}

/**
 * Reads the entries of an NDJSON file.
 * @param isWanted whether a line is read, by its number starting at 1; other lines are not parsed
 */
export async function* readLineEntries(
  file: ImportFile,
  parse: ParseJson,
  includesLine: (line: number) => boolean,
): AsyncIterable<ImportEntry & { readonly size: number }> {
  let number = 0;
  for await (const lines of readLineBatches(file)) {
    for (const line of lines) {
      number += 1;
      if (includesLine(number)) yield { ...toLineEntry(file, number, line, parse), size: line.length };
    }
  }
}

/** Parses one line of an NDJSON file. If the line is invalid, the result contains the reason instead of a resource. */
export function toLineEntry(file: ImportFile, number: number, line: string, parse: ParseJson): ImportEntry {
  const position = { file: file.name, at: `line ${number}` };
  if (isTooDeep(line)) return { ...position, value: undefined, error: TOO_DEEP };
  try {
    return checkSize({ ...position, value: parse(line) }, line);
  } catch {
    return {
      ...position,
      value: undefined,
      error: line.includes(NOT_UTF8) ? INVALID_UTF8 : 'The line isn’t valid JSON.',
    };
  }
}

/**
 * Adds an error to an entry if its resource is too large.
 * @param text text that contains the entry. If it is short, the resource needn't be measured
 */
function checkSize(entry: ImportEntry, text: string): ImportEntry {
  const mayBeTooLarge = text.length > MAX_RESOURCE_SIZE || text.includes('"contained"');
  const error = mayBeTooLarge && entry.error === undefined ? checkResourceSize(entry.value) : undefined;
  return error === undefined ? entry : { ...entry, error };
}

export interface ImportBundle {
  readonly entries: readonly ImportEntry[];
  /** Whether the Bundle is a transaction. A transaction is stored completely or not at all. */
  readonly isTransaction: boolean;
}

/** @param timeZone time zone of the times in a C-CDA document that have no offset */
export async function readBundleFile(file: ImportFile, parse: ParseJson, timeZone: string): Promise<ImportBundle> {
  const whole = { file: file.name, at: 'whole file', value: undefined };
  const toBatch = (entries: readonly ImportEntry[]): ImportBundle => ({ entries, isTransaction: false });
  const text = await readText(file);
  if (text.includes(NOT_UTF8)) return toBatch([{ ...whole, error: INVALID_UTF8 }]);
  if (isXml(text)) return toBatch(readCcdaEntries(file, text, timeZone));
  if (isTooDeep(text)) return toBatch([{ ...whole, error: TOO_DEEP }]);
  let bundle: unknown;
  try {
    bundle = parse(text);
  } catch {
    return toBatch([{ ...whole, error: 'The file isn’t valid JSON.' }]);
  }
  const { resourceType, type, entry } = Object(bundle) as Record<string, unknown>;
  if (resourceType !== 'Bundle') return toBatch([{ ...whole, value: bundle }]);
  if (!IMPORTED_BUNDLE_TYPES.includes(String(type)))
    return toBatch([{ ...whole, error: `Only Bundles of type ${IMPORTED_BUNDLE_TYPES.join(', ')} are loaded.` }]);
  const entries = (Array.isArray(entry) ? entry : []).map((one, index) =>
    checkSize(toBundleEntry(file, one, index), text),
  );
  return { entries, isTransaction: type === 'transaction' };
}

function readCcdaEntries(file: ImportFile, xml: string, timeZone: string): readonly ImportEntry[] {
  try {
    return convertCcda(xml, timeZone).map((value, index) => ({ file: file.name, at: `entry ${index + 1}`, value }));
  } catch (error) {
    if (!(error instanceof CcdaError)) throw error;
    return [{ file: file.name, at: 'whole file', value: undefined, error: error.message }];
  }
}

function toBundleEntry(file: ImportFile, one: unknown, index: number): ImportEntry {
  const { resource, fullUrl, request } = Object(one) as Record<string, unknown>;
  const position = { file: file.name, at: `entry ${index + 1}`, value: resource };
  const method = (Object(request) as Record<string, unknown>)['method'];
  if (method === 'DELETE') return { ...position, error: 'Deletions are not loaded.' };
  if (method !== undefined && !WRITE_METHODS.includes(String(method))) return { ...position, error: NO_WRITE_METHOD };
  return typeof fullUrl === 'string' ? { ...position, fullUrl } : position;
}

function isSingleResource(line: string): boolean {
  try {
    const { resourceType } = Object(JSON.parse(line)) as Record<string, unknown>;
    return typeof resourceType === 'string' && resourceType !== 'Bundle';
  } catch {
    return false;
  }
}
