import { useState } from 'react';

/** Keeps a text in sessionStorage while the administrator confirms their identity, which a decision requires. */
export function useStoredText(name: string): readonly [text: string, keep: (text: string) => void, forget: () => void] {
  const key = `review ${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const keep = (next: string): void => {
    setText(next);
    sessionStorage.setItem(key, next);
  };
  return [text, keep, () => sessionStorage.removeItem(key)];
}
