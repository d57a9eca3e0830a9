import { TextInput } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { NAME_LIMIT } from '../request-store.ts';

/** Field for the name of a saved request. It takes the focus. */
export function NameField({
  name,
  change,
  error,
}: {
  readonly name: string;
  readonly change: (name: string) => void;
  readonly error?: string | undefined;
}) {
  const { requests: messages } = useMessages().explorer;
  return (
    <TextInput
      label={messages.name}
      value={name}
      onChange={(event) => change(event.currentTarget.value)}
      maxLength={NAME_LIMIT}
      required
      withAsterisk={false}
      autoComplete="off"
      error={error}
      autoFocus
      data-autofocus
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}
