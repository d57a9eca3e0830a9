import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { ServedType } from '../../model/fhir-version.ts';
import { fetchByIds } from '../../store/query/fetch-by-ids.ts';
import type { FetchedResources } from '../../store/query/id-lists.ts';
import type { FhirDeps } from '../deps.ts';
import { type ExpectedReferences, referenceName } from './expected-references.ts';
import type { ReferenceCollector, ResourceReference } from './reference-collector.ts';

/**
 * Maximum number of reference levels that `$everything` follows into the directory, for example from a role to its
 * organization and its location.
 */
const MAX_INCLUDE_DEPTH = 4;
/** Maximum number of resources that one statement fetches, without those that are only expected. */
const MAX_BATCH_ROWS = 500;
/** Maximum number of resources that a statement fetches because the response will probably need them. */
const MAX_EXPECTED_ROWS = 100;

interface IncludeOptions {
  readonly references: ReferenceCollector;
  readonly expected: ExpectedReferences;
  /** Returns the authorized query for a directory type. Undefined if the grant allows no resource of it. */
  queryOf(served: ServedType): EnforcedQuery | undefined;
  /** Prints entries, and collects the references in them. */
  print(resources: FetchedResources): readonly string[];
}

/**
 * Yields a function for each batch of directory resources that a record refers to. Each level of references follows from
 * the contents of the level before. So that not each level needs a statement, the first one also fetches what those
 * resources referred to when they were last read. Resources to which nothing refers any more aren't printed.
 */
export function* includedBatches(
  { db }: Pick<FhirDeps, 'db'>,
  { references, expected, queryOf, print }: IncludeOptions,
): Generator<() => Promise<readonly string[]>> {
  const requested = new Set<string>();
  const fetched = new Map<string, FetchedResources>();

  async function fetch(wanted: readonly ResourceReference[]): Promise<void> {
    for (const one of wanted) requested.add(referenceName(one));
    const groups = [...Map.groupBy(wanted, ({ served }) => served)].flatMap(([served, of]) => {
      const query = queryOf(served);
      return query === undefined ? [] : [{ served, query, ids: of.map(({ id }) => id) }];
    });
    const found = await fetchByIds(db, groups);
    for (const [at, { query, rows }] of found.entries())
      for (const row of rows) {
        const { served } = groups[at] ?? {};
        if (served !== undefined) fetched.set(referenceName({ served, id: row.id }), { query, rows: [row] });
      }
  }

  function printOne(reference: ResourceReference): readonly string[] {
    const name = referenceName(reference);
    const resource = fetched.get(name);
    if (resource === undefined) return [];
    fetched.delete(name);
    expected.learn(
      reference,
      resource.rows.flatMap(({ content }) => references.find(content)),
    );
    return print(resource);
  }

  for (let level = 0; level < MAX_INCLUDE_DEPTH; level++) {
    const all = references.takeNew();
    for (let from = 0; from < all.length; from += MAX_BATCH_ROWS) {
      yield async () => {
        const wanted = all.slice(from, from + MAX_BATCH_ROWS);
        const missing = wanted.filter((one) => !requested.has(referenceName(one)));
        if (missing.length > 0) {
          const ahead = expected.follow(missing, MAX_EXPECTED_ROWS).filter((one) => !requested.has(referenceName(one)));
          await fetch([...missing, ...ahead]);
        }
        return wanted.flatMap(printOne);
      };
    }
  }
}
