import { preferredLocale } from './preferred.ts';

/** Making an Intl formatter costs far more than using it, and the tail formats dozens of values per frame. */
export function rememberFormat<Options extends object, Format>(
  make: (locale: string | undefined, options: Options) => Format,
): (locale: string | undefined, options: Options) => Format {
  const made = new Map<string, Format>();
  return (asked, options) => {
    const locale = asked ?? preferredLocale();
    const name = `${locale} ${JSON.stringify(options)}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const format = make(locale, options);
    made.set(name, format);
    return format;
  };
}
