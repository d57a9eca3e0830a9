import { getMessages, type Language } from '../i18n/index.ts';
import type { Session } from '../identity/index.ts';
import { emptyHtml, type Html, html } from '../kernel/index.ts';

/**
 * Returns the browser to which a session with shared sandbox credentials is limited: it sees only apps that were
 * connected in the same browser. undefined for all other sessions, which see all apps.
 */
export const visibleBrowser = ({ published, browser }: Pick<Session, 'published' | 'browser'>): Buffer | undefined =>
  published ? (browser ?? Buffer.alloc(0)) : undefined;

/**
 * Returns an SQL condition: access under the grant was allowed in a certain browser by a certain time.
 * @param browser placeholder of a query parameter; if the parameter is null, the condition is always true
 * @param grantId SQL expression for the id of the grant
 * @param at SQL expression for the time
 */
export const grantedInBrowserSql = (
  browser: string,
  grantId: string,
  at: string,
): string => `(${browser}::bytea is null or exists (
       select from token_family own where own.grant_id = ${grantId} and own.browser = ${browser} and own.created_at <= ${at}))`;

/** Renders a note for sessions that see only the apps of their own browser. Empty for all other sessions. */
export const renderSharedAccountNote = (language: Language, { published }: Pick<Session, 'published'>): Html =>
  published
    ? html`
<p class="hint">${getMessages(language).practicePortal.apps.sharedAccountNote}</p>`
    : emptyHtml;
