import { allowedAnswers, DATA_USE_QUESTIONS, readDataUse } from '../../access/index.ts';
import type { DataUse } from '../../domain/index.ts';
import { OperatorError } from '../../kernel/index.ts';

/**
 * Merges new answers about data use into the current answers of an app. An empty answer removes the current one.
 * @param given options such as `sold=no`
 * @throws OperatorError for an unknown question or answer
 */
export function mergeAnswers(current: DataUse, given: readonly string[]): DataUse {
  const answers: Record<string, string> = { ...current };
  for (const text of given) {
    const [question = '', answer = ''] = text.split(/=(.*)/s).map((part) => part.trim());
    const possible = allowedAnswers(question);
    if (possible === undefined) {
      throw new OperatorError(`--answer ${text}: unknown question. Use one of: ${DATA_USE_QUESTIONS.join(', ')}.`);
    }
    if (answer !== '' && !possible.includes(answer)) {
      throw new OperatorError(
        `--answer ${text}: unknown answer. Use one of: ${possible.join(', ')}. Leave it empty to withdraw the answer.`,
      );
    }
    answers[question] = answer;
  }
  return readDataUse(answers);
}

/**
 * Sets the address of an app's privacy policy (RFC 7591 §2, `policy_uri`). An empty address removes the current one.
 * @throws OperatorError unless the address is an https URL
 */
export function setPolicyUri(
  metadata: Readonly<Record<string, unknown>>,
  address: string,
): Readonly<Record<string, unknown>> {
  const { policy_uri: _before, ...others } = metadata;
  if (address.trim() === '') return others;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || address.length > MAX_URL_LENGTH) {
    throw new OperatorError(`--policy-uri is "${address}" but must be an https:// URL without a username or password.`);
  }
  return { ...others, policy_uri: url.href };
}

const MAX_URL_LENGTH = 2000;
