import { html } from 'ghtml';
import type { Session } from '../people/index.ts';

/**
 * Who signed in with what everyone knows sees of patients' apps what was allowed in the same browser, and no other
 * visitor's. undefined: all is seen.
 */
export const seenFrom = ({ published, browser }: Pick<Session, 'published' | 'browser'>): Buffer | undefined =>
  published ? (browser ?? Buffer.alloc(0)) : undefined;

/** SQL: the grant was allowed in this browser (a parameter; null: any is right), before this instant. */
export const allowedIn = (
  browser: string,
  grantId: string,
  at: string,
): string => `(${browser}::bytea is null or exists (
       select from token_family own where own.grant_id = ${grantId} and own.browser = ${browser} and own.created_at <= ${at}))`;

/** Said where it leaves something out. */
export const visitorNote = ({ published }: Pick<Session, 'published'>): string =>
  published
    ? html`
<p class="hint">Everyone may use this account: you see only apps that were connected in this browser.</p>`
    : '';
