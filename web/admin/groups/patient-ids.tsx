import { Textarea } from '@mantine/core';

/** Splits a text into patient ids at line breaks, commas, semicolons and spaces. */
export const parseIds = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

/** Form field for a list of patient ids. */
export function PatientIds({
  label,
  hint,
  value,
  error,
  change,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly change: (text: string) => void;
}) {
  return (
    <Textarea
      label={label}
      description={hint}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      error={error}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      autoComplete="off"
      styles={{ input: { fontFamily: 'monospace' } }}
    />
  );
}
