import { useRouter, useRouterState } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { demoMode } from '../demo-mode.ts';
import { placeGroups } from '../places.ts';
import type { Place } from '../places.ts';

/** The pages that exist here, in the groups of the rail. */
export function usePlaceGroups(): readonly (readonly Place[])[] {
  const router = useRouter();
  const isDemo = useSyncExternalStore(demoMode.subscribe, demoMode.isOn);
  const exists = ({ href, isOutside, isDemoOnly }: Place) =>
    (isOutside === true || href in router.routesByPath) && (isDemo || isDemoOnly !== true);
  return placeGroups.map((group) => group.filter(exists)).filter((group) => group.length > 0);
}

/** Whether a page, or one under it, is in view. */
export function useIsHere(): (place: Place) => boolean {
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  return ({ href }) =>
    href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
}
