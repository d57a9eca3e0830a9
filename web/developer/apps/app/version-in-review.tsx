import { Stack, Table, Text } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import type { AppResponse, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useTermsFormatter } from '../format-terms.ts';
import { Notice } from '../notice.tsx';
import { changedFields } from './changed-fields.ts';

/** Shows the version in review, compared with the terms in effect. */
export function VersionInReview({
  app,
  catalogue,
}: {
  readonly app: AppResponse;
  readonly catalogue: CatalogResponse;
}) {
  const { settings } = useMessages().apps;
  const formatTerm = useTermsFormatter(catalogue);
  if (app.open === null) return null;
  const { terms } = app.open;
  const fields = changedFields(app.terms, terms);
  const first = app.state !== 'active' || fields.length === 0;
  return (
    <Notice
      color="accent"
      icon={<IconHourglass aria-hidden />}
      title={fields.length === 0 ? settings.waitsApp : settings.waits}
    >
      <Stack gap="md">
        <Text size="sm">{first ? settings.waitsFirst : settings.waitsText}</Text>
        {fields.map((field) => (
          <Table key={field} layout="fixed" withRowBorders={false} verticalSpacing={2} horizontalSpacing={0}>
            <Table.Caption ta="start" style={{ captionSide: 'top' }} fw={600} mt={0}>
              {settings.fields[field]}
            </Table.Caption>
            <Table.Tbody>
              <ComparisonRow label={settings.working} text={formatTerm(field, app.terms[field])} />
              <ComparisonRow label={settings.waiting} text={formatTerm(field, terms[field])} />
            </Table.Tbody>
          </Table>
        ))}
      </Stack>
    </Notice>
  );
}

function ComparisonRow({ label, text }: { readonly label: string; readonly text: string }) {
  const { settings } = useMessages().apps;
  return (
    <Table.Tr>
      <Table.Th scope="row" w={110} fw={400} style={{ verticalAlign: 'top' }}>
        {label}
      </Table.Th>
      <Table.Td style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
        {text === '' ? settings.empty : text}
      </Table.Td>
    </Table.Tr>
  );
}
