import { Readable } from 'node:stream';
import { type Clock, FRESH, Problem, problemOf } from '../../kernel/index.ts';
import type { FhirVersion } from '../core/version.ts';
import { toXml } from '../core/xml/to-xml.ts';

/**
 * Gives the next JSON texts of entries, one at least; undefined: there are no more. A function, for between two calls it
 * holds nothing of what it gave: with a hundred slow clients that is most of the memory.
 */
export type Batches = () => Promise<readonly string[] | undefined>;

/** A Bundle that is on its way before all of it is read. */
export interface StreamedBundle {
  /** JSON text of the Bundle without its entries. */
  readonly head: string;
  readonly batches: Batches;
}

interface Watch {
  readonly clock: Clock;
  /** Throws when the access has ended, or become less. */
  readonly requireStill: () => Promise<void>;
  /** Told of what breaks an answer off. */
  readonly broken: (error: unknown) => void;
}

/**
 * Access that ends, or becomes less, while a Bundle is on its way ends the Bundle: what is behind a token is asked again each second. What
 * is thrown breaks the answer off, so that nobody takes a part for the whole; the framework logs it with all that it
 * holds, so it holds nothing but words for everyone.
 */
export function whileAllowed(batches: Batches, { clock, requireStill, broken }: Watch): Batches {
  let known = clock.now().getTime();
  return async () => {
    try {
      const batch = await batches();
      const now = clock.now().getTime();
      if (batch !== undefined && now - known >= FRESH) {
        await requireStill();
        known = now;
      }
      return batch;
    } catch (error) {
      broken(error);
      const { code, status, message, retryAfter } = problemOf(error);
      throw new Problem(code, { status, message, ...(retryAfter === undefined ? {} : { retryAfter }) });
    }
  };
}

/**
 * Reads on as fast as the client does, and no further; holds no connection to the database between batches. Texts go to the
 * socket as they are: as many bytes in buffers would have the whole memory looked through every ten records.
 */
export function streamOf(bundle: StreamedBundle, { elements }: FhirVersion, isXml: boolean): Readable {
  const next = textsOf(bundle, isXml ? xmlOf(bundle.head, elements) : jsonOf(bundle.head));
  return new Readable({
    objectMode: true,
    // One batch waits between database and socket.
    highWaterMark: 1,
    read() {
      next().then(
        (text) => this.push(text),
        (error) => this.destroy(error),
      );
    },
  });
}

/** How a Bundle is written, part by part. */
interface Form {
  /** Before the first entry. */
  readonly start: string;
  /** Before each other batch. */
  readonly between: string;
  readonly end: string;
  /** Of a Bundle without entries. */
  readonly empty: string;
  textOf(before: string, batch: readonly string[]): string;
}

/** The text of each batch, and then null. */
function textsOf({ batches }: StreamedBundle, { start, between, end, empty, textOf }: Form) {
  let before = start;
  let ended = false;
  return async (): Promise<string | null> => {
    if (ended) return null;
    const batch = await batches();
    ended = batch === undefined;
    if (batch === undefined) return before === start ? empty : end;
    const text = textOf(before, batch);
    before = between;
    return text;
  };
}

const jsonOf = (head: string): Form => ({
  start: `${head.slice(0, -1)},"entry":[`,
  between: ',',
  end: ']}',
  // FHIR R4 §2.6.2: an array is never empty.
  empty: head,
  // One long text: with something put before it, it would be copied.
  textOf: (before, [first = '', ...others]) => [before + first, ...others].join(','),
});

function xmlOf(head: string, elements: FhirVersion['elements']): Form {
  const empty = toXml(head, elements);
  return {
    start: empty.slice(0, -CLOSING.length),
    between: '',
    end: CLOSING,
    empty,
    textOf(before, batch) {
      const xml = toXml(`{"resourceType":"Bundle","entry":[${batch.join(',')}]}`, elements);
      return before + xml.slice(xml.indexOf('<entry>'), -CLOSING.length);
    },
  };
}

const CLOSING = '</Bundle>';
