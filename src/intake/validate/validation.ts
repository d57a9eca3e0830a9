import { isLosslessNumber } from 'lossless-json';
import { pace } from '../../kernel/index.ts';
import type { Issue, Validator } from '../../validation/index.ts';

export interface ValidationSettings {
  readonly mode: 'off' | 'warn' | 'strict';
  /** Packages or folders of implementation guides. */
  readonly guides: readonly string[];
}

export interface Validation {
  /** What has an error is refused; otherwise only what is unreadable. */
  readonly strict: boolean;
  /** Reads the definitions now, not with the first resource. @throws OperatorFault a guide can't be read */
  prepare(): Promise<void>;
  /** Errors and warnings of a resource, held against R4 and what is known of the profiles that it claims. */
  judge(resource: object): Promise<readonly Issue[]>;
}

/** @returns undefined: nothing is validated, and no definition is read */
export function openValidation({ mode, guides }: ValidationSettings): Validation | undefined {
  if (mode === 'off') return undefined;
  let made: Promise<Validator> | undefined;
  const validator = (): Promise<Validator> => {
    made ??= make(guides).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  /** What is handed in twice, since its patient comes later, is looked at once. */
  const known = new WeakMap<object, readonly Issue[]>();
  const rest = pace();
  return {
    strict: mode === 'strict',
    prepare: async () => void (await validator()),
    async judge(resource) {
      const before = known.get(resource);
      if (before !== undefined) return before;
      const issues = issuesOf(await validator(), resource).filter(({ severity }) => severity !== 'information');
      known.set(resource, issues);
      // A feed must not hold up the server.
      await rest();
      return issues;
    },
  };
}

/** Definitions and FHIRPath take half a second to read: nobody waits for them who does not validate. */
async function make(guides: readonly string[]): Promise<Validator> {
  const { r4Guide, r4Validator, readGuide } = await import('../../validation/index.ts');
  return r4Validator(await Promise.all(guides.map(async (place) => r4Guide(await readGuide(place)))));
}

/** Values in one resource: looking at more takes seconds, in which the server does nothing else. No resource of a patient has so many. */
const MOST_VALUES = 50_000;

class TooMany extends Error {}

function issuesOf(validator: Validator, resource: object): readonly Issue[] {
  const path = String((resource as { readonly resourceType?: unknown }).resourceType);
  const fault = (text: string): readonly Issue[] => [{ severity: 'error', code: 'structure', path, text }];
  try {
    return validator.validate(plain(resource, { values: 0 }));
  } catch (error) {
    if (error instanceof TooMany) return fault(`This has more than ${MOST_VALUES} values: too many to be validated.`);
    // One odd resource must not stop a load, or all that a Bundle brings.
    return fault(`This could not be validated (${(error as Error).name}).`);
  }
}

/** As JSON.parse makes it: what is kept of a decimal's digits is no matter of validation. */
function plain(value: unknown, count: { values: number }): unknown {
  count.values += 1;
  if (count.values > MOST_VALUES) throw new TooMany();
  if (Array.isArray(value)) return value.map((one) => plain(one, count));
  if (isLosslessNumber(value)) return Number(value.value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member, count)]));
}
