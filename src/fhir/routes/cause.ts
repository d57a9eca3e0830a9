import type { Problem, ProblemCode } from '../../kernel/index.ts';
import type { Disclosure } from '../ports.ts';

/** What was asked for, in words of our own tables. */
export interface AskedInWords {
  readonly interaction: Disclosure['kind'];
  readonly type: string | undefined;
  readonly parameters: readonly string[];
}

type Tell = (asked: AskedInWords, problem: Problem) => string;

const asTold: Tell = (_asked, { message }) => message;

/** Why a request was refused, for the app's developer. What the app is told may quote what it sent; this never does. */
const CAUSES: Readonly<Partial<Record<ProblemCode, Tell>>> = {
  invalid_token: asTold,
  // Names the whole address, which has ids in it.
  invalid_dpop_proof: (_asked, { message }) => message.replace(/https?:\/\/\S+/, 'the address of the request'),
  'api-not-added': asTold,
  'practice-disabled': asTold,
  'patient-mismatch': asTold,
  unavailable: asTold,
  'client-gone': asTold,
  internal: asTold,
  'scope-denied': ({ interaction, type }) =>
    type === undefined
      ? 'The scopes of this token do not cover the resource type, which this version does not have.'
      : `The scopes of this token do not cover ${interaction === 'search' ? 'searching' : 'reading'} ${type}.`,
  'type-not-supported': () => 'This version of FHIR has no such resource type on this server.',
  'not-found': ({ type = 'resource' }) => `There is no ${type} with this id in what this access token is for.`,
  'search-invalid': ({ parameters }, { message }) => {
    // A limit is named in our words alone.
    if (message.startsWith('A request takes at most ')) return message;
    const name = parameters.find((one) => message.includes(`parameter ${one.split(':', 1)[0]} `));
    return name === undefined
      ? 'A parameter has a value, a modifier or a chain that this server does not read.'
      : `The parameter ${name} has a value or a modifier that this server does not read.`;
  },
  'value-set-not-expandable': () => 'This server does not know all codes of the value set.',
  'value-set-too-costly': asTold,
  'search-too-costly': asTold,
  'parameter-unknown': ({ type = 'this type' }) =>
    `With "Prefer: handling=strict", a parameter that ${type} does not have is refused.`,
};

export const causeOf = (asked: AskedInWords, problem: Problem): string =>
  CAUSES[problem.code]?.(asked, problem) ?? 'The request could not be read.';
