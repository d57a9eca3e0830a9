import { labelKey } from '../../access/index.ts';
import type { SensitiveLabel } from '../../domain/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { ConsentItem } from './consent-items.ts';
import type { PreviousConsentChoices } from './grant-store.ts';

/**
 * Builds one consent item for each security label that needs separate permission. An item starts unchecked unless the
 * person checked it on the previous page.
 */
export const buildSensitiveItems = (
  labels: readonly SensitiveLabel[],
  { itemKeys, declinedKeys }: Pick<PreviousConsentChoices, 'itemKeys' | 'declinedKeys'>,
  language: Language,
): readonly ConsentItem[] =>
  labels.map((label) => {
    const key = labelKey(label);
    return {
      key,
      label: label.label[language],
      detail: getMessages(language).consent.sensitive.basis(label.basis[language]),
      checked: itemKeys.includes(key) && !declinedKeys.includes(key),
      required: false,
      isNew: itemKeys.length > 0 && !itemKeys.includes(key),
      mayOverlap: false,
    };
  });
