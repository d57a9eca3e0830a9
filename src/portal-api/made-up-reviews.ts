import type { FastifyRequest } from 'fastify';
import type { SpaceDatabase } from '../database/index.ts';
import type { Session } from '../identity/index.ts';

/** The made-up apps and organizations that visitors of the sandbox review, each visitor their own copy. */
export interface MadeUpReviews {
  /**
   * Returns a database with the copy of a visitor, which is made on the visitor's first request. Throws
   * `too-many-attempts` if a network has too many new visitors, or a visitor changed too much.
   */
  open(session: Session, request: FastifyRequest): Promise<SpaceDatabase>;
  /** Deletes the visitor's copy, so that the next request gets a new one. */
  startOver(session: Session, request: FastifyRequest): Promise<void>;
}
