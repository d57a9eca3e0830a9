import type { FastifyInstance } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import { type Act, actRoutes, type Doing, type Place } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { type AddingPlace, addAuthenticatorAct, addPasskeyAct } from '../factors/adding.ts';
import { factorsOf, hasSecondFactor } from '../factors/factors.ts';
import { single } from '../form.ts';
import { lockFactors } from '../security/lock-factors.ts';
import { CODES_PATH } from '../security/paths.ts';
import { anew, type Halfway, halfwayOf, onTo, wanted } from './halfway.ts';
import { appOf } from './sent-by.ts';

const SET_UP = '/sign-in/set-up';
const PASSKEY = `${SET_UP}/passkey`;
const APP = `${SET_UP}/authenticator-app`;

/**
 * The password alone allows adding the first second factor only. If one was added elsewhere in the meantime, sign-in
 * requires it.
 */
async function hasNone(db: Executor, accountId: AccountId): Promise<boolean> {
  const factors = await factorsOf(db, accountId);
  return factors !== undefined && !hasSecondFactor(factors);
}

/** Registers the pages on which staff without a second factor set one up before they can use anything else. */
export function setUpRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  const returnTo = ({ query, form }: Pick<Doing<Halfway>, 'query' | 'form'>): string =>
    wanted(deps, query['return_to'] ?? form['return_to']);

  const guard: Place<Halfway> = {
    async authenticate(request, reply) {
      const challenge = await halfwayOf(deps, request, 'set-up');
      if (challenge !== undefined && (await hasNone(deps.db, challenge.accountId))) return challenge;
      const fields = { query: request.query ?? {}, form: request.body ?? {} } as Pick<Doing<Halfway>, 'query' | 'form'>;
      anew(reply, returnTo(fields));
      return undefined;
    },
    pageContext: async (request) => deps.framing.forStaff(request),
  };

  const adding: AddingPlace<Halfway> = {
    passkeyPath: PASSKEY,
    authenticatorPath: APP,
    fields: (context) => ({ return_to: returnTo(context) }),
    back: (context) => onTo(SET_UP, returnTo(context)),
    other: (context, path) => onTo(path, returnTo(context)),
    mayAdd: async (tx, accountId) => (await lockFactors(tx, accountId)) && hasNone(tx, accountId),
    async added(context, by) {
      const { request, reply, user } = context;
      const { clientId } = await appOf(deps, returnTo(context));
      const entry = { returnTo: returnTo(context), by, clientId, halfway: true };
      return onTo(CODES_PATH, await deps.entrance.enter(request, reply, user.accountId, entry));
    },
  };

  const choose: Act<Halfway> = {
    path: SET_UP,
    page: (context, errors) =>
      deps.pages.setUp(
        { csrf: context.csrf, errors, action: SET_UP, fields: { return_to: returnTo(context) } },
        context.pageContext,
      ),
    async act(context) {
      const way = single(context.form['way']);
      const path = way === 'passkey' ? PASSKEY : way === 'app' ? APP : undefined;
      if (path !== undefined) return { to: onTo(path, returnTo(context)) };
      return { errors: [{ field: 'way', message: wordsIn(context.pageContext.language).signIn.faults.choose }] };
    },
  };

  actRoutes(app, deps, guard, [
    choose,
    addAuthenticatorAct(deps, changes, adding),
    addPasskeyAct(deps, changes, adding),
  ]);
}
