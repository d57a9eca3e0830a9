import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDraft } from '../../../../src/portal/contract/apps.ts';
import { useFaultInWords } from '../../../words/use-fault-in-words.ts';
import { faultsQuery } from '../queries.ts';
import { tidied } from './empty-draft.ts';
import { type Fault, isWithin } from './form.ts';

/** A validation result with the draft that it belongs to. */
interface Judged {
  readonly draft: AppDraft;
  readonly errors: readonly Fault[];
}

/**
 * Validates the draft on the server shortly after each change. Errors of fields that the user hasn't visited yet are
 * not shown.
 * @param clientId the app that the draft changes; undefined for a new app
 */
export function useFaults(draft: AppDraft | undefined, clientId?: string) {
  const getMessage = useFaultInWords();
  const [settled] = useDebouncedValue(draft, 350);
  const [touched, setTouched] = useState<readonly string[]>([]);
  const [checked, setChecked] = useState<Judged>();
  const client = useQueryClient();
  const latest = useQuery({
    ...faultsQuery(tidied(settled ?? NO_DRAFT), clientId),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
  const now = draft === undefined ? undefined : tidied(draft);
  const errors = now === undefined ? [] : stillTrue(now, checked, latest.data);
  return {
    errors,
    error: latest.error,
    touch: (...fields: readonly string[]) =>
      setTouched((before) => (fields.every((one) => before.includes(one)) ? before : [...before, ...fields])),
    errorAt(field: string): string | undefined {
      const match = errors.find((one) => isWithin(one.field, field));
      return match !== undefined && touched.some((one) => isWithin(match.field, one)) ? getMessage(match) : undefined;
    },
    /** Validates the current draft and returns all errors. */
    async check(current: AppDraft): Promise<readonly Fault[]> {
      const judged = await client.fetchQuery(faultsQuery(tidied(current), clientId));
      setChecked(judged);
      return judged.errors;
    },
  };
}

const NO_DRAFT = { redirectUris: [], name: '', description: '', scope: '', jwksUri: '' } as unknown as AppDraft;

/**
 * Drops errors of fields that changed after the validation. They would appear when the user leaves the field and move
 * the button that is being clicked.
 */
function stillTrue(now: AppDraft, checked: Judged | undefined, latest: Judged | undefined): readonly Fault[] {
  const judged = checked !== undefined && same(checked.draft, now) ? checked : latest;
  return (judged?.errors ?? []).filter(({ field }) => {
    const [root] = field.split('.') as [keyof AppDraft];
    return same(judged?.draft[root], now[root]);
  });
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
