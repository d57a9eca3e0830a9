import type { AppDraft, CatalogueAnswer } from '../../../src/portal/contract/apps.ts';
import { useWords } from '../../words/index.ts';

/** Formats the fields of an app's registration as text. */
export function useTermsInWords(catalogue: CatalogueAnswer | undefined) {
  const { apps } = useWords();
  return (field: keyof AppDraft, value: unknown): string => {
    switch (field) {
      case 'kind':
        return apps.kinds[value as AppDraft['kind']].name;
      case 'auth':
        return apps.proof.auths[value as AppDraft['auth']].name;
      case 'apis':
        return (value as AppDraft['apis'])
          .map((one) => catalogue?.apis.find(({ api }) => api === one)?.name ?? one)
          .join(', ');
      case 'redirectUris':
        return (value as readonly string[]).join('\n');
      case 'dataUse':
        return dataUseInWords(value as AppDraft['dataUse'], catalogue);
      case 'jwks':
        return value === undefined || value === null ? '' : JSON.stringify(value);
      default:
        return typeof value === 'boolean' ? (value ? apps.yes : apps.no) : String(value ?? '');
    }
  };
}

const dataUseInWords = (given: AppDraft['dataUse'], catalogue: CatalogueAnswer | undefined): string =>
  Object.entries(given)
    .map(([question, response]) => {
      const questionAnswer = catalogue?.dataUse.find((one) => one.question === question);
      return `${questionAnswer?.text ?? question} ${questionAnswer?.answers.find((one) => one.answer === response)?.text ?? response}`;
    })
    .join('\n');
