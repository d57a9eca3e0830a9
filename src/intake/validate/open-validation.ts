import { isLosslessNumber } from 'lossless-json';
import { createYielder } from '../../kernel/index.ts';
import type { ValidationIssue, Validator } from '../../validation/index.ts';

export interface ValidationSettings {
  readonly mode: 'off' | 'warn' | 'strict';
  /** Paths of implementation guides: packages or folders. */
  readonly guides: readonly string[];
}

export interface Validation {
  /** Whether every resource with an error is rejected. If not, only resources that can't be read as FHIR are. */
  readonly strict: boolean;
  /**
   * Loads the definitions now. Otherwise, they are loaded when the first resource is validated.
   * @throws {ConfigurationError} if a guide can't be read
   */
  prepare(): Promise<void>;
  /**
   * Returns the errors and warnings of a resource. It is validated against R4 and those of its declared profiles that
   * are known.
   */
  validate(resource: object): Promise<readonly ValidationIssue[]>;
}

/**
 * Opens validation. The definitions are loaded when the first resource is validated.
 * @returns undefined when validation is off
 */
export function openValidation({ mode, guides }: ValidationSettings): Validation | undefined {
  if (mode === 'off') return undefined;
  let loading: Promise<Validator> | undefined;
  const validator = (): Promise<Validator> => {
    loading ??= createValidator(guides).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  /**
   * Cache of issues by resource. A resource whose patient comes later in the input passes through validation twice, and
   * the second time takes the issues from the cache.
   */
  const known = new WeakMap<object, readonly ValidationIssue[]>();
  const pauseIfNeeded = createYielder();
  return {
    strict: mode === 'strict',
    prepare: async () => void (await validator()),
    async validate(resource) {
      const before = known.get(resource);
      if (before !== undefined) return before;
      const issues = findIssues(await validator(), resource).filter(({ severity }) => severity !== 'information');
      known.set(resource, issues);
      // Other work gets its turn between two resources, so that a feed doesn't block the server.
      await pauseIfNeeded();
      return issues;
    },
  };
}

/** Imports the definitions and the FHIRPath library only when they are needed, because that takes half a second. */
async function createValidator(guides: readonly string[]): Promise<Validator> {
  const {
    buildR4Guide: r4Guide,
    createR4Validator: r4Validator,
    readGuide,
  } = await import('../../validation/index.ts');
  return r4Validator(await Promise.all(guides.map(async (path) => r4Guide(await readGuide(path)))));
}

/**
 * Maximum number of values in one resource. More would take seconds to validate, during which the server does nothing
 * else. No real patient resource has as many.
 */
const MAX_VALUES = 50_000;

class TooManyValuesError extends Error {}

function findIssues(validator: Validator, resource: object): readonly ValidationIssue[] {
  const path = String((resource as { readonly resourceType?: unknown }).resourceType);
  const singleIssue = (text: string): readonly ValidationIssue[] => [
    { severity: 'error', code: 'structure', path, text },
  ];
  try {
    return validator.validate(toPlainJson(resource, { values: 0 }));
  } catch (error) {
    if (error instanceof TooManyValuesError)
      return singleIssue(`The resource has more than ${MAX_VALUES} values, too many to validate.`);
    // If a resource makes the validator fail, the failure becomes an issue of that resource, so that it doesn't stop an
    // import or a whole Bundle.
    return singleIssue(`The resource could not be validated (${(error as Error).name}).`);
  }
}

/** Converts a value to what JSON.parse returns, because validation doesn't need the exact digits of decimals. */
function toPlainJson(value: unknown, count: { values: number }): unknown {
  count.values += 1;
  if (count.values > MAX_VALUES) throw new TooManyValuesError();
  if (Array.isArray(value)) return value.map((one) => toPlainJson(one, count));
  if (isLosslessNumber(value)) return Number(value.value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toPlainJson(member, count)]));
}
