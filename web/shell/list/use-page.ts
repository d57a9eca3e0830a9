import { useAddress } from '../use-address.ts';
import { readPage } from './pager.tsx';

/** Returns the entries on the current page of a list that was loaded as a whole. `Pager` changes the page. */
export function usePage<Item>(all: readonly Item[], size: number, param?: string): readonly Item[] {
  const { search } = useAddress();
  const last = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(readPage(search, param), last);
  return all.slice((page - 1) * size, page * size);
}
