/**
 * Questions that apps answer about their use of health data, with the permitted answers. They follow ONC's Model
 * Privacy Notice and the CARIN code of conduct, and are kept few so that people read them.
 */
export const DATA_USE = {
  sold: ['no', 'with-consent', 'yes'],
  shared: ['no', 'with-consent', 'yes'],
  'other-uses': ['no', 'with-consent', 'yes'],
  deletion: ['yes', 'no'],
  kept: ['no', 'yes'],
  place: ['device', 'united-states', 'elsewhere'],
  encrypted: ['yes', 'no'],
  changes: ['yes', 'no'],
} as const;

export type DataUseQuestion = keyof typeof DATA_USE;
/** An app's answers. A question that is missing was not answered. */
export type DataUse = { readonly [Question in DataUseQuestion]?: (typeof DATA_USE)[Question][number] };

export const DATA_USE_QUESTIONS = Object.keys(DATA_USE) as readonly DataUseQuestion[];

/** The permitted answers to a question, or undefined when the question doesn't exist. */
export const allowedAnswers = (question: string): readonly string[] | undefined =>
  Object.hasOwn(DATA_USE, question) ? DATA_USE[question as DataUseQuestion] : undefined;

/** Reads stored answers. Questions or answers that this version doesn't know count as not answered. */
export function readDataUse(stored: unknown): DataUse {
  const entries = Object.entries(typeof stored === 'object' && stored !== null ? stored : {});
  return Object.fromEntries(
    entries.filter(([question, answer]) => allowedAnswers(question)?.includes(answer as string)),
  );
}
