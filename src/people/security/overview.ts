import type { FastifyInstance } from 'fastify';
import { dayOf, LANGUAGE_NAMES, minuteOf, wordsIn } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';
import { factorsOf } from '../factors/factors.ts';
import { type Form, single } from '../form.ts';
import { listPasskeys, type PasskeyRow } from '../passkeys/store.ts';
import { findPerson } from '../person.ts';
import type { ShownPasskey, ShownSession } from '../ports.ts';
import { listSessions } from '../session.ts';
import { zoneOf } from '../zone.ts';
import { SECURITY_PATH } from './paths.ts';
import { frameOfAccount, type SignedInHere, signedInHere } from './place.ts';

type Language = 'en' | 'es';

/** Shows all credentials and sessions of an account on one page, with links to change them. */
export function overviewRoutes(app: FastifyInstance, deps: PeopleDeps): void {
  app.get<{ Querystring: Form }>(SECURITY_PATH, async (request, reply) => {
    const session = await signedInHere(deps, request);
    const pageContext = await frameOfAccount(deps, request, session, SECURITY_PATH);
    const { accountId, published } = session;
    const person = await findPerson(deps.db, accountId);
    const factors = await factorsOf(deps.db, accountId);
    const zone = await zoneOf(deps.db, accountId);
    const done = single(request.query['done']) ?? '';
    const messages = wordsIn(pageContext.language).security.done;
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      done: Object.hasOwn(messages, done) ? messages[done] : undefined,
      published,
      username: person?.username ?? '',
      password: factors?.password === true,
      passkeys: (await listPasskeys(deps.db, accountId)).map((passkey) =>
        shownPasskey(pageContext.language, zone, passkey),
      ),
      hasAuthenticator: factors?.totp === true,
      recoveryCodes: factors?.recoveryCodes ?? 0,
      email: person?.email,
      unconfirmedEmail: person?.unconfirmedEmail,
      languageName: LANGUAGE_NAMES[person?.language ?? 'en'],
      sessions: await listDisplayedSessions(session, pageContext.language, zone),
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.security(page, pageContext));
  });

  /** A shared sandbox account has many users: each sees their own session only. */
  async function listDisplayedSessions(
    session: SignedInHere,
    language: Language,
    zone: string,
  ): Promise<readonly ShownSession[]> {
    const all = await listSessions(deps.db, session, deps.clock.now());
    return all
      .filter(({ session_id }) => !session.published || session_id === session.sessionId)
      .map((one) => ({
        id: one.session_id,
        device: one.device ?? undefined,
        since: minuteOf(language, one.signed_in_at, zone),
        seen: minuteOf(language, one.seen_at, zone),
        isCurrent: one.session_id === session.sessionId,
      }));
  }
}

const shownPasskey = (language: Language, zone: string, passkey: PasskeyRow): ShownPasskey => ({
  id: passkey.credential_id.toString('base64url'),
  name: passkey.name,
  createdOn: dayOf(language, passkey.created_at, zone),
  lastUsedOn: passkey.used_at === null ? undefined : dayOf(language, passkey.used_at, zone),
});
