import { DATA_USE, type DataUse, type DataUseQuestion } from '../domain/index.ts';
import { isObject } from '../kernel/index.ts';

export const DATA_USE_QUESTIONS = Object.keys(DATA_USE) as readonly DataUseQuestion[];

/** Returns the permitted answers to a question about data use; undefined if there is no such question. */
export const allowedAnswers = (question: string): readonly string[] | undefined =>
  Object.hasOwn(DATA_USE, question) ? DATA_USE[question as DataUseQuestion] : undefined;

/** Reads an app's stored answers about data use. Questions and answers that this release doesn't know are left out. */
export function readDataUse(stored: unknown): DataUse {
  const entries = Object.entries(isObject(stored) ? stored : {});
  return Object.fromEntries(
    entries.filter(([question, answer]) => allowedAnswers(question)?.includes(answer as string)),
  );
}
