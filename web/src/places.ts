import {
  Activity,
  Building2,
  FileText,
  FlaskConical,
  HeartPulse,
  LayoutGrid,
  MailX,
  Scale,
  ScrollText,
  Settings,
  SlidersHorizontal,
  Split,
  SquareTerminal,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { paths } from './paths.ts';

/** A page of the rail. One whose route does not exist is not shown anywhere: no link leads nowhere. */
export type Place = {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** The letter after G that goes there. */
  readonly key?: string;
  /** Which count of what waits on a person stands beside it. */
  readonly waiting?: 'conflicts' | 'deadLetters';
  /** On its own page, outside this app. */
  readonly isOutside?: boolean;
  /** There only while the simulators run. */
  readonly isDemoOnly?: boolean;
};

/** Every page in the order of the rail, in the groups it is drawn in (api-and-web.md §3.2). */
export const placeGroups: readonly (readonly Place[])[] = [
  [
    { href: paths.overview(), label: 'Overview', icon: LayoutGrid, key: 'o' },
    { href: paths.live(), label: 'Live', icon: Activity, key: 'l' },
    { href: paths.invoices(), label: 'Invoices', icon: FileText, key: 'i' },
    {
      href: paths.conflicts(),
      label: 'Conflicts',
      icon: Split,
      key: 'c',
      waiting: 'conflicts',
    },
    {
      href: paths.deadLetters(),
      label: 'Dead letters',
      icon: MailX,
      key: 'd',
      waiting: 'deadLetters',
    },
  ],
  [
    { href: paths.reconcile(), label: 'Reconcile', icon: Scale, key: 'r' },
    { href: paths.audit(), label: 'Audit', icon: ScrollText, key: 'a' },
  ],
  [
    { href: paths.rules(), label: 'Rules', icon: SlidersHorizontal, key: 'u' },
    { href: paths.companies(), label: 'Companies', icon: Building2, key: 'm' },
  ],
  [
    { href: paths.health(), label: 'Health', icon: HeartPulse, key: 'h' },
    { href: paths.graphql(), label: 'Playground', icon: SquareTerminal, isOutside: true },
    { href: paths.settings(), label: 'Settings', icon: Settings, key: 's' },
    { href: paths.simulator(), label: 'Simulator', icon: FlaskConical, key: 't', isDemoOnly: true },
  ],
];
