import type { SeededRandom } from '../../seeded-random.ts';
import type { OAuthWorld } from '../oauth-server.ts';
import { KINDS, type Kind, type RequestDraft } from '../request-draft.ts';
import { authorize, authorizePost, chooseRecord, submitConsentForm } from './authorization.ts';
import { backend, exchangeCode, introspect, push, refresh, revoke, userinfo } from './client.ts';
import { launchApp, launchPage, signInForm, signInPage } from './page.ts';
import { readRegistration, register, removeRegistration, replaceRegistration } from './registration.ts';

type Make = (world: OAuthWorld, random: SeededRandom) => RequestDraft | Promise<RequestDraft>;

/** For each kind of request, a function that makes a valid one, and its share of all requests. */
const MAKERS: Readonly<Record<Kind, readonly [share: number, make: Make]>> = {
  authorize: [12, authorize],
  'authorize-post': [6, authorizePost],
  record: [4, chooseRecord],
  decision: [14, submitConsentForm],
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
  // Small share, because verifying a password takes longer than anything else.
  'sign-in: form': [1.5, signInForm],
};

const WEIGHTED_MAKERS = KINDS.flatMap((kind) => Array<Kind>(2 * MAKERS[kind][0]).fill(kind));

/** Makes a valid request of a random kind, with values from earlier responses. */
export async function makeRequest(world: OAuthWorld, random: SeededRandom): Promise<RequestDraft> {
  const [, maker] = MAKERS[random.pick(WEIGHTED_MAKERS)];
  return maker(world, random);
}
