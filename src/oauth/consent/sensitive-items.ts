import { labelKey, type Scope } from '../../access/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { ConsentItem, SensitiveLabelText, ServedTypes } from '../ports.ts';
import { scopedTypes } from '../scopes/grantable-scopes.ts';
import type { PreviousConsentChoices } from './grant-store.ts';

/**
 * Builds one item for each label that needs separate permission, if the requested types could contain labeled
 * resources. It doesn't look at whether the record has any, because the page would then reveal that to anyone who sees
 * the screen. An item starts unchecked unless the person checked it on the previous page.
 */
export function buildSensitiveItems(
  labels: readonly SensitiveLabelText[],
  scopes: readonly Scope[],
  { itemKeys, declinedKeys }: Pick<PreviousConsentChoices, 'itemKeys' | 'declinedKeys'>,
  types: ServedTypes,
  language: Language,
): readonly ConsentItem[] {
  const about = scopedTypes(scopes, types);
  if (!types.inRecord.some((type) => about.has(type))) return [];
  return labels.map((label) => {
    const key = labelKey(label);
    return {
      key,
      label: label.label[language],
      detail: getMessages(language).consent.sensitive.basis(label.basis[language]),
      checked: itemKeys.includes(key) && !declinedKeys.includes(key),
      required: false,
      isNew: itemKeys.length > 0 && !itemKeys.includes(key),
    };
  });
}
