import { builder } from '../builder.ts';

/** Words of companies and of health. */
export const HealthEnum = builder.enumType('Health', {
  description: 'Health traffic light, always shown with words.',
  values: {
    OK: { description: 'Working.' },
    DEGRADED: { description: 'Slower or partly failing.' },
    DOWN: { description: 'Not working.' },
  } as const,
});

export const CompanyStatusEnum = builder.enumType('CompanyStatus', {
  description: 'State of the link to a QuickBooks company.',
  values: {
    AWAITING_AUTHORIZATION: { description: 'QuickBooks is not connected yet.' },
    ACTIVE: { description: 'Authorised and syncing.' },
    PAUSED: { description: 'A person paused it.' },
    NEEDS_RECONNECT: { description: 'Authorisation lapsed; a person must reconnect.' },
    DISCONNECTED: { description: 'Disconnected; history kept.' },
  } as const,
});

export const CompanyModeEnum = builder.enumType('CompanyMode', {
  description: 'Whether writes leave the bridge.',
  values: {
    SHADOW: {
      description: 'Everything runs, but writes are only planned; the start of every company.',
    },
    LIVE: { description: 'Writes are made.' },
  } as const,
});

export const ScopeEnum = builder.enumType('Scope', {
  description: 'Rights a caller can hold.',
  values: {
    READ: { description: 'Read everything.' },
    OPERATE: { description: 'Resolve conflicts, replay and discard dead letters, repair drift.' },
    ADMIN: { description: 'Change field rules, companies and API clients.' },
  } as const,
});

export const NotificationKindEnum = builder.enumType('NotificationKind', {
  description: 'Kind of notification.',
  values: {
    CONFLICT: { description: 'A conflict was opened.' },
    DEAD_LETTER: { description: 'A change was dead-lettered.' },
    ACCESS: { description: 'QuickBooks access lapsed or will soon.' },
    DRIFT: { description: 'A reconcile found drift that waits for a person.' },
  } as const,
});
