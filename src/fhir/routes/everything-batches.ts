import { permit } from '../../access/index.ts';
import { idCondition } from '../core/condition.ts';
import { type EnforceContext, namesOf } from '../core/context.ts';
import { type EnforcedQuery, enforceIncluded } from '../core/enforce.ts';
import { formOfQuery, servedId } from '../core/forms.ts';
import type { BundleEntry, ServedType } from '../core/version.ts';
import { type FetchedRow, fetchLot, type Shelf, walkAlong } from '../store/everything.ts';
import { findAll } from '../store/search.ts';
import { contentOf } from './content.ts';
import type { FhirDeps } from './deps.ts';
import type { EverythingAsked } from './everything-asked.ts';
import type { Batches } from './streamed.ts';

/** Rows that are asked for together: at first, and at most. */
const [FIRST, MOST] = [100, 250];
/** Letters that a batch is meant to have: what is read at once is about as much, whatever a record is made of. */
const BATCH = 300_000;
/** What the directory names of itself comes along as well: an organization of a role, its place. */
const ROUNDS = 4;

/**
 * The entries of `$everything`, a batch at a time: the record's, then what of a directory these refer to. Between batches
 * memory holds the ids, and what was referred to.
 */
export function everythingBatches(
  deps: FhirDeps,
  context: EnforceContext,
  shelves: readonly Shelf[],
  asked: EverythingAsked,
): Batches {
  const { version, base } = context;
  const named = referencesTo(directoriesOf(context, asked));
  const entryOf = version.entriesAt(base);
  const batchOf = ({ projection }: EnforcedQuery, rows: readonly FetchedRow[], mode: BundleEntry['mode']) =>
    rows.map((row) => {
      const form = formOfQuery(version, { type: row.type, projection });
      const [type, id] = form === undefined ? [row.type, row.id] : [form.name, servedId(form, row.id)];
      const content = contentOf(row, base);
      named.look(content);
      return entryOf({ type, id, content, mode });
    });
  function* fetches(): Generator<Fetch> {
    for (const [query, fetch] of lotsOf(deps, shelves)) yield async () => batchOf(query, await fetch(), 'match');
    for (let round = 0; round < ROUNDS; round++) {
      for (const query of includedOf(context, shelves, asked, named.fresh()))
        yield async () => batchOf(query, await findAll(deps.db, query), 'include');
    }
  }
  const left = fetches();
  return async () => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const batch = await next.value();
      if (batch.length > 0) return batch;
    }
    return undefined;
  };
}

type Fetch<Result = readonly string[]> = () => Promise<Result>;

/** Lots of about the same size in letters, as far as the one before can tell, and what finds each. */
function* lotsOf(
  { db }: FhirDeps,
  shelves: readonly Shelf[],
): Generator<readonly [query: EnforcedQuery, fetch: Fetch<readonly FetchedRow[]>]> {
  const next = walkAlong(shelves);
  let most = FIRST;
  for (let lot = next(most); lot !== undefined; lot = next(most)) {
    const asked = lot;
    const fetch = async () => {
      const rows = await fetchLot(db, asked);
      const letters = rows.reduce((sum, { content }) => sum + content.length, 0);
      if (letters > 0) most = Math.max(1, Math.min(MOST, Math.floor((BATCH * rows.length) / letters)));
      return rows;
    };
    yield [asked.query, fetch];
  }
}

/** What finds these of the directories beside the records. */
function* includedOf(
  context: EnforceContext,
  shelves: readonly Shelf[],
  { changed }: EverythingAsked,
  wanted: ReturnType<References['fresh']>,
): Generator<EnforcedQuery> {
  const beside = { kind: 'records', values: [...new Set(shelves.map(({ home }) => home))] } as const;
  for (const [served, ids] of wanted) {
    for (let start = 0; start < ids.length; start += MOST) {
      const conditions = [idCondition(ids.slice(start, start + MOST)), ...changed];
      const query = enforceIncluded(context, served, beside, conditions);
      if (query !== undefined) yield query;
    }
  }
}

/** Of directories nothing is there but what is asked for, allowed and referred to. */
const directoriesOf = ({ grant, version }: EnforceContext, { types }: EverythingAsked): readonly ServedType[] =>
  version.types.filter(
    (served) => served.home === 'practice' && types.includes(served) && permit(grant, 's', namesOf(served)).length > 0,
  );

interface References {
  /** Keeps what resources refer to. */
  look(text: string): void;
  /** What was not given out before, by type. */
  fresh(): readonly (readonly [served: ServedType, ids: readonly string[]])[];
}

const REFERENCE = '"reference":"';

/** As text: a reference within this server is `Type/id` and nothing beside it, and no resource is parsed to find it. */
function referencesTo(types: readonly ServedType[]): References {
  if (types.length === 0) return { look() {}, fresh: () => [] };
  const known = new Set<string>();
  let waiting: string[] = [];
  // Begun with so many letters that are always the same it is found in half the time.
  const reference = new RegExp(`${REFERENCE}(?:${types.map(({ name }) => name).join('|')})/[0-9a-f-]{36}"`, 'g');
  return {
    look(text) {
      // All matches at once, as text: one by one, as objects, they take five times as long.
      for (const quoted of text.match(reference) ?? []) {
        if (known.has(quoted)) continue;
        known.add(quoted);
        waiting.push(quoted.slice(REFERENCE.length, -1));
      }
    },
    fresh() {
      const names = waiting.sort();
      waiting = [];
      return types.flatMap((served) => {
        const ids = names.filter((name) => name.startsWith(`${served.name}/`));
        return ids.length === 0 ? [] : [[served, ids.map((name) => name.slice(served.name.length + 1))] as const];
      });
    },
  };
}
