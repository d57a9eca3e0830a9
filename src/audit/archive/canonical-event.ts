import { createHash, type Hash } from 'node:crypto';
import { sha256 } from '../../kernel/index.ts';

/** Formats a timestamptz as SQL text in ISO 8601 with microseconds, in UTC. */
export const timeSql = (value: string): string =>
  `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Columns of `audit_event` after time and id, in the order of the canonical form, with their SQL text as JSON. */
const MEMBERS: readonly (readonly [column: string, json: string])[] = [
  ...['kind', 'outcome', 'request_id'].map(toTextMember),
  ['record_id', 'e.record_id::text'],
  ...['account_id', 'client_id', 'grant_id', 'type'].map(toTextMember),
  ['resources', 'e.resources::text'],
  ['detail', 'e.detail::text'],
  toTextMember('family_id'),
];

function toTextMember(column: string): readonly [string, string] {
  return [column, `to_json(e.${column}::text)::text`];
}

/**
 * SQL: the canonical form of the audit event `e`. It is one line of JSON with the columns in a fixed order, and without
 * those that are null. A column that is added later comes last, so that the form of older events stays the same. The
 * archive has these lines, so that the same digest proves both.
 */
export const CANONICAL_EVENT = `concat('{"at":"', ${timeSql('e.at')}, '","id":"', e.id, '"', ${MEMBERS.map(
  ([column, json]) => `',"${column}":' || ${json}`,
).join(', ')}, '}')`;

/**
 * Number of events whose lines are hashed together. The state after each page is the SHA-256 of the state before and the
 * lines, so that computing a digest can stop and go on. A part of the format: another number gives other digests.
 */
export const PAGE_EVENTS = 2000;

/** Returns the state before the first page. */
export const initialState = (salt: Buffer): Buffer => sha256(salt);

/** Computes the digest of a segment's events from their lines in the archive. */
export interface ContentDigest {
  /** Adds the next bytes. They may end anywhere in a line. */
  add(bytes: Buffer): void;
  /** Returns the digest, and the number of lines. An incomplete last line counts in the digest, but not as a line. */
  end(): { readonly contentDigest: string; readonly events: number };
}

const LINE_FEED = 10;

export function createContentDigest(salt: Buffer): ContentDigest {
  let state = initialState(salt);
  let page: Hash | undefined;
  let events = 0;
  const close = () => {
    if (page !== undefined) state = page.digest();
    page = undefined;
  };
  const addToPage = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    page ??= createHash('sha256').update(state);
    page.update(bytes);
  };
  return {
    add(bytes) {
      let start = 0;
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
        events += 1;
        if (events % PAGE_EVENTS !== 0) continue;
        addToPage(bytes.subarray(start, at + 1));
        close();
        start = at + 1;
      }
      addToPage(bytes.subarray(start));
    },
    end() {
      close();
      return { contentDigest: state.toString('hex'), events };
    },
  };
}
