import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Database, type Executor, statement } from '../../database/index.ts';
import { formatLongDateTime } from '../../i18n/index.ts';
import { type AccountId, type ClientId, type Clock, Problem, type Random } from '../../kernel/index.ts';
import { createAccountEmails } from '../emails/account-emails.ts';
import { type Factors, findFactors, hasSecondFactor } from '../factors/factors.ts';
import type { IdentityAuditLog, IdentityEmailQueue } from '../ports.ts';
import type { BrowserCookies } from '../sessions/browser-cookies.ts';
import { describeDevice } from '../sessions/describe-device.ts';
import { rememberBrowser } from '../sessions/known-browser.ts';
import { createSession, endSession, type SessionStage } from '../sessions/session.ts';

export interface SignInCompletionDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly cookies: BrowserCookies;
  readonly audit: IdentityAuditLog;
  readonly post: IdentityEmailQueue;
  /** Brand name of the operator. It is the sender name of emails. */
  readonly brandName: string;
  readonly publicUrl: string;
}

/**
 * The last method with which the person authenticated. A passkey counts as two factors. An authenticator code or
 * recovery code is entered after the password.
 */
export type AuthenticationMethod = 'password' | 'passkey' | 'authenticator-app' | 'recovery-code';

export interface SignInStep {
  /** Path on this server to go to after sign-in. `localPath` has checked that it isn't another site. */
  readonly returnTo: string;
  /** How the person authenticated in this step. The default is `password`. */
  readonly by?: AuthenticationMethod;
  /**
   * True for an account that was created in this request. Sign-in then doesn't ask for the second factor that was just
   * added.
   */
  readonly fresh?: boolean;
  /** Client id of the app that sent the person to sign in. */
  readonly clientId?: ClientId | undefined;
  /**
   * Hash against which the entered password was verified. Sign-in fails if the account's password has changed since.
   */
  readonly passwordHash?: string | undefined;
  /**
   * True if this step is the second factor after a password. The browser's session must then be the pending sign-in of
   * the same account; otherwise the step fails. The step ends that pending session.
   */
  readonly halfway?: boolean;
}

export interface SignInCompletion {
  /**
   * Completes one step of a sign-in, such as the password or the second factor. Starts a full session, or a pending one
   * if the second factor or its setup is still missing. Always ends the browser's previous session, which prevents
   * session fixation. Throws `access_denied` if the account, the password or the pending sign-in changed in the
   * meantime.
   * @returns the path to go to
   */
  complete(request: FastifyRequest, reply: FastifyReply, accountId: AccountId, entry: SignInStep): Promise<string>;
}

/**
 * Takes a share lock on the account row, so that a sign-in and a change of the account's credentials wait for each
 * other. Otherwise a session that began with the old credentials could outlive the change.
 */
const lockAccountShared = statement(
  'people.entrance.hold',
  { account_id: 'uuid' },
  `select account_id from account
   where account_id = $1 and closed_at is null and ($2::text is null or password_hash = $2) for share`,
);

/** The path that `localPath` returns if a person signed in without a page to return to. */
export const NO_RETURN_PATH = '/';
/** Page that a person with this kind of account sees after signing in without a page to return to. */
const START_PAGES: Readonly<Record<Factors['kind'], string>> = {
  patient: '/account',
  staff: '/practice',
  developer: '/developer',
};
const STAGE_PATHS: Readonly<Record<Exclude<SessionStage, 'full'>, string>> = {
  'second-factor': '/sign-in/second-factor',
  'set-up': '/sign-in/set-up',
};

/** Creates the service that completes sign-ins. */
export function createSignInCompletion(deps: SignInCompletionDeps): SignInCompletion {
  const emails = createAccountEmails(deps);
  return {
    async complete(request, reply, accountId, entry) {
      const { browser, knownBrowser, device } = identifyBrowser(request, reply);
      const previous = deps.cookies.session(request);
      const { cookie, factors, stage } = await deps.db.transaction(async (tx) => {
        const lockedRows = await tx.query(lockAccountShared, [accountId, entry.passwordHash]);
        const factors = lockedRows.length === 0 ? undefined : await findFactors(tx, accountId);
        if (factors === undefined) throw signInOutdated();
        const stage = nextStage(factors, entry);
        const ended = previous === undefined ? undefined : await endSession(tx, previous);
        if (entry.halfway === true && ended !== accountId) throw signInOutdated();
        const cookie = await createSession(tx, deps, { accountId, stage, device, browser });
        await deps.audit.appendInTransaction(tx, toAuditEvent(request, accountId, entry, stage));
        if (stage === 'full' && !factors.published) await greet(tx, accountId, knownBrowser, device);
        return { cookie, factors, stage };
      });
      deps.cookies.setSession(reply, cookie);
      return pathAfterStep(factors, stage, entry.returnTo);
    },
  };

  function identifyBrowser(request: FastifyRequest, reply: FastifyReply) {
    const knownBrowser = deps.cookies.knownBrowser(request, reply);
    return {
      browser: deps.cookies.browser(request),
      knownBrowser,
      device: describeDevice(request.headers['user-agent']),
    };
  }

  /** Emails the account's owner about a sign-in from a new browser, except for the account's first browser. */
  async function greet(
    tx: Executor,
    accountId: AccountId,
    knownBrowser: Buffer,
    device: string | undefined,
  ): Promise<void> {
    const now = deps.clock.now();
    if (!(await rememberBrowser(tx, accountId, knownBrowser, now))) return;
    await emails.send(tx, accountId, (messages, person) =>
      messages.newBrowser({
        device,
        at: formatLongDateTime(person.language, now, person.timeZone),
        address: `${deps.publicUrl}/account/security`,
        forgot: `${deps.publicUrl}/forgot`,
        whom: messages.helpContacts[person.kind],
      }),
    );
  }
}

const signInOutdated = (): Problem =>
  new Problem('access_denied', {
    status: 401,
    message: 'Your account changed while you were signing in. Sign in again.',
  });

/**
 * Returns whether a sign-in is complete after this step. Staff can see many patients' records, so they always need a
 * second factor (NIST SP 800-63B-4 §2.2).
 */
function nextStage(factors: Factors, { by = 'password', fresh = false }: SignInStep): SessionStage {
  if (factors.published || by !== 'password') return 'full';
  if (hasSecondFactor(factors)) return fresh ? 'full' : 'second-factor';
  return factors.kind === 'staff' ? 'set-up' : 'full';
}

const pathAfterStep = ({ kind }: Factors, stage: SessionStage, returnTo: string): string => {
  if (stage !== 'full') return `${STAGE_PATHS[stage]}?${new URLSearchParams({ return_to: returnTo })}`;
  return returnTo === NO_RETURN_PATH ? START_PAGES[kind] : returnTo;
};

/**
 * Returns the audit event of a sign-in step. A step that doesn't complete the sign-in is a `factor` event, not a
 * `sign-in` event.
 */
function toAuditEvent(
  request: FastifyRequest,
  accountId: AccountId,
  { by = 'password', clientId }: SignInStep,
  stage: SessionStage,
) {
  const event = { outcome: 'success', requestId: request.id, accountId, clientId } as const;
  return stage === 'full'
    ? { ...event, kind: 'sign-in' as const, detail: { by } }
    : { ...event, kind: 'factor' as const, detail: { action: 'shown', by, next: stage } };
}
