/** What was typed into the named fields of a form, trimmed; a field left empty is left out. */
export function textsOf<Name extends string>(
  form: FormData,
  names: readonly Name[],
): { [K in Name]?: string } {
  const texts: { [K in Name]?: string } = {};
  for (const name of names) {
    const value = form.get(name);
    if (typeof value === 'string' && value.trim() !== '') texts[name] = value.trim();
  }
  return texts;
}
