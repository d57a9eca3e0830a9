/**
 * Questions to developers about their app's use of health data, with the permitted answers. They follow ONC's Model
 * Privacy Notice and the CARIN code of conduct. There are only a few questions, so that people read the answers.
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
/** A developer's answers about an app's use of data. A missing question was not answered. */
export type DataUse = { readonly [Question in DataUseQuestion]?: (typeof DATA_USE)[Question][number] };
