import { answersTo, DATA_USE_QUESTIONS, type DataUse, readDataUse } from '../access/index.ts';
import { OperatorFault } from '../kernel/index.ts';

/** Options about what people are told of an app. */
export const ABOUT = {
  developer: { type: 'string' },
  'policy-uri': { type: 'string' },
  answer: { type: 'string', multiple: true },
} as const;

/**
 * What an app answered about what it does with data, with these answers too. An empty one is taken back.
 * @param given `sold=no`
 */
export function withAnswers(known: DataUse, given: readonly string[]): DataUse {
  const answers: Record<string, string> = { ...known };
  for (const text of given) {
    const [question = '', answer = ''] = text.split(/=(.*)/s).map((part) => part.trim());
    const possible = answersTo(question);
    if (possible === undefined) {
      throw new OperatorFault(
        `--answer ${text}: there is no such question. There are: ${DATA_USE_QUESTIONS.join(', ')}.`,
      );
    }
    if (answer !== '' && !possible.includes(answer)) {
      throw new OperatorFault(
        `--answer ${text}: the answer is one of ${possible.join(', ')}, or nothing to take it back.`,
      );
    }
    answers[question] = answer;
  }
  return readDataUse(answers);
}

/** With the address of the privacy policy; an empty one is taken back. RFC 7591 §2, `policy_uri` */
export function withPolicy(
  metadata: Readonly<Record<string, unknown>>,
  address: string,
): Readonly<Record<string, unknown>> {
  const { policy_uri: _before, ...others } = metadata;
  if (address.trim() === '') return others;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || address.length > LONGEST) {
    throw new OperatorFault(`--policy-uri is "${address}" but must be an address that begins with https://.`);
  }
  return { ...others, policy_uri: url.href };
}

const LONGEST = 2000;
