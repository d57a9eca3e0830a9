import type { AppDraft } from '../../../src/portal-api/contract/apps.ts';
import type { AppReviewResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';

type DataUseQuestions = AppReviewResponse['questions'];

/** Returns a function that formats the value of an app's field as lines of text. */
export function useFieldLines(questions: DataUseQuestions): (field: string, value: unknown) => readonly string[] {
  const { apps, shell } = useAdminMessages();
  return (field, value) => {
    if (value === null || value === undefined || value === '') return [];
    if (field === 'scope') return String(value).split(' ').filter(Boolean).sort();
    if (field === 'apis') return (value as AppDraft['apis']).map((api) => api.toUpperCase());
    if (field === 'kind') return [apps.kinds[value as AppDraft['kind']].short];
    if (field === 'auth') return [apps.authentication.methods[value as AppDraft['auth']].name];
    if (field === 'category') return [apps.gallery.categories[value as NonNullable<AppDraft['category']>]];
    if (field === 'dataUse') return answerLines(value as AppDraft['dataUse'], questions);
    if (field === 'jwks') return keyLabels(value);
    if (typeof value === 'boolean') return [value ? shell.yes : shell.no];
    return Array.isArray(value) ? value.map(String) : [String(value)];
  };
}

const answerLines = (given: AppDraft['dataUse'], questions: DataUseQuestions): readonly string[] =>
  Object.entries(given).map(([question, response]) => {
    const questionAnswer = questions.find((one) => one.question === question);
    return `${questionAnswer?.text ?? question} ${questionAnswer?.answers.find((one) => one.answer === response)?.text ?? response}`;
  });

/** Returns id and algorithm of each key in a key set, because the key values themselves tell the reader nothing. */
const keyLabels = (jwks: unknown): readonly string[] => {
  const { keys } = jwks as { keys?: readonly { kid?: unknown; alg?: unknown; kty?: unknown }[] };
  return (keys ?? []).map(({ kid, alg, kty }) => [kid, alg ?? kty].filter(Boolean).join(', '));
};
