/** Kinds of what people are told about. */
export const notificationKinds = ['CONFLICT', 'DEAD_LETTER', 'ACCESS', 'DRIFT'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** What people of a company are told about, and how. */
export type Notifications = {
  readonly emails: readonly string[];
  readonly webhookUrl: string | null;
  readonly kinds: readonly NotificationKind[];
  /** Least minutes between two messages; what happens meanwhile is gathered. */
  readonly digestMinutes: number;
  /** Null for none. */
  readonly quietHours: QuietHours | null;
};

/** Part of each day in which nothing is sent; it may go over midnight. */
export type QuietHours = {
  /** HH:MM on the wall, the first quiet minute. */
  readonly from: string;
  /** HH:MM on the wall, the first minute that is not quiet any more. */
  readonly until: string;
  /** IANA name. */
  readonly timeZone: string;
};
