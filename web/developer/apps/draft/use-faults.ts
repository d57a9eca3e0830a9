import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDraft } from '../../../../src/portal/contract/apps.ts';
import { useFaultInWords } from '../../../words/use-fault-in-words.ts';
import { faultsQuery } from '../queries.ts';
import { tidied } from './empty-draft.ts';
import { type Fault, isWithin } from './form.ts';

/** What was found, and of which draft. */
interface Judged {
  readonly draft: AppDraft;
  readonly faults: readonly Fault[];
}

/**
 * The draft as the server judges it, a moment after each change; faults of untouched fields are not told yet.
 * @param clientId of the app that it is a change of; undefined: it is a new app
 */
export function useFaults(draft: AppDraft | undefined, clientId?: string) {
  const say = useFaultInWords();
  const [settled] = useDebouncedValue(draft, 350);
  const [touched, setTouched] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState<Judged>();
  const client = useQueryClient();
  const found = useQuery({
    ...faultsQuery(tidied(settled ?? NO_DRAFT), clientId),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
  const now = draft === undefined ? undefined : tidied(draft);
  const faults = now === undefined ? [] : stillTrue(now, asked, found.data);
  return {
    faults,
    error: found.error,
    touch: (...fields: readonly string[]) =>
      setTouched((before) => (fields.every((one) => before.includes(one)) ? before : [...before, ...fields])),
    faultAt(field: string): string | undefined {
      const told = faults.find((one) => isWithin(one.field, field));
      return told !== undefined && touched.some((one) => isWithin(told.field, one)) ? say(told) : undefined;
    },
    /** Of the draft as it is at this moment. */
    async check(current: AppDraft): Promise<readonly Fault[]> {
      const judged = await client.fetchQuery(faultsQuery(tidied(current), clientId));
      setAsked(judged);
      return judged.faults;
    },
  };
}

const NO_DRAFT = { redirectUris: [], name: '', description: '', scope: '', jwksUri: '' } as unknown as AppDraft;

/**
 * A field that was changed since is not judged yet. What was wrong with it before would be told as one leaves it, and
 * move the very button that is being pressed.
 */
function stillTrue(now: AppDraft, asked: Judged | undefined, found: Judged | undefined): readonly Fault[] {
  const judged = asked !== undefined && same(asked.draft, now) ? asked : found;
  return (judged?.faults ?? []).filter(({ field }) => {
    const [root] = field.split('.') as [keyof AppDraft];
    return same(judged?.draft[root], now[root]);
  });
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
