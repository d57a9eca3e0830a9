import type { Problem, ProblemCode } from '../../../kernel/index.ts';
import type { Disclosure } from '../../ports.ts';

/**
 * Describes a request only with names that the server defines, so that the description contains no values from the app.
 */
export interface DescribedRequest {
  readonly interaction: Disclosure['kind'];
  readonly type: string | undefined;
  readonly parameters: readonly string[];
}

type CauseText = (request: DescribedRequest, problem: Problem) => string;

const asReported: CauseText = (_asked, { message }) => message;

/**
 * Explains to the app's developer why a request was rejected, by the code of the Problem. Error messages to the app may
 * quote what it sent. These explanations never do, because the activity log stores them.
 */
const CAUSES: Readonly<Partial<Record<ProblemCode, CauseText>>> = {
  invalid_token: asReported,
  // The error message for an invalid DPoP proof contains the full URL of the request. The URL includes ids, so it is
  // replaced with words.
  invalid_dpop_proof: (_asked, { message }) => message.replace(/https?:\/\/\S+/, 'the address of the request'),
  'api-not-added': asReported,
  'practice-disabled': asReported,
  'patient-mismatch': asReported,
  throttled: asReported,
  unavailable: asReported,
  'client-gone': asReported,
  internal: asReported,
  'scope-denied': ({ interaction, type }) =>
    type === undefined
      ? 'The scopes of this token do not include the resource type, which this FHIR version does not support.'
      : `The scopes of this token do not allow ${interaction === 'search' ? 'searching' : 'reading'} ${type}.`,
  'type-not-supported': () => 'This FHIR version does not support this resource type on this server.',
  'not-found': ({ type = 'resource' }) => `The data of this access token has no ${type} with this id.`,
  'search-invalid': ({ parameters }, { message }) => {
    // Error messages about limits contain no values from the request, so the activity log may store them.
    if (message.startsWith('A request takes at most ')) return message;
    const name = parameters.find((one) => message.includes(`parameter ${one.split(':', 1)[0]} `));
    return name === undefined
      ? 'A parameter has a value, modifier or chain that this server does not support.'
      : `The parameter ${name} has a value or modifier that this server does not support.`;
  },
  'value-set-not-expandable': () => 'This server does not know all codes of the value set.',
  'value-set-too-costly': asReported,
  'search-too-costly': asReported,
  'parameter-unknown': ({ type = 'this type' }) =>
    `With "Prefer: handling=strict", parameters that ${type} does not support are rejected.`,
};

export const describeCause = (request: DescribedRequest, problem: Problem): string =>
  CAUSES[problem.code]?.(request, problem) ?? 'The request could not be read.';
