import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import { useErrorMessage } from '../../../i18n/use-error-message.ts';
import { draftErrorsQuery } from '../queries.ts';
import { type DraftFieldError, isWithin } from './draft-form.ts';
import { normalizeDraft } from './empty-draft.ts';

/** The errors of a draft, and the draft in which the server found them. */
interface ValidatedDraft {
  readonly draft: AppDraft;
  readonly errors: readonly DraftFieldError[];
}

/**
 * Validates the draft on the server shortly after each change. Errors of fields that the user hasn't visited yet are
 * not shown.
 * @param clientId the app that the draft changes; undefined for a new app
 */
export function useDraftErrors(draft: AppDraft | undefined, clientId?: string) {
  const getMessage = useErrorMessage();
  const [settled] = useDebouncedValue(draft, 350);
  const [touched, setTouched] = useState<readonly string[]>([]);
  const [checked, setChecked] = useState<ValidatedDraft>();
  const client = useQueryClient();
  const latest = useQuery({
    ...draftErrorsQuery(normalizeDraft(settled ?? NO_DRAFT), clientId),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
  const now = draft === undefined ? undefined : normalizeDraft(draft);
  const errors = now === undefined ? [] : currentErrors(now, checked, latest.data);
  return {
    errors,
    error: latest.error,
    touch: (...fields: readonly string[]) =>
      setTouched((before) => (fields.every((one) => before.includes(one)) ? before : [...before, ...fields])),
    errorAt(field: string): string | undefined {
      const match = errors.find((one) => isWithin(one.field, field));
      return match !== undefined && touched.some((one) => isWithin(match.field, one)) ? getMessage(match) : undefined;
    },
    /** Validates the current draft on the server and returns all errors. */
    async check(current: AppDraft): Promise<readonly DraftFieldError[]> {
      const judged = await client.fetchQuery(draftErrorsQuery(normalizeDraft(current), clientId));
      setChecked(judged);
      return judged.errors;
    },
  };
}

const NO_DRAFT = { redirectUris: [], name: '', description: '', scope: '', jwksUri: '' } as unknown as AppDraft;

/**
 * Drops the errors of fields that changed after the validation. Such an outdated error would appear when the user
 * leaves the field, and move the button that the user is clicking.
 */
function currentErrors(
  now: AppDraft,
  checked: ValidatedDraft | undefined,
  latest: ValidatedDraft | undefined,
): readonly DraftFieldError[] {
  const judged = checked !== undefined && isEqual(checked.draft, now) ? checked : latest;
  return (judged?.errors ?? []).filter(({ field }) => {
    const [root] = field.split('.') as [keyof AppDraft];
    return isEqual(judged?.draft[root], now[root]);
  });
}

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
