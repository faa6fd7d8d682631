/** Who works in the demo company's office; edits are signed by one of them. */
export const colleagues = [
  'Maria Santos',
  'Daniel Okafor',
  'Priya Nair',
  'Tom Becker',
  'Lucia Romero',
] as const;

/** Customers that turn up while the demo runs. */
export const newCustomers = [
  { displayName: 'Alder Creek Physiotherapy', email: 'desk@aldercreekphysio.example' },
  { displayName: 'Brightwater Tutoring', email: 'hello@brightwater.example' },
  { displayName: 'Copperline Recording', email: 'studio@copperline.example' },
  { displayName: 'Dune Street Yoga', email: 'team@dunestreetyoga.example' },
  { displayName: 'Emberly Catering', email: 'orders@emberly.example' },
  { displayName: 'Fogbank Coffee Roasters', email: 'ap@fogbankcoffee.example' },
  { displayName: 'Greywing Insurance Brokers', email: 'accounts@greywing.example' },
  { displayName: 'Halyard Sailing School', email: 'office@halyardsailing.example' },
  { displayName: 'Ivy & Stone Landscaping', email: 'billing@ivyandstone.example' },
  { displayName: 'Larkspur Print Shop', email: 'print@larkspur.example' },
] as const;

/** Items that are added to the price list while the demo runs. */
export const newItems = [
  { name: 'Footrest', sku: 'HL-230', description: 'Tilting footrest', unitPrice: '46.50' },
  { name: 'Monitor Riser', sku: 'HL-231', description: 'Bamboo riser', unitPrice: '38.25' },
  { name: 'Room Divider', sku: 'HL-232', description: 'Felt room divider', unitPrice: '312.00' },
  { name: 'Locker', sku: 'HL-233', description: 'Four-door locker', unitPrice: '265.75' },
  { name: 'Coat Rack', sku: 'HL-234', description: 'Oak coat rack', unitPrice: '88.40' },
  { name: 'Lounge Chair', sku: 'HL-235', description: 'Lounge chair, wool', unitPrice: '719.00' },
] as const;

export const memos = [
  'Thank you for your business.',
  'Thank you! Delivery is planned for next week.',
  'Please mention the invoice number when you pay.',
  'As agreed on the phone.',
  'Second part of the order follows in two weeks.',
] as const;
