import { type Executor, statement } from '../database/index.ts';
import type { AppState } from '../domain/index.ts';
import { type Clock, OperatorError } from '../kernel/index.ts';
import { requireApp } from './app.ts';
import { APP_STATES, canTransition } from './lifecycle.ts';

const setState = statement(
  'registry.app.set-state',
  { client_id: 'text' },
  'update app set state = $3 where client_id = $1 and state = $2 returning client_id',
);

/**
 * Moves an app to another state of its lifecycle. From then on the new state determines whether the
 * app's tokens are valid. Throws `OperatorError` if the state is unknown or the transition isn't
 * allowed.
 * @returns the previous state
 */
export async function changeAppState(db: Executor, clock: Clock, clientId: string, to: string): Promise<AppState> {
  const state = APP_STATES.find((candidate) => candidate === to);
  if (state === undefined)
    throw new OperatorError(`"${to}" isn't a state of an app. Use one of: ${APP_STATES.join(', ')}.`);
  const app = await requireApp(db, clock, clientId);
  if (!canTransition(app.state, state)) throw new OperatorError(`An app that is ${app.state} can't become ${state}.`);
  const [moved] = await db.query(setState, [clientId, app.state, state]);
  if (moved === undefined)
    throw new OperatorError('Someone else changed this app at the same time. Check it and try again.');
  return app.state;
}
