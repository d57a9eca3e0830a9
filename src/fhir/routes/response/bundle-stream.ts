import { Readable } from 'node:stream';
import { CACHE_TTL_MS, type Clock, Problem, toProblem } from '../../../kernel/index.ts';
import type { FhirVersion } from '../../model/fhir-version.ts';
import { joinEntries } from '../../model/join-entries.ts';
import { toXml } from '../../model/xml/to-xml.ts';

/**
 * Returns the next entries of a Bundle as JSON texts, at least one. Returns undefined after the last entry. This is a
 * function and not a generator, because a generator would keep a reference to the last batch between calls. With a
 * hundred slow clients, those references would be most of the memory.
 */
export type NextBatch = () => Promise<readonly string[] | undefined>;

/** A Bundle whose entries are read from the database while the response is sent. */
export interface StreamedBundle {
  /** JSON text of the Bundle without its entries, which are read later. */
  readonly head: string;
  /** True if the Bundle is probably short enough to be read before the response begins; see `readIfShort`. */
  readonly isShort: boolean;
  readonly nextBatch: NextBatch;
}

/** Maximum length of a Bundle that is read before the response begins, in characters of its entries. */
const MAX_SHORT_CHARACTERS = 500_000;

/**
 * Reads a short Bundle at once, because sending one text costs less than a stream. If it turns out to be long, what was
 * read is sent first and the rest is streamed.
 */
export async function readIfShort(bundle: StreamedBundle): Promise<string | StreamedBundle> {
  const { head, isShort, nextBatch } = bundle;
  if (!isShort) return bundle;
  const { start, end, empty } = jsonFormat(head);
  let entries: readonly string[] = [];
  let characters = 0;
  for (let batch = await nextBatch(); batch !== undefined; batch = await nextBatch()) {
    entries = entries.length === 0 ? batch : [...entries, ...batch];
    characters += batch.reduce((sum, { length }) => sum + length, 0);
    if (characters > MAX_SHORT_CHARACTERS) return { ...bundle, nextBatch: startWith(entries, nextBatch) };
  }
  return entries.length === 0 ? empty : joinEntries(start, entries, end);
}

function startWith(first: readonly string[], rest: NextBatch): NextBatch {
  let pending: readonly string[] | undefined = first;
  return async () => {
    const batch = pending;
    pending = undefined;
    return batch ?? rest();
  };
}

interface StreamGuard {
  readonly clock: Clock;
  /** Throws if the access of the app ended or shrank. */
  readonly requireStill: () => Promise<void>;
  /** Receives the error that ends the stream early. */
  readonly broken: (error: unknown) => void;
}

/**
 * Ends the stream if the access of the app ends or shrinks while the Bundle is sent. The access is checked every
 * second. The stream breaks off with an error, so that the client can't take a part of the Bundle for the whole.
 * Fastify logs that error with all its fields, so it is a new error that doesn't contain the original one.
 */
export function stopWhenAccessEnds(batches: NextBatch, { clock, requireStill, broken }: StreamGuard): NextBatch {
  let checkedAt = clock.now().getTime();
  return async () => {
    try {
      const batch = await batches();
      const now = clock.now().getTime();
      if (batch !== undefined && now - checkedAt >= CACHE_TTL_MS) {
        await requireStill();
        checkedAt = now;
      }
      return batch;
    } catch (error) {
      broken(error);
      const { code, status, message, retryAfter } = toProblem(error);
      throw new Problem(code, { status, message, ...(retryAfter === undefined ? {} : { retryAfter }) });
    }
  };
}

/**
 * Streams a Bundle as fast as the client reads it, and holds no database connection between two batches of entries.
 * Texts go to the socket as strings: the same amount in buffers would trigger a full garbage collection every ten
 * patient records.
 */
export function streamBundle(bundle: StreamedBundle, { elements }: FhirVersion, isXml: boolean): Readable {
  const next = batchTexts(bundle, isXml ? xmlFormat(bundle.head, elements) : jsonFormat(bundle.head));
  return new Readable({
    objectMode: true,
    // At most one batch of entries waits between the database and the socket.
    highWaterMark: 1,
    read() {
      next().then(
        (text) => this.push(text),
        (error) => this.destroy(error),
      );
    },
  });
}

/** Text before, between and after the entries of a Bundle, in JSON or XML. */
interface BundleFormat {
  /** Text before the first entry of the Bundle. */
  readonly start: string;
  /** Text before each batch of entries except the first. */
  readonly between: string;
  readonly end: string;
  /** Text of the whole Bundle if it has no entries. */
  readonly empty: string;
  printBatch(before: string, batch: readonly string[]): string;
}

/** Returns a function that gives the text of the next batch of entries with each call, and null after the last. */
function batchTexts({ nextBatch }: StreamedBundle, { start, between, end, empty, printBatch: textOf }: BundleFormat) {
  let before = start;
  let ended = false;
  return async (): Promise<string | null> => {
    if (ended) return null;
    const batch = await nextBatch();
    ended = batch === undefined;
    if (batch === undefined) return before === start ? empty : end;
    const text = textOf(before, batch);
    before = between;
    return text;
  };
}

const jsonFormat = (head: string): BundleFormat => ({
  start: `${head.slice(0, -1)},"entry":[`,
  between: ',',
  end: ']}',
  // FHIR R4 §2.6.2: JSON arrays are never empty, so a Bundle without entries has no `entry`.
  empty: head,
  printBatch: (before, batch) => joinEntries(before, batch, ''),
});

function xmlFormat(head: string, elements: FhirVersion['elements']): BundleFormat {
  const empty = toXml(head, elements);
  return {
    start: empty.slice(0, -CLOSING.length),
    between: '',
    end: CLOSING,
    empty,
    printBatch(before, batch) {
      const xml = toXml(`{"resourceType":"Bundle","entry":[${batch.join(',')}]}`, elements);
      return before + xml.slice(xml.indexOf('<entry>'), -CLOSING.length);
    },
  };
}

const CLOSING = '</Bundle>';
