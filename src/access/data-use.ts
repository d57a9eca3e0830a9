/**
 * What apps are asked about what they do with health data, and the answers each question has. After ONC's Model Privacy
 * Notice and the CARIN code of conduct; few, so that they are read.
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
/** What was answered; a question that is missing was not. */
export type DataUse = { readonly [Question in DataUseQuestion]?: (typeof DATA_USE)[Question][number] };

export const DATA_USE_QUESTIONS = Object.keys(DATA_USE) as readonly DataUseQuestion[];

/** The answers a question has; undefined: there is no such question. */
export const answersTo = (question: string): readonly string[] | undefined =>
  Object.hasOwn(DATA_USE, question) ? DATA_USE[question as DataUseQuestion] : undefined;

/** As they are kept. What this version does not ask, or does not know for an answer, was not answered. */
export function readDataUse(kept: unknown): DataUse {
  const entries = Object.entries(typeof kept === 'object' && kept !== null ? kept : {});
  return Object.fromEntries(entries.filter(([question, answer]) => answersTo(question)?.includes(answer as string)));
}
