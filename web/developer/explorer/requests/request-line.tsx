import { Badge, Group, Text } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import type { ExplorerFhirVersion } from '../open-api.ts';
import type { SentRequest } from '../request-store.ts';
import { sizeText, statusColor, VERSION_NAMES } from '../response-text.ts';

/** FHIR version, method and path of a request. */
export const RequestLine = ({ version, path }: { readonly version: ExplorerFhirVersion; readonly path: string }) => (
  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
    <Text span size="sm" fw={600}>
      {VERSION_NAMES[version]}
    </Text>{' '}
    <Text span size="sm" ff="monospace">
      GET {path}
    </Text>
  </Text>
);

/** Status, time and size of a response. */
export function ResultLine({ request: { status, milliseconds, bytes } }: { readonly request: SentRequest }) {
  const { requests: messages, response } = useMessages().explorer;
  if (status === null) {
    return (
      <Text size="sm" c="dimmed">
        {messages.noResponse}
      </Text>
    );
  }
  return (
    <Group gap="xs">
      <Badge color={statusColor(status)} variant="outline" tt="none" c="inherit">
        {status}
      </Badge>
      <Text size="sm">{response.milliseconds(milliseconds)}</Text>
      <Text size="sm">{sizeText(bytes)}</Text>
    </Group>
  );
}
