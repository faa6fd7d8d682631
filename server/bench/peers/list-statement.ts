const fields = [
  'number',
  'customerMemo',
  'issueDate',
  'dueDate',
  'poNumber',
  'billEmail',
  'currency',
  'privateNote',
];

const row = (
  name: string,
): string => `jsonb_build_object('path', '${name}', 'label', '${name}', 'state', 'AGREED',
  'base', l.base_internal->'${name}', 'internal', i.content->'${name}', 'quickbooks', q.content->'${name}')`;

const side = (
  from: string,
): string => `jsonb_build_object('number', ${from}->'number', 'customer', jsonb_build_object('name', ${from}->'customer'->'name'),
  'dueDate', ${from}->'dueDate', 'total', jsonb_build_object('amount', ${from}->'derived'->'total', 'currency', ${from}->'currency'))`;

/** Fifty invoices with both sides, a difference table of eight fields and the newest event, as one JSON text. */
export const listStatement = `
SELECT jsonb_build_object('data', jsonb_build_object('invoices', jsonb_build_object('nodes', jsonb_agg(jsonb_build_object(
  'id', l.id, 'version', l.version, 'number', l.number, 'status', l.status, 'statusReason', l.status_reason, 'changedAt', l.changed_at,
  'company', jsonb_build_object('id', c.id, 'name', c.name), 'internal', ${side('i.content')}, 'quickbooks', ${side('q.content')},
  'diff', jsonb_build_array(${fields.map(row).join(', ')}),
  'outboxEvents', (SELECT jsonb_build_array(jsonb_build_object('id', e.id, 'version', e.version, 'direction', e.direction, 'stage', e.stage,
     'receivedAt', e.received_at, 'endedAt', e.ended_at)) FROM outbox_event e WHERE e.link_id = l.id ORDER BY e.sequence DESC LIMIT 1)
  ) ORDER BY l.changed_at DESC, l.id))))::text AS answer
FROM (SELECT * FROM link ORDER BY changed_at DESC, id LIMIT 50) l JOIN company c ON c.id = l.company_id
  LEFT JOIN observation i ON i.id = l.internal_observation_id LEFT JOIN observation q ON q.id = l.quickbooks_observation_id`;
