import { NativeSelect } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft } from './draft-form.ts';

/** Default validity of a secret: short enough to be rotated now and then. */
export const DEFAULT_SECRET_DAYS = 180;

/**
 * Validity of the app's first secret.
 * @param days null for no expiry
 */
export function SecretLifetime({
  days,
  onChange,
}: {
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}) {
  const { proof } = useMessages().apps;
  const { catalogue, disabled } = useDraft();
  return (
    <NativeSelect
      label={proof.lifetime}
      description={proof.lifetimeHint}
      disabled={disabled}
      data={catalogue.secretLifetimes.map(({ days: one, label }) => ({ value: String(one), label }))}
      value={String(days)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange(value === 'null' ? null : Number(value));
      }}
    />
  );
}
