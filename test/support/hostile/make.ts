import type { Dice } from './dice.ts';
import { type Draft, KINDS, type Kind } from './draft.ts';
import { authorize, authorizePost, chooseRecord, decide } from './make-asking.ts';
import { backend, exchangeCode, introspect, push, refresh, revoke, userinfo } from './make-client.ts';
import { launchApp, launchPage, signInForm, signInPage } from './make-page.ts';
import { readRegistration, register, removeRegistration, replaceRegistration } from './make-registration.ts';
import type { World } from './world.ts';

type Make = (world: World, random: Dice) => Draft | Promise<Draft>;

/** A function that makes a valid request of each kind, and the kind's share of all requests. */
const MAKERS: Readonly<Record<Kind, readonly [share: number, make: Make]>> = {
  authorize: [12, authorize],
  'authorize-post': [6, authorizePost],
  record: [4, chooseRecord],
  decision: [14, decide],
  'token: code': [13, exchangeCode],
  'token: refresh': [9, refresh],
  'token: backend': [3, backend],
  introspect: [8, introspect],
  revoke: [2, revoke],
  par: [6, push],
  register: [5, register],
  'manage: read': [2, readRegistration],
  'manage: replace': [3, replaceRegistration],
  'manage: remove': [1.5, removeRegistration],
  userinfo: [5, userinfo],
  'launch: page': [2, launchPage],
  'launch: app': [3, launchApp],
  'sign-in: page': [3, signInPage],
  // Checking a password takes longer than anything else.
  'sign-in: form': [1.5, signInForm],
};

const WEIGHTED_MAKERS = KINDS.flatMap((kind) => Array<Kind>(2 * MAKERS[kind][0]).fill(kind));

/** Makes a valid request of a random kind, with values from earlier responses. */
export async function make(world: World, random: Dice): Promise<Draft> {
  const [, maker] = MAKERS[random.pick(WEIGHTED_MAKERS)];
  return maker(world, random);
}
