import type { FastifyInstance } from 'fastify';
import { actRoutes } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { type AddingPlace, addAuthenticatorAct, addPasskeyAct } from '../factors/adding.ts';
import { factorsOf } from '../factors/factors.ts';
import { onTo } from '../sign-in/halfway.ts';
import { closeAct, closedRoutes } from './close.ts';
import { codesAct } from './codes.ts';
import { confirmRoutes } from './confirm.ts';
import { confirmAgainAct, emailAct } from './email.ts';
import { languageAct } from './language.ts';
import { lockFactors } from './lock-factors.ts';
import { overviewRoutes } from './overview.ts';
import { passwordAct } from './password.ts';
import { CODES_PATH, doneAt, SECURITY_PATH } from './paths.ts';
import { changingPlace, ownPlace, type SignedInHere } from './place.ts';
import { removingActs } from './removing.ts';
import { sessionActs } from './sessions.ts';

/** Registers `/account/security`: credentials and sessions, for patients, staff and developers alike. */
export function securityRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  const adding: AddingPlace<SignedInHere> = {
    passkeyPath: `${SECURITY_PATH}/passkeys/add`,
    authenticatorPath: `${SECURITY_PATH}/authenticator-app`,
    fields: () => ({}),
    back: () => SECURITY_PATH,
    other: () => undefined,
    mayAdd: lockFactors,
    async added({ user }, by) {
      const done = doneAt(by === 'passkey' ? 'passkey-added' : 'app-added');
      const factors = await factorsOf(deps.db, user.accountId);
      // A second factor can get lost, so adding the first one continues with recovery codes.
      return factors?.recoveryCodes === 0 && factors.password ? onTo(CODES_PATH, done) : done;
    },
  };
  overviewRoutes(app, deps);
  confirmRoutes(app, deps);
  closedRoutes(app, deps);
  actRoutes(app, deps, ownPlace(deps), [confirmAgainAct(deps)]);
  actRoutes(app, deps, changingPlace(deps), [
    passwordAct(deps, changes),
    addPasskeyAct(deps, changes, adding),
    addAuthenticatorAct(deps, changes, adding),
    ...removingActs(deps, changes),
    codesAct(deps, changes),
    emailAct(deps, changes),
    languageAct(deps),
    ...sessionActs(deps),
    closeAct(deps, changes),
  ]);
}
