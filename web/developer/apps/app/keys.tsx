import { Anchor, Card, Code, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { listKeys } from '../draft/key-set.ts';

/** Shows the public keys that are registered for an app. */
export function Keys({ app }: { readonly app: AppResponse }) {
  const { credentials } = useMessages().apps;
  const { jwksUri, jwks } = app.terms;
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {credentials.keys}
        </Title>
        <Text style={{ overflowWrap: 'anywhere' }}>
          {jwksUri === '' ? credentials.keysGiven : credentials.keysAt(jwksUri)}
        </Text>
        {listKeys(jwks).map((key) => {
          const { kty = '', kid } = key as { readonly kty?: string; readonly kid?: string };
          return (
            <Text key={JSON.stringify(key)} size="sm">
              {credentials.keyOf(kty)} <Code>{kid ?? credentials.noKid}</Code>
            </Text>
          );
        })}
        <Anchor component={Link} to={`/developer/apps/${app.clientId}/settings?change=auth`} size="sm">
          {credentials.keysChange}
        </Anchor>
      </Stack>
    </Card>
  );
}
