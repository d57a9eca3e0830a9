import { useEffect, useState } from 'react';
import type { AppDraft } from '../../../../src/portal/contract/apps.ts';
import { useAddress } from '../../../shell/address.ts';
import { emptyDraft, ofKind } from '../draft/empty-draft.ts';
import { forget, keep, readKept } from '../draft/kept-draft.ts';
import { USUAL_DAYS } from '../draft/secret-lifetime.tsx';
import { useFaults } from '../draft/use-faults.ts';
import { faultsOfStep, fieldsOf, type Step, stepsFor } from './steps.ts';

/** State of the wizard: input, current step, and navigation. */
export function useNewApp() {
  const [first] = useState(readKept);
  const [draft, setDraft] = useState<AppDraft | undefined>(first?.draft);
  const [logo, setLogo] = useState(first?.logo);
  const [secretDays, setSecretDays] = useState(first?.secretDays === undefined ? USUAL_DAYS : first.secretDays);
  const errors = useFaults(draft);
  const steps = stepsFor(draft?.kind);
  const [step, go] = useStep(draft === undefined ? ['kind'] : steps);
  useEffect(() => {
    if (draft !== undefined) keep(draft, { logo, secretDays });
  }, [draft, logo, secretDays]);
  const next = steps[steps.indexOf(step) + 1];
  return {
    draft,
    logo,
    secretDays,
    errors,
    steps,
    step,
    go,
    setLogo,
    setSecretDays,
    /** Keys were entered before the page was left, and have to be entered again. */
    keysLost:
      first?.hadKeys === true && draft?.auth === 'private_key_jwt' && draft.jwks === undefined && draft.jwksUri === '',
    change: (patch: Partial<AppDraft>) =>
      setDraft((before) => (before === undefined ? before : { ...before, ...patch })),
    choose(kind: AppDraft['kind']) {
      setDraft((before) => (before === undefined ? emptyDraft(kind) : ofKind(before, kind)));
      go('about');
    },
    /** Goes to the next step unless this one has errors, which are shown then. Returns whether it did. */
    async goOn(): Promise<boolean> {
      if (draft === undefined || next === undefined) return false;
      errors.touch(...fieldsOf(step));
      const wrong = faultsOfStep(step, await errors.check(draft));
      if (wrong.length > 0) return false;
      go(next);
      return true;
    },
    startOver() {
      forget();
      setDraft(undefined);
      setLogo(undefined);
      setSecretDays(USUAL_DAYS);
      go('kind');
    },
  };
}

export type NewApp = ReturnType<typeof useNewApp>;

/** The step is kept in the URL, so that Back goes to the previous step. */
function useStep(steps: readonly Step[]): readonly [Step, (step: Step) => void] {
  const { search, choose } = useAddress();
  const requestedStep = search.get('step');
  const step = steps.find((one) => one === requestedStep) ?? 'kind';
  return [step, (to) => choose({ step: to }, { replace: false })];
}
