import { labelKey, type Scope } from '../../access/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import type { ConsentLine, SensitiveLabel, ServedTypes } from '../ports.ts';
import { typesOf } from '../scopes.ts';
import type { LastChoice } from './store.ts';

/**
 * A line for each label that needs a permission of its own, where what is asked for could hold such entries. Whether the
 * record has any is not looked at: the page would tell it to whoever looks over a shoulder. Ticked only by the person, or
 * because they did so on the page before.
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
