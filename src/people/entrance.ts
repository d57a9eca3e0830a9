import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Database, type Executor, statement } from '../database/index.ts';
import { type AccountId, type ClientId, type Clock, Problem, type Random } from '../kernel/index.ts';
import { minuteOf } from '../words/index.ts';
import type { BrowserCookies } from './browser.ts';
import { openCorrespondence } from './correspondence.ts';
import { deviceOf } from './device.ts';
import { type Factors, factorsOf, hasSecondFactor } from './factors/factors.ts';
import { meetBrowser } from './known-browser.ts';
import type { PeopleAudit, PeoplePost } from './ports.ts';
import { beginSession, endSession, type Stage } from './session.ts';

export interface EntranceDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly cookies: BrowserCookies;
  readonly audit: PeopleAudit;
  readonly post: PeoplePost;
  /** Of the operator: mail is from it. */
  readonly brandName: string;
  readonly publicUrl: string;
}

/** What the person showed. A passkey is two factors in one; a code comes after the password. */
export type Proof = 'password' | 'passkey' | 'authenticator-app' | 'recovery-code';

export interface Entry {
  /** Where to go when all is done: a path of this server, checked by `ownPath`. */
  readonly returnTo: string;
  /** `password` when left out. */
  readonly by?: Proof;
  /** The account was made this minute: no second factor is asked. */
  readonly fresh?: boolean;
  /** The app that sent the person. */
  readonly clientId?: ClientId | undefined;
  /** Hash of the password that was right: it must still be the account's. */
  readonly passwordHash?: string | undefined;
  /** The session of this browser is half a sign-in, which this finishes: it must still be there, and is good once. */
  readonly halfway?: boolean;
}

export interface Entrance {
  /**
   * Begins the session of somebody who has shown who they are, as far as they have: what is missing is asked next.
   * Whatever session the browser had is over: one that was set beforehand is worth nothing.
   * Throws `access_denied` when what was shown is no longer good.
   * @returns the path to go to
   */
  enter(request: FastifyRequest, reply: FastifyReply, accountId: AccountId, entry: Entry): Promise<string>;
}

/** Whoever changes the account waits for this, or this for them: a session of before a change never outlives it. */
const hold = statement(
  'people.entrance.hold',
  { account_id: 'uuid' },
  `select account_id from account
   where account_id = $1 and closed_at is null and ($2::text is null or password_hash = $2) for share`,
);

/** What `ownPath` makes of no address to go back to. */
export const NOWHERE = '/';
/** Where people land who came from nowhere. */
const HOMES: Readonly<Record<Factors['kind'], string>> = {
  patient: '/account',
  staff: '/practice',
  developer: '/developer',
};
const STEPS: Readonly<Record<Exclude<Stage, 'full'>, string>> = {
  'second-factor': '/sign-in/second-factor',
  'set-up': '/sign-in/set-up',
};

export function openEntrance(deps: EntranceDeps): Entrance {
  const correspondence = openCorrespondence(deps);
  return {
    async enter(request, reply, accountId, entry) {
      const { browser, known, device } = browserOf(request, reply);
      const previous = deps.cookies.session(request);
      const { cookie, factors, stage } = await deps.db.transaction(async (tx) => {
        const held = await tx.query(hold, [accountId, entry.passwordHash]);
        const factors = held.length === 0 ? undefined : await factorsOf(tx, accountId);
        if (factors === undefined) throw over();
        const stage = stageOf(factors, entry);
        const ended = previous === undefined ? undefined : await endSession(tx, previous);
        if (entry.halfway === true && ended !== accountId) throw over();
        const cookie = await beginSession(tx, deps, { accountId, stage, device, browser });
        await deps.audit.recordWithin(tx, eventOf(request, accountId, entry, stage));
        if (stage === 'full' && !factors.published) await greet(tx, accountId, known, device);
        return { cookie, factors, stage };
      });
      deps.cookies.setSession(reply, cookie);
      return pathOf(factors, stage, entry.returnTo);
    },
  };

  function browserOf(request: FastifyRequest, reply: FastifyReply) {
    const known = deps.cookies.known(request, reply);
    return { browser: deps.cookies.browser(request), known, device: deviceOf(request.headers['user-agent']) };
  }

  /** A browser that is new to the account is told of, unless it is the first of all. */
  async function greet(tx: Executor, accountId: AccountId, known: Buffer, device: string | undefined): Promise<void> {
    const now = deps.clock.now();
    if (!(await meetBrowser(tx, accountId, known, now))) return;
    await correspondence.tell(tx, accountId, (words, person) =>
      words.newBrowser({
        device,
        at: minuteOf(person.language, now, person.timeZone),
        address: `${deps.publicUrl}/account/security`,
        forgot: `${deps.publicUrl}/forgot`,
        whom: words.whom[person.kind],
      }),
    );
  }
}

const over = (): Problem =>
  new Problem('access_denied', { status: 401, message: 'Something changed while you signed in. Sign in once more.' });

/** NIST SP 800-63B-4 §2.2: staff see the records of many, and never come in with one factor. */
function stageOf(factors: Factors, { by = 'password', fresh = false }: Entry): Stage {
  if (factors.published || by !== 'password') return 'full';
  if (hasSecondFactor(factors)) return fresh ? 'full' : 'second-factor';
  return factors.kind === 'staff' ? 'set-up' : 'full';
}

const pathOf = ({ kind }: Factors, stage: Stage, returnTo: string): string => {
  if (stage !== 'full') return `${STEPS[stage]}?${new URLSearchParams({ return_to: returnTo })}`;
  return returnTo === NOWHERE ? HOMES[kind] : returnTo;
};

/** Half a sign-in is no sign-in. */
function eventOf(request: FastifyRequest, accountId: AccountId, { by = 'password', clientId }: Entry, stage: Stage) {
  const event = { outcome: 'success', requestId: request.id, accountId, clientId } as const;
  return stage === 'full'
    ? { ...event, kind: 'sign-in' as const, detail: { by } }
    : { ...event, kind: 'factor' as const, detail: { action: 'shown', by, next: stage } };
}
