import { useSearchParams } from 'react-router';

/** URL parameters to change. null or an empty text removes the parameter from the URL. */
export type AddressParameters = Readonly<Record<string, string | null>>;

/**
 * Keeps the state of filters and dialogs in the URL, so that it can be bookmarked, shared and navigated. `choose`
 * changes only the named parameters. It reads the URL at that moment instead of at the last rendering, because two
 * choices at once would otherwise overwrite each other.
 */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const choose = (choices: AddressParameters, { replace = true }: { readonly replace?: boolean } = {}): void =>
    setSearch(
      () => {
        const next = new URLSearchParams(window.location.search);
        for (const [name, value] of Object.entries(choices)) {
          if (value === null || value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace },
    );
  return { search, choose, clear: () => setSearch({}, { replace: true }) };
}
