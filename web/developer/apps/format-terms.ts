import type { AppDraft, CatalogResponse } from '../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../i18n/index.ts';

type AppCategory = NonNullable<AppDraft['category']>;

/** Returns functions that format the fields of an app's registration as text. */
export function useTermsFormatter(catalogue: CatalogResponse | undefined) {
  const { apps } = useMessages();
  return (field: keyof AppDraft, value: unknown): string => {
    switch (field) {
      case 'kind':
        return apps.kinds[value as AppDraft['kind']].name;
      case 'auth':
        return apps.authentication.methods[value as AppDraft['auth']].name;
      case 'apis':
        return (value as AppDraft['apis'])
          .map((one) => catalogue?.apis.find(({ api }) => api === one)?.name ?? one)
          .join(', ');
      case 'redirectUris':
        return (value as readonly string[]).join('\n');
      case 'dataUse':
        return dataUseText(value as AppDraft['dataUse'], catalogue);
      case 'category':
        return value === undefined || value === null ? '' : apps.gallery.categories[value as AppCategory];
      case 'jwks':
        return value === undefined || value === null ? '' : JSON.stringify(value);
      default:
        return typeof value === 'boolean' ? (value ? apps.yes : apps.no) : String(value ?? '');
    }
  };
}

const dataUseText = (given: AppDraft['dataUse'], catalogue: CatalogResponse | undefined): string =>
  Object.entries(given)
    .map(([question, response]) => {
      const questionAnswer = catalogue?.dataUse.find((one) => one.question === question);
      return `${questionAnswer?.text ?? question} ${questionAnswer?.answers.find((one) => one.answer === response)?.text ?? response}`;
    })
    .join('\n');
