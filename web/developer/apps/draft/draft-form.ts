import { createContext, use } from 'react';
import type { AppDraft, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import type { ReportedFieldError } from '../../../i18n/error-message.ts';

export type DraftFieldError = ReportedFieldError;

/** State of a form that edits the draft of an app. */
export interface DraftForm {
  readonly draft: AppDraft;
  readonly catalogue: CatalogResponse;
  readonly disabled: boolean;
  change(patch: Partial<AppDraft>): void;
  /** Marks a field as visited. From then on its errors are shown. */
  touch(field: string): void;
  /**
   * Returns the error of a field, or of one element of a list such as `redirectUris.0`, in the reader's language.
   * Returns undefined for a field that the user hasn't visited.
   */
  errorAt(field: string): string | undefined;
}

export const DraftContext = createContext<DraftForm | undefined>(undefined);

export function useDraft(): DraftForm {
  const form = use(DraftContext);
  if (form === undefined) throw new Error('no draft here');
  return form;
}

/** Returns the props of a text input for a field of the draft. */
export function useField(
  field: 'name' | 'description' | 'website' | 'policyUri' | 'termsUri' | 'launchUri' | 'initiateLoginUri' | 'jwksUri',
) {
  const { draft, change, touch, errorAt, disabled } = useDraft();
  return {
    value: draft[field] ?? '',
    error: errorAt(field),
    disabled,
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      change({ [field]: event.currentTarget.value }),
    onBlur: () => touch(field),
  };
}

export const isWithin = (field: string, whole: string): boolean => field === whole || field.startsWith(`${whole}.`);

/** Focuses the first field with an error. Waits 50 ms, until the errors are rendered. */
export const focusFirstError = (form: HTMLElement | null): void => {
  setTimeout(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 50);
};
