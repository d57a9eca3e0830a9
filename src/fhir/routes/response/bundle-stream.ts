import { Readable } from 'node:stream';
import { CACHE_TTL_MS, type Clock, Problem, toProblem } from '../../../kernel/index.ts';
import type { FhirVersion } from '../../model/fhir-version.ts';
import { toXml } from '../../model/xml/to-xml.ts';

/**
 * Returns the next entries as JSON texts, at least one, or undefined at the end. It is a function and not a generator
 * because it keeps no reference to a batch between calls; with a hundred slow clients, those references would be most
 * of the memory.
 */
export type NextBatch = () => Promise<readonly string[] | undefined>;

/** A Bundle that is sent while it is being read. */
export interface StreamedBundle {
  /** JSON text of the Bundle without its entries. */
  readonly head: string;
  readonly nextBatch: NextBatch;
}

interface StreamGuard {
  readonly clock: Clock;
  /** Throws if the access ended or shrank. */
  readonly requireStill: () => Promise<void>;
  /** Called with the error that ends the stream. */
  readonly broken: (error: unknown) => void;
}

/**
 * Ends the stream if the access ends or shrinks while the Bundle is sent; this is checked every second. The stream
 * breaks off with an error, so that the client can't take a part for the whole. The framework logs that error with all
 * its fields, so a new one without a cause is thrown.
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
 * Reads as fast as the client does and holds no database connection between batches. Texts go to the socket as strings:
 * the same amount in buffers would trigger a full garbage collection every ten records.
 */
export function streamBundle(bundle: StreamedBundle, { elements }: FhirVersion, isXml: boolean): Readable {
  const next = batchTexts(bundle, isXml ? xmlFormat(bundle.head, elements) : jsonFormat(bundle.head));
  return new Readable({
    objectMode: true,
    // At most one batch waits between the database and the socket.
    highWaterMark: 1,
    read() {
      next().then(
        (text) => this.push(text),
        (error) => this.destroy(error),
      );
    },
  });
}

/** The text around the entries of a Bundle in one format. */
interface BundleFormat {
  /** Text before the first entry. */
  readonly start: string;
  /** Text before each later batch. */
  readonly between: string;
  readonly end: string;
  /** The whole Bundle if it has no entries. */
  readonly empty: string;
  printBatch(before: string, batch: readonly string[]): string;
}

/** Returns the text of each batch, then null. */
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
  // FHIR R4 §2.6.2: an array is never empty.
  empty: head,
  // The texts are joined in one step. Adding the prefix afterwards would copy the long text.
  printBatch: (before, [first = '', ...others]) => [before + first, ...others].join(','),
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
