import { NativeSelect } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';
import { useTestPatients } from './queries.ts';

/**
 * Form field to choose the test account to sign in as. For a staff app it lists clinicians, otherwise accounts that can
 * access a patient record.
 */
export function AccountChoice({
  staff,
  username,
  choose,
}: {
  readonly staff: boolean;
  readonly username: string;
  readonly choose: (username: string) => void;
}) {
  const { connect: messages, patients } = useMessages().explorer;
  const { data } = useTestPatients();
  if (data === undefined) return null;
  const usable = data.accounts.filter(({ kind, records }) => (staff ? kind === 'clinician' : records.length > 0));
  const options = usable.map((account) => ({
    value: account.username,
    label: `${account.username} – ${account.name}${account.kind === 'representative' ? ` (${patients.kinds.representative})` : ''}`,
  }));
  return (
    <NativeSelect
      label={staff ? messages.clinician : messages.patient}
      description={username === '' ? undefined : messages.credentials(username, data.password)}
      inputWrapperOrder={['label', 'input', 'description']}
      value={username}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[...options, { value: '', label: messages.any }]}
      miw={240}
      flex={1}
    />
  );
}
