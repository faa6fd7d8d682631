/**
 * The master data of the demo company: one ordinary small business, seen by both simulators.
 * Plain data, no behaviour; its customers are in `customers.ts`. What has `where: 'internal'` is unknown to QuickBooks at first,
 * so that the bridge has to create it there; everything else exists on both sides under equal names.
 */

export type DemoAddress = {
  readonly line1: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
};

export type DemoWhere = 'both' | 'internal';

export type DemoCustomer = {
  /** Stable handle inside this file; neither simulator shows it. */
  readonly key: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly phone: string;
  readonly address: DemoAddress;
  readonly taxable: boolean;
  /** Name of one of `demoTerms`. */
  readonly terms: string;
  /** Key of the customer this one is a sub-customer (a site, a job) of. */
  readonly parentKey: string | null;
  readonly where: DemoWhere;
};

export type DemoItem = {
  readonly key: string;
  readonly name: string;
  readonly sku: string;
  readonly description: string;
  /** Decimal text in the company's currency. */
  readonly unitPrice: string;
  readonly taxable: boolean;
  readonly kind: 'service' | 'goods';
  /** Name of one of `demoIncomeAccounts`. */
  readonly incomeAccount: string;
  readonly where: DemoWhere;
};

export type DemoTerm = { readonly name: string; readonly slug: string; readonly dueDays: number };

export type DemoPaymentMethod = {
  readonly name: string;
  readonly slug: string;
  readonly creditCard: boolean;
};

export type DemoTaxRate = { readonly name: string; readonly percent: string };

export type DemoTaxCode = {
  readonly name: string;
  readonly description: string;
  readonly rates: readonly DemoTaxRate[];
};

/** The business itself; the tax is entered by hand, line codes are TAX and NON (quickbooks.md §7.4). */
export const demoCompany = {
  name: 'Harbor Lane Outfitters',
  legalName: 'Harbor Lane Outfitters LLC',
  email: 'books@harborlane.example',
  phone: '(510) 555-0140',
  currency: 'USD',
  address: { line1: '214 Harbor Lane', city: 'Oakland', region: 'CA', postalCode: '94607' },
} as const;

export const demoTerms: readonly DemoTerm[] = [
  { name: 'Due on receipt', slug: 'due-on-receipt', dueDays: 0 },
  { name: 'Net 15', slug: 'net-15', dueDays: 15 },
  { name: 'Net 30', slug: 'net-30', dueDays: 30 },
  { name: 'Net 60', slug: 'net-60', dueDays: 60 },
];

export const demoPaymentMethods: readonly DemoPaymentMethod[] = [
  { name: 'Cash', slug: 'cash', creditCard: false },
  { name: 'Check', slug: 'check', creditCard: false },
  { name: 'Credit Card', slug: 'credit-card', creditCard: true },
  { name: 'ACH', slug: 'ach', creditCard: false },
];

/** Codes of a whole invoice; a line says only TAX or NON in a US company. */
export const demoTaxCodes: readonly DemoTaxCode[] = [
  {
    name: 'California',
    description: 'California 8 %',
    rates: [{ name: 'California', percent: '8' }],
  },
  {
    name: 'Oakland',
    description: 'California and Oakland district 10.25 %',
    rates: [
      { name: 'CA State', percent: '7.25' },
      { name: 'Oakland District', percent: '3' },
    ],
  },
];

export const demoIncomeAccounts: readonly string[] = [
  'Sales of Product Income',
  'Services',
  'Design income',
  'Delivery income',
];

