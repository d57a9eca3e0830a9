import { useEffect, useRef, useState } from 'react';
import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import { useAddress } from '../../../shell/use-address.ts';
import { changeKind, emptyDraft } from '../draft/empty-draft.ts';
import { DEFAULT_SECRET_DAYS } from '../draft/secret-lifetime.tsx';
import { readStoredDraft, removeStoredDraft, storeDraft } from '../draft/stored-draft.ts';
import { useDraftErrors } from '../draft/use-draft-errors.ts';
import { stepErrors, stepFields, stepsFor, type WizardStep } from './steps.ts';

/** State of the wizard for a new app: input, current step, and navigation. */
export function useNewApp() {
  const [first] = useState(readStoredDraft);
  const [draft, setDraft] = useState<AppDraft | undefined>(first?.draft);
  const [logo, setLogo] = useState(first?.logo);
  const [secretDays, setSecretDays] = useState(
    first?.secretDays === undefined ? DEFAULT_SECRET_DAYS : first.secretDays,
  );
  const errors = useDraftErrors(draft);
  const steps = stepsFor(draft?.kind);
  const [step, go, isChosen] = useStep(draft === undefined ? ['kind'] : steps);
  const lastStep = useRef(first?.step);
  useEffect(() => {
    // A developer who comes back to the start may continue at the step that was open last.
    if (step !== 'kind') lastStep.current = step;
    if (draft !== undefined) storeDraft(draft, { logo, secretDays, step: lastStep.current });
  }, [draft, logo, secretDays, step]);
  const next = steps[steps.indexOf(step) + 1];
  return {
    draft,
    logo,
    secretDays,
    errors,
    steps,
    step,
    go,
    /** The draft of an earlier visit; undefined if there is none, or if the URL leads to one of its steps. */
    earlierDraft: draft === undefined || isChosen ? undefined : first,
    setLogo,
    setSecretDays,
    /**
     * Whether the developer entered keys before leaving the page. Keys are not stored, so they have to be entered
     * again.
     */
    keysLost:
      first?.hadKeys === true && draft?.auth === 'private_key_jwt' && draft.jwks === undefined && draft.jwksUri === '',
    change: (patch: Partial<AppDraft>) =>
      setDraft((before) => (before === undefined ? before : { ...before, ...patch })),
    choose(kind: AppDraft['kind']) {
      setDraft((before) => (before === undefined ? emptyDraft(kind) : changeKind(before, kind)));
      go('about');
    },
    /** Goes to the next step if the current one has no errors. Otherwise shows the errors and returns false. */
    async goOn(): Promise<boolean> {
      if (draft === undefined || next === undefined) return false;
      errors.touch(...stepFields(step));
      const wrong = stepErrors(step, await errors.check(draft));
      if (wrong.length > 0) return false;
      go(next);
      return true;
    },
    startOver() {
      removeStoredDraft();
      lastStep.current = undefined;
      setDraft(undefined);
      setLogo(undefined);
      setSecretDays(DEFAULT_SECRET_DAYS);
      go('kind');
    },
  };
}

export type NewAppState = ReturnType<typeof useNewApp>;

/**
 * Reads and changes the current step of the wizard. It is stored in the URL, so that the browser's Back button goes to
 * the previous step.
 */
function useStep(
  steps: readonly WizardStep[],
): readonly [step: WizardStep, go: (step: WizardStep) => void, isChosen: boolean] {
  const { search, choose } = useAddress();
  const requestedStep = search.get('step');
  const step = steps.find((one) => one === requestedStep) ?? 'kind';
  return [step, (to) => choose({ step: to }, { replace: false }), requestedStep !== null];
}
