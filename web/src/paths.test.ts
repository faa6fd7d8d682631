import { expect, test } from 'vitest';
import { invoiceTabs, paths } from './paths.ts';

test('every address of the app is one of these', () => {
  const every = {
    overview: paths.overview(),
    live: paths.live(),
    invoices: paths.invoices(),
    invoicesNarrowed: paths.invoices({ view: 'crossing', text: 'INV 1', company: 'Q29tcGFueTox' }),
    invoice: paths.invoice('SW52b2ljZTox'),
    ...Object.fromEntries(
      invoiceTabs.map((tab) => [`invoice ${tab}`, paths.invoice('SW52b2ljZTox', { tab })]),
    ),
    pastCrossing: paths.invoice('SW52b2ljZTox', { tab: 'crossing', event: 'T3V0Ym94OjE=' }),
    oddId: paths.invoice('a/b?c'),
    conflicts: paths.conflicts(),
    conflictsNarrowed: paths.conflicts({ view: 'settled', path: 'dueDate', field: 'Due date' }),
    conflict: paths.conflict('Q29uZmxpY3Q6MQ=='),
    graphql: paths.graphql(),
    playground: paths.playground('{ viewer { scopes } }', '{"a":1}'),
  };
  expect(every).toMatchInlineSnapshot(`
    {
      "conflict": "/conflicts/Q29uZmxpY3Q6MQ%3D%3D",
      "conflicts": "/conflicts",
      "conflictsNarrowed": "/conflicts?view=settled&path=dueDate&field=Due+date",
      "graphql": "/graphql",
      "invoice": "/invoices/SW52b2ljZTox",
      "invoice audit": "/invoices/SW52b2ljZTox?tab=audit",
      "invoice compare": "/invoices/SW52b2ljZTox?tab=compare",
      "invoice crossing": "/invoices/SW52b2ljZTox?tab=crossing",
      "invoice history": "/invoices/SW52b2ljZTox?tab=history",
      "invoices": "/invoices",
      "invoicesNarrowed": "/invoices?view=crossing&text=INV+1&company=Q29tcGFueTox",
      "live": "/live",
      "oddId": "/invoices/a%2Fb%3Fc",
      "overview": "/",
      "pastCrossing": "/invoices/SW52b2ljZTox?tab=crossing&event=T3V0Ym94OjE%3D",
      "playground": "/graphql?query=%7B+viewer+%7B+scopes+%7D+%7D&variables=%7B%22a%22%3A1%7D",
    }
  `);
});
