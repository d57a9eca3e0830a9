import { useState } from 'react';

/** What is being written, kept while one is away to show who one is: deciding needs a fresh proof. */
export function useKept(name: string): readonly [text: string, keep: (text: string) => void, forget: () => void] {
  const key = `review ${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const keep = (next: string): void => {
    setText(next);
    sessionStorage.setItem(key, next);
  };
  return [text, keep, () => sessionStorage.removeItem(key)];
}
