import type { Session } from '../identity/index.ts';
import { emptyHtml, type Html, html } from '../kernel/index.ts';

/**
 * Browser to which a session with shared sandbox credentials is limited: it only sees apps that were connected in the
 * same browser. undefined: no limit.
 */
export const visibleBrowser = ({ published, browser }: Pick<Session, 'published' | 'browser'>): Buffer | undefined =>
  published ? (browser ?? Buffer.alloc(0)) : undefined;

/**
 * SQL: whether the grant was made in this browser before this time.
 * @param browser placeholder of a parameter; its value null allows any browser
 */
export const grantedInBrowserSql = (
  browser: string,
  grantId: string,
  at: string,
): string => `(${browser}::bytea is null or exists (
       select from token_family own where own.grant_id = ${grantId} and own.browser = ${browser} and own.created_at <= ${at}))`;

/** Note for sessions whose lists are limited to one browser; empty for all others. */
export const renderSharedAccountNote = ({ published }: Pick<Session, 'published'>): Html =>
  published
    ? html`
<p class="hint">Everyone may use this account: you see only apps that were connected in this browser.</p>`
    : emptyHtml;
