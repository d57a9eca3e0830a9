import { useSearchParams } from 'react-router';

/** null or an empty text removes the parameter from the address. */
export type AddressParameters = Readonly<Record<string, string | null>>;

/**
 * Keeps filter and dialog state in the URL, so that it can be bookmarked, shared and navigated. `choose` only
 * changes the named parameters, and reads the current address instead of the rendered one, because two choices in the
 * same moment would otherwise overwrite each other.
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
