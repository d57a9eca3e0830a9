import { sha256 } from '../../kernel/index.ts';

/** Time and id of an event. The time is in ISO 8601 with microseconds, as a `Date` would round it. */
export interface EventPosition {
  readonly at: string;
  readonly id: string;
}

/**
 * A sealed part of the audit log: all events of a period that ends at a midnight (UTC). It covers one day, or several if
 * the days before had no events. Digests are SHA-256, in hexadecimal.
 */
export interface AuditSegment {
  /** Position in the chain, from 1. */
  readonly segment: number;
  /** Start of the period: the end of the segment before. Times are in ISO 8601 with microseconds. */
  readonly from: string;
  /** End of the period. An event at this time belongs to the next segment. */
  readonly to: string;
  readonly events: number;
  readonly first: EventPosition | null;
  readonly last: EventPosition | null;
  /** Digest of the events, in the order of time and id. It begins with `salt`. */
  readonly contentDigest: string;
  readonly salt: string;
  /** Digest of the segment before; null for the first one. */
  readonly previousDigest: string | null;
  /** Digest of this segment: of all fields above except the salt. */
  readonly digest: string;
}

/**
 * Computes the digest of a segment. It covers the digest of the segment before, so it stands for the whole log up to the
 * end of the segment. The salt isn't covered. If a later release replaces identifiers in the events and seals the segment
 * again, it deletes the old salt, so that the old digest doesn't help to guess them.
 */
export const digestSegment = (segment: Omit<AuditSegment, 'digest' | 'salt'>): string =>
  sha256(
    JSON.stringify([
      segment.segment,
      segment.from,
      segment.to,
      segment.events,
      toPair(segment.first),
      toPair(segment.last),
      segment.contentDigest,
      segment.previousDigest,
    ]),
  ).toString('hex');

const toPair = (position: EventPosition | null) => (position === null ? null : [position.at, position.id]);

/** Returns the last day of a segment (UTC), as an ISO 8601 date. */
export const lastDay = ({ to }: Pick<AuditSegment, 'to'>): string =>
  new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
