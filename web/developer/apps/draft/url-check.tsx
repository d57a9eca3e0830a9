import { Group, Loader, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { AddressCheckResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useErrorMessage } from '../../../i18n/use-error-message.ts';
import { api } from '../../../shell/api.ts';

export type UrlKind = 'website' | 'policy' | 'terms' | 'jwks';

/** Shows the result of the server's check of an address. It is only a hint: the form can be submitted anyway. */
export function UrlFinding({ kind, uri }: { readonly kind: UrlKind; readonly uri: string }) {
  const { urlCheck } = useMessages().apps;
  const getMessage = useFindingText();
  const [settled] = useDebouncedValue(uri.trim(), 800);
  const worth = /^https?:\/\/[^/]+\.[^/]/.test(settled);
  const found = useQuery({
    queryKey: ['apps', 'address', kind, settled],
    queryFn: () => api<AddressCheckResponse>('POST', '/developer/checks/address', { kind, uri: settled }),
    enabled: worth,
    staleTime: 60_000,
  });
  return (
    <div aria-live="polite">
      {found.isFetching ? (
        <Group gap={6} mt={6} wrap="nowrap">
          <Loader size={14} aria-hidden />
          <Text size="sm">{urlCheck.checking}</Text>
        </Group>
      ) : worth && found.data !== undefined ? (
        <Group gap={6} mt={6} wrap="nowrap" align="flex-start">
          {found.data.ok ? (
            <IconCircleCheck size={18} color="var(--mantine-color-success-filled)" aria-hidden />
          ) : (
            <IconAlertTriangle size={18} color="var(--mantine-color-warning-filled)" aria-hidden />
          )}
          <Text size="sm" flex={1}>
            {getMessage(found.data)}
          </Text>
        </Group>
      ) : null}
    </div>
  );
}

function useFindingText(): (check: AddressCheckResponse) => string {
  const { findings } = useMessages().apps.urlCheck;
  const getMessage = useErrorMessage();
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
