import { useEffect, useRef, useState } from 'react';
import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import { useAddress } from '../../../shell/use-address.ts';
import { changeKind, emptyDraft } from '../draft/empty-draft.ts';
import { DEFAULT_SECRET_DAYS } from '../draft/secret-lifetime.tsx';
import { readStoredDraft, removeStoredDraft, type StoredDraft, storeDraft } from '../draft/stored-draft.ts';
import { useDraftErrors } from '../draft/use-draft-errors.ts';
import { STEPS, stepErrors, stepFields, type WizardStep } from './steps.ts';

const FIRST_DRAFT = emptyDraft('patient');

/** State of the wizard for a new app: input, current step, and navigation. */
export function useNewApp() {
  const [first] = useState(readStoredDraft);
  const [draft, setDraft] = useState<AppDraft>(first?.draft ?? FIRST_DRAFT);
  const [logo, setLogo] = useState(first?.logo);
  const [secretDays, setSecretDays] = useState(
    first?.secretDays === undefined ? DEFAULT_SECRET_DAYS : first.secretDays,
  );
  const errors = useDraftErrors(draft);
  const [step, go, isChosen] = useStep();
  const { isEmpty, lastStep, forget } = useStoring({ draft, logo, secretDays, step, isChosen }, first);
  const choose = useKindChoice(draft, setDraft);
  const next = STEPS[STEPS.indexOf(step) + 1];
  return {
    draft,
    logo,
    secretDays,
    errors,
    step,
    go,
    choose,
    /** The draft of an earlier visit; undefined if there is none, or if the URL leads to one of its steps. */
    earlierDraft: first === undefined || isChosen || isEmpty ? undefined : { ...first, draft, step: lastStep },
    setLogo,
    setSecretDays,
    /**
     * Whether the developer entered keys before leaving the page. Keys are not stored, so they have to be entered
     * again.
     */
    keysLost:
      first?.hadKeys === true && draft.auth === 'private_key_jwt' && draft.jwks === undefined && draft.jwksUri === '',
    change: (patch: Partial<AppDraft>) => setDraft((before) => ({ ...before, ...patch })),
    /** Goes to the next step if the current one has no errors. Otherwise shows the errors and returns false. */
    async goOn(): Promise<boolean> {
      if (next === undefined) return false;
      errors.touch(...stepFields(step));
      const wrong = stepErrors(step, await errors.check(draft));
      if (wrong.length > 0) return false;
      go(next);
      return true;
    },
    startOver() {
      forget();
      setDraft(FIRST_DRAFT);
      setLogo(undefined);
      setSecretDays(DEFAULT_SECRET_DAYS);
      go('app');
    },
  };
}

export type NewAppState = ReturnType<typeof useNewApp>;

/** Returns a function that changes the kind of app. What the kind determines returns when its kind is chosen again. */
function useKindChoice(draft: AppDraft, setDraft: (draft: AppDraft) => void): (kind: AppDraft['kind']) => void {
  const earlier = useRef<Partial<Record<AppDraft['kind'], AppDraft>>>({});
  return (kind) => {
    earlier.current[draft.kind] = draft;
    setDraft(changeKind(draft, kind, earlier.current[kind]));
  };
}

interface Storing extends Pick<StoredDraft, 'draft' | 'logo' | 'secretDays'> {
  readonly step: WizardStep;
  readonly isChosen: boolean;
}

/** Stores the draft in the browser tab after each change. A draft without any input is not stored. */
function useStoring({ draft, logo, secretDays, step, isChosen }: Storing, first: StoredDraft | undefined) {
  const isEmpty =
    JSON.stringify(draft) === JSON.stringify(FIRST_DRAFT) && logo === undefined && secretDays === DEFAULT_SECRET_DAYS;
  const [lastStep, setLastStep] = useState(first?.step);
  // A developer who comes back to the start may continue at the step that was open last.
  const current = isChosen || lastStep === undefined ? step : lastStep;
  useEffect(() => {
    setLastStep(current);
    if (isEmpty) removeStoredDraft();
    else storeDraft(draft, { logo, secretDays, step: current });
  }, [draft, logo, secretDays, current, isEmpty]);
  return { isEmpty, lastStep, forget: () => setLastStep(undefined) };
}

/**
 * Reads and changes the current step of the wizard. It is stored in the URL, so that the browser's Back button goes to
 * the previous step.
 */
function useStep(): readonly [step: WizardStep, go: (step: WizardStep) => void, isChosen: boolean] {
  const { search, choose } = useAddress();
  const requestedStep = search.get('step');
  const step = STEPS.find((one) => one === requestedStep) ?? 'app';
  return [step, (to) => choose({ step: to }, { replace: false }), requestedStep !== null];
}
