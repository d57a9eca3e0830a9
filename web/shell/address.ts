import { useSearchParams } from 'react-router';

/** null or empty: it stands in the address no more. */
export type Choices = Readonly<Record<string, string | null>>;

/**
 * What is chosen stands in the address: it can be kept, shared and gone back to. `choose` changes what it names, and
 * nothing else, of the address itself: of two choices in one moment, what was rendered knows neither.
 */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const choose = (choices: Choices, { replace = true }: { readonly replace?: boolean } = {}): void =>
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
