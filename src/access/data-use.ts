import { DATA_USE, type DataUse, type DataUseQuestion } from '../domain/index.ts';
import { isObject } from '../kernel/index.ts';

export const DATA_USE_QUESTIONS = Object.keys(DATA_USE) as readonly DataUseQuestion[];

/** The permitted answers to a question, or undefined when the question doesn't exist. */
export const allowedAnswers = (question: string): readonly string[] | undefined =>
  Object.hasOwn(DATA_USE, question) ? DATA_USE[question as DataUseQuestion] : undefined;

/** Reads stored answers. Questions or answers that this version doesn't know count as not answered. */
export function readDataUse(stored: unknown): DataUse {
  const entries = Object.entries(isObject(stored) ? stored : {});
  return Object.fromEntries(
    entries.filter(([question, answer]) => allowedAnswers(question)?.includes(answer as string)),
  );
}
