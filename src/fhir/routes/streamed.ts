import { Readable } from 'node:stream';
import { type Clock, FRESH, Problem, problemOf } from '../../kernel/index.ts';
import type { FhirVersion } from '../core/version.ts';
import { toXml } from '../core/xml/to-xml.ts';

/** A Bundle that is on its way before all of it is read. */
export interface StreamedBundle {
  /** JSON text of the Bundle without its entries. */
  readonly head: string;
  /** JSON texts of entries, one at least in each batch. */
  readonly batches: AsyncIterable<readonly string[]>;
}

interface Watch {
  readonly clock: Clock;
  /** Throws when the access has ended. */
  readonly requireStill: () => Promise<void>;
  /** Told of what breaks an answer off. */
  readonly broken: (error: unknown) => void;
}

/**
 * Access that ends while a Bundle is on its way ends the Bundle: what is behind a token is asked again each second. What
 * is thrown breaks the answer off, so that nobody takes a part for the whole; the framework logs it with all that it
 * holds, so it holds nothing but words for everyone.
 */
export async function* whileAllowed(
  batches: AsyncIterable<readonly string[]>,
  { clock, requireStill, broken }: Watch,
): AsyncGenerator<readonly string[]> {
  let known = clock.now().getTime();
  try {
    for await (const batch of batches) {
      const now = clock.now().getTime();
      if (now - known >= FRESH) {
        await requireStill();
        known = now;
      }
      yield batch;
    }
  } catch (error) {
    broken(error);
    const { code, status, message, retryAfter } = problemOf(error);
    throw new Problem(code, { status, message, ...(retryAfter === undefined ? {} : { retryAfter }) });
  }
}

/** What waits between database and socket; a batch is more, and so is read when the one before it has left. */
const WAITING = 64 * 1024;

/** Reads on as fast as the client does, and no further; holds no connection to the database between batches. */
export const streamOf = (bundle: StreamedBundle, { elements }: FhirVersion, isXml: boolean): Readable =>
  Readable.from(isXml ? xmlOf(bundle, elements) : jsonOf(bundle), { objectMode: false, highWaterMark: WAITING });

async function* jsonOf({ head, batches }: StreamedBundle): AsyncGenerator<string> {
  let before = `${head.slice(0, -1)},"entry":[`;
  let isEmpty = true;
  for await (const [first = '', ...others] of batches) {
    // One long text: with something put before it, it would be copied.
    yield [before + first, ...others].join(',');
    before = ',';
    isEmpty = false;
  }
  // FHIR R4 §2.6.2: an array is never empty.
  yield isEmpty ? head : ']}';
}

async function* xmlOf({ head, batches }: StreamedBundle, elements: FhirVersion['elements']): AsyncGenerator<string> {
  yield toXml(head, elements).slice(0, -CLOSING.length);
  for await (const batch of batches) {
    const xml = toXml(`{"resourceType":"Bundle","entry":[${batch.join()}]}`, elements);
    yield xml.slice(xml.indexOf('<entry>'), -CLOSING.length);
  }
  yield CLOSING;
}

const CLOSING = '</Bundle>';
