import { Group, Loader, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { AddressCheck } from '../../../../src/portal/contract/apps.ts';
import { api } from '../../../shell/api.ts';
import { useWords } from '../../../words/index.ts';
import { useFaultInWords } from '../../../words/use-fault-in-words.ts';

export type AddressKind = 'website' | 'policy' | 'terms' | 'jwks';

/** Result of the server's check of an address. It is a hint and doesn't block the form. */
export function AddressFinding({ kind, uri }: { readonly kind: AddressKind; readonly uri: string }) {
  const { address } = useWords().apps;
  const getMessage = useFindingInWords();
  const [settled] = useDebouncedValue(uri.trim(), 800);
  const worth = /^https?:\/\/[^/]+\.[^/]/.test(settled);
  const found = useQuery({
    queryKey: ['apps', 'address', kind, settled],
    queryFn: () => api<AddressCheck>('POST', '/developer/checks/address', { kind, uri: settled }),
    enabled: worth,
    staleTime: 60_000,
  });
  return (
    <div aria-live="polite">
      {found.isFetching ? (
        <Group gap={6} mt={6} wrap="nowrap">
          <Loader size={14} aria-hidden />
          <Text size="sm">{address.looking}</Text>
        </Group>
      ) : worth && found.data !== undefined ? (
        <Group gap={6} mt={6} wrap="nowrap" align="flex-start">
          {found.data.ok ? (
            <IconCircleCheck size={18} color="var(--mantine-color-green-filled)" aria-hidden />
          ) : (
            <IconAlertTriangle size={18} color="var(--mantine-color-orange-filled)" aria-hidden />
          )}
          <Text size="sm" flex={1}>
            {getMessage(found.data)}
          </Text>
        </Group>
      ) : null}
    </div>
  );
}

function useFindingInWords(): (check: AddressCheck) => string {
  const { findings } = useWords().apps.address;
  const getMessage = useFaultInWords();
  return ({ finding, host = '', keys = 0, fault, message }) => {
    const why = fault === undefined ? '' : getMessage(fault);
    switch (finding) {
      case 'reached':
        return findings.reached(host);
      case 'keys-usable':
        return findings['keys-usable'](keys);
      case 'no-address':
        return findings['no-address'];
      case 'not-reached':
      case 'keys-unusable':
        return findings[finding](why);
      default:
        return message;
    }
  };
}
