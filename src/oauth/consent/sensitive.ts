import { labelKey, type Scope } from '../../access/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import type { ConsentLine, SensitiveLabel, ServedTypes } from '../ports.ts';
import { typesOf } from '../scopes.ts';
import type { LastChoice } from './store.ts';

/**
 * Builds one item for each label that needs separate permission, if the requested types could contain labeled
 * resources. It doesn't look at whether the record has any, because the page would then reveal that to anyone who sees
 * the screen. An item starts unchecked unless the person checked it on the previous page.
 */
export function sensitiveLines(
  labels: readonly SensitiveLabel[],
  scopes: readonly Scope[],
  { asked, unticked }: Pick<LastChoice, 'asked' | 'unticked'>,
  types: ServedTypes,
  language: Language,
): readonly ConsentLine[] {
  const about = typesOf(scopes, types);
  if (!types.inRecord.some((type) => about.has(type))) return [];
  return labels.map((label) => {
    const key = labelKey(label);
    return {
      key,
      label: label.label[language],
      detail: wordsIn(language).consent.sensitive.basis(label.basis[language]),
      ticked: asked.includes(key) && !unticked.includes(key),
      locked: false,
      isNew: asked.length > 0 && !asked.includes(key),
    };
  });
}
