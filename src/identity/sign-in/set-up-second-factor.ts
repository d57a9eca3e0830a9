import type { FastifyInstance } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { getMessages } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { lockFactors } from '../account-security/lock-factors.ts';
import { CODES_PATH } from '../account-security/paths.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { type AddFactorFlow, addAuthenticatorHandler, addPasskeyHandler } from '../factors/add-factor.ts';
import { findFactors, hasSecondFactor } from '../factors/factors.ts';
import { singleValue } from '../forms/form-fields.ts';
import { type FormContext, type FormHandler, type PageGuard, registerFormHandlers } from '../forms/form-handlers.ts';
import {
  findPendingChallenge,
  type PendingChallenge,
  readReturnPath,
  restartSignIn,
  withReturnTo,
} from './pending-challenge.ts';
import { findRequestingApp } from './requesting-app.ts';

const SET_UP_PATH = '/sign-in/set-up';
const PASSKEY_PATH = `${SET_UP_PATH}/passkey`;
const APP_PATH = `${SET_UP_PATH}/authenticator-app`;

/**
 * Tells whether the account still has no second factor. Only then may a person who has entered just the password add
 * one. If a second factor was added in another browser in the meantime, sign-in requires it.
 */
async function lacksSecondFactor(db: Executor, accountId: AccountId): Promise<boolean> {
  const factors = await findFactors(db, accountId);
  return factors !== undefined && !hasSecondFactor(factors);
}

/** Registers the pages on which staff without a second factor set one up before they can use anything else. */
export function setUpSecondFactorRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  const returnTo = ({ query, form }: Pick<FormContext<PendingChallenge>, 'query' | 'form'>): string =>
    readReturnPath(deps, query['return_to'] ?? form['return_to']);

  const guard: PageGuard<PendingChallenge> = {
    async authenticate(request, reply) {
      const challenge = await findPendingChallenge(deps, request, 'set-up');
      if (challenge !== undefined && (await lacksSecondFactor(deps.db, challenge.accountId))) return challenge;
      const fields = { query: request.query ?? {}, form: request.body ?? {} } as Pick<
        FormContext<PendingChallenge>,
        'query' | 'form'
      >;
      restartSignIn(reply, returnTo(fields));
      return undefined;
    },
    pageContext: async ({ request }) => deps.framing.forStaff(request),
  };

  const adding: AddFactorFlow<PendingChallenge> = {
    passkeyPath: PASSKEY_PATH,
    authenticatorPath: APP_PATH,
    fields: (context) => ({ return_to: returnTo(context) }),
    backPath: (context) => withReturnTo(SET_UP_PATH, returnTo(context)),
    otherPath: (context, path) => withReturnTo(path, returnTo(context)),
    mayAdd: async (tx, accountId) => (await lockFactors(tx, accountId)) && lacksSecondFactor(tx, accountId),
    async added(context, by) {
      const { request, reply, user } = context;
      const { clientId } = await findRequestingApp(deps, returnTo(context));
      const entry = { returnTo: returnTo(context), by, clientId, halfway: true };
      return withReturnTo(CODES_PATH, await deps.signInCompletion.complete(request, reply, user.accountId, entry));
    },
  };

  const choose: FormHandler<PendingChallenge> = {
    path: SET_UP_PATH,
    render: (context, errors) =>
      deps.pages.setUpSecondFactor(
        { csrf: context.csrf, errors, action: SET_UP_PATH, fields: { return_to: returnTo(context) } },
        context.pageContext,
      ),
    async submit(context) {
      const method = singleValue(context.form['way']);
      const path = method === 'passkey' ? PASSKEY_PATH : method === 'app' ? APP_PATH : undefined;
      if (path !== undefined) return { to: withReturnTo(path, returnTo(context)) };
      return { errors: [{ field: 'way', message: getMessages(context.pageContext.language).signIn.errors.noChoice }] };
    },
  };

  registerFormHandlers(app, deps, guard, [
    choose,
    addAuthenticatorHandler(deps, changes, adding),
    addPasskeyHandler(deps, changes, adding),
  ]);
}
