import { NativeSelect } from '@mantine/core';
import { useWords } from '../../../words/index.ts';
import { useDraft } from './form.ts';

/** Long enough to be no nuisance, short enough to be changed now and then. */
export const USUAL_DAYS = 180;

/** How long the first secret of an app is good. @param days null: until it is ended */
export function SecretLifetime({
  days,
  onChange,
}: {
  readonly days: number | null;
  readonly onChange: (days: number | null) => void;
}) {
  const { proof } = useWords().apps;
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
