import { useAddress } from '../use-address.ts';

/**
 * Reads and changes the filters, order and page of a list. They are stored in the URL, so that a link, the back button
 * and a reload show the same entries. Another filter or order starts at the first page.
 */
export function useListParams() {
  const { search: params, choose, clear } = useAddress();
  return {
    params,
    setParam: (name: string, value: string | null): void =>
      choose({ [name]: value, ...(params.has('page') ? { page: null } : {}) }),
    clear,
  };
}
