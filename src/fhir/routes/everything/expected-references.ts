import type { ResourceReference } from './reference-collector.ts';

/**
 * The references of directory resources as they were when last read. They are used only to guess what a response will
 * need, so an old one costs a little time and changes no response.
 */
export interface ExpectedReferences {
  learn(from: ResourceReference, references: readonly ResourceReference[]): void;
  /**
   * Returns the resources that some references probably lead to, directly or through other resources.
   * @param limit maximum number of resources
   */
  follow(from: readonly ResourceReference[], limit: number): readonly ResourceReference[];
}

/**
 * @param maxResources maximum number of resources whose references are kept; when it is reached, the one that was read
 * the longest time ago is removed
 */
export function createExpectedReferences(maxResources = 10_000): ExpectedReferences {
  const known = new Map<string, readonly ResourceReference[]>();
  return {
    learn(from, references) {
      const name = referenceName(from);
      known.delete(name);
      known.set(name, references.slice(0, MAX_REFERENCES));
      const [oldest] = known.keys();
      if (known.size > maxResources && oldest !== undefined) known.delete(oldest);
    },
    follow(from, limit) {
      const reached = new Set(from.map(referenceName));
      const found: ResourceReference[] = [];
      const follow = (references: readonly ResourceReference[]): void => {
        for (const one of references) {
          const name = referenceName(one);
          if (found.length >= limit || reached.has(name)) continue;
          reached.add(name);
          found.push(one);
        }
      };
      for (const one of from) follow(known.get(referenceName(one)) ?? []);
      // `found` grows while it is followed.
      for (const one of found) follow(known.get(referenceName(one)) ?? []);
      return found;
    },
  };
}

/** Maximum number of references of one resource that are kept. */
const MAX_REFERENCES = 20;

export const referenceName = ({ served, id }: ResourceReference): string => `${served.name}/${id}`;
