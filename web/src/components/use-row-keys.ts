import type { RefObject } from 'react';
import { useKeys } from '../ui/keys.ts';

const rowOf = (element: Element | null): HTMLElement | null =>
  element?.closest<HTMLElement>('[data-row-id]') ?? null;

/**
 * J and K walk the links marked `data-row`. Each other key presses the control that names it in `aria-keyshortcuts`, in the
 * row around the focus. Enter opens, as it does for every link (api-and-web.md §3.3).
 */
export function useRowKeys(
  list: RefObject<HTMLElement | null>,
  keys: readonly string[] = [],
): void {
  const step = (by: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const here = rowOf(document.activeElement);
    const at = here === null ? -1 : links.findIndex((link) => rowOf(link) === here);
    links[at === -1 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  const press = (key: string) => () => {
    const row = rowOf(document.activeElement);
    if (row === null || list.current?.contains(row) !== true) return;
    row.querySelector<HTMLElement>(`[aria-keyshortcuts="${key}"]:not(:disabled)`)?.click();
  };
  const presses = Object.fromEntries(keys.map((key) => [key, press(key)] as const));
  useKeys({ j: () => step(1), k: () => step(-1), ...presses });
}
