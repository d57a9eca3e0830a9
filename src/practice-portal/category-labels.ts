import { getMessages, type Language } from '../i18n/index.ts';

/** Returns the label of a resource type that patients see. undefined if the type has none. */
export const categoryLabel = (language: Language, type: string): string | undefined =>
  CATEGORY_LABELS[language].get(type);

function categoryLabels(language: Language): ReadonlyMap<string, string> {
  const { types, supporting } = getMessages(language).dataCategories;
  return new Map([
    ...Object.entries(types).map(([type, { label }]) => [type, label] as const),
    ...Object.entries(supporting),
  ]);
}

const CATEGORY_LABELS: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  en: categoryLabels('en'),
  es: categoryLabels('es'),
};