export const demoItems: readonly DemoItem[] = [
  {
    key: 'desk',
    name: 'Standing Desk',
    sku: 'HL-100',
    description: 'Electric standing desk, oak top, 140 cm',
    unitPrice: '649.00',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'chair',
    name: 'Task Chair',
    sku: 'HL-110',
    description: 'Task chair with adjustable arms',
    unitPrice: '289.50',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'bookcase',
    name: 'Bookcase',
    sku: 'HL-120',
    description: 'Birch bookcase, five shelves',
    unitPrice: '214.00',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'cabinet',
    name: 'Filing Cabinet',
    sku: 'HL-130',
    description: 'Lockable steel filing cabinet',
    unitPrice: '178.25',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'lamp',
    name: 'Desk Lamp',
    sku: 'HL-140',
    description: 'LED desk lamp, dimmable',
    unitPrice: '54.95',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'monitor-arm',
    name: 'Monitor Arm',
    sku: 'HL-150',
    description: 'Single monitor arm, clamp mount',
    unitPrice: '89.99',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'whiteboard',
    name: 'Whiteboard',
    sku: 'HL-160',
    description: 'Magnetic whiteboard, 180 x 120 cm',
    unitPrice: '132.00',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'conference-table',
    name: 'Conference Table',
    sku: 'HL-170',
    description: 'Conference table for ten, walnut',
    unitPrice: '1890.00',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'acoustic-panel',
    name: 'Acoustic Panel',
    sku: 'HL-180',
    description: 'Felt acoustic panel, per piece',
    unitPrice: '37.333',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'paper',
    name: 'Copy Paper',
    sku: 'HL-200',
    description: 'Recycled copy paper, box of five reams',
    unitPrice: '31.40',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'toner',
    name: 'Toner Cartridge',
    sku: 'HL-210',
    description: 'Toner cartridge, black',
    unitPrice: '76.80',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'cable-kit',
    name: 'Cable Kit',
    sku: 'HL-220',
    description: 'Under-desk cable management kit',
    unitPrice: '24.15',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'both',
  },
  {
    key: 'assembly',
    name: 'Assembly',
    sku: 'SV-10',
    description: 'Furniture assembly, per hour',
    unitPrice: '68.00',
    taxable: false,
    kind: 'service',
    incomeAccount: 'Services',
    where: 'both',
  },
  {
    key: 'delivery',
    name: 'Delivery',
    sku: 'SV-20',
    description: 'Local delivery within 20 miles',
    unitPrice: '45.00',
    taxable: false,
    kind: 'service',
    incomeAccount: 'Delivery income',
    where: 'both',
  },
  {
    key: 'space-planning',
    name: 'Space Planning',
    sku: 'SV-30',
    description: 'Office layout and space planning, per hour',
    unitPrice: '110.00',
    taxable: false,
    kind: 'service',
    incomeAccount: 'Design income',
    where: 'both',
  },
  {
    key: 'removal',
    name: 'Furniture Removal',
    sku: 'SV-40',
    description: 'Removal and recycling of old furniture',
    unitPrice: '95.00',
    taxable: false,
    kind: 'service',
    incomeAccount: 'Services',
    where: 'both',
  },
  {
    key: 'repair',
    name: 'Repair',
    sku: 'SV-50',
    description: 'On-site repair, per hour',
    unitPrice: '72.50',
    taxable: false,
    kind: 'service',
    incomeAccount: 'Services',
    where: 'both',
  },
  {
    key: 'consulting',
    name: 'Ergonomics Consulting',
    sku: 'SV-60',
    description: 'Ergonomic assessment, per workplace',
    unitPrice: '125.00',
    taxable: false,
    kind: 'service',
    incomeAccount: 'Design income',
    where: 'both',
  },
  {
    key: 'phone-booth',
    name: 'Phone Booth',
    sku: 'HL-190',
    description: 'Soundproof phone booth for one',
    unitPrice: '4250.00',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'internal',
  },
  {
    key: 'planter',
    name: 'Office Planter',
    sku: 'HL-195',
    description: 'Tall planter with two plants',
    unitPrice: '118.60',
    taxable: true,
    kind: 'goods',
    incomeAccount: 'Sales of Product Income',
    where: 'internal',
  },
];
