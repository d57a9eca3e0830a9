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
  /** Brand name of the operator, which is the sender name of emails. */
  readonly brandName: string;
  readonly publicUrl: string;
}

/**
 * How the person authenticated. A passkey counts as two factors; an authenticator or recovery code follows the
 * password.
 */
export type AuthenticationMethod = 'password' | 'passkey' | 'authenticator-app' | 'recovery-code';

export interface SignInStep {
  /** Path of this server to go to afterwards, checked by `localPath`. */
  readonly returnTo: string;
  /** Defaults to `password`. */
  readonly by?: AuthenticationMethod;
  /** True for an account created in this request, which isn't asked for its second factor. */
  readonly fresh?: boolean;
  /** The app that sent the person to sign in. */
  readonly clientId?: ClientId | undefined;
  /** Hash of the password that was verified. Sign-in fails if the account's password has changed since. */
  readonly passwordHash?: string | undefined;
  /**
   * True if this step completes a pending MFA challenge. The session of the browser must still be that challenge, and
   * is used up.
   */
  readonly halfway?: boolean;
}

export interface SignInCompletion {
  /**
   * Completes a sign-in step: starts a full session, or a pending one when the second factor or its setup is still
   * missing. The browser's previous session always ends, which prevents session fixation.
   * Throws `access_denied` when the account, the password or the pending challenge changed in the meantime.
   * @returns the path to go to
   */
  complete(request: FastifyRequest, reply: FastifyReply, accountId: AccountId, entry: SignInStep): Promise<string>;
}

/**
 * Takes a share lock on the account, so that sign-in and changes of the account wait for each other: no session that
 * was authenticated with the old credentials outlives a change.
 */
const lockAccountShared = statement(
  'people.entrance.hold',
  { account_id: 'uuid' },
  `select account_id from account
   where account_id = $1 and closed_at is null and ($2::text is null or password_hash = $2) for share`,
);

/** The path that `localPath` returns when there is no address to go back to. */
export const NO_RETURN_PATH = '/';
/** Start pages for people who signed in without a page to go back to. */
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
        whom: messages.whom[person.kind],
      }),
    );
  }
}

const signInOutdated = (): Problem =>
  new Problem('access_denied', { status: 401, message: 'Something changed while you signed in. Sign in once more.' });

/** NIST SP 800-63B-4 §2.2: staff can see many patients' records, so a single factor never suffices for them. */
function nextStage(factors: Factors, { by = 'password', fresh = false }: SignInStep): SessionStage {
  if (factors.published || by !== 'password') return 'full';
  if (hasSecondFactor(factors)) return fresh ? 'full' : 'second-factor';
  return factors.kind === 'staff' ? 'set-up' : 'full';
}

const pathAfterStep = ({ kind }: Factors, stage: SessionStage, returnTo: string): string => {
  if (stage !== 'full') return `${STAGE_PATHS[stage]}?${new URLSearchParams({ return_to: returnTo })}`;
  return returnTo === NO_RETURN_PATH ? START_PAGES[kind] : returnTo;
};

/** A sign-in that isn't complete is recorded as a `factor` event, not as a sign-in. */
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
