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
  /** Returns the query of a link that changes only the named parameters. */
  const queryWith = (choices: AddressParameters): string => `?${withChoices(search, choices)}`;
  const choose = (choices: AddressParameters, { replace = true }: { readonly replace?: boolean } = {}): void =>
    setSearch(() => withChoices(new URLSearchParams(window.location.search), choices), { replace });
  return { search, choose, queryWith, clear: () => setSearch({}, { replace: true }) };
}

function withChoices(search: URLSearchParams, choices: AddressParameters): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(choices)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}
