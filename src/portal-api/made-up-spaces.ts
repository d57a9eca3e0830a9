import type { FastifyRequest } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import type { SpaceDatabase } from '../database/index.ts';
import type { Session } from '../identity/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';

/**
 * The made-up apps and organizations that visitors of the sandbox see with a shared account of an administrator or a
 * developer. Each visitor has their own copy.
 */
export interface MadeUpSpaces {
  /**
   * Returns a database with the copy of a visitor, which is made on the visitor's first request. Throws
   * `too-many-attempts` if a network has too many new visitors, or a visitor changed too much.
   */
  open(session: Session, request: FastifyRequest): Promise<SpaceDatabase>;
  /** Deletes the visitor's copy, so that the next request gets a new one. */
  startOver(session: Session, request: FastifyRequest): Promise<void>;
}

/** Returns an audit log whose events say that they are about made-up apps. */
export const markMadeUp = (audit: AuditLog): AuditLog => ({
  ...audit,
  append: (event) => audit.append({ ...event, detail: { ...event.detail, madeUp: true } }),
  appendInTransaction: (tx, event) =>
    audit.appendInTransaction(tx, { ...event, detail: { ...event.detail, madeUp: true } }),
});

/** Returns an email queue that drops every email, because made-up people have no mailbox. */
export const noEmail = (post: ServerEmailQueue): ServerEmailQueue => ({ ...post, queueInTransaction: async () => {} });
