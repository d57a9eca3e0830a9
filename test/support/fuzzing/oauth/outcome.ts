import { OAUTH } from '../../people/patient.ts';
import { type Answer, isHtml, jsonOf } from './parsed-request.ts';
import type { Kind } from './request-draft.ts';

export type Outcome = 'success' | 'refusal' | 'neither';

type SuccessCheck = (answer: Answer, location: string) => boolean;
const shown: SuccessCheck = (answer) => answer.statusCode === 200 && isHtml(answer);
const answered: SuccessCheck = ({ statusCode }) => statusCode === 200;

const SUCCEEDS: Readonly<Record<Kind, SuccessCheck>> = {
  authorize: shown,
  'authorize-post': (_, location) => location.startsWith(`${OAUTH}/authorize?`),
  record: shown,
  decision: (_, location) => /[?&]code=/.test(location),
  'token: code': answered,
  'token: refresh': answered,
  'token: backend': answered,
  introspect: (answer) => jsonOf(answer)?.['active'] === true,
  revoke: answered,
  par: ({ statusCode }) => statusCode === 201,
  register: ({ statusCode }) => statusCode === 201,
  'manage: read': answered,
  'manage: replace': answered,
  'manage: remove': ({ statusCode }) => statusCode === 204,
  userinfo: answered,
  'launch: page': shown,
  'launch: app': (_, location) => /[?&]launch=/.test(location),
  'sign-in: page': shown,
  'sign-in: form': ({ statusCode }) => statusCode === 303,
};

/**
 * Classifies a response. `neither`: not a success or a rejection, such as a redirect to sign-in, a preflight, an inactive
 * token.
 */
export function classifyOutcome(kind: Kind, answer: Answer): Outcome {
  const location = answer.headers.location ?? '';
  if (answer.statusCode >= 400 || /[?&]error=/.test(location)) return 'refusal';
  return SUCCEEDS[kind](answer, location) ? 'success' : 'neither';
}
