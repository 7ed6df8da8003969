const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const MONEY = /^(?:0|[1-9]\d{0,14})(?:\.(\d{1,4}))? ([A-Z]{3})$/;

/** A decimal and an ISO 4217 code: `12.50 USD`, with all decimals of the currency or none. */
export function isMoney(text: string): boolean {
  const [, decimals, currency] = MONEY.exec(text) ?? [];
  return currency !== undefined && isCurrency(currency) && (decimals === undefined || decimals.length === decimalsOf(currency));
}

/** Whether it is an ISO 4217 code, in capitals. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

const DECIMALS = new Map<string, number>();

/** How many decimals amounts of a currency have. */
export function decimalsOf(currency: string): number {
  const known = DECIMALS.get(currency);
  if (known !== undefined) return known;
  const decimals = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  DECIMALS.set(currency, decimals);
  return decimals;
}
