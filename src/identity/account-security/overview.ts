import type { FastifyInstance } from 'fastify';
import { formatLongDate, formatLongDateTime, getMessages, LANGUAGE_NAMES } from '../../i18n/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import { findTimeZone } from '../accounts/time-zone.ts';
import type { IdentityDeps } from '../deps.ts';
import { findFactors } from '../factors/factors.ts';
import { type IdentityFormFields, singleValue } from '../forms/form-fields.ts';
import { listPasskeys, type PasskeyRow } from '../passkeys/passkey-store.ts';
import type { DisplayedPasskey, DisplayedSession } from '../ports.ts';
import { listSessions } from '../sessions/session.ts';
import { accountPageContext, type CurrentSession, requireSession } from './page-guards.ts';
import { SECURITY_PATH } from './paths.ts';

type OverviewLanguage = 'en' | 'es';

/** Shows all credentials and sessions of an account on one page, with links to change them. */
export function securityOverviewRoutes(app: FastifyInstance, deps: IdentityDeps): void {
  app.get<{ Querystring: IdentityFormFields }>(SECURITY_PATH, async (request, reply) => {
    const session = await requireSession(deps, request);
    const pageContext = await accountPageContext(deps, { request, reply }, session, SECURITY_PATH);
    const { accountId, published } = session;
    const person = await findAccountProfile(deps.db, accountId);
    const factors = await findFactors(deps.db, accountId);
    const zone = await findTimeZone(deps.db, accountId);
    const done = singleValue(request.query['done']) ?? '';
    const messages = getMessages(pageContext.language).security.confirmations;
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      done: Object.hasOwn(messages, done) ? messages[done] : undefined,
      published,
      username: person?.username ?? '',
      password: factors?.password === true,
      passkeys: (await listPasskeys(deps.db, accountId)).map((passkey) =>
        toDisplayedPasskey(pageContext.language, zone, passkey),
      ),
      hasAuthenticator: factors?.totp === true,
      recoveryCodes: factors?.recoveryCodes ?? 0,
      email: person?.email,
      unconfirmedEmail: person?.unconfirmedEmail,
      languageName: LANGUAGE_NAMES[person?.language ?? 'en'],
      sessions: await listDisplayedSessions(session, pageContext.language, zone),
    };
    return sendHtml(reply, deps.pages.overview(page, pageContext));
  });

  /**
   * Lists the account's sessions. A shared sandbox account has many users, so each of them sees only their own session.
   */
  async function listDisplayedSessions(
    session: CurrentSession,
    language: OverviewLanguage,
    zone: string,
  ): Promise<readonly DisplayedSession[]> {
    const all = await listSessions(deps.db, session, deps.clock.now());
    return all
      .filter(({ session_id }) => !session.published || session_id === session.sessionId)
      .map((one) => ({
        id: one.session_id,
        device: one.device ?? undefined,
        since: formatLongDateTime(language, one.signed_in_at, zone),
        seen: formatLongDateTime(language, one.seen_at, zone),
        isCurrent: one.session_id === session.sessionId,
      }));
  }
}

const toDisplayedPasskey = (language: OverviewLanguage, zone: string, passkey: PasskeyRow): DisplayedPasskey => ({
  id: passkey.credential_id.toString('base64url'),
  name: passkey.name,
  createdOn: formatLongDate(language, passkey.created_at, zone),
  lastUsedOn: passkey.used_at === null ? undefined : formatLongDate(language, passkey.used_at, zone),
});
